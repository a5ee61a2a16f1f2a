"""Pending matches: what counts as pending, how old one is, how many were decided."""

import datetime as dt
import enum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from db.models import Match, MatchState, MatchTransition
from services.programmes import Clocks


class Age(enum.StrEnum):
    """How long a pending match has waited for a decision."""

    OVERDUE = "overdue"
    DUE = "due"
    FRESH = "fresh"
    HELD = "held"


def age(days: int, clocks: Clocks, *, held_until: dt.date | None, as_of: dt.date) -> Age:
    """Held until a day that has not come; else fresh up to 14 days, due from the 15th, overdue beyond 28.

    The partnership matches within two to four weeks. `held_until` is the match's, None unless it is on hold.
    """
    if held_until and held_until > as_of:
        return Age.HELD
    if days > clocks.pending_overdue_days:
        return Age.OVERDUE
    return Age.DUE if days > clocks.pending_due_days else Age.FRESH


def is_held(as_of: dt.date) -> ColumnElement[bool]:
    """On hold until a day that has not come."""
    return and_(Match.state == MatchState.ON_HOLD, Match.hold_until > as_of)


def is_pending(as_of: dt.date) -> ColumnElement[bool]:
    """Waiting for a decision: proposed, a hold that has run out, or approved and awaiting the mentor."""
    return or_(
        Match.state.in_((MatchState.PROPOSED, MatchState.APPROVED)),
        and_(Match.state == MatchState.ON_HOLD, Match.hold_until <= as_of),
    )


def ages(session: Session, programme_id: int, as_of: dt.date, clocks: Clocks) -> dict[Age, tuple[int, int]]:
    """Matches that were pending on a day, by age: how many, and the days the oldest of them had waited."""
    turn = func.row_number().over(partition_by=MatchTransition.match_id, order_by=MatchTransition.seq.desc())
    steps = (
        select(MatchTransition.match_id, MatchTransition.to_state, MatchTransition.hold_until, turn.label("turn"))
        .where(MatchTransition.on_day <= as_of)
        .subquery()
    )
    stood = (
        select(Match.proposed_on, steps.c.hold_until)
        .join(steps, and_(steps.c.match_id == Match.id, steps.c.turn == 1))
        .where(
            Match.programme_id == programme_id,
            Match.state != MatchState.VOID,
            steps.c.to_state.in_((MatchState.PROPOSED, MatchState.APPROVED, MatchState.ON_HOLD)),
        )
    )
    found: dict[Age, list[int]] = {one: [] for one in Age}
    for proposed_on, held_until in session.execute(stood):
        days = (as_of - proposed_on).days
        found[age(days, clocks, held_until=held_until, as_of=as_of)].append(days)
    return {one: (len(days), max(days, default=0)) for one, days in found.items()}


def decided_on(session: Session, programme_id: int, day: dt.date) -> int:
    """Matches approved or declined on a day, by anyone, that were not undone since."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Match)
            .where(Match.programme_id == programme_id, Match.decided_on == day, Match.state != MatchState.VOID)
        )
        or 0
    )
