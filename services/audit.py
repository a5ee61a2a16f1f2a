"""The trail: what was done, by whom, chained so that an edited or missing row shows."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, select, text
from sqlalchemy.orm import ORMExecuteState, Session

from db.models import LoginAttempt, LoginTicket, Mailing, TrailEntry
from services import clock
from services.access import Actor

#: That a file was read: neither a change nor a use of the data.
PROFILE_READ, MATCH_READ = READINGS = ("profile read", "match read")

_PENDING, _WROTE = "trail_pending", "trail_wrote"
#: Writes that are no act of a person on the programme's data.
_UNTRAILED = (TrailEntry, LoginAttempt, LoginTicket, Mailing)
#: PostgreSQL's lock under which the trail grows; any constant will do.
_LOCK = 7_004_211


@dataclass(frozen=True)
class Broken:
    """A place where the trail does not hold."""

    seq: int
    what: str


@dataclass(frozen=True)
class Head:
    """The last row; printed or sent away daily, it proves the rows before it."""

    seq: int
    hash: str


def record(session: Session, by: Actor, action: str, entity: str, entity_id: int | None = None, **detail: Any) -> None:
    """Note an act; it is stored when the transaction ends, in the same commit.

    `detail` holds ids, counts, codes and names of fields, never a person's data.
    """
    entry = {"by": by, "action": action, "entity": entity, "entity_id": entity_id, "detail": detail}
    session.info.setdefault(_PENDING, []).append(entry)


def close(session: Session) -> None:
    """Store what was recorded. Called last, because the trail grows under one lock for all writers."""
    session.flush()
    pending = session.info.pop(_PENDING, [])
    if session.info.pop(_WROTE, False) and not pending:
        message = "a service wrote rows and left no trail"
        raise AssertionError(message)
    if not pending:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = head(session)
    seq, previous = last.seq, last.hash
    at = clock.now()
    for entry in pending:
        by: Actor = entry["by"]
        seq += 1
        row = TrailEntry(
            seq=seq,
            at=at,
            account_id=by.account_id,
            by_name=None if by.account_id else by.name,
            action=entry["action"],
            entity=entry["entity"],
            entity_id=entry["entity_id"],
            detail=entry["detail"],
            previous_hash=previous,
        )
        row.hash = previous = _digest(row)
        session.add(row)
        session.flush()


def head(session: Session) -> Head:
    """The last row of the trail; number 0 and no hash when there is none."""
    last = session.execute(select(TrailEntry.seq, TrailEntry.hash).order_by(TrailEntry.seq.desc()).limit(1)).first()
    return Head(last.seq, last.hash) if last else Head(0, "")


def verify(session: Session) -> list[Broken]:
    """Every place where a row was changed, removed or put in; empty when the trail holds."""
    broken, seq, previous = [], 0, ""
    for row in session.scalars(select(TrailEntry).order_by(TrailEntry.seq).execution_options(yield_per=1000)):
        if row.seq != seq + 1:
            broken.append(Broken(seq + 1, "missing"))
        if row.previous_hash != previous:
            broken.append(Broken(row.seq, "does not continue the row before"))
        if row.hash != _digest(row):
            broken.append(Broken(row.seq, "changed after it was written"))
        seq, previous = row.seq, row.hash
    return broken


def _digest(row: TrailEntry) -> str:
    said = {
        "seq": row.seq,
        "at": row.at.astimezone(dt.UTC).isoformat(),
        "account": row.account_id,
        "by": row.by_name,
        "action": row.action,
        "entity": row.entity,
        "id": row.entity_id,
        "detail": row.detail,
    }
    canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256((row.previous_hash + canonical).encode()).hexdigest()


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: object) -> None:
    touched = [*session.new, *session.dirty, *session.deleted]
    if any(not isinstance(row, _UNTRAILED) for row in touched):
        session.info[_WROTE] = True


@event.listens_for(Session, "do_orm_execute")
def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        mapper = state.bind_mapper
        if mapper is None or not issubclass(mapper.class_, _UNTRAILED):
            state.session.info[_WROTE] = True
