"""Entering and changing placements: who was hired where, from when, and what the organisation committed to."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, Division, Mentee, OccupationalGroup, Placement, Programme, ProgrammeKind
from services import audit, programmes
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotFound
from services.imports import words
from services.imports.words import clean, email_key, fold
from services.person import name
from services.wording import day

_COLUMNS = ["id", "ref", "mentee", "group", "division", "hired_on", "permanent_on"]
_MOST = 10_000
_OVERTAKEN = "Someone else changed this placement meanwhile. Nothing of yours was saved; look at it again."


@dataclass(frozen=True)
class Entry:
    """What is known of one placement; of what is not known nothing is said."""

    hired_on: dt.date | None
    #: The host division, by name.
    division: str | None = None
    permanent_on: dt.date | None = None


@dataclass(frozen=True)
class Person:
    """Whom a placement is of. Of people the desk knows the address is enough."""

    email: str
    first_name: str = ""
    last_name: str = ""
    group: str | None = None


@dataclass(frozen=True, eq=False)
class Participants:
    """Everyone placed in a cohort, and what a form needs.

    `rows`, in the order of their days: id, ref (of the person), mentee, group, division, hired_on, permanent_on.
    """

    rows: pd.DataFrame
    committed: int | None
    #: Nobody is hired before the cohort begins, or in the future.
    begins: dt.date
    today: dt.date
    #: What can be chosen, by name.
    divisions: tuple[str, ...]
    groups: tuple[str, ...]


def participants(session: Session, cohort_id: int, *, by: Actor) -> Participants:
    """A cohort of placements, to be changed. Raises `NotAllowed`, `NotFound`."""
    authorise(session, by, Permission.EDIT_PEOPLE)
    cohort = _cohort(session, cohort_id)
    found = session.execute(
        select(
            Placement.id,
            Mentee.ref,
            (Mentee.first_name + " " + Mentee.last_name).label("mentee"),
            OccupationalGroup.name.label("group"),
            Division.name.label("division"),
            Placement.hired_on,
            Placement.permanent_on,
        )
        .join(Mentee, Mentee.id == Placement.mentee_id)
        .join(OccupationalGroup, OccupationalGroup.id == Mentee.group_id)
        .outerjoin(Division, Division.id == Placement.division_id)
        .where(Placement.cohort_id == cohort_id)
        .order_by(Placement.hired_on, Placement.id)
    )
    rows = pd.DataFrame([tuple(row) for row in found], columns=_COLUMNS).astype(object)
    return Participants(
        rows=rows.where(rows.notna(), None),
        committed=cohort.target,
        begins=cohort.starts_on,
        today=programmes.today(session, cohort.programme_id),
        divisions=tuple(session.scalars(select(Division.name).order_by(Division.name))),
        groups=tuple(session.scalars(select(OccupationalGroup.name).order_by(OccupationalGroup.name))),
    )


def add(session: Session, cohort_id: int, who: Person, entry: Entry, *, by: Actor) -> str:
    """Place somebody in a cohort; who is not known yet is added. Returns what was done, as a sentence.

    Raises `NotFound`, `Invalid` for what cannot be used, `Conflict` when the person is in the cohort already.
    """
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    cohort = _cohort(session, cohort_id, held=True)
    _check(session, cohort, entry)
    mentee = _person(session, who, by)
    placed = select(Placement.id).where(Placement.cohort_id == cohort.id, Placement.mentee_id == mentee.id)
    if session.scalar(placed.limit(1)) is not None:
        raise Conflict(f"{name(mentee)} is in the {cohort.name} cohort already. Change that placement instead.")
    made = Placement(cohort_id=cohort.id, mentee_id=mentee.id, **_stored(session, entry, by))
    session.add(made)
    session.flush()
    audit.record(session, by, "placement added", "placement", made.id, cohort=cohort.id)
    return f"Placed: {name(mentee)}, from {day(made.hired_on)}."


def change(session: Session, number: int, entry: Entry, *, seen: Entry, by: Actor) -> str:
    """Put a placement as `entry`, if it still stands as it was `seen`. Returns what was done, as a sentence.

    Raises `NotFound`, `Invalid`, and `Conflict` when someone else changed it meanwhile.
    """
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    placement, cohort, now = _seen(session, number, seen)
    who = name(session.get_one(Mentee, placement.mentee_id))
    _check(session, cohort, entry)
    fields = [
        field for field in ("division", "hired_on", "permanent_on") if getattr(now, field) != getattr(entry, field)
    ]
    if not fields:
        return f"Nothing of the placement of {who} was changed."
    for column, value in _stored(session, entry, by).items():
        setattr(placement, column, value)
    session.flush()
    audit.record(session, by, "placement changed", "placement", placement.id, fields=fields)
    return f"Saved the placement of {who}."


def remove(session: Session, number: int, *, seen: Entry, by: Actor) -> str:
    """Take away a placement entered in error; the person stays. Raises `NotFound`, `Conflict` as `change`."""
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    placement, cohort, _ = _seen(session, number, seen)
    who = name(session.get_one(Mentee, placement.mentee_id))
    audit.record(session, by, "placement removed", "placement", placement.id, cohort=cohort.id)
    session.delete(placement)
    session.flush()
    return f"The placement of {who} is no more; they stay among the people."


def commit_to(session: Session, cohort_id: int, number: int | None, *, by: Actor) -> str:
    """Say how many the organisation committed to hire in a cohort; None: to no number. Raises `NotFound`, `Invalid`."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    cohort = _cohort(session, cohort_id, held=True)
    if number is not None and not 0 <= number <= _MOST:
        raise Invalid(f"A commitment is a whole number of 0 to {_MOST:,} people. Mend it.")
    before, cohort.target = cohort.target, number
    session.flush()
    audit.record(session, by, "commitment changed", "cohort", cohort.id, before=before, after=number)
    return f"Committed in {cohort.name}: {'no number' if number is None else f'{number:,}'}."


def _cohort(session: Session, cohort_id: int, *, held: bool = False) -> Cohort:
    """A cohort of a placement programme; `held`: writers on it take turns."""
    wanted = (
        select(Cohort)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Cohort.id == cohort_id, Programme.kind == ProgrammeKind.PLACEMENT)
    )
    found = session.scalar(wanted.with_for_update(of=Cohort) if held else wanted)
    if found is None:
        raise NotFound("There is no such cohort of placements. Choose one of the list.")
    return found


def _seen(session: Session, number: int, seen: Entry) -> tuple[Placement, Cohort, Entry]:
    """A placement as it was seen, held until the transaction ends."""
    placement = session.scalar(select(Placement).where(Placement.id == number).with_for_update())
    if placement is None:
        raise NotFound("There is no such placement any more. Someone may have taken it away.")
    home = session.get(Division, placement.division_id) if placement.division_id else None
    now = Entry(placement.hired_on, home.name if home else None, placement.permanent_on)
    if now != seen:
        raise Conflict(_OVERTAKEN)
    return placement, _cohort(session, placement.cohort_id), now


def _check(session: Session, cohort: Cohort, entry: Entry) -> None:
    """Raises `Invalid` for days that cannot be."""
    today = programmes.today(session, cohort.programme_id)
    hired, permanent = entry.hired_on, entry.permanent_on
    if hired is None:
        raise Invalid("Hired on: the day is missing. Choose it.")
    for label, when in (("Hired on", hired), ("Permanent on", permanent)):
        if when and when > today:
            raise Invalid(f"{label}: the day lies in the future. Choose today or an earlier day.")
    if hired < cohort.starts_on:
        raise Invalid(
            f"Hired on: the {cohort.name} cohort begins on {day(cohort.starts_on)}. Choose that day or a later."
        )
    if permanent and permanent < hired:
        raise Invalid("Permanent on: nobody is permanent before they are hired. Mend one of the days.")


def _stored(session: Session, entry: Entry, by: Actor) -> dict[str, Any]:
    division_id = None
    if said := clean(entry.division):
        known = {fold(home.name): home for home in session.scalars(select(Division))}
        home = known.get(fold(said))
        if home is None:
            home = Division(name=said)
            session.add(home)
            session.flush()
            audit.record(session, by, "division added", "division", home.id)
        division_id = home.id
    return {"division_id": division_id, "hired_on": entry.hired_on, "permanent_on": entry.permanent_on}


def _person(session: Session, who: Person, by: Actor) -> Mentee:
    address = words.email(who.email)
    if address is None:
        raise Invalid("E-mail: this is no e-mail address. Write one like name@place.ca.")
    first, last = clean(who.first_name), clean(who.last_name)
    known = session.scalar(select(Mentee).where(Mentee.email_key == email_key(address)))
    if known is not None:
        if (first or last) and (fold(first), fold(last)) != (fold(known.first_name), fold(known.last_name)):
            raise Invalid(
                f"E-mail: {name(known)} has this address. Leave the name empty to place {name(known)}, "
                "or mend the address."
            )
        return known
    if not (first and last):
        raise Invalid("Name: the desk does not know this address yet. Write first and last name.")
    group = session.scalar(select(OccupationalGroup.id).where(OccupationalGroup.name == who.group))
    if group is None:
        raise Invalid("Occupation: the desk does not know this address yet. Choose the occupation.")
    made = Mentee(
        first_name=first, last_name=last, email=address, email_key=email_key(address), group_id=group, languages=[]
    )
    session.add(made)
    session.flush()
    audit.record(session, by, "added", "mentee", made.id)
    return made
