"""Which programme, cohort and day a question means, as people name them."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, Programme, ProgrammeKind
from services import programmes
from services.access import Actor, Permission, authorise
from services.counting.figure import Scope
from services.errors import NotFound


@dataclass(frozen=True)
class CohortChoice:
    """A cohort that can be chosen."""

    id: int
    name: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class ProgrammeChoice:
    """A programme that can be chosen, with the day it is there and its cohorts, oldest first."""

    id: int
    name: str
    organisation: str
    kind: ProgrammeKind
    timezone: str
    today: dt.date
    cohorts: tuple[CohortChoice, ...]

    def cohort(self, name: str | None, as_of: dt.date) -> CohortChoice | None:
        """The cohort of that name; without one the latest that had begun by the day, or else the first.

        Raises `NotFound` with the names there are.
        """
        if name is None:
            begun = [cohort for cohort in self.cohorts if cohort.starts_on <= as_of]
            return begun[-1] if begun else next(iter(self.cohorts), None)
        for cohort in self.cohorts:
            if cohort.name == name:
                return cohort
        names = ", ".join(cohort.name for cohort in self.cohorts) or "none yet"
        raise NotFound(f"There is no cohort «{name}» in {self.name}. Cohorts are: {names}.")


def choices(session: Session, *, by: Actor) -> tuple[ProgrammeChoice, ...]:
    """Every programme, the one that the desk opens with first. Raises `NotFound` when there is none."""
    authorise(session, by, Permission.SEE_MILESTONES)
    main = programmes.main(session)
    rows = session.scalars(select(Programme).order_by(Programme.id != main.id, Programme.id)).all()
    cohorts = session.scalars(select(Cohort).order_by(Cohort.starts_on, Cohort.id)).all()
    return tuple(
        ProgrammeChoice(
            programme.id,
            programme.name,
            programme.organisation,
            programme.kind,
            programme.timezone,
            programmes.today(session, programme.id),
            tuple(
                CohortChoice(c.id, c.name, c.starts_on, c.ends_on) for c in cohorts if c.programme_id == programme.id
            ),
        )
        for programme in rows
    )


def named(options: tuple[ProgrammeChoice, ...], name: str | None) -> ProgrammeChoice:
    """The programme of that name, or the first. Raises `NotFound` with the names there are."""
    for programme in options:
        if name in (None, programme.name):
            return programme
    raise NotFound(f"There is no programme «{name}». Programmes are: {', '.join(p.name for p in options)}.")


def scope(
    session: Session,
    *,
    by: Actor,
    programme: str | None = None,
    cohort: str | None = None,
    as_of: dt.date | None = None,
) -> Scope:
    """A question's scope by names: the whole programme unless a cohort is named, today unless a day is.

    Raises `NotFound` for names that are not there.
    """
    chosen = named(choices(session, by=by), programme)
    day = as_of or chosen.today
    within = chosen.cohort(cohort, day) if cohort else None
    return Scope(chosen.id, day, within.id if within else None)
