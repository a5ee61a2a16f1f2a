"""The lists that a file's words are looked up in: specialities of each group, goals, agencies."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, OccupationalGroup, Programme, Speciality
from services import programmes
from services.imports.words import clean, fold, is_blank

_APART = re.compile(r"[;|\n•]")


@dataclass(frozen=True)
class Lists:
    """Entries by their folded words; specialities by the name of their group."""

    specialities: Mapping[str, Mapping[str, str]]
    goals: Mapping[str, str]
    agencies: Mapping[str, str]


def load(session: Session, programme: Programme | None) -> Lists:
    """The lists as they are now."""
    specialities: dict[str, dict[str, str]] = {}
    for group, name in session.execute(
        select(OccupationalGroup.name, Speciality.name).join(Speciality, Speciality.group_id == OccupationalGroup.id)
    ):
        specialities.setdefault(group, {})[fold(name)] = name
    clocks = programmes.clocks(session, programme.id) if programme else programmes.Clocks()
    return Lists(specialities, folded(clocks.goals), folded(session.scalars(select(Agency.name))))


def folded(names: Iterable[str]) -> dict[str, str]:
    """Names by their folded words."""
    return {fold(name): name for name in names}


def find(text: str, entries: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The entries that a cell names word for word, and its other words; each once, in the order written.

    A comma parts only where what it parts is no entry itself: "Water, drainage and sewers" is one.
    """
    taken: dict[str, None] = {}
    other: dict[str, str] = {}
    for piece in _APART.split(text):
        for part in [piece] if fold(piece) in entries else piece.split(","):
            if entry := entries.get(fold(part)):
                taken[entry] = None
            elif not is_blank(part):
                other.setdefault(fold(part), clean(part))
    return list(taken), list(other.values())
