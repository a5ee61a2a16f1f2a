"""Who read whose file: a row in the trail for each reader, person and day, before anything of it is handed out.

A file is what is kept of one person, or of one match with its notes. Lists of people are not noted: who may see which
is decided by the role alone.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from db.models import Match, Mentee, Mentor, TrailEntry
from db.session import KNOWN
from services import audit, clock, person, programmes
from services.access import Actor
from services.errors import Unnoted
from services.kinds import Kind


def of_people(session: Session, *people: Mentor | Mentee, by: Actor) -> None:
    """Note that the profiles of these people are read. Raises `Unnoted` where nothing can be written."""
    _note(session, audit.PROFILE_READ, [(person.kind_of(one), one.id) for one in people], by)


def of_match(session: Session, match: Match, *, by: Actor) -> None:
    """Note that a match is read, which is of both people. Raises `Unnoted` where nothing can be written."""
    _note(session, audit.MATCH_READ, [(Kind.MENTEE, match.mentee_id), (Kind.MENTOR, match.mentor_id)], by)


def _note(session: Session, deed: str, whose: Iterable[tuple[Kind, int]], by: Actor) -> None:
    known = _noted_today(session, deed, whose, by)
    fresh = [one for one in whose if one not in known]
    if fresh and KNOWN in session.info:
        message = "The desk could not note that you read this. Load the page again."
        raise Unnoted(message)
    for kind, number in fresh:
        audit.record(session, by, deed, kind.value, number)


def _noted_today(session: Session, deed: str, whose: Iterable[tuple[Kind, int]], by: Actor) -> set[tuple[Any, ...]]:
    timezone = programmes.main(session).timezone
    rows = session.execute(
        select(TrailEntry.entity, TrailEntry.entity_id).where(
            or_(*(and_(TrailEntry.entity == kind.value, TrailEntry.entity_id == number) for kind, number in whose)),
            TrailEntry.action == deed,
            TrailEntry.account_id == by.account_id if by.account_id else TrailEntry.by_name == by.name,
            TrailEntry.at >= clock.start_of(clock.today(timezone), timezone),
        )
    )
    return {tuple(row) for row in rows}
