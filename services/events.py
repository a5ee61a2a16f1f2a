"""The gatherings of a programme: made, changed, listed with who is invited and who came."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Agency, Attendance, Cohort, Event, EventKind, Mentee, Mentor, OccupationalGroup, Programme
from services import audit, clock, event_access, programmes
from services.access import Actor, Permission, authorise
from services.counting import events as counting
from services.counting.results import GATHERINGS
from services.errors import Conflict, Invalid, NotFound
from services.kinds import Kind
from services.wording import day

_NAME, _PLACE = 120, 160
#: Days ahead that a day can be meant; further off it is a slip.
_AHEAD = 2 * 366
#: What each kind is called.
KINDS = {kind.value: label for kind, label in GATHERINGS.items()}
COLUMNS = ["ref", "name", "side", "group", "agency", "came", "walked_in"]


@dataclass(frozen=True)
class Gathering:
    """An event, on the clocks of its programme. The numbers are of the people whom the reader may know of."""

    ref: str
    kind: str
    name: str
    place: str
    starts: dt.datetime
    ends: dt.datetime
    cohort: str
    programme_id: int
    #: Which version this is; a change names it, so that nobody overwrites what they have not seen.
    changes: int
    invited: int
    #: Of those invited.
    came: int
    untaken: int
    #: Came without being invited.
    walked_in: int
    #: Its day has come and it is not cancelled, so attendance can be taken.
    is_open: bool
    #: Its day is over.
    is_over: bool
    #: It does not take place.
    is_cancelled: bool

    @property
    def kind_name(self) -> str:
        """Orientation, workshop."""
        return KINDS[self.kind]


@dataclass(frozen=True)
class Draft:
    """What a coordinator says of an event; times are those of the programme's clocks."""

    kind: str
    name: str
    place: str
    day: dt.date
    starts: dt.time
    ends: dt.time
    #: By name.
    cohort: str


@dataclass(frozen=True)
class Kept:
    """An event that was made or changed, and the sentence that tells it."""

    ref: str
    sentence: str


def gatherings(session: Session, programme_id: int, *, by: Actor) -> tuple[Gathering, ...]:
    """Every event of a programme that the actor may know of, the earliest first. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.TAKE_ATTENDANCE)
    programme = session.get_one(Programme, programme_id)
    today = programmes.today(session, programme_id)
    rows = session.scalars(
        select(Event).where(event_access.events(by, programme_id, today)).order_by(Event.starts_at, Event.id)
    ).all()
    return _told(session, list(rows), programme, by)


def one(session: Session, ref: str, *, by: Actor) -> Gathering:
    """One of them. Raises `NotAllowed`, `NotFound`."""
    by = authorise(session, by, Permission.TAKE_ATTENDANCE)
    event, programme = event_access.one(session, ref, by)
    return _told(session, [event], programme, by)[0]


def invited(session: Session, ref: str, *, by: Actor) -> pd.DataFrame:
    """Who is invited or walked in, as far as the actor may know of them, by last name.

    Columns: ref (of the person), name, side (Mentor or Mentee), group, agency, came (yes, no, or None while nobody has
    said), walked_in. Raises `NotAllowed`, `NotFound`.
    """
    by = authorise(session, by, Permission.TAKE_ATTENDANCE)
    event, programme = event_access.one(session, ref, by)
    today = clock.today(programme.timezone)
    found = []
    for kind, table in ((Kind.MENTOR, Mentor), (Kind.MENTEE, Mentee)):
        rows = session.execute(
            select(
                table.ref, table.first_name, table.last_name, OccupationalGroup.name, Agency.name,
                Attendance.attended, Attendance.walked_in,
            )
            .join(Attendance, (Attendance.mentor_id if kind is Kind.MENTOR else Attendance.mentee_id) == table.id)
            .join(OccupationalGroup, OccupationalGroup.id == table.group_id)
            .outerjoin(Agency, Agency.id == Mentee.agency_id if kind is Kind.MENTEE else Agency.id.is_(None))
            .where(
                Attendance.event_id == event.id,
                event_access.people(by, programme.id, today),
                or_(Attendance.walked_in.is_(False), Attendance.attended.is_(True)),
            )
        )  # fmt: skip
        for number, first, last, group, agency, came, walked_in in rows:
            found.append(
                (last, first, number, f"{first} {last}", kind.value.capitalize(), group, agency or "", came, walked_in)
            )
    lines = [line[2:] for line in sorted(found, key=lambda line: line[:3])]
    frame = pd.DataFrame(lines, columns=COLUMNS)
    return frame.assign(came=pd.Series([line[5] for line in lines], index=frame.index, dtype=object))


def make(session: Session, programme_id: int, draft: Draft, *, by: Actor) -> Kept:
    """Store a new event. Raises `NotAllowed`, and `Invalid` with what to mend."""
    by = authorise(session, by, Permission.KEEP_EVENTS)
    event = Event()
    _write(session, event, draft, session.get_one(Programme, programme_id))
    session.add(event)
    session.flush()
    audit.record(session, by, "event made", "event", event.id, kind=event.kind.value)
    return Kept(event.ref, f"Made: {event.name}, {day(draft.day)}.")


def change(session: Session, ref: str, draft: Draft, seen: int, *, by: Actor) -> Kept:
    """Store what an event is now; `seen`: the `changes` of the version that was looked at.

    Raises `NotFound`, `Invalid`, and `Conflict` when someone else changed or cancelled it since.
    """
    by = authorise(session, by, Permission.KEEP_EVENTS)
    event, programme = event_access.one(session, ref, by, hold=True)
    event_access.require_planned(event)
    if event.changes != seen:
        raise Conflict("Someone else changed this event a moment ago. Look at it again before you change it.")
    before = {name: getattr(event, name) for name in _FIELDS}
    _write(session, event, draft, programme)
    changed = [name for name in _FIELDS if getattr(event, name) != before[name]]
    if not changed:
        session.expire(event)
        return Kept(ref, "Nothing was changed.")
    event.changes = seen + 1
    session.flush()
    audit.record(session, by, "event changed", "event", event.id, fields=changed)
    return Kept(ref, f"Changed: {event.name}, {day(draft.day)}. Send the calendar file again.")


_FIELDS = ("kind", "name", "place", "starts_at", "ends_at", "cohort_id")


def _write(session: Session, event: Event, draft: Draft, programme: Programme) -> None:
    name, place = " ".join(draft.name.split()), " ".join(draft.place.split())
    if draft.kind not in KINDS:
        raise Invalid("Choose one of the kinds of event.")
    if not name:
        raise Invalid("An event needs a name, such as «Orientation».")
    if len(name) > _NAME or len(place) > _PLACE:
        raise Invalid(f"Say the name in {_NAME} letters or fewer, and the place in {_PLACE}.")
    if draft.ends <= draft.starts:
        raise Invalid(f"The event would end at {draft.ends:%H:%M}, before it begins. Mend the times.")
    latest = clock.today(programme.timezone) + dt.timedelta(days=_AHEAD)
    if draft.day > latest:
        raise Invalid(f"{day(draft.day)} lies more than two years ahead. Mend the day.")
    cohort = session.scalar(select(Cohort).where(Cohort.programme_id == programme.id, Cohort.name == draft.cohort))
    if cohort is None:
        raise NotFound("There is no such cohort. Choose one of the list.")
    event.kind, event.name, event.place, event.cohort_id = EventKind(draft.kind), name, place or None, cohort.id
    event.starts_at = _moment(draft.day, draft.starts, programme.timezone)
    event.ends_at = _moment(draft.day, draft.ends, programme.timezone)
    event.changed_at = clock.now().replace(microsecond=0)


def _moment(on: dt.date, at: dt.time, timezone: str) -> dt.datetime:
    moment = dt.datetime.combine(on, at, ZoneInfo(timezone)).astimezone(dt.UTC)
    if clock.local(moment, timezone).time() != at:
        raise Invalid(f"There is no {at:%H:%M} on {day(on)}: the clocks go forward. Choose another time.")
    return moment


def _told(session: Session, rows: list[Event], programme: Programme, by: Actor) -> tuple[Gathering, ...]:
    today = clock.today(programme.timezone)
    counted = counting.attendance(session, [row.id for row in rows], event_access.people(by, programme.id, today))
    counts = {line["event_id"]: line for line in counted.to_dict("records")}
    cohorts = dict(session.execute(select(Cohort.id, Cohort.name).where(Cohort.programme_id == programme.id)).all())
    told = []
    for row in rows:
        count = counts.get(row.id, {})
        starts, ends = (clock.local(moment, programme.timezone) for moment in (row.starts_at, row.ends_at))
        told.append(
            Gathering(
                ref=row.ref,
                kind=row.kind.value,
                name=row.name,
                place=row.place or "",
                starts=starts,
                ends=ends,
                cohort=cohorts[row.cohort_id],
                programme_id=programme.id,
                changes=row.changes,
                **{name: int(count.get(name, 0)) for name in ("invited", "came", "untaken", "walked_in")},
                is_open=starts.date() <= today and row.cancelled_at is None,
                is_over=ends.date() < today,
                is_cancelled=row.cancelled_at is not None,
            )
        )
    return tuple(told)
