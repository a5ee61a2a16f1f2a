"""Pending matches: what counts as pending, how old one is, how many were decided."""

import datetime as dt
import enum
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import Match, MatchState, MatchTransition, Mentee
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


def age_of_match(clocks: Clocks, as_of: dt.date) -> ColumnElement[str]:
    """The same as an expression over matches that wait now, for lists too long to be read whole."""
    overdue, due = (as_of - dt.timedelta(days=days) for days in (clocks.pending_overdue_days, clocks.pending_due_days))
    return case(
        (is_held(as_of), Age.HELD.value),
        (Match.proposed_on < overdue, Age.OVERDUE.value),
        (Match.proposed_on < due, Age.DUE.value),
        else_=Age.FRESH.value,
    )


def is_held(as_of: dt.date) -> ColumnElement[bool]:
    """On hold until a day that has not come."""
    return and_(Match.state == MatchState.ON_HOLD, Match.hold_until > as_of)


def is_pending(as_of: dt.date) -> ColumnElement[bool]:
    """Waiting for a decision: proposed, a hold that has run out, or approved and awaiting the mentor."""
    return or_(
        Match.state.in_((MatchState.PROPOSED, MatchState.APPROVED)),
        and_(Match.state == MatchState.ON_HOLD, Match.hold_until <= as_of),
    )


def awaits_too_long(approved_on: dt.date | None, clocks: Clocks, as_of: dt.date) -> bool:
    """Approved, and the mentor has not answered for longer than a proposal stays fresh."""
    return approved_on is not None and (as_of - approved_on).days > clocks.pending_due_days


def bands(waited: Iterable[int], clocks: Clocks) -> list[tuple[str, Age, int]]:
    """Days waited as bands of about a week: its words, its age, how many; the last is open."""
    due, overdue = clocks.pending_due_days, clocks.pending_overdue_days
    starts = [0, due // 2 + 1, due + 1, due + (overdue - due) // 2 + 1, overdue + 1, overdue + 8]
    starts = sorted(set(starts))
    days = list(waited)
    found = []
    for first, after in zip(starts, [*starts[1:], None], strict=True):
        inside = [one for one in days if one >= first and (after is None or one < after)]
        words = f"over {first - 1}" if after is None else f"{first} to {after - 1}" if after - 1 > first else f"{first}"
        found.append((words, age(first, clocks, held_until=None, as_of=dt.date.max), len(inside)))
    return found


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


def now_by(
    session: Session, programme_id: int, today: dt.date, clocks: Clocks, *by: InstrumentedAttribute[Any]
) -> list[tuple[Any, int]]:
    """How many matches are pending now, by age and by columns of the match or of its mentee; each row names its own."""
    parts = [age_of_match(clocks, today).label("age"), *by]
    found = session.execute(
        select(*parts, func.count().label("many"))
        .select_from(Match)
        .join(Mentee, Match.mentee_id == Mentee.id)
        .where(Match.programme_id == programme_id, or_(is_pending(today), is_held(today)))
        .group_by(*parts)
    )
    return [(row, row.many) for row in found]


def how_many(session: Session, *wanted: ColumnElement[bool]) -> int:
    """Matches for which all of this holds, as where a list is cut into pages."""
    return session.scalar(select(func.count()).select_from(Match).where(*wanted)) or 0


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
