"""Putting the demo's rows into the database, in the order its rules ask for."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from db.models import Base, Coach, Event, Match, MatchState, Mentee, Mentor, Survey, SurveyQuestion
from services.demo.courses import Course
from services.demo.people import Row, ref

_NOTED_BY = "demo"
#: Tables whose rows come with their ids.
_NUMBERED = (Coach, Mentor, Mentee, Match, Event, Survey, SurveyQuestion)


def rows(session: Session, table: type[Base], many: Sequence[Row]) -> None:
    """Insert many rows that have the same columns."""
    if many:
        # Empty cells as NULL: otherwise every pattern of empty cells is a statement of its own.
        session.execute(insert(table).execution_options(render_nulls=True), many)


def moment(day: dt.date) -> dt.datetime:
    """Some time in the working day."""
    return dt.datetime.combine(day, dt.time(15, 30), dt.UTC)


def match(number: int, cohort: tuple[int, int], mentor: Row, mentee: Row, proposed_on: dt.date) -> Row:
    """A proposal as it begins; `cohort` is the programme's id and the cohort's."""
    return {
        "id": number,
        "ref": ref("match", number),
        "programme_id": cohort[0],
        "cohort_id": cohort[1],
        "mentor_id": mentor["id"],
        "mentee_id": mentee["id"],
        "group_id": mentee["group_id"],
        "proposed_on": proposed_on,
        "proposed_at": moment(proposed_on),
    }


def step(number: int, seq: int, moves: tuple[MatchState, MatchState], day: dt.date, **more: Any) -> Row:
    """One transition of match `number`."""
    return {
        "match_id": number,
        "seq": seq,
        "from_state": moves[0],
        "to_state": moves[1],
        "on_day": day,
        "at": moment(day),
        "by_name": _NOTED_BY,
        "reason": None,
        "hold_until": None,
        "never_again": False,
        **more,
    }


def steps(number: int, course: Course) -> list[Row]:
    """The transitions that a course took a match through."""
    taken = [
        step(number, 2, (MatchState.PROPOSED, MatchState.APPROVED), course.decided_on),
        step(number, 3, (MatchState.APPROVED, MatchState.ACTIVE), course.started_on),
    ]
    if course.ended_on and course.ending:
        moves = (MatchState.ACTIVE, MatchState.ENDED_EARLY)
        taken.append(step(number, 4, moves, course.ended_on, reason=course.ending.value))
    elif course.ended_on:
        taken.append(step(number, 4, (MatchState.ACTIVE, MatchState.COMPLETED), course.ended_on))
    return taken


def settle(session: Session) -> None:
    """Let PostgreSQL number on after the rows that came with their ids, and look at how many there are of what."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in _NUMBERED:
        last = session.scalar(select(func.max(table.id))) or 0
        name = table.__tablename__
        session.execute(text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": name, "last": last})
    session.execute(text("ANALYZE"))  # its own look comes a minute later; until then some figures take a second
