"""Which events and which people at them an actor may know of: a coach those of the own agency, a coordinator all."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from db.models import Attendance, Cohort, Event, Match, MatchState, Mentee, Programme, Role
from services import caseload_access, clock, programmes
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
    """An event and its programme; `hold` keeps others from changing it meanwhile. Raises `NotFound`.

    One that is not there takes as much work as a foreign one, so that the time of the answer tells nothing either.
    """
    of_event = select(Programme).join(Cohort, Cohort.programme_id == Programme.id).join(Event).where(Event.ref == ref)
    other = session.scalar(select(Programme).order_by(Programme.id).limit(1))
    programme = session.scalar(of_event) or other
    if programme is None:
        raise NotFound(NO_SUCH)
    known = set(session.scalars(select(Event.id).where(events(actor, programme.id, clock.today(programme.timezone)))))
    wanted = select(Event).where(Event.ref == ref)
    event = session.scalar(wanted.with_for_update() if hold else wanted)
    if event is None or event.id not in known:
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


def others(session: Session, refs: Collection[str], actor: Actor, programme_id: int) -> dict[str, tuple[Kind, int]]:
    """By ref, the people among these whom this actor may let in although nobody invited them: side and number."""
    today = programmes.today(session, programme_id)
    found: dict[str, tuple[Kind, int]] = {}
    for kind, table in TABLES.items():
        rows = session.execute(
            select(table.ref, table.id).where(table.ref.in_(refs), *at_work(actor, kind, programme_id, today))
        )
        found.update((ref, (kind, number)) for ref, number in rows)
    return found
