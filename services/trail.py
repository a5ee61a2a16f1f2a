"""The audit trail as administrators read it: by day, by whom and by deed, and whether it holds."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import Account, TrailEntry
from services import audit, clock, programmes
from services.access import Actor, Permission, authorise
from services.errors import Invalid, NotFound

COLUMNS = ["seq", "day", "time", "who", "deed", "about", "detail"]
PAGE = 100
_LONGEST = 200
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Wanted:
    """Which rows are asked for; what is None is not asked."""

    first: dt.date | None = None
    last: dt.date | None = None
    #: One of the keys of `Choices.who`.
    who: str | None = None
    deed: str | None = None
    about: str | None = None


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
    """A page of the rows asked for, the latest first. Raises `NotAllowed`, `Invalid` for days out of order."""
    authorise(session, by, Permission.READ_TRAIL)
    if wanted.first and wanted.last and wanted.last < wanted.first:
        message = "The last day lies before the first. Exchange the two."
        raise Invalid(message)
    zone = _zone(session)
    asked = _asked(wanted, zone)
    total = session.scalar(select(func.count()).select_from(TrailEntry).where(*asked)) or 0
    pages = max(-(-total // PAGE), 1)
    number = min(max(page, 1), pages)
    found = session.scalars(
        select(TrailEntry).where(*asked).order_by(TrailEntry.seq.desc()).offset((number - 1) * PAGE).limit(PAGE)
    )
    names = _names(session)
    rows = [_line(entry, names, zone) for entry in found]
    return Page(pd.DataFrame(rows, columns=COLUMNS), total, number, pages)


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


def _asked(wanted: Wanted, zone: str) -> list[ColumnElement[bool]]:
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
    return asked


def _line(entry: TrailEntry, names: dict[int, str], zone: str) -> tuple[Any, ...]:
    at = clock.local(entry.at, zone)
    who = names[entry.account_id] if entry.account_id else entry.by_name or ""
    entity = entry.entity.replace("_", " ")
    about = entity if entry.entity_id is None else f"{entity} {entry.entity_id}"
    return entry.seq, at.date(), f"{at:%H:%M:%S}", who, entry.action, about, _told(entry.detail)


def _told(detail: dict[str, Any]) -> str:
    """Ids, counts, codes and names of fields, as the row holds them."""
    pieces = [f"{name.replace('_', ' ')} {_value(value)}" for name, value in detail.items() if value is not None]
    return ", ".join(pieces)[:_LONGEST]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value).replace("_", " ")
    return f"{text[:12]} …" if _HASH.fullmatch(text) else text
