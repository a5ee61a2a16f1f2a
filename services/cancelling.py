"""Cancelling an event, and taking that back: it stays with whoever was invited, and counts nowhere meanwhile."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Attendance, Event, Programme
from services import audit, clock, event_access
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid
from services.wording import counted, day

_CHANGED = "Someone else changed this event a moment ago. Look at it again before you cancel it or take that back."


def cancel(session: Session, ref: str, seen: int, *, by: Actor) -> str:
    """Say that an event does not take place. Gives the sentence that tells it.

    `seen`: the `changes` of the version that was looked at. Raises `NotAllowed`, `NotFound`; `Conflict` when it is
    cancelled already, was changed since, or took place.
    """
    by = authorise(session, by, Permission.KEEP_EVENTS)
    event, programme = event_access.one(session, ref, by, hold=True)
    event_access.require_planned(event)
    if event.changes != seen:
        raise Conflict(_CHANGED)
    if _took_place(session, event):
        raise Conflict("Attendance of this event was taken, so it took place. It cannot be cancelled.")
    event.cancelled_at = clock.now()
    invited = select(Attendance.id).where(Attendance.event_id == event.id, Attendance.walked_in.is_(False))
    many = len(session.scalars(invited).all())
    _stored(session, event, "event cancelled", by)
    tell = f" Send the calendar file to the {counted(many, 'person', 'people')} invited." if many else ""
    return f"Cancelled: {_called(event, programme)}.{tell}"


def restore(session: Session, ref: str, seen: int, *, by: Actor) -> str:
    """Take a cancellation back until the day of the event is over. Gives the sentence that tells it.

    `seen`: as above. Raises `NotAllowed`, `NotFound`; `Conflict` when it is not cancelled or was changed since;
    `Invalid` when its day is over.
    """
    by = authorise(session, by, Permission.KEEP_EVENTS)
    event, programme = event_access.one(session, ref, by, hold=True)
    if event.cancelled_at is None or event.changes != seen:
        raise Conflict(_CHANGED)
    if clock.local(event.ends_at, programme.timezone).date() < clock.today(programme.timezone):
        raise Invalid("The day of this event is over, so it stays cancelled. Make a new one for another day.")
    event.cancelled_at = None
    _stored(session, event, "event cancellation taken back", by)
    return f"Takes place after all: {_called(event, programme)}. Send the calendar file again."


def _took_place(session: Session, event: Event) -> bool:
    """Whether anybody came, or is said not to have; who was tapped uninvited and undone is nobody."""
    said = Attendance.attended.is_(True) | (Attendance.attended.is_not(None) & Attendance.walked_in.is_(False))
    return session.scalar(select(Attendance.id).where(Attendance.event_id == event.id, said).limit(1)) is not None


def _stored(session: Session, event: Event, action: str, by: Actor) -> None:
    event.changes += 1
    event.changed_at = clock.now().replace(microsecond=0)
    session.flush()
    audit.record(session, by, action, "event", event.id)


def _called(event: Event, programme: Programme) -> str:
    return f"{event.name}, {day(clock.local(event.starts_at, programme.timezone).date())}"
