"""What a room sees: totals that are safe with anybody, the names of those who agreed, and moments on local clocks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services import clock, milestones
from services.counting import matches
from db.models import CountingRule


@dataclass(frozen=True)
class Ring:
    """One cohort's part of the count."""

    cohort: str
    matches: int


@dataclass(frozen=True)
class Mark:
    """A milestone and the cohort of the match that reached it."""

    number: int
    cohort: str


@dataclass(frozen=True)
class Profession:
    """An occupation and the year of its first match."""

    name: str
    since: int


@dataclass(frozen=True)
class Finding:
    """A protected rate as it was published: the value as printed, what it is of, and its base and day."""

    value: str
    words: str
    base: str


@dataclass(frozen=True)
class Thanked:
    """A mentor who agreed to be thanked by name at this event."""

    name: str
    occupation: str


@dataclass(frozen=True)
class Board:
    """Everything that leaves the database for the stage. A split of mentees is protected, a name has its consent."""

    programme: str
    organisation: str
    #: How the count is spoken of: "Matches", "match", "matches".
    title: str
    one: str
    unit: str
    total: int
    since: int | None
    goal: int
    to_go: int
    #: The milestone that this very count is, or that was reached today.
    celebrated: int | None
    cohorts: tuple[Ring, ...]
    marks: tuple[Mark, ...]
    latest_on: dt.date | None
    #: When the latest of today's came in, and in which occupation where enough share it; None when there was none.
    latest_at: dt.datetime | None
    latest_in: str | None
    as_of: dt.datetime
    professions: tuple[Profession, ...] = ()
    #: Mentors ever, and of the newest cohort.
    mentors: int = 0
    mentors_now: int = 0
    partners: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    names: tuple[Thanked, ...] = ()
