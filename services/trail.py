"""The audit trail as administrators read it: by day, by whom and by deed, and whether it holds."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from db.models import Account, Match, Mentee, Mentor, PersonMerge, TrailEntry
from services import audit, clock, person, programmes
from services.access import Actor, Permission, authorise
from services.errors import Invalid, NotFound
from services.privacy.columns import matches_of
from services.trail_of import ever_of

COLUMNS = ["seq", "day", "time", "who", "deed", "about", "detail"]
PAGE = 100
_LONGEST = 200
_HASH = re.compile(r"[0-9a-f]{64}")
#: What rows are about that has a reference, which is what the desk calls it by.
_REFERRED: dict[str, type[Mentor] | type[Mentee] | type[Match]] = {"mentor": Mentor, "mentee": Mentee, "match": Match}


@dataclass(frozen=True)
class Wanted:
    """Which rows are asked for; what is None is not asked."""

    first: dt.date | None = None
    last: dt.date | None = None
    #: One of the keys of `Choices.who`.
    who: str | None = None
    deed: str | None = None
    about: str | None = None
    #: The reference of a person: what was done with them and their matches, and who read of them.
    ref: str = ""


@dataclass(frozen=True)
class Choices:
    """What can be asked for: by key who acted, the deeds, and what they were done to."""

    who: dict[str, str]
    deeds: list[str]
    about: list[str]
    today: dt.date


@dataclass(frozen=True, eq=False)
class Page:
    """A page of rows, the latest first; its columns are `COLUMNS`. No row names a person of the programme."""

    rows: pd.DataFrame
    total: int
    number: int
    pages: int


@dataclass(frozen=True)
class State:
    """How many rows there are, the hash of the last, and every place where the chain does not hold."""

    rows: int
    head: str
    broken: tuple[audit.Broken, ...]


def choices(session: Session, *, by: Actor) -> Choices:
    """What there is to ask for. Raises `NotAllowed`."""
    authorise(session, by, Permission.READ_TRAIL)
    names = _names(session)
    acted = {one for one in session.scalars(select(TrailEntry.account_id).distinct()) if one}
    others = {one for one in session.scalars(select(TrailEntry.by_name).distinct()) if one}
    who = {f"account {number}": names[number] for number in sorted(acted, key=names.__getitem__)}
    return Choices(
        {**who, **{f"name {name}": name for name in sorted(others)}},
        sorted(session.scalars(select(TrailEntry.action).distinct())),
        sorted(session.scalars(select(TrailEntry.entity).distinct())),
        clock.today(_zone(session)),
    )


def entries(session: Session, wanted: Wanted, *, by: Actor, page: int = 1) -> Page:
    """A page of the rows asked for, the latest first. Raises `NotAllowed`, `Invalid` for what cannot be asked."""
    authorise(session, by, Permission.READ_TRAIL)
    if wanted.first and wanted.last and wanted.last < wanted.first:
        message = "The last day lies before the first. Exchange the two."
        raise Invalid(message)
    zone = _zone(session)
    asked = _asked(session, wanted, zone)
    total = session.scalar(select(func.count()).select_from(TrailEntry).where(*asked)) or 0
    pages = max(-(-total // PAGE), 1)
    number = min(max(page, 1), pages)
    found = session.scalars(
        select(TrailEntry).where(*asked).order_by(TrailEntry.seq.desc()).offset((number - 1) * PAGE).limit(PAGE)
    ).all()
    names, refs = _names(session), _refs(session, found)
    rows = [_line(entry, names, refs, zone) for entry in found]
    return Page(pd.DataFrame(rows, columns=COLUMNS), total, number, pages)


def about(who: Mentor | Mentee) -> ColumnElement[bool]:
    """Rows about a person or a match of theirs."""
    return or_(ever_of(who), and_(TrailEntry.entity == "match", TrailEntry.entity_id.in_(matches_of(who))))


def state(session: Session, *, by: Actor) -> State:
    """The whole chain, read and checked: seconds for a hundred thousand rows. Raises `NotAllowed`."""
    authorise(session, by, Permission.READ_TRAIL)
    head = audit.head(session)
    return State(head.seq, head.hash, tuple(audit.verify(session)))


def size(session: Session, *, by: Actor) -> audit.Head:
    """The last row: its number and its hash. Raises `NotAllowed`."""
    authorise(session, by, Permission.READ_TRAIL)
    return audit.head(session)


def _zone(session: Session) -> str:
    try:
        return programmes.main(session).timezone
    except NotFound:
        return programmes.TIMEZONE


def _names(session: Session) -> dict[int, str]:
    rows = session.execute(select(Account.id, Account.name, Account.username))
    return {number: f"{name}, {username}" for number, name, username in rows}


def _refs(session: Session, rows: Sequence[TrailEntry]) -> dict[int, str]:
    """By number of the row, the reference of what it is about: of whom an entry was before it was merged."""
    found = {}
    for entity, table in _REFERRED.items():
        about = [row for row in rows if row.entity == entity]
        wanted = {row.entity_id for row in about}
        now = {number: ref for number, ref in session.execute(select(table.id, table.ref).where(table.id.in_(wanted)))}  # noqa: C416 - rows are no pairs to mypy
        gone = [] if table is Match else _merged(session, entity, wanted)
        for row in about:
            before = (ref for number, at, ref in gone if number == row.entity_id and at >= row.at)
            if ref := next(before, now.get(row.entity_id or 0)):
                found[row.seq] = ref
    return found


def _merged(session: Session, entity: str, numbers: set[int | None]) -> list[Any]:
    """number, when, and reference of entries that gave one of these numbers up, the earliest first."""
    merges = select(PersonMerge.was_id, PersonMerge.merged_at, PersonMerge.ref).where(PersonMerge.was_id.in_(numbers))
    return list(
        session.execute(merges.where(getattr(PersonMerge, f"{entity}_id").is_not(None)).order_by(PersonMerge.merged_at))
    )


def _asked(session: Session, wanted: Wanted, zone: str) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.first:
        asked.append(TrailEntry.at >= clock.start_of(wanted.first, zone))
    if wanted.last:
        asked.append(TrailEntry.at < clock.start_of(wanted.last + dt.timedelta(days=1), zone))
    if wanted.who:
        kind, _, value = wanted.who.partition(" ")
        is_account = kind == "account" and value.isdecimal()
        asked.append(TrailEntry.account_id == int(value) if is_account else TrailEntry.by_name == value)
    if wanted.deed:
        asked.append(TrailEntry.action == wanted.deed)
    if wanted.about:
        asked.append(TrailEntry.entity == wanted.about)
    if ref := wanted.ref.strip():
        try:
            asked.append(about(person.find(session, ref)))
        except NotFound:
            message = f"Nobody has the reference «{ref}». It stands in the address of the person's page."
            raise Invalid(message) from None
    return asked


def _line(entry: TrailEntry, names: dict[int, str], refs: dict[int, str], zone: str) -> tuple[Any, ...]:
    at = clock.local(entry.at, zone)
    who = names[entry.account_id] if entry.account_id else entry.by_name or ""
    entity = entry.entity.replace("_", " ")
    number = "" if entry.entity_id is None else refs.get(entry.seq, entry.entity_id)
    return entry.seq, at.date(), f"{at:%H:%M:%S}", who, entry.action, f"{entity} {number}".strip(), _told(entry.detail)


def _told(detail: dict[str, Any]) -> str:
    """Ids, counts, codes and names of fields, as the row holds them."""
    pieces = [f"{name.replace('_', ' ')} {_value(value)}" for name, value in detail.items() if value is not None]
    return ", ".join(pieces)[:_LONGEST]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")
    return f"{text[:12]} …" if _HASH.fullmatch(text) else text
