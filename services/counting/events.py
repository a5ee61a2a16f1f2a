"""Who is invited to events, and who came: the numbers beside an event, of all people or of those an actor may see."""

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from db.models import Attendance, Event, Mark, Match
from services.counting.definition import ask, is_active, started, takes_place
from services.counting.figure import Scope
from services.counting.running import came, is_done

COLUMNS = ["event_id", "invited", "came", "untaken", "walked_in"]


def attendance(session: Session, events: Sequence[int], whose: ColumnElement[bool]) -> pd.DataFrame:
    """People, by event; events without any are left out.

    Columns: event_id, invited, came (of those invited), untaken (invited, and nobody has said whether they came),
    walked_in (came without being invited). Of a cancelled event only who was invited, because they are to be told.
    """
    invited = Attendance.walked_in.is_(False)
    rows = session.execute(
        select(
            Attendance.event_id,
            _many(invited),
            _many(and_(takes_place(), invited, Attendance.attended.is_(True))),
            _many(and_(takes_place(), invited, Attendance.attended.is_(None))),
            _many(and_(takes_place(), Attendance.walked_in.is_(True), Attendance.attended.is_(True))),
        )
        .join(Event, Event.id == Attendance.event_id)
        .where(Attendance.event_id.in_(events), whose)
        .group_by(Attendance.event_id)
    )
    return pd.DataFrame([tuple(row) for row in rows], columns=COLUMNS)


def without_orientation(session: Session, scope: Scope, side: str) -> Select[int]:
    """The people on one side of active matches who came to no orientation of the cohort, unless one is recorded.

    `side`: mentor_id or mentee_id. It is what the match's own step says, person by person.
    """
    asked = ask(session, scope)
    return select(getattr(Match, side)).where(
        *started(asked), is_active(asked), ~is_done(asked, Mark.ORIENTATION), ~came(asked, side)
    )


def _many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
