"""The list of people: narrowed, paged, or searched."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, literal, select, union_all
from sqlalchemy.orm import Session

from db.models import Agency, Division, Mentee, Mentor, OccupationalGroup
from services import people_search, people_standing, person, programmes
from services.access import Actor, Permission, authorise
from services.counting import people as counting
from services.counting.people import Standing, stands
from services.kinds import TABLES, Kind

COLUMNS = ["ref", "kind", "name", "standing", "group", "home", "matched"]
#: Rows of one page.
PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Whom the list is narrowed to; None leaves it open."""

    kind: Kind | None = None
    standing: Standing | None = None
    group: str | None = None
    #: Of mentees their agency, of mentors their division.
    home: str | None = None


@dataclass(frozen=True, eq=False)
class Page:
    """One page of the list. `rows`: ref, kind, name, standing (words), group, home, matched (by what, of a search)."""

    rows: pd.DataFrame
    total: int
    page: int
    pages: int
    #: A search found more than it shows.
    is_cut: bool = False


@dataclass(frozen=True)
class Choices:
    """What the list can be narrowed to."""

    groups: tuple[str, ...]
    agencies: tuple[str, ...]
    divisions: tuple[str, ...]


def choices(session: Session, *, by: Actor) -> Choices:
    """Every group, agency and division, by name. Raises `NotAllowed`."""
    authorise(session, by, Permission.SEE_PEOPLE)
    each = (session.scalars(select(table.name).order_by(table.name)) for table in (OccupationalGroup, Agency, Division))
    return Choices(*(tuple(names) for names in each))


def people(session: Session, wanted: Wanted, *, by: Actor, text: str = "", page: int = 1) -> Page:
    """A page of the people wanted: by name, or, when something is searched for, the best first on one page.

    Raises `NotAllowed`.
    """
    authorise(session, by, Permission.SEE_PEOPLE)
    programme_id = programmes.main(session).id
    today = programmes.today(session, programme_id)
    kinds = [wanted.kind] if wanted.kind else list(Kind)
    narrowed = {kind: _conditions(kind, wanted, programme_id, today) for kind in kinds}
    if text.strip():
        hits = people_search.search(session, text, narrowed)
        rows = _rows(session, [(h.kind, h.id) for h in hits], programme_id, today)
        rows["matched"] = [h.matched for h in hits]
        return Page(rows, len(hits), 1, 1, is_cut=len(hits) == people_search.MOST)
    tables = [(kind, TABLES[kind], where) for kind, where in narrowed.items()]
    total = sum(counting.many(session, select(table.id).where(*where)) for _, table, where in tables)
    pages = max(-(-total // PAGE), 1)
    page = min(max(page, 1), pages)
    every = [
        select(literal(kind.value).label("kind"), table.id, table.last_name, table.first_name).where(*where)
        for kind, table, where in tables
    ]
    one = every[0] if len(every) == 1 else union_all(*every)
    listed = one.subquery()
    found = session.execute(
        select(listed.c.kind, listed.c.id)
        .order_by(listed.c.last_name, listed.c.first_name, listed.c.kind, listed.c.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    rows = _rows(session, [(Kind(kind), number) for kind, number in found], programme_id, today)
    return Page(rows, total, page, pages)


def _conditions(kind: Kind, wanted: Wanted, programme_id: int, today: dt.date) -> Sequence[ColumnElement[bool]]:
    table = TABLES[kind]
    found: list[ColumnElement[bool]] = [person.is_kept(table)]
    if wanted.standing:
        found.append(stands(wanted.standing, table, programme_id, today))
    if wanted.group:
        found.append(table.group_id.in_(select(OccupationalGroup.id).where(OccupationalGroup.name == wanted.group)))
    if wanted.home and kind is Kind.MENTOR:
        found.append(Mentor.division_id.in_(select(Division.id).where(Division.name == wanted.home)))
    if wanted.home and kind is Kind.MENTEE:
        found.append(Mentee.agency_id.in_(select(Agency.id).where(Agency.name == wanted.home)))
    return found


def _rows(session: Session, who: Iterable[tuple[Kind, int]], programme_id: int, today: dt.date) -> pd.DataFrame:
    """Lines of these people, in their order."""
    order = list(who)
    lines: dict[tuple[Kind, int], tuple[Any, ...]] = {}
    for kind in Kind:
        ids = [number for k, number in order if k is kind]
        if not ids:
            continue
        table = TABLES[kind]
        home_table, home_id = (Division, Mentor.division_id) if kind is Kind.MENTOR else (Agency, Mentee.agency_id)
        standing = people_standing.standings(session, kind, ids, programme_id, today)
        rows = session.execute(
            select(table.id, table.ref, table.first_name, table.last_name, OccupationalGroup.name, home_table.name)
            .join(OccupationalGroup, OccupationalGroup.id == table.group_id)
            .outerjoin(home_table, home_table.id == home_id)
            .where(table.id.in_(ids))
        )
        for number, ref, first, last, group, home in rows:
            name = f"{first} {last}".strip()
            lines[kind, number] = (ref, kind.value, name, standing[number], group, home or "", "")
    return pd.DataFrame([lines[one] for one in order if one in lines], columns=COLUMNS)
