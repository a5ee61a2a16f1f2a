"""One match after its approval: both people, the line of its steps, contacts and hours, and its history."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    Agency,
    Attendance,
    Coach,
    Cohort,
    Division,
    Event,
    EventKind,
    Mark,
    Match,
    MatchState,
    Mentee,
    Mentor,
    MentoringSession,
    Programme,
)
from services import clock, life_undo, match_history, match_marks, match_steps, matches, openings, programmes
from services.access import Actor, Permission, authorise
from services.counting import care, running
from services.counting.definition import takes_place
from services.counting.figure import Scope, per_cent, rounded
from services.programmes import Clocks
from services.wording import day as said_day

_CHECK_INS = 8


@dataclass(frozen=True)
class Stage:
    """One step on the line of a match."""

    key: str
    label: str
    #: Its day, or None while it is open.
    day: dt.date | None
    #: The day it is due, where there is one.
    due: dt.date | None = None
    #: Recorded by hand, so that its day can be changed; else it follows from attendance or sessions.
    is_recorded: bool = False


@dataclass(frozen=True, eq=False)
class MatchView:
    """Everything the page of one match shows."""

    ref: str
    version: int
    state: MatchState
    mentee: str
    mentor: str
    mentee_first: str
    group: str
    cohort: str
    #: Of `matches.CARE` while it runs; else the state.
    care: str
    why: str
    #: Where it stands, in a sentence.
    standing: str
    decided_on: dt.date | None
    started_on: dt.date | None
    ended_on: dt.date | None
    stages: tuple[Stage, ...]
    #: The key of the step that comes next, empty when none does.
    next_step: str
    #: label, mentee, mentor.
    facts: pd.DataFrame
    #: day (of the match), on (date), state: kept, missed, owed, planned.
    contacts: pd.DataFrame
    #: Day, With, How, Health: the latest first.
    check_ins: pd.DataFrame
    hours: Decimal
    hours_goal: int
    #: Of the goal, in per cent, at most all of it.
    hours_share: float
    sessions: int
    #: day, what, why: the latest first.
    history: pd.DataFrame
    can_undo: bool
    today: dt.date


def view(session: Session, match_ref: str, *, by: Actor) -> MatchView:
    """One match in full. Raises `NotFound`, `Unnoted`."""
    by = authorise(session, by, Permission.REVIEW_MATCHES)
    match = match_steps.find(session, match_ref)
    openings.of_match(session, match, by=by)
    programme = session.get_one(Programme, match.programme_id)
    today = clock.today(programme.timezone)
    clocks = programmes.clocks(session, programme.id)
    scope = Scope(programme.id, today)
    row = _running(session, scope, match)
    met = session.execute(
        select(MentoringSession.on_day, MentoringSession.minutes)
        .where(MentoringSession.match_id == match.id)
        .order_by(MentoringSession.on_day)
    ).all()
    minutes = sum(one.minutes for one in met)
    stages = _stages(session, match, met[0].on_day if met else None, clocks, programme.timezone)
    word, why = ("", "") if row is None else (row.care, matches.why(row, clocks, today))
    return MatchView(
        ref=match.ref,
        version=match.version,
        state=match.state,
        mentee=_name(match.mentee),
        mentor=_name(match.mentor),
        mentee_first=match.mentee.first_name,
        group=match.group.name,
        cohort=session.get_one(Cohort, match.cohort_id).name,
        care=word or match.state.value,
        why=why,
        standing=_standing(match, clocks, today),
        decided_on=match.decided_on,
        started_on=match.started_on,
        ended_on=match.ended_on,
        stages=stages,
        next_step=matches.next_step(row) if row else "start" if match.state is MatchState.APPROVED else "",
        facts=_facts(session, match),
        contacts=_contacts(session, scope, match, clocks),
        check_ins=_check_ins(session, match),
        hours=rounded(Decimal(minutes) / 60, 1),
        hours_goal=clocks.hours_goal,
        hours_share=min(float(per_cent(minutes, clocks.hours_goal * 60)), 100.0) if clocks.hours_goal else 0.0,
        sessions=len(met),
        history=match_history.of(session, match, programme.timezone),
        can_undo=life_undo.undoable(session, match.ref, by=by),
        today=today,
    )


def _running(session: Session, scope: Scope, match: Match) -> Any:
    """How it is looked after, by the same rows as the list; None unless it runs."""
    if match.state is not MatchState.ACTIVE:
        return None
    found = running.standing(session, scope, match.id)
    return next(matches.ranked(found, scope.as_of).itertuples(), None)


def _name(person: Mentee | Mentor) -> str:
    return f"{person.first_name} {person.last_name}"


def _standing(match: Match, clocks: Clocks, today: dt.date) -> str:
    if match.state is MatchState.APPROVED and match.decided_on:
        return f"Approved {said_day(match.decided_on)}, awaiting the mentor for {(today - match.decided_on).days} days."
    if match.state is MatchState.ACTIVE and match.started_on:
        return f"Day {(today - match.started_on).days} of {clocks.closing_day}, started {said_day(match.started_on)}."
    if match.state is MatchState.COMPLETED and match.ended_on:
        return f"Completed {said_day(match.ended_on)}."
    if match.state is MatchState.ENDED_EARLY and match.ended_on:
        why = match.reason.replace("_", " ") if match.reason else "other"
        return f"Ended early {said_day(match.ended_on)}: {why}."
    if match.state is MatchState.VOID:
        return "Void: entered in error, kept and counted nowhere."
    return f"{match_steps.STEPS[match.state]}, since {said_day(match.proposed_on)}. It is decided in Match review."


def _stages(session: Session, match: Match, met_on: dt.date | None, clocks: Clocks, timezone: str) -> tuple[Stage, ...]:
    marked = match_marks.marked(session, match.id)
    derived = {Mark.ORIENTATION: _oriented_on(session, match, timezone), Mark.FIRST_MEETING: met_on}
    stages = [Stage("approved", "Approved", match.decided_on), Stage("start", "Started", match.started_on)]
    for mark, label in match_marks.STEPS.items():
        if mark in marked:
            stages.append(Stage(mark.value, label, marked[mark].on_day, is_recorded=True))
        else:
            stages.append(Stage(mark.value, label, derived.get(mark)))
    due = match.started_on + dt.timedelta(days=clocks.closing_day) if match.started_on else None
    label = "Ended early" if match.state is MatchState.ENDED_EARLY else "Completed"
    return (*stages, Stage(matches.CLOSING, label if match.ended_on else "Closing", match.ended_on, due))


def _oriented_on(session: Session, match: Match, timezone: str) -> dt.date | None:
    """The day by which both had come to an orientation of the cohort."""
    days = [
        session.scalar(
            select(func.min(Event.starts_at))
            .join(Attendance, Attendance.event_id == Event.id)
            .where(
                Event.cohort_id == match.cohort_id,
                Event.kind == EventKind.ORIENTATION,
                takes_place(),
                Attendance.attended.is_(True),
                person,
            )
        )
        for person in (Attendance.mentor_id == match.mentor_id, Attendance.mentee_id == match.mentee_id)
    ]
    known = [day for day in days if day is not None]
    return clock.local(max(known), timezone).date() if len(known) == len(days) else None


def _facts(session: Session, match: Match) -> pd.DataFrame:
    mentee, mentor = match.mentee, match.mentor
    agency = session.get(Agency, mentee.agency_id) if mentee.agency_id else None
    coach = session.get(Coach, mentee.coach_id) if mentee.coach_id else None
    division = session.get(Division, mentor.division_id) if mentor.division_id else None
    at = ", ".join(filter(None, (mentor.office, division.name if division else "")))
    by_agency = ", ".join(filter(None, (agency.name if agency else "", f"coach {coach.name}" if coach else "")))
    lines = [
        ("Occupation", mentee.title or match.group.name, mentor.title or match.group.name),
        ("Agency, office", by_agency, at),
        ("E-mail", mentee.email, mentor.email),
        ("Phone", mentee.phone or "", mentor.phone or ""),
        ("Waiting since", said_day(mentee.ready_on) if mentee.ready_on else "", ""),
    ]
    return pd.DataFrame([line for line in lines if line[1] or line[2]], columns=["label", "mentee", "mentor"])


def _contacts(session: Session, scope: Scope, match: Match, clocks: Clocks) -> pd.DataFrame:
    columns = ["day", "on", "state"]
    if match.started_on is None or match.state is MatchState.VOID:
        return pd.DataFrame(columns=columns)
    came_due = dict(running.contacts(session, scope, match.id))
    lines = []
    for _, planned in care.planned_days(clocks):
        on = match.started_on + dt.timedelta(days=planned)
        if on in came_due:
            lines.append((planned, on, "kept" if came_due[on] else "missed"))
        elif match.ended_on is None:
            lines.append((planned, on, "planned"))
    return pd.DataFrame(lines, columns=columns)


def _check_ins(session: Session, match: Match) -> pd.DataFrame:
    found = running.check_ins(session, match.id)[:_CHECK_INS]
    lines = [(one.on_day, *(_word(w.value) for w in (one.contact, one.mode, one.health))) for one in found]
    return pd.DataFrame(lines, columns=["Day", "With", "How", "Health"])


def _word(code: str) -> str:
    return code.replace("_", " ").capitalize()
