"""What was stored of a cohort, for the rows that follow from it: contacts, events, surveys, outcomes."""

import datetime as dt
from dataclasses import dataclass

from services.demo.courses import Course
from services.demo.people import Row


@dataclass(frozen=True)
class Life:
    """A started match: its number, its two people and its days."""

    number: int
    mentor: Row
    mentee: Row
    course: Course


@dataclass(frozen=True)
class Year:
    """A stored cohort and its started matches, the first start first; `now`: it is under way."""

    id: int
    year: int
    opens: dt.date
    closes: dt.date
    lives: tuple[Life, ...]
    now: bool
