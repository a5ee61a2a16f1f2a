"""How long data is kept: a year from its last use, or until the person agrees that it goes earlier."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import (
    Attempt,
    Attendance,
    CheckIn,
    Event,
    MatchMark,
    MatchTransition,
    Mentee,
    Mentor,
    MentoringSession,
    Outcome,
    Placement,
    SurveyLink,
    SurveyResponse,
    TrailEntry,
)
from services import clock, person
from services.audit import READINGS
from services.counting.waiting import is_waiting
from services.privacy.columns import column_of, matches_of
from services.wording import day

#: That somebody got their own file is no use of it.
TAKEN_OUT = "file taken out"


def barred(session: Session, who: Mentor | Mentee) -> str:
    """What must end before anybody can be erased, as a sentence; empty when nothing is in the way."""
    matches = person.open_matches(session, who)
    if not matches:
        return ""
    those = "that match" if len(matches) == 1 else "those matches"
    return (
        f"{person.name(who)} has {'an open match' if len(matches) == 1 else 'open matches'} with "
        f"{person.partners(matches, person.kind_of(who))}. Close {those} first."
    )


def held(session: Session, who: Mentor | Mentee, programme_id: int, timezone: str) -> str:
    """Why the data is still kept, with the day until which; empty when it may go."""
    today, name = clock.today(timezone), person.name(who)
    uses = _uses(session, who, timezone)
    if who.withdrawn_on is None and (isinstance(who, Mentor) or not uses or _waits(session, who, programme_id, today)):
        return f"{name} takes part. Withdraw them first: their data is kept for a year from that day."
    last, what = max(uses)
    until = a_year_after(last)
    if until <= today:
        return ""
    return f"Kept until {day(until)}, because data is kept for a year after its last use: {what}, {day(last)}."


def a_year_after(last: dt.date) -> dt.date:
    """The same day of the next year, or the day after where there is none."""
    try:
        return last.replace(year=last.year + 1)
    except ValueError:
        return dt.date(last.year + 1, 3, 1)


def _waits(session: Session, who: Mentee, programme_id: int, today: dt.date) -> bool:
    waits = select(Mentee.id).where(Mentee.id == who.id, is_waiting(programme_id, today))
    return session.scalar(waits) is not None


def _uses(session: Session, who: Mentor | Mentee, timezone: str) -> list[tuple[dt.date, str]]:
    """The last day of each use of a person's data, and what it was."""
    matches, column = matches_of(who), column_of(who)
    asked: list[tuple[str, list[Any], ColumnElement[bool]]] = [
        ("a step of a match", [MatchTransition.on_day, MatchTransition.at], MatchTransition.match_id.in_(matches)),
        ("a mark of a match", [MatchMark.on_day, MatchMark.at], MatchMark.match_id.in_(matches)),
        ("a check-in", [CheckIn.on_day], CheckIn.match_id.in_(matches)),
        ("an attempt to reach somebody", [Attempt.on_day], Attempt.match_id.in_(matches)),
        ("a meeting", [MentoringSession.on_day], MentoringSession.match_id.in_(matches)),
        ("an answer to a survey", [SurveyResponse.on_day], getattr(SurveyResponse, column) == who.id),
        ("a link to a survey", [SurveyLink.created_at], getattr(SurveyLink, column) == who.id),
        (
            "an act on their entry",
            [TrailEntry.at],
            (TrailEntry.entity == person.kind_of(who).value)
            & (TrailEntry.entity_id == who.id)
            & TrailEntry.action.not_in((TAKEN_OUT, *READINGS)),
        ),
        (
            "an event they were invited to",
            [Event.starts_at],
            Event.cancelled_at.is_(None)
            & Event.id.in_(select(Attendance.event_id).where(getattr(Attendance, column) == who.id)),
        ),
    ]
    if isinstance(who, Mentee):
        asked += [
            ("a follow-up", [Outcome.on_day], Outcome.mentee_id == who.id),
            ("a placement", [Placement.hired_on, Placement.permanent_on], Placement.mentee_id == who.id),
        ]
    found = [
        (clock.local(when, timezone).date() if isinstance(when, dt.datetime) else when, what)
        for what, days, which in asked
        for when in session.execute(select(*map(func.max, days)).where(which)).one()
        if when is not None
    ]
    own = [(who.withdrawn_on, "the withdrawal")]
    own.append((who.ready_on, "ready to match") if isinstance(who, Mentee) else (who.volunteer_since, "volunteered"))
    return found + [(when, what) for when, what in own if when is not None]
