"""Pending matches: what counts as pending, how old one is, how many were decided."""

import datetime as dt
import enum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from db.models import Match, MatchState
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
