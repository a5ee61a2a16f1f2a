"""Where people stand, how many do, and what a match has had of meetings: the words of the People pages."""

import datetime as dt
import enum
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select
from sqlalchemy.orm import Session

from db.models import OPEN, Match, MatchState, Mentee, Mentor, MentoringSession
from services.counting.figure import rounded
from services.counting.waiting import is_waiting

Person = type[Mentor] | type[Mentee]
#: Open, and not begun.
NOT_BEGUN = tuple(state for state in OPEN if state is not MatchState.ACTIVE)


class Standing(enum.StrEnum):
    """Where a person stands; someone can stand in several places at once."""

    WAITING = "waiting"
    PENDING = "pending"
    MATCHED = "matched"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    FREE = "free"


def stands(standing: Standing, person: Person, programme_id: int, today: dt.date) -> ColumnElement[bool]:
    """Whether a person stands there now.

    Waiting is what `is_waiting` says; pending and matched have an open match of the programme that has not begun, or
    has; completed have completed one and have none open; free mentors can take one more from today on.
    """
    withdrawn = and_(person.withdrawn_on.is_not(None), person.withdrawn_on <= today)
    if standing is Standing.WITHDRAWN:
        return withdrawn
    if standing is Standing.WAITING:
        return is_waiting(programme_id, today) if person is Mentee else false()
    if standing is Standing.FREE:
        return _has_room(today) if person is Mentor else false()
    if standing is Standing.COMPLETED:
        return and_(
            _in_match(person, programme_id, (MatchState.COMPLETED,)), not_(_in_match(person, programme_id, OPEN))
        )
    return _in_match(person, programme_id, NOT_BEGUN if standing is Standing.PENDING else (MatchState.ACTIVE,))


def _has_room(today: dt.date) -> ColumnElement[bool]:
    full = (
        select(Match.mentor_id)
        .join(Mentor, Mentor.id == Match.mentor_id)
        .where(Match.state.in_(OPEN))
        .group_by(Match.mentor_id, Mentor.capacity)
        .having(func.count() >= Mentor.capacity)
    )
    return and_(
        or_(Mentor.withdrawn_on.is_(None), Mentor.withdrawn_on > today),
        or_(Mentor.available_from.is_(None), Mentor.available_from <= today),
        or_(Mentor.available_until.is_(None), Mentor.available_until >= today),
        Mentor.id.not_in(full),
    )


def _in_match(person: Person, programme_id: int, states: Collection[MatchState]) -> ColumnElement[bool]:
    whose = Match.mentor_id if person is Mentor else Match.mentee_id
    return person.id.in_(select(whose).where(Match.programme_id == programme_id, Match.state.in_(states)))


def many(session: Session, wanted: Select[Any]) -> int:
    """How many rows a select has."""
    return session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0


def held_by(session: Session, mentors: Collection[int]) -> dict[int, int]:
    """Places that open matches hold, of each of these mentors who has any."""
    rows = session.execute(
        select(Match.mentor_id, func.count())
        .where(Match.mentor_id.in_(mentors), Match.state.in_(OPEN))
        .group_by(Match.mentor_id)
    )
    return {row[0]: row[1] for row in rows}


def meetings(session: Session, matches: Collection[int]) -> dict[int, tuple[int, str]]:
    """Of each match that has had any: how many meetings, and their hours as they are printed."""
    rows = session.execute(
        select(MentoringSession.match_id, func.count(), func.sum(MentoringSession.minutes))
        .where(MentoringSession.match_id.in_(matches))
        .group_by(MentoringSession.match_id)
    )
    return {match: (many, f"{rounded(Decimal(int(minutes)) / 60, 1):,}") for match, many, minutes in rows}
