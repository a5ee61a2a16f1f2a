"""The check-ins of the demo's coaches: planned contacts kept, missed and late, and who needs care this year."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from db.models import Contact, Health, Mode
from services.demo.courses import SATURDAY, working_day
from services.demo.lives import Life, Year
from services.demo.meetings import Meetings
from services.demo.people import Row, draws
from services.programmes import Clocks

_Of = TypeVar("_Of")

_CLOCKS = Clocks()
_PLANNED = (*_CLOCKS.check_in_days, _CLOCKS.closing_day)
#: Of the planned contacts, those that are kept: in 2004, and twenty years later; this year.
_KEPT, _KEPT_NOW, _YEARS = (0.865, 0.925), 0.905, 20
#: Of the contacts missed, those that follow some days late; of those not yet planned, those that come early.
_LATE, _EARLY = 0.5, 0.3
_DAYS_LATE = (3, 8)
#: This year, of 60 running matches: quiet, so that a contact is overdue too; watched; overdue though they meet.
_QUIET, _WATCHED, _OVERDUE, _OF = 6, 5, 2, 60
_QUIET_DAYS, _WATCHED_DAYS = (32, 42), (15, 26)
_QUIET_FROM = 45
_VIDEO_SINCE = 2012
_MODES = {Mode.PHONE: 45, Mode.EMAIL: 30, Mode.IN_PERSON: 25}
_MODES_WITH_VIDEO = {Mode.PHONE: 38, Mode.EMAIL: 24, Mode.VIDEO: 23, Mode.IN_PERSON: 15}
_WITH = {Contact.MENTEE: 45, Contact.MENTOR: 25, Contact.BOTH: 30}
_WELL = {Health.GOOD: 94, Health.CONCERN: 5, Health.AT_RISK: 1}
_BADLY = {Health.GOOD: 12, Health.CONCERN: 56, Health.AT_RISK: 32}


@dataclass(eq=False)
class _Story:
    """What is planned for one match; windows are numbered as the contacts planned in them."""

    life: Life
    #: Days it has lived, to its end or to today.
    age: int
    running: bool
    #: Neither coach nor people are in touch after this day of it.
    silent_after: int
    missed: set[int] = field(default_factory=set)
    #: Windows that chance may not turn into missed ones.
    settled: set[int] = field(default_factory=set)
    badly: bool = False

    def elapsed(self) -> range:
        """The windows that are over."""
        return range(sum(day <= self.age for day in _PLANNED))


def of(cohort: Year, today: dt.date) -> tuple[list[Row], list[Row]]:
    """Check-in rows and session rows of a cohort, to today."""
    chance = draws("contacts", cohort.year)
    stories = [_story(life, today) for life in cohort.lives]
    _in_need(chance, [story for story in stories if story.running])
    planned = [(story, k) for story in stories for k in story.elapsed()]
    share = _KEPT_NOW if cohort.now else _kept(cohort.year)
    missing = round((1 - share) * len(planned)) - sum(len(story.missed) for story in stories)
    free = [(story, k) for story, k in planned if k not in story.settled]
    for story, k in chance.sample(free, min(max(missing, 0), len(free))):
        story.missed.add(k)
    meetings = Meetings(draws("sessions", cohort.year), cohort.year)
    check_ins: list[Row] = []
    sessions: list[Row] = []
    for story in stories:
        check_ins += _check_ins(chance, cohort.year, story)
        sessions += meetings.of(story.life, story.age, story.silent_after, recent=story.running)
    return check_ins, sessions


def _kept(year: int) -> float:
    first, later = _KEPT
    return first + (later - first) * min(year - 2004, _YEARS) / _YEARS


def _story(life: Life, today: dt.date) -> _Story:
    course = life.course
    age = ((course.ended_on or today) - course.started_on).days
    badly = course.ending is not None and not course.ending.startswith("hired")
    return _Story(life, age, course.ended_on is None, age, badly=badly)


def _in_need(chance: random.Random, running: list[_Story]) -> None:
    """This year's quiet, watched and overdue matches; in all others the last planned contact was kept."""
    for story in running:
        story.settled.update(story.elapsed()[-1:])
    scale = len(running) / _OF
    left = chance.sample(running, len(running))
    for story in _take(left, round(_QUIET * scale), lambda story: story.age >= _QUIET_FROM):
        story.silent_after = story.age - chance.randint(*_QUIET_DAYS)
        story.missed = {k for k in story.elapsed() if _PLANNED[k] > story.silent_after}
        story.settled = set(story.elapsed())
        story.badly = True
    for story in _take(left, round(_WATCHED * scale), _can_be_watched):
        opens = _opens(len(story.elapsed()) - 1)
        story.silent_after = max(story.age - chance.randint(*_WATCHED_DAYS), opens + 4)
        story.badly = chance.random() < 0.5  # noqa: PLR2004 - one in two
    for story in _take(left, round(_OVERDUE * scale), lambda story: _since_planned(story) > 0):
        story.missed = set(story.elapsed()[-1:])
        story.settled = set(story.elapsed())


def _take(left: list[_Story], many: int, which: Callable[[_Story], bool]) -> list[_Story]:
    """So many of those left that fit; they are left no longer."""
    taken = [story for story in left if which(story)][:many]
    gone = set(taken)
    left[:] = [story for story in left if story not in gone]
    return taken


def _can_be_watched(story: _Story) -> bool:
    """The last planned contact can have been kept before a silence of that length."""
    return bool(story.elapsed()) and story.age - _WATCHED_DAYS[0] - 4 >= _opens(len(story.elapsed()) - 1)


def _since_planned(story: _Story) -> int:
    """Days since the last planned contact; 0 when none was planned yet."""
    return story.age - _PLANNED[len(story.elapsed()) - 1] if story.elapsed() else 0


def _opens(window: int) -> int:
    """The day of a match after which a contact counts for this window."""
    return _PLANNED[window - 1] if window else 0


def _check_ins(chance: random.Random, year: int, story: _Story) -> list[Row]:
    days = []
    elapsed = story.elapsed()
    for k in elapsed:
        if k not in story.missed:
            days.append(_day(chance, story, _opens(k), min(_PLANNED[k], story.silent_after)))
        elif k + 1 not in story.missed and k not in story.settled and chance.random() < _LATE:
            days.append(_PLANNED[k] + chance.randint(*_DAYS_LATE))
    if _may_be_early(story) and chance.random() < _EARLY:
        days.append(_day(chance, story, _opens(len(elapsed)), story.age))
    days = sorted({day for day in days if day <= story.silent_after})
    return [_row(chance, year, story, day, last=day == days[-1]) for day in days]


def _may_be_early(story: _Story) -> bool:
    """A further contact is planned, its window has been open for a week, and no other is owed before it."""
    following = len(story.elapsed())
    owed = following - 1 in story.missed
    open_for_long = following < len(_PLANNED) and story.age > _opens(following) + _DAYS_LATE[1]
    return open_for_long and story.silent_after == story.age and not owed


def _day(chance: random.Random, story: _Story, after: int, until: int) -> int:
    """A working day of a match within the week before `until`, but after `after`."""
    weekday = story.life.course.started_on.weekday()
    days = [day for day in range(max(after + 1, until - 6), until + 1) if (weekday + day) % 7 < SATURDAY]
    return chance.choice(days) if days else until


def _one(chance: random.Random, weights: dict[_Of, int]) -> _Of:
    return chance.choices(list(weights), list(weights.values()))[0]


def _row(chance: random.Random, year: int, story: _Story, day: int, *, last: bool) -> Row:
    modes = _MODES if year < _VIDEO_SINCE else _MODES_WITH_VIDEO
    return {
        "match_id": story.life.number,
        "coach_id": story.life.mentee["coach_id"],
        "on_day": working_day(story.life.course.started_on + dt.timedelta(days=day)),
        "contact": _one(chance, _WITH),
        "mode": _one(chance, modes),
        "health": _one(chance, _BADLY if story.badly and last else _WELL),
        "note": None,
    }
