"""Who read whose file: a row in the trail for each reader, person and day, before anything of it is handed out.

A file is what is kept of one person, or of one match with its notes. Lists of people are not noted: who may see which
is decided by the role alone.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Match, Mentee, Mentor, TrailEntry
from db.session import KNOWN
from services import audit, clock, person, programmes
from services.access import Actor
from services.errors import Read, Unnoted
from services.kinds import Kind
from services.trail_of import now_of


def of_profile(session: Session, who: Mentor | Mentee, *, by: Actor) -> None:
    """A profile is read: everything of one person, and the notes on their matches, which are of both.

    Raises `Unnoted` where nothing can be written.
    """
    theirs, own = (Match.mentee_id, Match.mentor_id) if isinstance(who, Mentor) else (Match.mentor_id, Match.mentee_id)
    kind = Kind.MENTEE if isinstance(who, Mentor) else Kind.MENTOR
    partners = session.scalars(select(theirs).where(own == who.id).distinct())
    reads = [(audit.PROFILE_READ, person.kind_of(who), who.id)]
    of(session, [*reads, *((audit.MATCH_READ, kind, number) for number in partners)], by=by)


def of_entry(session: Session, *people: Mentor | Mentee, by: Actor) -> None:
    """The entries of these people are read. Raises `Unnoted` where nothing can be written."""
    of(session, [(audit.PROFILE_READ, person.kind_of(who), who.id) for who in people], by=by)


def of_match(session: Session, match: Match, *, by: Actor) -> None:
    """A match is read, which is of both people. Raises `Unnoted` where nothing can be written."""
    people = ((Kind.MENTEE, match.mentee_id), (Kind.MENTOR, match.mentor_id))
    of(session, [(audit.MATCH_READ, *one) for one in people], by=by)


def of(session: Session, reads: Sequence[Read], *, by: Actor) -> None:
    """These are read: what, of whom. Raises `Unnoted` where nothing can be written."""
    known = _noted_today(session, reads, by)
    fresh = [read for read in reads if read not in known]
    if fresh and KNOWN in session.info:
        raise Unnoted(fresh)
    for deed, kind, number in fresh:
        audit.record(session, by, deed, kind, number)


def _noted_today(session: Session, reads: Sequence[Read], by: Actor) -> set[Read]:
    timezone = programmes.main(session).timezone
    rows = session.execute(
        select(TrailEntry.action, TrailEntry.entity, TrailEntry.entity_id).where(
            or_(*(now_of(Kind(kind), number) & (TrailEntry.action == deed) for deed, kind, number in reads)),
            TrailEntry.account_id == by.account_id if by.account_id else TrailEntry.by_name == by.name,
            TrailEntry.at >= clock.start_of(clock.today(timezone), timezone),
        )
    )
    return {(deed, kind, number) for deed, kind, number in rows if number is not None}
