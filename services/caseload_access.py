"""Which running matches an actor may know of and write to: a coach those of the own agency, a coordinator all."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, true
from sqlalchemy.orm import Session, aliased

from db.models import Absence, Coach, Cover, Match, MatchState, Mentee, Role
from services import programmes
from services.access import Actor
from services.counting.coaches import coach_on
from services.errors import NotFound

#: Read alike for a match that is not there and for one of another agency.
NO_SUCH = "There is no such match among yours. It may have ended or been handed over; choose one of the list."


def own(actor: Actor, today: dt.date) -> ColumnElement[bool]:
    """Matches of an agency: it sent the mentee, or one of its coaches has the match or covers for an absence now."""
    if actor.is_operator or actor.role is Role.COORDINATOR:
        return true()
    if actor.role is not Role.COACH or actor.agency_id is None:
        return false()
    sender, cover, absence = aliased(Mentee), aliased(Cover), aliased(Absence)
    colleagues = select(Coach.id).where(Coach.agency_id == actor.agency_id)
    covers = exists().where(
        cover.match_id == Match.id,
        cover.coach_id.in_(colleagues),
        absence.id == cover.absence_id,
        absence.called_off_at.is_(None),
        absence.first_day <= today,
        absence.last_day >= today,
    )
    sent = exists().where(sender.id == Match.mentee_id, sender.agency_id == actor.agency_id)
    return or_(sent, coach_on(Match.id, today).in_(colleagues), covers)


def matches(actor: Actor, programme_id: int, today: dt.date) -> Select[Match]:
    """Matches that have started and that this actor may know of."""
    return select(Match).where(
        Match.programme_id == programme_id,
        Match.started_on.is_not(None),
        Match.state != MatchState.VOID,
        own(actor, today),
    )


def one(session: Session, ref: str, actor: Actor, *, programme_id: int) -> Match:
    """One of them. One statement finds it or does not, whatever the reason. Raises `NotFound`."""
    wanted = matches(actor, programme_id, programmes.today(session, programme_id))
    match = session.scalar(wanted.where(Match.ref == ref))
    if match is None:
        raise NotFound(NO_SUCH)
    return match
