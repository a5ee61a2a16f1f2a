"""The gatherings of the demo's cohorts, and who came."""

import datetime as dt
import random
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

from db.models import EventKind
from services import clock
from services.demo.catalogue import OFFICES
from services.demo.courses import working_day
from services.demo.lives import Life, Year
from services.demo.people import Row, draws, ref
from services.programmes import TIMEZONE

_MENTOR, _MENTEE = "mentor", "mentee"


@dataclass(frozen=True)
class _Kind:
    """One kind of gathering."""

    kind: EventKind
    name: str
    #: Who is invited, and the per cents of them who come.
    come: dict[str, float]
    #: When in the day, and how many minutes.
    at: dt.time
    minutes: int
    #: When in the life of a cohort; from the second on only in cohorts of some size. Orientations follow the starts.
    parts: tuple[float, ...] = ()
    since: int = 2004
    #: Of those who could come, the share that is invited.
    invited: float = 1


_KINDS = (
    _Kind(EventKind.ORIENTATION, "Orientation", {_MENTOR: 93.5, _MENTEE: 91}, dt.time(10), 90),
    _Kind(EventKind.NETWORKING, "Networking session for mentors", {_MENTOR: 66}, dt.time(12), 90, (0.5, 0.85)),
    _Kind(EventKind.WORKSHOP, "Workshop: how the City hires", {_MENTEE: 75.3}, dt.time(13, 30), 150, (0.45, 0.8)),
    _Kind(
        EventKind.PROFESSIONAL_DEVELOPMENT,
        "Professional development session",
        {_MENTOR: 55, _MENTEE: 68},
        dt.time(9, 30),
        120,
        (0.4, 0.75),
        since=2013,
        invited=0.5,
    ),
    _Kind(EventKind.RECOGNITION, "Recognition event", {_MENTOR: 72, _MENTEE: 64}, dt.time(16, 30), 120, (0.95,)),
)
#: Recognition events whose day is in the record.
_RECOGNISED = {
    2006: dt.date(2006, 9, 21),
    2012: dt.date(2012, 11, 14),
    2013: dt.date(2013, 10, 7),
    2015: dt.date(2016, 2, 29),
}
_CANCELLED = _Kind(EventKind.NETWORKING, "Networking breakfast", {_MENTOR: 0}, dt.time(9), 60)
#: It would be so many days ahead, and so many mentors are invited.
_SOON, _FEW = 5, 12
_VARIES = 1.5
_LARGE, _WAVES = 60, 5
#: An orientation comes so many days after its median start; who started in the last days waits for today's.
_AFTER, _LAST = 3, 12
_AS_GIVEN = 2006


@dataclass
class _Event:
    """One event, and who is invited: each a side and a person's number."""

    kind: _Kind
    day: dt.date
    invited: list[tuple[str, int]]
    is_cancelled: bool = False


def of(cohort: Year, today: dt.date, events: int) -> tuple[list[Row], list[Row]]:
    """Event rows and attendance rows of a cohort; ids count on from `events`. What is to come has nobody's attendance.

    Events that would still come are planned of this year's cohort only.
    """
    chance = draws("events", cohort.year)
    planned = [
        event
        for kind in _KINDS
        if kind.since <= cohort.year and cohort.lives
        for event in (_later(chance, cohort, kind, today) if kind.parts else _orientations(cohort, kind, today))
    ]
    rows = [_row(chance, cohort.id, number, event, today) for number, event in enumerate(planned, start=events + 1)]
    attendance: list[Row] = []
    for kind in _KINDS:
        of_kind = [(number, event) for number, event in enumerate(planned, start=events + 1) if event.kind is kind]
        for side, come in kind.come.items():
            share = come if cohort.year == _AS_GIVEN else come + chance.uniform(-_VARIES, _VARIES)
            attendance += _attended(chance, side, share, of_kind, today)
    for number, event in enumerate(_fallen_through(cohort, today), start=events + len(rows) + 1):
        rows.append(_row(chance, cohort.id, number, event, today))
        attendance += _attended(chance, _MENTOR, 0, [(number, event)], today)
    return rows, attendance


def _orientations(cohort: Year, kind: _Kind, today: dt.date) -> list[_Event]:
    """One after each wave of starts, and the next one for who has just started."""
    settled = today - dt.timedelta(days=_LAST)
    past = [life for life in cohort.lives if life.course.started_on < settled]
    waves = _WAVES if len(past) > _LARGE else 1
    bounds = [len(past) * k // waves for k in range(waves + 1)]
    parts = [past[first:last] for first, last in pairwise(bounds) if first < last]
    events = [(part[len(part) // 2].course.started_on + dt.timedelta(days=_AFTER), part) for part in parts]
    late = [life for life in cohort.lives if life.course.started_on >= settled]
    if late:
        events.append((_next_working_day(today), late))
    met: set[tuple[str, int]] = set()
    return [_Event(kind, working_day(day), _invited(kind, part, met)) for day, part in events]


def _next_working_day(today: dt.date) -> dt.date:
    """Today, or the Monday after a weekend: the demo shows a door that can be kept."""
    return today if working_day(today) == today else working_day(today) + dt.timedelta(days=3)


def _later(chance: random.Random, cohort: Year, kind: _Kind, today: dt.date) -> list[_Event]:
    met: set[tuple[str, int]] = set()
    events = []
    for part in kind.parts if len(cohort.lives) > _LARGE else kind.parts[:1]:
        day = working_day(cohort.opens + (cohort.closes - cohort.opens) * part)
        if kind.kind is EventKind.RECOGNITION:
            day = _RECOGNISED.get(cohort.year, day)
        here = [life for life in cohort.lives if _there(life, day, today) and chance.random() < kind.invited]
        events.append(_Event(kind, day, _invited(kind, here, met)))
    return events


def _fallen_through(cohort: Year, today: dt.date) -> list[_Event]:
    """One event of the running cohort that was planned of the coming week and is cancelled."""
    if not cohort.opens <= today <= cohort.closes:
        return []
    here = [life for life in cohort.lives if _there(life, today, today)][:_FEW]
    day = working_day(today + dt.timedelta(days=_SOON))
    return [_Event(_CANCELLED, day, _invited(_CANCELLED, here, set()), is_cancelled=True)] if here else []


def _there(life: Life, day: dt.date, today: dt.date) -> bool:
    """Started, and not ended early, by the day of the event as it is known today."""
    course = life.course
    return course.started_on <= min(day, today) and not (course.ending and course.ended_on and course.ended_on < day)


def _invited(kind: _Kind, lives: list[Life], met: set[tuple[str, int]]) -> list[tuple[str, int]]:
    """Everyone of the sides that the kind is for, once a cohort; `met` keeps who was."""
    asked = [(side, getattr(life, side)["id"]) for side in kind.come for life in lives]
    new = [one for one in dict.fromkeys(asked) if one not in met]
    met.update(new)
    return new


def _attended(
    chance: random.Random, side: str, come: float, events: list[tuple[int, _Event]], today: dt.date
) -> list[Row]:
    over = [(number, who) for number, event in events if event.day < today for s, who in event.invited if s == side]
    coming = [(number, who) for number, event in events if event.day >= today for s, who in event.invited if s == side]
    came = round(come / 100 * len(over))
    attended = [k < came for k in range(len(over))]
    chance.shuffle(attended)
    return [
        {
            "event_id": number,
            "mentor_id": who if side == _MENTOR else None,
            "mentee_id": who if side == _MENTEE else None,
            "attended": there,
        }
        for (number, who), there in zip([*over, *coming], [*attended, *[None] * len(coming)], strict=True)
    ]


def _row(chance: random.Random, cohort_id: int, number: int, event: _Event, today: dt.date) -> Row:
    starts = dt.datetime.combine(event.day, event.kind.at, ZoneInfo(TIMEZONE)).astimezone(dt.UTC)
    return {
        "id": number,
        "ref": ref("event", number),
        "cohort_id": cohort_id,
        "kind": event.kind.kind,
        "name": event.kind.name,
        "place": chance.choice(OFFICES),
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(minutes=event.kind.minutes),
        "changes": int(event.is_cancelled),
        "cancelled_at": clock.start_of(today, TIMEZONE) if event.is_cancelled else None,
    }
