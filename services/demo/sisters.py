"""The City's two placement programmes: Co-Op Engineering and Career Bridge."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, Division, Placement, Programme, ProgrammeKind
from services.demo.people import People, Row
from services.demo.store import rows


@dataclass(frozen=True)
class _Intake:
    """One cohort of placements; the figures are published (facts to 31 December 2005)."""

    programme: str
    cohort: str
    starts_on: dt.date
    ends_on: dt.date
    groups: tuple[str, ...]
    #: Host divisions, in turn.
    hosts: tuple[str, ...]
    hired: int
    permanent: int = 0
    target: int | None = None
    months: int = 12


_BRIDGE = ("Engineering", "Information technology", "Accounting and finance")
_WORKS = ("Engineering & Construction Services", "Toronto Water", "Transportation Services")
#: One for each group of `_BRIDGE`.
_OFFICES = ("Engineering & Construction Services", "Technology Services", "Accounting Services")
_INTAKES = (
    _Intake(
        "Co-Op Engineering",
        "2005",
        dt.date(2003, 9, 8),
        dt.date(2005, 12, 16),
        ("Engineering",),
        _WORKS,
        50,
        permanent=35,
    ),
    _Intake("Career Bridge", "2004", dt.date(2004, 3, 1), dt.date(2004, 12, 17), _BRIDGE, _OFFICES, 2, months=6),
    _Intake(
        "Career Bridge", "2005", dt.date(2005, 1, 10), dt.date(2005, 12, 16), _BRIDGE, _OFFICES, 11, target=10, months=6
    ),
)


def people(makes: People) -> list[list[Row]]:
    """The participants of each intake. They wait for no mentor, so they have no day of being ready."""
    return [
        [makes.mentee(intake.groups[k % len(intake.groups)], None) for k in range(intake.hired)] for intake in _INTAKES
    ]


def store(session: Session, placed: list[list[Row]]) -> None:
    """The programmes, their cohorts and placements."""
    ids: dict[str, int] = {}
    divisions = {row.name: row.id for row in session.execute(select(Division.name, Division.id))}
    for intake, participants in zip(_INTAKES, placed, strict=True):
        if intake.programme not in ids:
            programme = Programme(
                name=intake.programme, organisation="City of Toronto", kind=ProgrammeKind.PLACEMENT, is_demo=True
            )
            session.add(programme)
            session.flush()
            ids[intake.programme] = programme.id
        cohort = Cohort(
            programme_id=ids[intake.programme],
            name=intake.cohort,
            starts_on=intake.starts_on,
            ends_on=intake.ends_on,
            target=intake.target,
            months=intake.months,
        )
        session.add(cohort)
        session.flush()
        days = (intake.ends_on - intake.starts_on).days - 130
        hosts = [divisions[name] for name in intake.hosts]
        placements = [_placement(intake, cohort.id, row, k, days) for k, row in enumerate(participants)]
        rows(session, Placement, [row | {"division_id": hosts[k % len(hosts)]} for k, row in enumerate(placements)])


def _placement(intake: _Intake, cohort_id: int, row: Row, k: int, days: int) -> Row:
    hired_on = intake.starts_on + dt.timedelta(days=days * k // intake.hired)
    permanent_on = hired_on + dt.timedelta(days=120) if k < intake.permanent else None
    return {"cohort_id": cohort_id, "mentee_id": row["id"], "hired_on": hired_on, "permanent_on": permanent_on}
