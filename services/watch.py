"""Whether anything changed since a page was drawn: asked every two seconds, so it costs next to nothing."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Match, MatchTransition, Programme
from services import clock, match_steps
from services.access import Actor, Permission, authorise
from services.errors import NotFound


@dataclass(frozen=True)
class Pulse:
    """Two that are equal say that nothing happened between them, and that no hold came due."""

    last_step: int
    day: str
    #: Of the match asked for; 0 when none was.
    version: int


def pulse(session: Session, *, by: Actor, programme_id: int, match_ref: str | None = None) -> Pulse:
    """The newest step of any match, the day, and the version of one match, in one statement. Raises `NotAllowed`."""
    authorise(session, by, Permission.REVIEW_MATCHES)
    newest = select(func.max(MatchTransition.id)).scalar_subquery()
    version = select(Match.version).where(Match.ref == match_ref).scalar_subquery()
    found = session.execute(
        select(newest.label("newest"), version.label("version"), Programme.timezone).where(Programme.id == programme_id)
    ).one()
    return Pulse(found.newest or 0, clock.today(found.timezone).isoformat(), found.version or 0)


def news(session: Session, match_ref: str, version: int, *, by: Actor) -> str | None:
    """Who else took a match on since a version, what and when, as a sentence; None when nobody did."""
    by = authorise(session, by, Permission.REVIEW_MATCHES)
    found = session.execute(
        select(Match, MatchTransition.by_id)
        .join(MatchTransition, (MatchTransition.match_id == Match.id) & (MatchTransition.seq == Match.version))
        .where(Match.ref == match_ref)
    ).first()
    if found is None:
        message = "There is no such match. It may have been voided; choose another."
        raise NotFound(message)
    match, by_id = found
    if match.version <= version or by_id == by.account_id:
        return None
    return match_steps.who_moved(session, match)
