"""Rows of mentors and mentees, checked and laid beside the people the desk knows."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import OPEN, Agency, Division, Match, Mentee, Mentor, OccupationalGroup
from services.imports import facts
from services.imports.columns import Kind
from services.imports.facts import Kept, Said
from services.imports.rows import Reading
from services.imports.words import email_key, fold, languages

#: The organisation behind a person: its field, table and foreign key.
HOMES: dict[Kind, tuple[str, type[Division] | type[Agency], str]] = {
    Kind.MENTORS: ("division", Division, "division_id"),
    Kind.MENTEES: ("agency", Agency, "agency_id"),
}
TABLES: dict[Kind, type[Mentor] | type[Mentee]] = {Kind.MENTORS: Mentor, Kind.MENTEES: Mentee}

_TEXTS: dict[Kind, tuple[str, ...]] = {
    Kind.MENTORS: ("phone", "title", "office"),
    Kind.MENTEES: ("phone", "title", "country_of_education", "goal"),
}
_CHUNK = 1_000
#: Rows that a warning names.
_NAMED = 12


@dataclass
class Person:
    """A checked row: `values` by column of the table, with names in place of the ids of group and home."""

    row: str
    key: str
    values: dict[str, Any]
    said: Said = field(default_factory=Said)


@dataclass(frozen=True)
class Change:
    """One field of a known person that the file says otherwise."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Known:
    """A person of the database, with the names of group and home, and the open matches that bind them."""

    id: int
    values: dict[str, Any]
    open_matches: int = 0
    #: Open matches that hold the person to their group: those without a stored reason.
    bound: int = 0
    kept: Kept = field(default_factory=Kept)


@dataclass
class Sorted:
    """Checked rows by what becomes of them."""

    new: list[Person] = field(default_factory=list)
    changed: list[tuple[Person, Known, tuple[Change, ...]]] = field(default_factory=list)
    unchanged: list[Person] = field(default_factory=list)


def lost_letters(people: Sequence[Person]) -> list[str]:
    """A warning of names that lost letters before the file came: whoever saved it wrote a question mark for each."""
    rows = [one.row for one in people if "?" in one.values["first_name"] + one.values["last_name"]]
    if not rows:
        return []
    named = ", ".join(rows[:_NAMED]) + (f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else "")
    why = "Names with question marks, where letters were lost before the file came"
    return [f"{why}: row {named}. Ask for the file as .xlsx, or put the names right under People."]


def read(reading: Reading, kind: Kind) -> Person | None:
    """A row as a person, or None when `reading` noted a fault."""
    reading.check_formulas()
    reading.check_width()
    names = reading.name()
    if names is None:
        reading.refuse("missing name", "The name is missing. Write first and last name.", _name_column(reading))
    whose = "This mentor" if kind is Kind.MENTORS else "This mentee"
    address = reading.email("email", whose)
    values: dict[str, Any] = {"group": reading.group(), **{key: reading.text(key) for key in _TEXTS[kind]}}
    home = HOMES[kind][0]
    values[home] = reading.text(home)
    values["languages"] = languages(reading.text("languages")) or None
    if kind is Kind.MENTORS:
        values["volunteer_since"] = reading.day("volunteer_since")
        for key in ("available_from", "available_until"):
            values[key] = reading.day(key, may_lie_ahead=True)
        values["capacity"] = reading.capacity()
    else:
        values["ready_on"] = reading.day("ready_on")
    values["years_experience"] = reading.years()
    matched_by, beside = facts.read(reading, kind, values["group"])
    if reading.problems or names is None or address is None:
        return None
    values |= {"first_name": names[0], "last_name": names[1], "email": address}
    said = {key: value for key, value in values.items() if value is not None}
    return Person(reading.label, email_key(address), said | matched_by, beside)


def _name_column(reading: Reading) -> str:
    return next((key for key in ("name", "last_name", "first_name") if reading.table.index(key) is not None), "")


def known(session: Session, kind: Kind, keys: Collection[str]) -> dict[str, Known]:
    """The people of the database who go by these addresses."""
    table = TABLES[kind]
    home, home_table, home_id = HOMES[kind]
    wanted = [column for column in table.__table__.columns if column.key not in {"ref", "withdrawn_on"}]
    found: dict[str, Known] = {}
    for chunk in chunks(sorted(keys)):
        rows = session.execute(
            select(*wanted, OccupationalGroup.name.label("group"), home_table.name.label(home))
            .join(OccupationalGroup, table.group_id == OccupationalGroup.id)
            .outerjoin(home_table, getattr(table, home_id) == home_table.id)
            .where(table.email_key.in_(chunk))
        ).mappings()
        found |= {row["email_key"]: Known(row["id"], dict(row)) for row in rows}
    ties = _ties(session, kind)
    beside: dict[int, Kept] = {}
    for chunk in chunks([who.id for who in found.values()]):
        beside |= facts.kept(session, kind, chunk)
    return {
        key: Known(who.id, who.values, *ties.get(who.id, (0, 0)), beside.get(who.id, Kept()))
        for key, who in found.items()
    }


def _ties(session: Session, kind: Kind) -> dict[int, tuple[int, int]]:
    """Open matches of everyone who has any: how many, and how many of them without a reason."""
    whose = Match.mentor_id if kind is Kind.MENTORS else Match.mentee_id
    unexplained = func.count().filter(func.trim(func.coalesce(Match.override_reason, "")) == "")
    rows = session.execute(select(whose, func.count(), unexplained).where(Match.state.in_(OPEN)).group_by(whose))
    return {person: (count, bound) for person, count, bound in rows}


def chunks(items: Sequence[Any], size: int = _CHUNK) -> Iterator[Sequence[Any]]:
    """A long list in pieces that a statement can carry."""
    return (items[start : start + size] for start in range(0, len(items), size))


def differences(person: Person, known: Known, kind: Kind, today: dt.date) -> tuple[Change, ...]:
    """The fields in which a row differs from the person it names; an empty cell differs from nothing.

    But who stands on a roster of mentors volunteers, so a last day in the past no longer holds.
    """
    home = HOMES[kind][0]
    changes = []
    for key, after in person.values.items():
        before = known.values[key]
        if key in facts.ADDED_TO:
            after = [*before, *(name for name in after if name not in before)]  # noqa: PLW2901
        same = fold(before) == fold(after) if key == home else before == after
        if not same and key != "email":
            changes.append(Change(key, before, after))
    until = known.values.get("available_until")
    if until and until < today and "available_until" not in person.values:
        changes.append(Change("available_until", until, None))
    new = facts.unsaid(person.said, person.values["group"], known.kept)
    if new.specialities:
        had = sorted(name for group, name in known.kept.specialities if group == person.values["group"])
        changes.append(Change("specialities", had, [*had, *new.specialities]))
    if new.own_words:
        changes.append(Change("words to confirm", "", [words for _, words in new.own_words]))
    return tuple(changes)


def hindrance(known: Known, changes: Sequence[Change]) -> tuple[str, str, str] | None:
    """Code, sentence and field of a change that an open match forbids."""
    for change in changes:
        if change.field == "capacity" and change.after < known.open_matches:
            sentence = f"This mentor has {known.open_matches} open matches. Close some first, or write more places."
            return "capacity below open matches", sentence, "capacity"
        if change.field == "group" and known.bound:
            sentence = "This person has an open match in the group they had. Close it before the group changes."
            return "group of an open match", sentence, "group"
    return None
