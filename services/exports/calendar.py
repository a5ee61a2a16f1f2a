"""An event as a file that calendars read: when, where and what; nobody is named in it."""

import datetime as dt

from icalendar import Calendar
from icalendar import Event as Entry
from sqlalchemy.orm import Session

from services import clock, event_access
from services.access import Actor, Permission, authorise
from services.exports.letters import plain


def calendar(session: Session, ref: str, *, by: Actor) -> bytes:
    """The .ics of an event.

    After a change it names the same event with a higher number, so calendars move the entry, or strike it once the
    event is cancelled. Raises `NotAllowed`, `NotFound`.
    """
    by = authorise(session, by, Permission.TAKE_ATTENDANCE)
    event, programme = event_access.one(session, ref, by)
    entry = Entry()
    entry.add("uid", f"{event.ref}@matchdesk")
    entry.add("sequence", event.changes)
    entry.add("status", "CANCELLED" if event.cancelled_at else "CONFIRMED")
    entry.add("dtstamp", (event.changed_at or clock.now()).astimezone(dt.UTC))
    entry.add("dtstart", clock.local(event.starts_at, programme.timezone))
    entry.add("dtend", clock.local(event.ends_at, programme.timezone))
    entry.add("summary", plain(f"{event.name}, {programme.name}"))
    if event.place:
        entry.add("location", plain(event.place))
    file = Calendar()
    file.add("prodid", "-//Match Desk//Events//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add_component(entry)
    file.add_missing_timezones()
    return bytes(file.to_ical())
