"""Where people stand, in a few words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import OPEN, Match, MatchState, Mentee, Mentor
from services.counting import people as counting
from services.counting.waiting import is_waiting
from services.kinds import TABLES, Kind


def standings(session: Session, kind: Kind, ids: Sequence[int], programme_id: int, today: dt.date) -> dict[int, str]:
    """Where each of these people stands, in a few words."""
    table = TABLES[kind]
    whose = Match.mentor_id if kind is Kind.MENTOR else Match.mentee_id
    states: dict[int, set[MatchState]] = {}
    for number, state in session.execute(
        select(whose, Match.state).where(whose.in_(ids), Match.programme_id == programme_id)
    ):
        states.setdefault(number, set()).add(state)
    held = counting.held_by(session, ids) if kind is Kind.MENTOR else {}
    waits = (
        set(session.scalars(select(Mentee.id).where(Mentee.id.in_(ids), is_waiting(programme_id, today))))
        if kind is Kind.MENTEE
        else set()
    )
    people: Iterable[Any] = session.scalars(select(table).where(table.id.in_(ids)))
    return {
        one.id: _standing(one, states.get(one.id, set()), held.get(one.id, 0), today, waits=one.id in waits)
        for one in people
    }


def _standing(one: Mentor | Mentee, states: set[MatchState], held: int, today: dt.date, *, waits: bool) -> str:
    if one.withdrawn_on and one.withdrawn_on <= today:
        return "Withdrawn"
    if isinstance(one, Mentor):
        return f"{one.capacity - held} of {one.capacity} free" if held < one.capacity else f"Full, {held}"
    if MatchState.ACTIVE in states or states & set(OPEN):
        return "Matched" if MatchState.ACTIVE in states else "Pending"
    if waits and one.ready_on:
        return f"Waiting, {(today - one.ready_on).days} d"
    return next((words for state, words in _BEHIND.items() if state in states), "Not ready")


#: What is behind a mentee who has no open match and does not wait.
_BEHIND = {MatchState.COMPLETED: "Completed", MatchState.ENDED_EARLY: "Ended early"}
