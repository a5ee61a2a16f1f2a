"""Whose a row of the trail is: it holds a number, and entries that are merged give theirs up.

SQLite gives the highest number to the next new entry again, so a number says whose a row is only with its time.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from db.models import Mentee, Mentor, PersonMerge, TrailEntry
from services.kinds import Kind


def now_of(kind: Kind, number: Any) -> ColumnElement[bool]:
    """Rows about whoever has this number now; `number` may be a column."""
    merge = aliased(PersonMerge)
    was_anothers = exists().where(
        merge.was_id == TrailEntry.entity_id, _is(merge, kind), merge.merged_at >= TrailEntry.at
    )
    return and_(TrailEntry.entity == kind.value, TrailEntry.entity_id == number, ~was_anothers)


def ever_of(who: Mentor | Mentee) -> ColumnElement[bool]:
    """Rows about a person, and about entries of theirs until they were merged into this one."""
    kind = Kind.MENTOR if isinstance(who, Mentor) else Kind.MENTEE
    merge, sooner = aliased(PersonMerge), aliased(PersonMerge)
    went_elsewhere = (
        exists()
        .where(
            sooner.was_id == merge.was_id,
            _is(sooner, kind),
            sooner.merged_at < merge.merged_at,
            sooner.merged_at >= TrailEntry.at,
        )
        .correlate(merge, TrailEntry)  # of the merge around it, and of the row around that
    )
    was_theirs = exists().where(
        getattr(merge, f"{kind.value}_id") == who.id,
        merge.was_id == TrailEntry.entity_id,
        merge.merged_at >= TrailEntry.at,
        ~went_elsewhere,
    )
    return or_(now_of(kind, who.id), and_(TrailEntry.entity == kind.value, was_theirs))


def _is(merge: Any, kind: Kind) -> ColumnElement[bool]:
    found: ColumnElement[bool] = getattr(merge, f"{kind.value}_id").is_not(None)
    return found
