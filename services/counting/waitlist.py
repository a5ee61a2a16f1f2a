"""Supply against demand: mentees who wait and places that mentors have free, by occupational group."""

import datetime as dt
from decimal import Decimal
from statistics import median
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import OPEN, Match, Mentee, Mentor, OccupationalGroup
from services.counting.people import Standing, stands
from services.counting.waiting import is_waiting

COLUMNS = ["group", "waiting", "median_days", "longest_days", "mentors", "places", "places_each"]


def by_group(session: Session, programme_id: int, today: dt.date) -> pd.DataFrame:
    """Every group in which someone waits or a mentor has a place free; where most more are needed comes first.

    Columns: group, waiting (mentees), median_days and longest_days (since they were ready; empty where nobody waits),
    mentors (with a place free), places (free), places_each (per waiting mentee, exact; empty where nobody waits).
    """
    names = {row.id: row.name for row in session.execute(select(OccupationalGroup.id, OccupationalGroup.name))}
    days: dict[int, list[int]] = {}
    waiting = select(Mentee.group_id, Mentee.ready_on).where(is_waiting(programme_id, today))
    for group, ready_on in session.execute(waiting):
        if ready_on is not None:  # who waits has a day
            days.setdefault(group, []).append((today - ready_on).days)
    held = (
        select(Match.mentor_id, func.count().label("held"))
        .where(Match.state.in_(OPEN))
        .group_by(Match.mentor_id)
        .subquery()
    )
    supply = {
        group: (int(mentors), int(places))
        for group, mentors, places in session.execute(
            select(Mentor.group_id, func.count(), func.sum(Mentor.capacity - func.coalesce(held.c.held, 0)))
            .outerjoin(held, held.c.mentor_id == Mentor.id)
            .where(stands(Standing.FREE, Mentor, programme_id, today))
            .group_by(Mentor.group_id)
        )
    }
    lines = [
        _line(names[group], days.get(group, []), *supply.get(group, (0, 0))) for group in days.keys() | supply.keys()
    ]
    lines.sort(key=lambda line: (line[5] - line[1], line[0]))
    return pd.DataFrame(lines, columns=COLUMNS)


def _line(group: str, days: list[int], mentors: int, places: int) -> tuple[Any, ...]:
    if not days:
        return group, 0, None, None, mentors, places, None
    middle = median([Decimal(day) for day in days])
    return group, len(days), middle, max(days), mentors, places, Decimal(places) / len(days)
