"""Which events and which people at them an actor may know of: a coach those of the own agency, a coordinator all."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from db.models import Attendance, Cohort, Event, Match, MatchState, Mentee, Mentor, Programme, Role
from services import caseload_access, clock, person, programmes
from services.access import Actor, visible_mentees
from services.errors import Conflict, NotFound
from services.kinds import TABLES, Kind

#: Read alike for an event that is not there and for one to which nobody of the own agency is invited.
NO_SUCH = "There is no such event among yours. Choose one of the list."
#: Whose matches can walk in: they run, or await their mentor.
AT_WORK = (MatchState.APPROVED, MatchState.ACTIVE)


def own_ids(actor: Actor, kind: Kind, programme_id: int, today: dt.date) -> Any:
    """Numbers of the mentors or mentees that a coach looks after: sent by the agency, or in a match of it."""
    if kind is Kind.MENTEE:
        return visible_mentees(actor).with_only_columns(Mentee.id)
    running = caseload_access.matches(actor, programme_id, today).where(Match.state == MatchState.ACTIVE)
    return running.with_only_columns(Match.mentor_id)


def people(actor: Actor, programme_id: int, today: dt.date) -> ColumnElement[bool]:
    """The rows of `attendance` whose person this actor may know of."""
    if actor.is_operator or actor.role is Role.COORDINATOR:
        return true()
    if actor.role is not Role.COACH:
        return false()
    return or_(
        Attendance.mentee_id.in_(own_ids(actor, Kind.MENTEE, programme_id, today)),
        Attendance.mentor_id.in_(own_ids(actor, Kind.MENTOR, programme_id, today)),
    )


def events(actor: Actor, programme_id: int, today: dt.date) -> ColumnElement[bool]:
    """The rows of `event` of a programme that this actor may know of: a coach's have somebody of hers invited."""
    here = Event.cohort_id.in_(select(Cohort.id).where(Cohort.programme_id == programme_id))
    if actor.is_operator or actor.role is Role.COORDINATOR:
        return here
    return here & Event.id.in_(select(Attendance.event_id).where(people(actor, programme_id, today)))


def one(session: Session, ref: str, actor: Actor, *, hold: bool = False) -> tuple[Event, Programme]:
    """An event and its programme; `hold` keeps others from changing it meanwhile. Raises `NotFound`."""
    programme = session.scalar(
        select(Programme)
        .join(Cohort, Cohort.programme_id == Programme.id)
        .join(Event, Event.cohort_id == Cohort.id)
        .where(Event.ref == ref)
    )
    if programme is None:
        raise NotFound(NO_SUCH)
    wanted = select(Event).where(Event.ref == ref, events(actor, programme.id, clock.today(programme.timezone)))
    event = session.scalar(wanted.with_for_update() if hold else wanted)
    if event is None:
        raise NotFound(NO_SUCH)
    return event, programme


def require_planned(event: Event) -> None:
    """Raises `Conflict` for a cancelled event: nobody is invited to it, let in, or struck off it any more."""
    if event.cancelled_at is not None:
        raise Conflict("This event is cancelled. Nothing was stored.")


def at_work(actor: Actor, kind: Kind, programme_id: int, today: dt.date) -> list[ColumnElement[bool]]:
    """The mentors or mentees of a programme who may come to the door uninvited, as far as this actor knows of them."""
    table = TABLES[kind]
    side = Match.mentor_id if kind is Kind.MENTOR else Match.mentee_id
    matched = select(side).where(Match.programme_id == programme_id, Match.state.in_(AT_WORK))
    wanted: list[ColumnElement[bool]] = [table.id.in_(matched), table.withdrawn_on.is_(None)]
    if actor.is_operator or actor.role is Role.COORDINATOR:
        return wanted
    return [*wanted, table.id.in_(own_ids(actor, kind, programme_id, today))]


def somebody(session: Session, ref: str, actor: Actor, programme_id: int) -> Mentor | Mentee:
    """A person whom this actor may let in although nobody invited them. Raises `NotFound`, whatever the reason."""
    today = programmes.today(session, programme_id)
    for kind in Kind:
        table: Any = TABLES[kind]
        wanted = select(table.id).where(table.ref == ref, *at_work(actor, kind, programme_id, today))
        found: Mentor | Mentee | None = session.get(table, session.scalar(wanted) or 0)
        if found is not None:
            return found
    raise NotFound(person.GONE)
