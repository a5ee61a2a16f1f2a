"""Occupational groups: those that mentor and mentee of a match share."""

import pandas as pd
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import GroupAlias, OccupationalGroup
from services import audit
from services.access import Actor, Permission, authorise
from services.errors import Conflict, NotFound
from services.imports.groups import ensure_groups
from services.imports.words import fold
from services.setup import names
from services.wording import counted

COLUMNS = ["id", "name", "written"]


def groups(session: Session, *, by: Actor) -> pd.DataFrame:
    """Every group by name: id, name, written (other ways that files may write it, folded). Raises `NotAllowed`."""
    authorise(session, by, Permission.SET_PROGRAMME)
    others: dict[int, list[str]] = {}
    for group_id, folded in session.execute(select(GroupAlias.group_id, GroupAlias.folded).order_by(GroupAlias.folded)):
        others.setdefault(group_id, []).append(folded)
    rows = session.execute(select(OccupationalGroup.id, OccupationalGroup.name))
    found = [(number, name, others.get(number, [])) for number, name in sorted(rows, key=lambda row: fold(row[1]))]
    return pd.DataFrame(found, columns=COLUMNS)


def usual(session: Session, *, by: Actor) -> str:
    """Take the groups that programmes like this one have worked in. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    before = len(session.scalars(select(OccupationalGroup.id)).all())
    added = len(ensure_groups(session, by)) - before
    return f"{counted(added, 'group is', 'groups are')} added.".capitalize() if added else "All of them are there."


def save(session: Session, name: str, *, by: Actor, group_id: int | None = None) -> str:
    """Add a group or rename one; files may still write the old name. Raises `Invalid`, `NotFound`, `Conflict`."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    group = session.get(OccupationalGroup, group_id) if group_id else OccupationalGroup()
    if group is None:
        raise NotFound("There is no such group any more. Load the page again.")
    others = session.scalars(select(OccupationalGroup.name).where(OccupationalGroup.id != (group_id or 0)))
    name = names.kept(name, "A group", others)
    home = session.scalar(
        select(OccupationalGroup.name)
        .join(GroupAlias, GroupAlias.group_id == OccupationalGroup.id)
        .where(GroupAlias.folded == fold(name), OccupationalGroup.id != (group_id or 0))
    )
    if home:
        raise Conflict(f"Files that write «{name}» mean {home}. Rename that group, or choose another name.")
    old, group.name = group.name, name
    session.add(group)
    session.flush()
    written = select(GroupAlias.id).where(GroupAlias.folded == fold(old or name))
    if old and fold(old) != fold(name) and session.scalar(written) is None:
        session.add(GroupAlias(group_id=group.id, folded=fold(old)))
        session.flush()
    audit.record(session, by, "renamed" if group_id else "added", "occupational group", group.id)
    return f"«{old}» is called {name} now." if group_id else f"{name} is added."


def remove(session: Session, group_id: int, *, by: Actor) -> str:
    """Take a group away that nothing belongs to. Raises `NotFound`, and `Conflict` when something does."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    group = session.get(OccupationalGroup, group_id)
    if group is None:
        raise NotFound("There is no such group any more. Load the page again.")
    name = group.name
    try:
        with session.begin_nested():
            session.execute(delete(GroupAlias).where(GroupAlias.group_id == group_id))
            session.delete(group)
    except IntegrityError:
        raise Conflict(f"People, matches or specialities are of {name}, so it stays. Rename it if need be.") from None
    audit.record(session, by, "removed", "occupational group", group_id)
    return f"{name} is taken away."
