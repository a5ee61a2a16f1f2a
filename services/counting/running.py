"""Running matches one by one: how each is looked after, by the definitions of `care`, and which steps it has taken."""

import datetime as dt
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from db.models import (
    Attendance,
    CheckIn,
    Event,
    EventKind,
    Mark,
    Match,
    MatchMark,
    MatchState,
    MentoringSession,
)
from services.counting import care
from services.counting.definition import Asked, Rows, ask, is_active, prepared, started, takes_place
from services.counting.figure import Scope
from services.once_a_reading import once_a_reading

#: The figures of `care` that a row can be one of, and the column that says so.
_HITS = {
    "contacts_overdue": "overdue",
    "quiet": "quiet",
    "to_close": "to_close",
    "watched": "watched",
    "contacts_due": "due",
}
COLUMNS = [
    *("match_id", "cohort_id", "mentor_id", "mentee_id", "group_id", "started_on"),
    *("silent", "owed_on", "health", *_HITS.values(), *(mark.value for mark in Mark)),
]


@once_a_reading
def standing(session: Session, scope: Scope, match_id: int | None = None) -> pd.DataFrame:
    """Every match that ran on a day, or one of them.

    Columns: ids and start; silent (days since the last contact), owed_on (the planned contact that is owed, or empty),
    health (word of the latest check-in, or empty); overdue, quiet, to_close, watched, due, and orientation,
    first_meeting, agreement as yes or no.
    """
    asked = ask(session, scope)
    rows = _rows(asked) if match_id is None else _rows(asked).where(Match.id == match_id)
    frame = pd.DataFrame([tuple(row) for row in session.execute(rows)], columns=COLUMNS)
    for column in (*_HITS.values(), *(mark.value for mark in Mark)):
        frame[column] = frame[column].fillna(0).astype(bool)
    frame["health"] = [str(word) if isinstance(word, str) else "" for word in frame["health"]]
    owed = [day if isinstance(day, dt.date) else None for day in frame["owed_on"]]
    frame["owed_on"] = pd.Series(owed, index=frame.index, dtype=object)
    return frame


@prepared
def _rows(asked: Asked) -> Rows:
    behind = {name: care.FIGURES[name].rows(asked).subquery(name) for name in (*_HITS, "health_good")}
    query = select(
        Match.id,
        Match.cohort_id,
        Match.mentor_id,
        Match.mentee_id,
        Match.group_id,
        Match.started_on,
        behind["quiet"].c.days,
        behind["contacts_overdue"].c.owed_on,
        behind["health_good"].c.health,
        *(behind[name].c.hit for name in _HITS),
        *(is_done(asked, mark) for mark in Mark),
    )
    for rows in behind.values():
        query = query.outerjoin(rows, rows.c.match_id == Match.id)
    return query.where(*started(asked), is_active(asked))


def is_done(asked: Asked, step: Mark) -> ColumnElement[bool]:
    """Whether a step was taken: recorded; or both came to an orientation of the cohort; or they have met."""
    later = select(func.max(MatchMark.seq)).where(MatchMark.match_id == Match.id, MatchMark.step == step)
    recorded = exists().where(
        MatchMark.match_id == Match.id,
        MatchMark.step == step,
        MatchMark.on_day <= asked.as_of,
        MatchMark.seq == later.correlate(Match).scalar_subquery(),
    )
    if step is Mark.ORIENTATION:
        return or_(recorded, and_(*(came(asked, side) for side in ("mentor_id", "mentee_id"))))
    if step is Mark.FIRST_MEETING:
        met = exists().where(MentoringSession.match_id == Match.id, MentoringSession.on_day <= asked.as_of)
        return or_(recorded, met)
    return recorded


def came(asked: Asked, side: str) -> ColumnElement[bool]:
    """Whether that side of a match has come to an orientation of its cohort."""
    return exists().where(
        getattr(Attendance, side) == getattr(Match, side),
        Attendance.attended.is_(True),
        Event.id == Attendance.event_id,
        Event.kind == EventKind.ORIENTATION,
        takes_place(),
        Event.cohort_id == Match.cohort_id,
        Event.starts_at < asked.day_is_over,
    )


def awaiting(session: Session, programme_id: int) -> int:
    """Matches that are approved and await the mentor."""
    return many(session, select(Match.id).where(Match.programme_id == programme_id, Match.state == MatchState.APPROVED))


def many(session: Session, rows: Select[Any]) -> int:
    """As many as a select gives."""
    return session.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0


def contacts(session: Session, scope: Scope, match_id: int) -> list[tuple[Any, bool]]:
    """The contacts of one match that came due by a day: each its day, and whether it was kept."""
    asked = ask(session, scope)
    rows = session.execute(care.FIGURES["support_contacts_kept"].rows(asked).where(Match.id == match_id))
    return sorted((row.day, bool(row.hit)) for row in rows)


def check_ins(session: Session, match_id: int) -> list[CheckIn]:
    """The check-ins of one match, the latest first."""
    return list(
        session.scalars(
            select(CheckIn).where(CheckIn.match_id == match_id).order_by(CheckIn.on_day.desc(), CheckIn.id.desc())
        )
    )
