"""Which mentees are to be asked next what became of them: the one definition of a follow-up that is due."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import Cohort, Finding, Match, MatchState, Mentee, Outcome
from services.counting.definition import Asked, ask
from services.counting.figure import Scope
from services.programmes import Clocks

COLUMNS = ["mentee_id", "match_id", "cohort_id", "ended_on", "months", "due_on", "days", "finding", "tried_on"]
#: Found so often in work of their field, nobody is asked again.
_SETTLED = 2
#: Mentees that one statement can ask for.
_PIECE = 900
_ENDED = (MatchState.COMPLETED, MatchState.ENDED_EARLY)
RULE = (
    "Mentees whose last match has ended, so many months after its end. Each is asked once a follow-up, from four weeks "
    "before its day until three months after it or until the next one begins; who was not reached is asked again after "
    "two weeks. Who has withdrawn, is matched again, or was found in work of the field twice is not asked."
)


@dataclass(frozen=True)
class Window:
    """One planned follow-up of one mentee: when it can be made, and the day it is due."""

    months: int
    first: dt.date
    due_on: dt.date
    last: dt.date


def windows(ended_on: dt.date, clocks: Clocks) -> tuple[Window, ...]:
    """The planned follow-ups after an end. One ends at the latest when the next begins."""
    months = sorted(set(clocks.follow_up_months))
    days = [(pd.Timestamp(ended_on) + pd.DateOffset(months=many)).date() for many in months]
    early, late = dt.timedelta(clocks.follow_up_early_days), dt.timedelta(clocks.follow_up_late_days)
    firsts = [max(day - early, ended_on) for day in days]
    nexts = [*(first - dt.timedelta(1) for first in firsts[1:]), dt.date.max]
    return tuple(
        Window(many, first, day, min(day + late, after))
        for many, first, day, after in zip(months, firsts, days, nexts, strict=True)
    )


def owed(session: Session, scope: Scope) -> pd.DataFrame:
    """The follow-ups that are due or overdue on a day, the longest overdue first; one a mentee.

    Columns: mentee_id, match_id and cohort_id (of the match that ended last), ended_on, months (of the follow-up),
    due_on, days (overdue; below 0: still to come), finding (the latest known since that end, or ""), tried_on (when
    they were last not reached since, or empty).
    """
    asked = ask(session, scope)
    ends = session.execute(_last_ends(asked)).all()
    found = _findings(session, asked, [end.mentee_id for end in ends])
    lines = []
    for end in ends:
        since = [(day, finding) for day, finding in found.get(end.mentee_id, []) if day >= end.ended_on]
        if (window := _open(asked, end.ended_on, since)) is None:
            continue
        known = [finding for _, finding in since if finding is not Finding.UNKNOWN]
        tried = [day for day, finding in since if finding is Finding.UNKNOWN]
        lines.append(
            (
                *(end.mentee_id, end.id, end.cohort_id, end.ended_on, window.months, window.due_on),
                (asked.as_of - window.due_on).days,
                known[-1].value if known else "",
                tried[-1] if tried else None,
            )
        )
    frame = pd.DataFrame(lines, columns=COLUMNS)
    return frame.sort_values(["days", "mentee_id"], ascending=[False, True], kind="stable", ignore_index=True)


def _open(asked: Asked, ended_on: dt.date, since: Sequence[tuple[dt.date, Finding]]) -> Window | None:
    """The follow-up that can be made on the day and has not been, by what was found since the end."""
    in_field = {day for day, finding in since if finding is Finding.EMPLOYED_IN_FIELD}
    if len(in_field) >= _SETTLED:
        return None
    window = next((one for one in windows(ended_on, asked.clocks) if one.first <= asked.as_of <= one.last), None)
    if window is None:
        return None
    made = [(day, finding) for day, finding in since if day >= window.first]
    again = dt.timedelta(asked.clocks.follow_up_again_days)
    if any(finding is not Finding.UNKNOWN or day + again > asked.as_of for day, finding in made):
        return None
    return window


def _last_ends(asked: Asked) -> Select[int, int, int, dt.date]:
    """The match of each mentee that ended last by the day, unless they are matched again or have withdrawn."""
    longest = max(asked.clocks.follow_up_months, default=0)
    since = (pd.Timestamp(asked.as_of) - pd.DateOffset(months=longest)).date()
    since -= dt.timedelta(asked.clocks.follow_up_late_days + 3)  # months are of different lengths
    turn = func.row_number().over(partition_by=Match.mentee_id, order_by=(Match.ended_on.desc(), Match.id.desc()))
    running = aliased(Match)
    matched_again = select(running.mentee_id).where(  # as a list: asked match by match it takes SQLite a second
        running.programme_id == asked.scope.programme_id,
        running.state != MatchState.VOID,
        running.started_on <= asked.as_of,
        or_(running.ended_on.is_(None), running.ended_on > asked.as_of),
    )
    ended = (
        select(Match.mentee_id, Match.id, Match.cohort_id, Match.ended_on, turn.label("turn"))
        .join(Mentee, Mentee.id == Match.mentee_id)
        .where(
            Match.programme_id == asked.scope.programme_id,
            Match.state.in_(_ENDED),
            Match.ended_on <= asked.as_of,
            or_(Mentee.withdrawn_on.is_(None), Mentee.withdrawn_on > asked.as_of),
            Match.mentee_id.not_in(matched_again),
        )
        .subquery()
    )
    return select(ended.c.mentee_id, ended.c.id, ended.c.cohort_id, ended.c.ended_on).where(
        ended.c.turn == 1, ended.c.ended_on >= since, *asked.here(ended.c.cohort_id)
    )


def _findings(session: Session, asked: Asked, mentees: Sequence[int]) -> dict[int, list[tuple[dt.date, Finding]]]:
    """By mentee, what follow-ups of the programme found by the day, in order."""
    found: dict[int, list[tuple[dt.date, Finding]]] = {}
    for start in range(0, len(mentees), _PIECE):
        rows = session.execute(
            select(Outcome.mentee_id, Outcome.on_day, Outcome.finding)
            .join(Cohort, Cohort.id == Outcome.cohort_id)
            .where(Cohort.programme_id == asked.scope.programme_id)
            .where(Outcome.mentee_id.in_(mentees[start : start + _PIECE]), Outcome.on_day <= asked.as_of)
            .order_by(Outcome.on_day, Outcome.id)
        )
        for mentee, day, finding in rows:
            found.setdefault(mentee, []).append((day, finding))
    return found
