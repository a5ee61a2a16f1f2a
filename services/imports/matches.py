"""Rows of historic matches, checked: who with whom, in which cohort, from when, and how it ended."""

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass

from db.models import MatchState
from services.imports.rows import Reading
from services.imports.words import clean, email_key, fold

#: Reasons of an early end, and the words in a result that mean them; the first that fits holds.
REASONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("hired elsewhere", ("elsewhere", "other field", "outside the field", "outside field", "survival job")),
    (
        "hired in field",
        ("hired", "employed", "found work", "found job", "found a job", "got job", "got a job", "job found"),
    ),
    (
        "mentor withdrew",
        ("mentor withdrew", "mentor withdrawn", "mentor left", "mentor dropped", "withdrawn by mentor"),
    ),
    (
        "mentee withdrew",
        ("mentee withdrew", "mentee withdrawn", "mentee left", "mentee dropped", "withdrawn by mentee"),
    ),
    ("relocated", ("relocated", "relocation", "moved away", "moved", "left the city")),
    ("no contact", ("no contact", "lost contact", "unreachable", "no response", "no show")),
    ("poor fit", ("poor fit", "not a fit", "no fit", "mismatch", "incompatible")),
    ("agency closed", ("agency closed", "agency closure")),
    ("other", ("withdrew", "withdrawn", "dropped", "dropped out", "quit", "left")),
)
_EARLY = ("ended early", "early", "terminated", "stopped", "cancel", "incomplete", "not completed", "discontinued")
_DONE = ("complete", "finish", "success", "done", "closed", "ended", "full term", "graduated", "fulfilled")
_RUNNING = ("active", "ongoing", "in progress", "current", "running", "open", "started", "continuing")


@dataclass(frozen=True)
class Side:
    """Mentor or mentee of a row."""

    key: str
    address: str
    names: tuple[str, str] | None


@dataclass
class Historic:
    """A checked row: a match as it went."""

    row: str
    mentor: Side
    mentee: Side
    group: str
    cohort: str
    started_on: dt.date
    ended_on: dt.date | None
    state: MatchState
    reason: str | None

    @property
    def pair(self) -> tuple[str, str, dt.date]:
        """What makes two rows the same match."""
        return self.mentor.key, self.mentee.key, self.started_on


def read(reading: Reading, cohort_of_sheet: str | None, nameless: Collection[str]) -> Historic | None:
    """A row as a match, or None when `reading` noted a fault.

    `nameless`: addresses of people the desk knows, whose names a row may leave out.
    """
    reading.check_formulas()
    reading.check_width()
    mentor = _side(reading, "mentor", nameless)
    mentee = _side(reading, "mentee", nameless)
    group = reading.group()
    started_on = reading.day("started_on")
    if reading.cell("started_on") is None:
        reading.refuse("bad date", "The day the match started is missing. Write it like 2006-03-31.", "started_on")
    state, reason = result(clean(reading.cell("result")), clean(reading.cell("reason")))
    is_running = state is MatchState.ACTIVE
    ended_on = reading.day("ended_on", may_lie_ahead=is_running)
    if mentor and mentee and mentor.key == mentee.key:
        sentence = "Mentor and mentee have the same e-mail address. Write the address of each."
        reading.refuse("mentor and mentee are one person", sentence, "mentee_email")
    if started_on and ended_on and ended_on < started_on:
        reading.refuse("ends before it starts", "The match ends before it starts. Mend one of the days.", "ended_on")
    if state is None:
        state = MatchState.COMPLETED if ended_on else MatchState.ACTIVE
        if reading.cell("result") is not None:
            said = clean(reading.cell("result"))[:40]
            reading.remarks.append(f"the result «{said}» is not known and was read as {state.value}")
    elif not is_running and ended_on is None and not reading.problems:
        reading.refuse("bad date", "The match has ended, but its last day is missing. Write that day.", "ended_on")
    if reading.problems or not (mentor and mentee and group and started_on):
        return None
    cohort = clean(reading.cell("cohort")) or cohort_of_sheet or str(started_on.year)
    ended_on = None if state is MatchState.ACTIVE else ended_on
    return Historic(reading.label, mentor, mentee, group, cohort, started_on, ended_on, state, reason)


def _side(reading: Reading, who: str, nameless: Collection[str]) -> Side | None:
    names = reading.name(f"{who}_")
    address = reading.email(f"{who}_email", f"The {who}")
    if address is None:
        return None
    key = email_key(address)
    if names is None and key not in nameless:
        reading.refuse("missing name", f"The {who}'s name is missing. Write first and last name.", f"{who}_name")
    return Side(key, address, names)


def result(said: str, why: str = "") -> tuple[MatchState | None, str | None]:
    """The state that a result means, and the reason of an early end; None when the words are not known."""
    words, because = fold(said), fold(f"{said} {why}")
    reason = next((code for code, marks in REASONS if any(re.search(rf"\b{mark}\b", because) for mark in marks)), None)
    if not words:
        return None, None
    if any(mark in words for mark in _EARLY):
        return MatchState.ENDED_EARLY, reason or "other"
    if any(mark in words for mark in _DONE):
        return MatchState.COMPLETED, None
    if reason:
        return MatchState.ENDED_EARLY, reason
    if any(re.search(rf"\b{mark}\b", words) for mark in _RUNNING):
        return MatchState.ACTIVE, None
    return None, None


def cohort_named(sheet: str, cohorts: Collection[str]) -> str | None:
    """The cohort that a sheet's name says: one the desk knows, or a name with a year in it."""
    known = {fold(name): name for name in cohorts}
    if name := known.get(fold(sheet)):
        return name
    words = fold(sheet).split()
    years = [word for word in words if re.fullmatch(r"(?:19|20)\d\d", word)]
    if len(years) != 1:
        return None
    return years[0] if len(words) == 1 or {"matches", "match", "data", "sheet"} & set(words) else clean(sheet)
