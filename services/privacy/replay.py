"""The list of whose data was erased, and erasing them again after a copy was restored that still had it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Erasure, Ground, Mentee, Mentor, PersonMerge
from db.session import ERASES
from services import person
from services.access import Actor, Permission, authorise
from services.errors import Invalid, NotFound
from services.kinds import TABLES, Kind
from services.privacy import erasing, holds

_REF = r"^[0-9a-f]{16}$"


class Listed(BaseModel):
    """One erasure as it stands on the list: it names nobody."""

    model_config = ConfigDict(extra="forbid")

    ref: str = Field(pattern=_REF)
    kind: Kind
    on_day: dt.date
    ground: Ground
    agreed_on: dt.date | None = None
    #: References of entries that had been merged into theirs: an older copy has them as entries of their own.
    merged: list[str] = Field(default_factory=list)


@dataclass(frozen=True)
class Replayed:
    """What became of a list."""

    erased: int
    #: Erased already, or not in this database.
    before: int
    unknown: int
    #: References of people with an open match, which must end first.
    barred: tuple[str, ...]


def listed(session: Session, *, by: Actor) -> list[Listed]:
    """Everyone whose data was erased, in the order in which it was. Raises `NotAllowed`."""
    authorise(session, by, Permission.ERASE_PEOPLE)
    merged: dict[str, list[str]] = {}
    for table, column in ((Mentor, PersonMerge.mentor_id), (Mentee, PersonMerge.mentee_id)):
        for ref, other in session.execute(
            select(table.ref, PersonMerge.ref).join(PersonMerge, column == table.id).order_by(PersonMerge.id)
        ):
            merged.setdefault(ref, []).append(other)
    return [
        Listed(
            ref=row.ref,
            kind=Kind(row.kind),
            on_day=row.on_day,
            ground=row.ground,
            agreed_on=row.agreed_on,
            merged=merged.get(row.ref, []),
        )
        for row in session.scalars(select(Erasure).order_by(Erasure.id))
    ]


def read(text: str) -> list[Listed]:
    """A list as `listed` was printed. Raises `Invalid`."""
    try:
        return TypeAdapter(list[Listed]).validate_json(text)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"])) or "its beginning"
        message = f"This is no list of erasures; the first fault is at {where}. Give what «matchdesk erasures» printed."
        raise Invalid(message) from None


def again(session: Session, wanted: Sequence[Listed], *, by: Actor) -> Replayed:
    """Erase those on a list who are here again, with their day and ground of then. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.ERASE_PEOPLE)
    erased, before, unknown, barred = 0, 0, 0, []
    for one in wanted:
        for ref in (one.ref, *one.merged):
            who = _here(session, one.kind, ref)
            if who is None:
                unknown += ref == one.ref
            elif person.erasure(session, who) is not None:
                before += ref == one.ref
            elif holds.barred(session, who):
                barred.append(ref)
            else:
                (who,) = person.hold(session, ref)
                erasing.carry_out(session, who, by=by, on=one.on_day, agreed_on=one.agreed_on)
                erased += 1
    session.info[ERASES] = True  # also when all of it was done: whoever asks again may want the file written anew
    return Replayed(erased, before, unknown, tuple(barred))


def _here(session: Session, kind: Kind, ref: str) -> Any:
    """The entry of exactly this reference; one merged into another is no entry."""
    try:
        who = person.find(session, ref)
    except NotFound:
        return None
    return who if isinstance(who, TABLES[kind]) and who.ref == ref else None
