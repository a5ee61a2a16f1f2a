"""When the demo's matches were proposed, decided, started and ended, and how."""

import datetime as dt
import random
from dataclasses import dataclass

from services.counting.waiting import Ending

#: Start days of a cohort: June 2004 is in the record, and that 2006 concluded on 21 September; others start in spring.
_WINDOWS = {
    2004: (dt.date(2004, 5, 3), dt.date(2004, 6, 11)),
    2005: (dt.date(2005, 2, 7), dt.date(2005, 4, 29)),
    2006: (dt.date(2006, 2, 20), dt.date(2006, 8, 4)),
}
_EARLY = 0.12
_ENDINGS = {
    Ending.HIRED_IN_FIELD: 50,
    Ending.HIRED_ELSEWHERE: 18,
    Ending.MENTEE_WITHDREW: 10,
    Ending.RELOCATED: 8,
    Ending.MENTOR_WITHDREW: 8,
    Ending.NO_CONTACT: 6,
}
#: This year's matches end early only so that the mentee does not wait again; who waits is told by the pool.
_SETTLED = (Ending.HIRED_IN_FIELD, Ending.HIRED_ELSEWHERE, Ending.RELOCATED)
_LENGTH = (112, 126)
SATURDAY = 5
#: This year's cohort: days since the start of matches that run, that should have closed, and that have ended.
_RUNNING, _LATE, _OVER = (1, 118), (123, 131), (128, 200)


@dataclass(frozen=True)
class Course:
    """The days of one started match; `ending` is None while it runs and when it was completed."""

    proposed_on: dt.date
    decided_on: dt.date
    started_on: dt.date
    ended_on: dt.date | None
    ending: Ending | None = None


def opens_on(year: int) -> dt.date:
    """First day of a past cohort."""
    return _window(year)[0] - dt.timedelta(days=21)


def closes_on(year: int) -> dt.date:
    """Last day of a past cohort."""
    return dt.date(year, 12, 15)


def past(chance: random.Random, year: int, *, autumn: bool = False) -> Course:
    """A match of a past cohort; `autumn` starts late enough to run over the turn of the year."""
    first, last = (dt.date(year, 9, 14), dt.date(year, 10, 15)) if autumn else _window(year)
    started = first + dt.timedelta(days=chance.randrange((last - first).days + 1))
    if chance.random() < _EARLY and not autumn:
        ending = chance.choices(list(_ENDINGS), list(_ENDINGS.values()))[0]
        return _course(chance, started, chance.randint(18, 105), ending)
    return _course(chance, started, chance.randint(*_LENGTH))


def current(chance: random.Random, today: dt.date, *, running: bool, late: bool = False) -> Course:
    """A match of this year's cohort, its days counted back from today; `late`: it should have closed by now."""
    started = today - dt.timedelta(days=chance.randint(*((_LATE if late else _RUNNING) if running else _OVER)))
    if running:
        return _course(chance, started, None)
    if chance.random() < _EARLY:
        return _course(chance, started, chance.randint(18, 105), chance.choice(_SETTLED))
    return _course(chance, started, chance.randint(*_LENGTH))


def _course(chance: random.Random, started: dt.date, days: int | None, ending: Ending | None = None) -> Course:
    started = working_day(started)
    decided = started - dt.timedelta(days=chance.randint(0, 6))
    ended = None if days is None else working_day(started + dt.timedelta(days=days))
    return Course(decided - dt.timedelta(days=chance.randint(3, 24)), decided, started, ended, ending)


def _window(year: int) -> tuple[dt.date, dt.date]:
    return _WINDOWS.get(year, (dt.date(year, 2, 9), dt.date(year, 7, 30)))


def working_day(day: dt.date) -> dt.date:
    """The day itself, or the Friday before a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - SATURDAY + 1))
