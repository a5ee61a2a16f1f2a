"""Whom a plan is made of: mentors and waiting mentees as the frames that `services.engine` describes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from db.models import OPEN, Cohort, Match, MatchState, Mentee, Mentor, OccupationalGroup
from services import programmes
from services.counting.waiting import is_waiting
from services.engine.rules import Terms

_MENTOR = [
    "id",
    "ref",
    "name",
    "email_key",
    "group",
    "group_id",
    "title",
    "years",
    "languages",
    "capacity",
    "free",
    "completed",
    "available_from",
    "available_until",
    "withdrawn_on",
]
_MENTEE = [
    "id",
    "ref",
    "name",
    "email_key",
    "group",
    "group_id",
    "title",
    "years",
    "languages",
    "ready_on",
    "withdrawn_on",
    "proposed_mentor_id",
]


@dataclass(frozen=True, eq=False)
class Pool:
    """Mentors, mentees and the terms under which they are matched."""

    mentors: pd.DataFrame
    mentees: pd.DataFrame
    terms: Terms
    today: dt.date


def gather(
    session: Session,
    cohort: Cohort,
    *,
    group_id: int | None = None,
    proposed_too: bool = False,
    today: dt.date | None = None,
) -> Pool:
    """Everyone who can be part of a plan for a cohort, of one group or of all.

    `proposed_too`: proposals not yet decided count as open questions. Their mentees come along, with
    `proposed_mentor_id`, and hold no place.
    """
    today = today or programmes.today(session, cohort.programme_id)
    in_group = [] if group_id is None else [group_id]
    undecided = and_(Match.programme_id == cohort.programme_id, Match.state == MatchState.PROPOSED)
    proposed = _proposed(session, and_(undecided, *(Match.group_id == group for group in in_group)))
    wanted = is_waiting(cohort.programme_id, today)
    if proposed_too:
        wanted = or_(wanted, Mentee.id.in_(list(proposed)))
    wanted = and_(wanted, *(Mentee.group_id == group for group in in_group))
    waiting = mentees(session, wanted)
    waiting["proposed_mentor_id"] = waiting["id"].map(proposed)
    here = and_(
        or_(Mentor.withdrawn_on.is_(None), Mentor.withdrawn_on > today),
        *(Mentor.group_id == group for group in in_group),
    )
    return Pool(
        mentors(session, here, undecided if proposed_too else None),
        waiting,
        terms(session, cohort, wanted, today),
        today,
    )


def terms(session: Session, cohort: Cohort, wanted: ColumnElement[bool], today: dt.date) -> Terms:
    """Under what mentees that `wanted` selects are matched into a cohort."""
    start = max(today, cohort.starts_on)
    return Terms(
        start=start,
        end=(pd.Timestamp(start) + pd.DateOffset(months=cohort.months)).date(),
        working_languages=programmes.clocks(session, cohort.programme_id).working_languages,
        before=_before(session, wanted),
    )


def mentors(session: Session, which: ColumnElement[bool], holds_no_place: ColumnElement[bool] | None) -> pd.DataFrame:
    """The mentors that `which` selects; matches that `holds_no_place` selects leave their places free."""
    takes: ColumnElement[bool] = Match.state.in_(OPEN)
    if holds_no_place is not None:
        takes = and_(takes, ~holds_no_place)
    load = (
        select(
            Match.mentor_id,
            func.sum(case((takes, 1), else_=0)).label("open"),
            func.sum(case((Match.state == MatchState.COMPLETED, 1), else_=0)).label("completed"),
        )
        .group_by(Match.mentor_id)
        .subquery()
    )
    rows = session.execute(
        select(Mentor, OccupationalGroup.name, func.coalesce(load.c.open, 0), func.coalesce(load.c.completed, 0))
        .join(OccupationalGroup, Mentor.group_id == OccupationalGroup.id)
        .outerjoin(load, load.c.mentor_id == Mentor.id)
        .where(which)
        .order_by(Mentor.ref)
    )
    people = [
        {
            **_person(mentor, group),
            "capacity": mentor.capacity,
            "free": mentor.capacity - int(open_matches),
            "completed": int(completed),
            "available_from": mentor.available_from,
            "available_until": mentor.available_until,
        }
        for mentor, group, open_matches, completed in rows
    ]
    return _frame(people, _MENTOR)


def mentees(session: Session, which: ColumnElement[bool]) -> pd.DataFrame:
    """The mentees that `which` selects."""
    rows = session.execute(
        select(Mentee, OccupationalGroup.name)
        .join(OccupationalGroup, Mentee.group_id == OccupationalGroup.id)
        .where(which)
        .order_by(Mentee.ref)
    )
    people = [
        {**_person(mentee, group), "ready_on": mentee.ready_on, "proposed_mentor_id": None} for mentee, group in rows
    ]
    return _frame(people, _MENTEE)


def _proposed(session: Session, undecided: ColumnElement[bool]) -> dict[int, int]:
    rows = session.execute(select(Match.mentee_id, Match.mentor_id).where(undecided))
    return {row.mentee_id: row.mentor_id for row in rows}


def _before(session: Session, wanted: ColumnElement[bool]) -> pd.DataFrame:
    """What keeps two people apart: columns mentee, mentor (refs) and what."""
    met = and_(Match.state.in_((MatchState.COMPLETED, MatchState.ENDED_EARLY)), Match.started_on.is_not(None))
    what = case(
        (Match.never_again, "never_again"),
        (Match.state == MatchState.DECLINED_BY_MENTOR, "mentor_declined"),
        else_="met",
    )
    rows = session.execute(
        select(Mentee.ref, Mentor.ref, what)
        .join(Mentee, Match.mentee_id == Mentee.id)
        .join(Mentor, Match.mentor_id == Mentor.id)
        .where(wanted, or_(Match.never_again, Match.state == MatchState.DECLINED_BY_MENTOR, met))
        .order_by(Match.id)
    )
    return pd.DataFrame([tuple(row) for row in rows], columns=["mentee", "mentor", "what"]).drop_duplicates(
        ["mentee", "mentor"], keep="last"
    )


def _person(person: Mentor | Mentee, group: str) -> dict[str, Any]:
    return {
        "id": person.id,
        "ref": person.ref,
        "name": f"{person.first_name} {person.last_name}",
        "email_key": person.email_key,
        "group": group,
        "group_id": person.group_id,
        "title": person.title,
        "years": person.years_experience,
        "languages": person.languages,
        "withdrawn_on": person.withdrawn_on,
    }


def _frame(people: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    # Objects, so that a missing day stays None and a list a list.
    return pd.DataFrame(people, columns=columns, dtype=object)
