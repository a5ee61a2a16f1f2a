"""Rows of placements, checked, laid beside those on record, and stored: who was hired where, and from when."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.models import Cohort, Division, Mentee, Placement, Programme, ProgrammeKind, new_ref
from services.errors import Invalid
from services.imports.people import Change, chunks
from services.imports.rows import Reading
from services.imports.words import clean, email_key, fold

#: What a file can say anew of a placement on record.
FIELDS = ("division", "hired_on", "permanent_on")


@dataclass(frozen=True)
class Intake:
    """A cohort of a placement programme."""

    id: int
    programme: str
    name: str
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class Placed:
    """A checked row."""

    row: str
    key: str
    address: str
    names: tuple[str, str] | None
    group: str | None
    intake: Intake
    #: By `FIELDS`; what is blank is not there.
    said: Mapping[str, Any]

    @property
    def about(self) -> tuple[str, int]:
        """What makes two rows the same placement."""
        return self.key, self.intake.id


@dataclass
class Placements:
    """Checked rows by what becomes of them."""

    new: list[Placed] = field(default_factory=list)
    #: With the number of the placement on record.
    changed: list[tuple[Placed, int, tuple[Change, ...]]] = field(default_factory=list)
    unchanged: list[Placed] = field(default_factory=list)


def intakes(session: Session) -> list[Intake]:
    """Every cohort of placements. Raises `Invalid` when there is none."""
    found = session.execute(
        select(Cohort.id, Programme.name, Cohort.name, Cohort.starts_on, Cohort.ends_on)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Programme.kind == ProgrammeKind.PLACEMENT)
        .order_by(Cohort.starts_on, Cohort.id)
    )
    known = [Intake(*row) for row in found]
    if not known:
        message = (
            "There is no cohort of placements yet. An administrator makes a programme of placements on the page "
            "Programme, and its first cohort under Cohorts there."
        )
        raise Invalid(message)
    return known


def read(reading: Reading, known: Sequence[Intake], people: Collection[str]) -> Placed | None:
    """A row as a placement, or None when `reading` noted a fault. `people`: addresses of mentees the desk knows."""
    reading.check_formulas()
    reading.check_width()
    names = reading.name()
    address = reading.email("email", "This person")
    key = email_key(address) if address else ""
    group = None
    if address and key not in people:
        if names is None:
            reading.refuse("missing name", "The name is missing. Write first and last name.", "name")
        group = reading.group()
    days = {field: reading.day(field) for field in ("hired_on", "permanent_on")}
    if reading.cell("hired_on") is None:
        reading.refuse("bad date", "The day of hiring is missing. Write it like 2006-03-31.", "hired_on")
    intake = _intake(reading, known, days["hired_on"])
    hired, permanent = days["hired_on"], days["permanent_on"]
    if hired and permanent and permanent < hired:
        sentence = "Nobody is permanent before they are hired. Mend one of the days."
        reading.refuse("permanent before hired", sentence, "permanent_on")
    if intake and hired and hired < intake.starts_on:
        sentence = (
            f"The {intake.name} cohort of {intake.programme} begins later. Mend the day, or name the right cohort."
        )
        reading.refuse("before the cohort", sentence, "hired_on")
    said = {"division": reading.text("division"), **days}
    if reading.problems or not address or intake is None:
        return None
    kept = {field: value for field, value in said.items() if value is not None}
    return Placed(reading.label, key, address, names, group, intake, kept)


def _intake(reading: Reading, known: Sequence[Intake], hired: dt.date | None) -> Intake | None:
    """The cohort of a row: as named, else of the sheet's or the only programme, else the one that ran on the day."""
    programmes = {fold(one.programme): one.programme for one in known}
    named = clean(reading.cell("programme"))
    programme = programmes.get(fold(named or reading.table.sheet))
    if programme is None and not named and len(programmes) == 1:
        programme = next(iter(programmes.values()))
    if programme is None:
        there = ", ".join(programmes.values())
        reading.refuse("unknown programme", f"Say which placement programme it is of: {there}.", "programme")
        return None
    mine = [one for one in known if one.programme == programme]
    if said := clean(reading.cell("cohort")):
        found = [one for one in mine if fold(one.name) == fold(said)]
    else:
        found = [one for one in mine if hired and one.starts_on <= hired <= one.ends_on]
    if len(found) != 1:
        there = ", ".join(one.name for one in mine)
        reading.refuse("unknown cohort", f"Say which cohort of {programme} it is of: {there}.", "cohort")
        return None
    return found[0]


def sort(session: Session, checked: Sequence[tuple[Placed, Reading]], refuse: Callable[[Reading], None]) -> Placements:
    """Tell placements on record from new ones, and what a file says otherwise of them."""
    sorted_ = Placements()
    recorded = _recorded(session, [row for row, _ in checked])
    for row, reading in checked:
        if row.about not in recorded:
            sorted_.new.append(row)
            continue
        number, now = recorded[row.about]
        changes = tuple(
            Change(field, now[field], after)
            for field, after in row.said.items()
            if (fold(now[field] or "") != fold(after) if field == "division" else now[field] != after)
        )
        after = {**now, **row.said}
        if after["permanent_on"] and after["permanent_on"] < after["hired_on"]:
            sentence = (
                f"On record the day of hiring is {now['hired_on']}, and nobody is permanent before. Mend the days."
            )
            reading.refuse("permanent before hired", sentence, "permanent_on")
            refuse(reading)
        elif changes:
            sorted_.changed.append((row, number, changes))
        else:
            sorted_.unchanged.append(row)
    return sorted_


def _recorded(session: Session, rows: Sequence[Placed]) -> dict[tuple[str, int], tuple[int, dict[str, Any]]]:
    """By address and cohort: the number of the placement, and what it says."""
    found = {}
    for keys in chunks(sorted({row.key for row in rows})):
        for row in session.execute(
            select(
                Mentee.email_key,
                Placement.cohort_id,
                Placement.id,
                Division.name,
                Placement.hired_on,
                Placement.permanent_on,
            )
            .join(Mentee, Mentee.id == Placement.mentee_id)
            .outerjoin(Division, Division.id == Placement.division_id)
            .where(Mentee.email_key.in_(keys))
            .order_by(Placement.id.desc())
        ):
            found[row[0], row[1]] = row[2], dict(zip(FIELDS, row[3:], strict=True))
    return found


def hold(session: Session) -> None:
    """Whoever writes placements takes turns, so that nobody is placed twice by two at once."""
    session.execute(
        select(Cohort.id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Programme.kind == ProgrammeKind.PLACEMENT)
        .order_by(Cohort.id)
        .with_for_update(of=Cohort)
    ).all()


def store(session: Session, rows: Placements, groups: Mapping[str, int], new_homes: Mapping[str, str]) -> None:
    """Add the people, divisions and placements that are new, and change what is said otherwise."""
    if new_homes:
        session.execute(insert(Division), [{"name": name} for name in new_homes.values()])
    homes = {fold(name): key for name, key in session.execute(select(Division.name, Division.id))}
    people = _people(session, rows.new, groups)
    made = [
        {
            "cohort_id": row.intake.id,
            "mentee_id": people[row.key],
            "division_id": homes[fold(row.said["division"])] if "division" in row.said else None,
            "hired_on": row.said["hired_on"],
            "permanent_on": row.said.get("permanent_on"),
        }
        for row in rows.new
    ]
    for piece in chunks(made):
        session.execute(insert(Placement), list(piece))
    for _, number, changes in rows.changed:
        placement = session.get_one(Placement, number)
        for change in changes:
            if change.field == "division":
                placement.division_id = homes[fold(change.after)]
            else:
                setattr(placement, change.field, change.after)
    session.flush()


def _people(session: Session, rows: Sequence[Placed], groups: Mapping[str, int]) -> dict[str, int]:
    """The numbers of everybody in these rows, by address; who is not known is added, and waits for no mentor."""
    there = _numbers(session, rows)
    fresh = {row.key: row for row in rows if row.key not in there}
    made = [
        {
            "ref": new_ref(),
            "first_name": row.names[0],
            "last_name": row.names[1],
            "email": row.address,
            "email_key": key,
            "group_id": groups[row.group],
            "languages": [],
        }
        for key, row in fresh.items()
        if row.names and row.group
    ]
    for piece in chunks(made):
        session.execute(insert(Mentee), list(piece))
    return there | _numbers(session, list(fresh.values()))


def _numbers(session: Session, rows: Sequence[Placed]) -> dict[str, int]:
    found: dict[str, int] = {}
    for keys in chunks(sorted({row.key for row in rows})):
        rows_found = session.execute(select(Mentee.email_key, Mentee.id).where(Mentee.email_key.in_(keys)))
        found |= {row.email_key: row.id for row in rows_found}
    return found
