"""Occupational groups as senders write them: through names, aliases and near misses."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.models import GroupAlias, OccupationalGroup
from services import access, audit
from services.access import Actor, Permission
from services.imports.words import clean, fold

#: Per cent of alikeness from which another spelling is taken for a group; every such guess is shown.
NEAR = 86
#: Shorter words are too easily alike: "HR" is not "PR".
_SHORTEST = 5


@dataclass(frozen=True)
class Found:
    """The group behind a cell; `guessed` when only alike."""

    name: str
    guessed: bool = False


@dataclass
class Groups:
    """Every group that can be recognised; remembers what it was asked, as rosters repeat themselves."""

    #: Folded name or alias -> the group's name.
    known: Mapping[str, str]
    #: Name -> id; groups of the standard list that the database has not yet are missing here.
    ids: dict[str, int]
    _asked: dict[str, Found | None] = field(default_factory=dict, repr=False)

    def find(self, written: object) -> Found | None:
        """The group that a cell means, or None."""
        folded = fold(written)
        if folded not in self._asked:
            self._asked[folded] = self._find(folded)
        return self._asked[folded]

    def _find(self, folded: str) -> Found | None:
        if name := self.known.get(folded):
            return Found(name)
        if len(folded) < _SHORTEST:
            return None
        near = process.extractOne(folded, self.known.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
        return Found(self.known[near[0]], guessed=True) if near else None


@cache
def standard() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The programme's groups and the ways they are written, from `groups.toml`."""
    listed = tomllib.loads((Path(__file__).parent / "groups.toml").read_text(encoding="utf-8"))["group"]
    return tuple(
        (group["name"], tuple(dict.fromkeys(map(fold, [group["name"], *group["aliases"]])))) for group in listed
    )


def load(session: Session) -> Groups:
    """The groups of the database with their aliases, and those of the standard list that it lacks."""
    ids: dict[str, int] = {}
    known: dict[str, str] = {}
    for name, group_id in session.execute(select(OccupationalGroup.name, OccupationalGroup.id)):
        ids[name] = group_id
        known[fold(name)] = name
    for folded, name in session.execute(
        select(GroupAlias.folded, OccupationalGroup.name).join(
            OccupationalGroup, GroupAlias.group_id == OccupationalGroup.id
        )
    ):
        known.setdefault(folded, name)
    for name, written in standard():
        home = next((known[folded] for folded in written if folded in known), name)
        for folded in written:
            known.setdefault(folded, home)
    return Groups(known, ids)


def ensure_groups(session: Session, by: Actor) -> dict[str, int]:
    """Every group of the standard list and its aliases are in the database afterwards; returns name -> id of all.

    A group that goes by another name already (one of its aliases is known) keeps that name.
    """
    access.authorise(session, by, Permission.IMPORT_FILES)
    groups = load(session)
    missing = dict.fromkeys(name for name in groups.known.values() if name not in groups.ids)
    added = [OccupationalGroup(name=clean(name)) for name in missing]
    session.add_all(added)
    session.flush()
    groups.ids.update({group.name: group.id for group in added})
    stored = set(session.scalars(select(GroupAlias.folded))) | set(map(fold, groups.ids))
    aliases = [
        {"group_id": groups.ids[name], "folded": folded}
        for folded, name in groups.known.items()
        if folded not in stored
    ]
    if aliases:
        session.execute(insert(GroupAlias), aliases)
    if added or aliases:
        audit.record(session, by, "ensured", "occupational group", None, added=len(added), aliases=len(aliases))
    return groups.ids
