"""The list of specialities of each group."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import OccupationalGroup, Speciality
from services import audit
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotFound
from services.imports.words import clean, fold

_LONGEST = 80


def entries(session: Session, *, by: Actor, group_id: int) -> list[str]:
    """The names on a group's list, in the order of the alphabet. Raises `NotAllowed`."""
    authorise(session, by, Permission.KEEP_SPECIALITIES)
    return sorted(session.scalars(select(Speciality.name).where(Speciality.group_id == group_id)), key=fold)


def add(session: Session, name: str, *, by: Actor, group_id: int) -> None:
    """Put a name on a group's list. Raises `Invalid`, `NotFound`, and `Conflict` when it is there already."""
    by = authorise(session, by, Permission.KEEP_SPECIALITIES)
    if session.get(OccupationalGroup, group_id) is None:
        message = "There is no such occupational group. Load the page again."
        raise NotFound(message)
    made = Speciality(group_id=group_id, name=_free(session, name, group_id))
    session.add(made)
    session.flush()
    audit.record(session, by, "added", "speciality", made.id, group=group_id)


def rename(session: Session, old: str, new: str, *, by: Actor, group_id: int) -> None:
    """Another name for an entry; whoever has it keeps it. Raises `Invalid`, `NotFound`, and `Conflict`."""
    by = authorise(session, by, Permission.KEEP_SPECIALITIES)
    entry = session.scalar(select(Speciality).where(Speciality.group_id == group_id, Speciality.name == old))
    if entry is None:
        message = f"«{old}» is not on the list any more. Load the page again."
        raise NotFound(message)
    entry.name = _free(session, new, group_id, but=entry.id)
    session.flush()
    audit.record(session, by, "renamed", "speciality", entry.id)


def _free(session: Session, name: str, group_id: int, but: int | None = None) -> str:
    name = clean(name)
    if not fold(name):
        message = "A speciality needs a name. Write one."
        raise Invalid(message)
    if len(name) > _LONGEST:
        message = f"The name has more than {_LONGEST} characters. Shorten it."
        raise Invalid(message)
    for number, there in session.execute(select(Speciality.id, Speciality.name).where(Speciality.group_id == group_id)):
        if number != but and fold(there) == fold(name):
            message = f"«{there}» is on the list already."
            raise Conflict(message)
    return name
