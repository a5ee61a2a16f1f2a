"""The door of an event: who may come, and taps on phones stored so that none is lost and none counts twice.

Each person's latest tap holds, whichever phone it comes from and in whatever order taps arrive. From the first who
comes on, whoever is invited and was not tapped did not come; when the last one is undone, nobody has been asked.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from db.models import Attendance, Event, Mentee, Mentor, Programme
from services import audit, clock, event_access, events, person
from services.access import Actor, Permission, authorise
from services.errors import Invalid
from services.events import Gathering
from services.kinds import TABLES, Kind
from services.people_search import words_of
from services.wording import day

#: One phone's taps sent at once.
_MOST = 2_000
#: The end of the year 2099, in thousandths of a second.
_LAST = 4_102_444_800_000
_EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Tap(BaseModel):
    """One tap: who, whether they came, and when by the server's clock, in thousandths of a second since 1970."""

    person: str = Field(max_length=16, pattern=r"^[\w-]+$")
    came: bool
    at: int = Field(ge=0, le=_LAST)


class _Sent(BaseModel):
    taps: list[Tap] = Field(max_length=_MOST)


@dataclass(frozen=True)
class Guest:
    """Somebody who may come to the door."""

    ref: str
    name: str
    side: str
    #: The words of the name, folded, to search in.
    words: str
    is_invited: bool


@dataclass(frozen=True)
class Door:
    """What a phone holds: the event, everybody who may come, and refs of those who are here."""

    gathering: Gathering
    guests: tuple[Guest, ...]
    here: tuple[str, ...]


@dataclass(frozen=True)
class Taken:
    """What came of taps: who is here by now, and whose taps are of nobody this actor may let in."""

    #: The server's clock, in thousandths of a second since 1970.
    now: int
    here: tuple[str, ...]
    refused: tuple[str, ...]


def taps_of(sent: bytes) -> list[Tap]:
    """The taps that a phone sent. Raises `Invalid`."""
    try:
        return _Sent.model_validate_json(sent).taps
    except ValidationError:
        raise Invalid("These taps cannot be read. Load the page again.") from None


def door(session: Session, ref: str, *, by: Actor) -> Door:
    """Everybody whom the actor may let in, by last name. Raises `NotAllowed`, `NotFound`."""
    by = authorise(session, by, Permission.TAKE_ATTENDANCE)
    event, programme = event_access.one(session, ref, by)
    today = clock.today(programme.timezone)
    found: list[tuple[Kind, Mentor | Mentee, bool]] = []
    for kind in Kind:
        table: Any = TABLES[kind]
        column = getattr(Attendance, f"{kind.value}_id")
        coming = select(column).where(
            Attendance.event_id == event.id,
            column.is_not(None),
            Attendance.walked_in.is_(False),
            event_access.people(by, programme.id, today),
        )
        uninvited = event_access.at_work(by, kind, programme.id, today)
        found += [(kind, who, True) for who in session.scalars(select(table).where(table.id.in_(coming)))]
        rest = select(table).where(*uninvited, table.id.not_in(coming))
        found += [(kind, who, False) for who in session.scalars(rest)]
    found.sort(key=lambda one: (one[1].last_name, one[1].first_name, one[1].ref))
    guests = tuple(
        Guest(who.ref, person.name(who), kind.value.capitalize(), _words(who), is_invited)
        for kind, who, is_invited in found
    )
    return Door(events.one(session, ref, by=by), guests, _here(session, event, programme, by))


def _words(who: Mentor | Mentee) -> str:
    return " ".join(dict.fromkeys((*words_of(who.first_name), *words_of(who.last_name))))


def look(session: Session, ref: str, *, by: Actor) -> Taken:
    """Who is here by now: what other phones tapped.

    Raises `NotAllowed`, `NotFound`, and `Conflict` when the event is cancelled.
    """
    by = authorise(session, by, Permission.TAKE_ATTENDANCE)
    event, programme = event_access.one(session, ref, by)
    event_access.require_planned(event)
    return Taken(_stamp(clock.now()), _here(session, event, programme, by), ())


def take(session: Session, ref: str, taps: Sequence[Tap], *, by: Actor) -> Taken:
    """Store taps. The same ones again change nothing.

    Raises `NotAllowed`, `NotFound`, `Conflict` when the event is cancelled, and `Invalid` before its day.
    """
    by = authorise(session, by, Permission.TAKE_ATTENDANCE)
    event, programme = event_access.one(session, ref, by, hold=True)
    event_access.require_planned(event)
    on_day = clock.local(event.starts_at, programme.timezone).date()
    if on_day > clock.today(programme.timezone):
        raise Invalid(f"Attendance is taken from {day(on_day)} on. Nothing was stored.")
    known = _rows(session, event, programme, by)
    strangers = {tap.person for tap in taps} - known.keys()
    others = event_access.others(session, strangers, by, programme.id) if strangers else {}
    now, refused, changed = clock.now(), [], False
    for tap in sorted(taps, key=lambda one: (one.at, one.came)):
        row = known.get(tap.person)
        if row is None:
            if tap.person not in others:
                refused.append(tap.person)
                continue
            kind, number = others[tap.person]
            row = Attendance(event_id=event.id, walked_in=True, attended=False, **{f"{kind.value}_id": number})
            known[tap.person] = row
            session.add(row)
        changed |= _tapped(session, by, row, tap, now)
    if changed:
        session.flush()
        _settle(session, event, programme, by)
    return Taken(_stamp(now), _here(session, event, programme, by), tuple(dict.fromkeys(refused)))


def _tapped(session: Session, by: Actor, row: Attendance, tap: Tap, now: dt.datetime) -> bool:
    """Whether the tap is the latest of this person and so holds; a clock that is fast gains nothing."""
    at = min(_EARLIEST + dt.timedelta(milliseconds=tap.at), now)
    if row.tapped_at is not None and (at, tap.came) <= (row.tapped_at, row.attended is True):
        return False
    was = row.attended is True
    row.tapped_at, row.attended = at, tap.came
    session.flush()
    action = "came" if tap.came else "came taken back" if was else "did not come"
    audit.record(session, by, action, "attendance", row.id, event=row.event_id)
    return True


def _settle(session: Session, event: Event, programme: Programme, by: Actor) -> None:
    """Say of whoever was not tapped what follows from the others."""
    invited = [Attendance.event_id == event.id, Attendance.walked_in.is_(False)]
    anybody = select(Attendance.id).where(Attendance.event_id == event.id, Attendance.attended.is_(True)).limit(1)
    if session.scalar(anybody) is None:
        session.execute(update(Attendance).where(*invited).values(attended=None))
        return
    mine = event_access.people(by, programme.id, clock.today(programme.timezone))
    session.execute(update(Attendance).where(*invited, Attendance.attended.is_(None), mine).values(attended=False))


def _rows(session: Session, event: Event, programme: Programme, by: Actor) -> dict[str, Attendance]:
    """By ref of the person, locked until the transaction ends."""
    mine = event_access.people(by, programme.id, clock.today(programme.timezone))
    found: dict[str, Attendance] = {}
    for kind, table in TABLES.items():
        rows = session.execute(
            select(table.ref, Attendance)
            .join(table, getattr(Attendance, f"{kind.value}_id") == table.id)
            .where(Attendance.event_id == event.id, mine)
        )
        found.update((ref, row) for ref, row in rows)
    return found


def _here(session: Session, event: Event, programme: Programme, by: Actor) -> tuple[str, ...]:
    """Refs of those who came, as far as the actor may know of them."""
    mine = event_access.people(by, programme.id, clock.today(programme.timezone))
    came = [Attendance.event_id == event.id, Attendance.attended.is_(True), mine]
    mentors = select(Mentor.ref).join(Attendance, Attendance.mentor_id == Mentor.id).where(*came)
    mentees = select(Mentee.ref).join(Attendance, Attendance.mentee_id == Mentee.id).where(*came)
    return (*session.scalars(mentors), *session.scalars(mentees))


def _stamp(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
