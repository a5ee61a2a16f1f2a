"""What a room sees: totals that are safe with anybody, the names of those who agreed, and moments on local clocks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from db.models import CountingRule
from services import clock, milestones
from services.counting import matches


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
    #: To the minute: what is drawn changes no oftener by itself.
    as_of: dt.datetime
    professions: tuple[Profession, ...] = ()
    #: Mentors ever, and of the newest cohort.
    mentors: int = 0
    mentors_now: int = 0
    partners: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    names: tuple[Thanked, ...] = ()


def board(rows: Sequence[Row[Any]], event: int | None = None) -> Board:
    """The board of one programme from its rows of `services.counting.public`, and the names of an event."""
    of: dict[str, list[Row[Any]]] = {}
    for row in rows:
        of.setdefault(row.kind, []).append(row)
    about, wording = of["programme"][0], matches.WORDING[CountingRule(of["rule"][0].name)]
    now = clock.local(clock.now(), of["clock"][0].name).replace(second=0, microsecond=0)
    today = now.date()
    counts = [row for row in of.get("count", ()) if row.day <= today]
    each: dict[str, int] = {}
    for row in counts:
        each[row.name] = each.get(row.name, 0) + row.number
    begun = [
        row.name
        for row in sorted(of.get("cohort", ()), key=lambda row: row.number)
        if row.day <= today or row.name in each
    ]
    total, that_day = sum(each.values()), sum(row.number for row in counts if row.day == today)
    reached, goal = milestones.around(total, tuple(sorted(row.number for row in of.get("milestone", ()))))
    newest = reached[-1] if reached else 0
    latest = next((row for row in of.get("latest", ()) if row.day == today), None)
    mentors = {row.name: row.number for row in of.get("mentors", ())}
    return Board(
        programme=about.name,
        organisation=about.note,
        title=wording.title,
        one=wording.one,
        unit=wording.unit,
        total=total,
        since=min((row.since.year for row in counts), default=None),
        goal=goal,
        to_go=goal - total,
        celebrated=newest if reached and (newest == total or newest > total - that_day) else None,
        cohorts=tuple(Ring(name, each.get(name, 0)) for name in begun),
        marks=tuple(
            Mark(row.number, row.name)
            for row in sorted(of.get("mark", ()), key=lambda row: row.number)
            if row.number in reached and row.day <= today
        ),
        latest_on=max((row.day for row in counts), default=None),
        latest_at=clock.local(latest.at, of["clock"][0].name) if latest else None,
        latest_in=latest.name if latest else None,
        as_of=now,
        professions=tuple(
            sorted(
                (Profession(row.name, row.since.year) for row in of.get("profession", ()) if row.since <= today),
                key=lambda one: (one.since, one.name),
            )
        ),
        mentors=mentors.get(None, 0),
        mentors_now=mentors.get(begun[-1], 0) if begun else 0,
        partners=tuple(sorted((row.name for row in of.get("partner", ())), key=str.casefold)),
        findings=tuple(
            Finding(row.name, *row.note.split("\n", 1))
            for row in sorted(of.get("finding", ()), key=lambda row: row.number)
        ),
        names=tuple(
            sorted(
                (Thanked(row.name, row.note) for row in of.get("name", ()) if event and row.number == event),
                key=lambda one: (one.name.casefold(), one.occupation),
            )
        ),
    )
