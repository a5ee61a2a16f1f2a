"""The cohorts of a programme: their days, what they are to reach, and how long a match lasts."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, Programme
from services import audit
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotFound
from services.imports.words import clean

COLUMNS = ["id", "programme_id", "programme", "name", "starts_on", "ends_on", "target", "objective", "months"]
#: Months that a match lasts unless a cohort says otherwise.
MONTHS, MOST_MONTHS = 4, 60
_LONGEST, _MOST = 60, 100_000
_PERCENT = 100


@dataclass(frozen=True)
class Terms:
    """What is entered of a cohort."""

    name: str
    starts_on: dt.date
    ends_on: dt.date
    #: Matches wanted, or placements that the organisation committed to.
    target: int | None = None
    #: Per cent of mentees followed up who should have found employment.
    objective: int | None = None
    months: int = MONTHS


def cohorts(session: Session, *, by: Actor) -> pd.DataFrame:
    """Every cohort of every programme, the latest first; its columns are `COLUMNS`. Raises `NotAllowed`."""
    authorise(session, by, Permission.SET_PROGRAMME)
    rows = session.execute(
        select(
            Cohort.id,
            Cohort.programme_id,
            Programme.name,
            Cohort.name,
            Cohort.starts_on,
            Cohort.ends_on,
            Cohort.target,
            Cohort.objective_employed,
            Cohort.months,
        )
        .join(Programme, Programme.id == Cohort.programme_id)
        .order_by(Programme.id, Cohort.starts_on.desc(), Cohort.id.desc())
    )
    found = pd.DataFrame([tuple(row) for row in rows], columns=COLUMNS)
    return found.astype({"target": "Int64", "objective": "Int64"})


def save(session: Session, programme_id: int, terms: Terms, *, by: Actor, cohort_id: int | None = None) -> str:
    """Make a cohort of a programme, or change one; returns its name.

    Raises `Invalid` for days out of order and numbers out of bounds, `NotFound`, and `Conflict` for a name in use.
    """
    by = authorise(session, by, Permission.SET_PROGRAMME)
    if session.get(Programme, programme_id) is None:
        raise NotFound("There is no such programme any more. Load the page again.")
    cohort = session.get(Cohort, cohort_id) if cohort_id else Cohort(programme_id=programme_id)
    if cohort is None or cohort.programme_id != programme_id:
        raise NotFound("There is no such cohort any more. Load the page again.")
    name = clean(terms.name)
    _check(name, terms)
    others = select(Cohort.id).where(
        Cohort.programme_id == programme_id, Cohort.name == name, Cohort.id != (cohort_id or 0)
    )
    if session.scalar(others):
        raise Conflict(f"There is a cohort «{name}» already. Choose another name.")
    before = cohort.target
    cohort.name, cohort.starts_on, cohort.ends_on = name, terms.starts_on, terms.ends_on
    cohort.target, cohort.objective_employed, cohort.months = terms.target, terms.objective, terms.months
    session.add(cohort)
    session.flush()
    did = "cohort changed" if cohort_id else "cohort made"
    audit.record(session, by, did, "cohort", cohort.id, target=cohort.target, before=before)
    return cohort.name


def _check(name: str, terms: Terms) -> None:
    if not name:
        raise Invalid("A cohort needs a name, such as its year.")
    if len(name) > _LONGEST:
        raise Invalid(f"The name has more than {_LONGEST} characters. Shorten it.")
    if terms.ends_on < terms.starts_on:
        said = f"The cohort would end on {terms.ends_on}, before it starts on {terms.starts_on}."
        raise Invalid(f"{said} Exchange the two days.")
    if terms.target is not None and not 0 <= terms.target <= _MOST:
        raise Invalid("A target is 0 or more matches.")
    if terms.objective is not None and not 0 <= terms.objective <= _PERCENT:
        raise Invalid("An objective is 0 to 100 per cent of those followed up.")
    if not 1 <= terms.months <= MOST_MONTHS:
        raise Invalid(f"A match lasts 1 to {MOST_MONTHS} months. Mend the number.")
