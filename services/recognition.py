"""Whom a programme thanks: who came back, who has completed how many matches, and a certificate for each."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Mentor, Programme
from services import audit, person, programmes, shown
from services.access import Actor, Permission, authorise
from services.counting import figures, recognition
from services.counting.definition import ask
from services.counting.figure import Scope
from services.counting.protect import printed
from services.counting.published import publication_days
from services.counting.recognition import TIERS

#: Mentors that one statement asks for; SQLite takes no more than 32,766.
_AT_ONCE = 10_000
_LABEL = {tier.least: tier.label for tier in TIERS}


@dataclass(frozen=True, eq=False)
class Tiers:
    """How many mentors stand in each tier, as this actor may see it."""

    #: label, value (Int64, NA when small), text.
    rows: pd.DataFrame
    #: The day it is of, which for protected ones is the end of a quarter.
    day: dt.date
    #: None where the total is not told beside its parts.
    total: int | None
    protected: bool


@dataclass(frozen=True)
class Certificate:
    """What one certificate says."""

    name: str
    programme: str
    organisation: str
    completed: int
    day: dt.date


def returning(session: Session, scope: Scope, *, by: Actor) -> pd.DataFrame:
    """cohort, first_time, returning: mentors of each cohort that has any, by whether an earlier one had them too.

    Raises `NotAllowed`, `NotFound`.
    """
    authorise(session, by, Permission.SEE_FIGURES)
    asked = ask(session, scope.of(None))
    each = shown.by_cohort(session, scope.of(None), "returning_mentors", by=by)
    rows = [
        (cohort.name, (figure.base or 0) - (figure.numerator or 0), figure.numerator or 0)
        for cohort in asked.cohorts
        if (figure := each[cohort.id]).base
    ]
    return pd.DataFrame(rows, columns=["cohort", "first_time", "returning"])


def tiers(session: Session, scope: Scope, *, by: Actor) -> Tiers:
    """Mentors by how many matches they have completed; rounded, and of the last quarter's end, unless seen exactly.

    Raises `NotAllowed`, `NotFound`.
    """
    exact = shown.sees_exact(session, by=by)
    authorise(session, by, Permission.SEE_FIGURES)
    scope = scope.of(None)
    if not exact:
        scope = scope.on(publication_days(scope.as_of - dt.timedelta(days=100), scope.as_of)[-1])
    counts = recognition.by_tier(recognition.completed_by_mentor(session, scope))
    if exact:
        cells = [(count, f"{count:,}") for count in counts]
    else:
        limit = figures.figure(session, scope, "mentors").count
        smallest = programmes.clocks(session, scope.programme_id).smallest_cell
        cells = [(cell.value, cell.text) for cell in (printed(count, limit, smallest) for count in counts)]  # type: ignore[misc]
    rows = pd.DataFrame(
        [(tier.label, *cell) for tier, cell in zip(TIERS, cells, strict=True)], columns=["label", "value", "text"]
    ).astype({"value": "Int64"})
    return Tiers(rows, scope.as_of, sum(counts) if exact else None, protected=not exact)


def listed(session: Session, scope: Scope, *, by: Actor) -> pd.DataFrame:
    """mentor_id, mentor, completed, tier, since (the day it was reached), first, latest; the most first, then by name.

    Whose data has been erased is thanked no more, and still counted. Raises `NotAllowed`, `NotFound`.
    """
    authorise(session, by, Permission.SEE_PEOPLE)
    found = recognition.completed_by_mentor(session, scope.of(None))
    names = _names(session, [int(one) for one in found["mentor_id"]])
    found = found[found["mentor_id"].isin(names)].reset_index(drop=True)
    found["mentor"] = [f"{names[one][0]} {names[one][1]}" for one in found["mentor_id"]]
    found["sorted"] = [" ".join(names[one][::-1]).casefold() for one in found["mentor_id"]]
    found["tier"] = found["tier"].map(_LABEL).astype(str)
    found = found.sort_values(["completed", "sorted"], ascending=[False, True], ignore_index=True)
    return found[["mentor_id", "mentor", "completed", "tier", "since", "first", "latest"]]


def take_out(session: Session, scope: Scope, mentors: Collection[int], *, by: Actor) -> pd.DataFrame:
    """The rows of `listed` of these mentors, to leave the desk; the trail says so. Raises as `listed`."""
    return _taken_out(session, scope, mentors, "recognition list", by=by)


def certificates(session: Session, scope: Scope, mentors: Collection[int], *, by: Actor) -> tuple[Certificate, ...]:
    """One for each of these mentors who has completed a match, in the order of the list; the trail says so.

    Raises as `listed`.
    """
    wanted = _taken_out(session, scope, mentors, "certificates", by=by)
    programme = session.get_one(Programme, scope.programme_id)
    return tuple(
        Certificate(row.mentor, programme.name, programme.organisation, int(row.completed), scope.as_of)
        for row in wanted.itertuples()
    )


def _taken_out(session: Session, scope: Scope, mentors: Collection[int], what: str, *, by: Actor) -> pd.DataFrame:
    by = authorise(session, by, Permission.SEE_PEOPLE)
    everyone = listed(session, scope, by=by)
    wanted = everyone[everyone["mentor_id"].isin(mentors)].reset_index(drop=True)
    audit.record(session, by, f"{what} taken out", "programme", scope.programme_id, names=len(wanted))
    return wanted


def _names(session: Session, mentors: list[int]) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(mentors), _AT_ONCE):
        some = mentors[start : start + _AT_ONCE]
        rows = session.execute(
            select(Mentor.id, Mentor.first_name, Mentor.last_name).where(Mentor.id.in_(some), person.is_kept(Mentor))
        )
        found |= {row.id: (row.first_name, row.last_name) for row in rows}
    return found
