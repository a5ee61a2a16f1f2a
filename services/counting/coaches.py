"""Whose match it is on a day, who looks after it while its coach is away, and which nobody looks after."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, case, column, exists, or_, select, table
from sqlalchemy.orm import Session, aliased

from db.models import Absence, Coach, Cover, Match, MatchCoach
from services.counting.definition import Asked, Definition, Kind, Rows, flag, is_active, started

#: The database's own count, by which it refuses a match too many.
_PLACES = table("coach_places", column("coach_id"), column("held"))


def places_held(session: Session) -> dict[int, int]:
    """By coach: their own running matches, and those of others that they cover now or soon."""
    return {coach: int(held) for coach, held in session.execute(select(_PLACES.c.coach_id, _PLACES.c.held))}


def coach_on(match_id: Any, day: Any) -> ColumnElement[int | None]:
    """The coach of a match on a day: of its latest hand-over by then, or of its start. One that left stays named."""
    turn = aliased(MatchCoach)
    return (
        select(turn.coach_id)
        .where(turn.match_id == match_id, or_(turn.seq == 1, turn.on_day <= day))
        .order_by(turn.seq.desc())
        .limit(1)
        .scalar_subquery()
    )


def is_there(coach_id: Any, first: dt.date, last: dt.date | None = None) -> ColumnElement[bool]:
    """Whether a coach works on a day, or on all days to another: has not left by then, and is not away."""
    coach, away, last = aliased(Coach), aliased(Absence), last or first
    here = exists().where(coach.id == coach_id, or_(coach.left_on.is_(None), coach.left_on > last))
    is_away = exists().where(
        away.coach_id == coach_id, away.called_off_at.is_(None), away.first_day <= last, away.last_day >= first
    )
    return here & ~is_away


def stand_in_on(match_id: Any, coach_id: Any, day: dt.date) -> ColumnElement[int | None]:
    """Who looks after a match while its coach is away, if they are there themselves."""
    away, cover = aliased(Absence), aliased(Cover)
    return (
        select(cover.coach_id)
        .join(away, away.id == cover.absence_id)
        .where(
            cover.match_id == match_id,
            away.coach_id == coach_id,
            away.called_off_at.is_(None),
            away.first_day <= day,
            away.last_day >= day,
            is_there(cover.coach_id, day),
        )
        .order_by(away.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def holders(asked: Asked) -> Rows:
    """match_id, coach_id, by_id of the matches that ran on the day: whose each is, and who looks after it; or nobody.

    A coach who has left or is away looks after nothing.
    """
    mine = (
        select(Match.id.label("match_id"), coach_on(Match.id, asked.as_of).label("coach_id"))
        .where(*started(asked), is_active(asked))
        .subquery()
    )
    by = case(
        (is_there(mine.c.coach_id, asked.as_of), mine.c.coach_id),
        else_=stand_in_on(mine.c.match_id, mine.c.coach_id, asked.as_of),
    )
    return select(mine.c.match_id, mine.c.coach_id, by.label("by_id"))


def _uncovered(asked: Asked) -> Rows:
    held = holders(asked).subquery()
    return select(
        Match.id.label("match_id"),
        Match.cohort_id,
        Match.mentor_id,
        Match.mentee_id,
        Match.started_on.label("day"),
        flag(held.c.by_id.is_(None)).label("hit"),
    ).join(held, held.c.match_id == Match.id)


FIGURES: dict[str, Definition] = {
    "uncovered": Definition(
        "Matches without a coach",
        Kind.PART,
        "matches",
        "Active matches whose coach has left, is away without cover on the day, or was never set.",
        _uncovered,
        "active matches",
        "No match is active on this day.",
    ),
}
