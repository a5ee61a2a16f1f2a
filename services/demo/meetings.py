"""The meetings of the demo's mentors and mentees: about one a week, towards 24 hours in four months."""

import datetime as dt
import random

from services.counting.waiting import Ending
from services.demo.courses import working_day
from services.demo.lives import Life
from services.demo.people import Row

#: Hours of a completed match, the middle of them and how far they spread: the first cohorts met less.
_HOURS, _HOURS_FIRST, _SPREAD = 24.2, 21.3, 4.0
_FIRST_UNTIL, _SINCE = 2006, 2012
_FEWEST, _MOST = 10.0, 36.0
#: Meetings of a match that runs its whole length.
_USUAL = 16
_QUARTER = 15
_STEPS = (6, 7, 7, 7, 8)
_PAUSE, _PAUSES = 0.04, (7, 7, 14, 21)
#: Meetings stop so many days before an early end.
_STOP = {Ending.NO_CONTACT: (31, 45), Ending.MENTEE_WITHDREW: (8, 36), Ending.MENTOR_WITHDREW: (6, 28)}
#: A running match that is not silent has met within so many days.
_RECENT = 10


class Meetings:
    """Session rows of one cohort's matches."""

    def __init__(self, chance: random.Random, year: int) -> None:
        self._chance = chance
        later = min(max(year - _FIRST_UNTIL, 0) / (_SINCE - _FIRST_UNTIL), 1)
        self._hours = _HOURS_FIRST + (_HOURS - _HOURS_FIRST) * later

    def of(self, life: Life, age: int, silent_after: int, *, recent: bool) -> list[Row]:
        """The sessions of a match that has lived `age` days, none after the day `silent_after` of it."""
        course, chance = life.course, self._chance
        stop = _STOP.get(course.ending) if course.ending else None
        last = min(silent_after, age - chance.randint(*stop)) if stop else silent_after
        days = self._days(last)
        if recent and last >= _RECENT and (not days or days[-1] < last - (_RECENT if last == age else 0)):
            days.append(last if last < age else last - chance.randint(0, 4))
        hours = min(max(chance.gauss(self._hours, _SPREAD), _FEWEST), _MOST)
        completed = course.ended_on and not course.ending
        quarters = hours * 60 / _QUARTER / (len(days) if completed and days else _USUAL)
        return [
            {
                "match_id": life.number,
                "on_day": working_day(course.started_on + dt.timedelta(days=day)),
                "minutes": _QUARTER * max(2, round(quarters + chance.choice((-1, 0, 0, 1)))),
            }
            for day in days
        ]

    def _days(self, last: int) -> list[int]:
        days = []
        day = self._chance.randint(2, 8)
        while day <= last:
            days.append(day)
            day += self._chance.choice(_STEPS) + (self._chance.choice(_PAUSES) if self._chance.random() < _PAUSE else 0)
        return days
