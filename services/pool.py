"""Whom a plan is made of: mentors and waiting mentees as the frames that `services.engine` describes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from db.models import (
    OPEN,
    Agency,
    Cohort,
    Division,
    Match,
    MatchState,
    Mentee,
    MenteeSpeciality,
    Mentor,
    MentorSpeciality,
    OccupationalGroup,
    Place,
    Speciality,
)
from services import match_steps, programmes
from services.counting.waiting import is_waiting
from services.engine.rules import Terms
from services.imports.words import fold


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
    asked: int | None = None,
    today: dt.date | None = None,
) -> Pool:
    """Everyone who can be part of a plan for a cohort, of one group or of all.

    `proposed_too`: proposals not yet decided count as open questions. Their mentees come along, with
    `proposed_mentor_id`, and hold no place. One across groups, or against another rule, stays as it is. `asked`: this
    match is an open question of its mentee's group too, whatever its mentor and even when it is on hold.
    """
    today = today or programmes.today(session, cohort.programme_id)
    in_group = [] if group_id is None else [group_id]
    of_mentor = select(Mentor.group_id).where(Mentor.id == Match.mentor_id).scalar_subquery()
    of_mentee = select(Mentee.group_id).where(Mentee.id == Match.mentee_id).scalar_subquery()
    lawful = and_(Match.group_id == of_mentor, Match.group_id == of_mentee, Match.override_reason.is_(None))
    undecided = and_(
        Match.programme_id == cohort.programme_id,
        or_(and_(Match.state == MatchState.PROPOSED, lawful), Match.id == asked),
    )
    proposed = _proposed(session, and_(undecided, *(of_mentee == group for group in in_group)))
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
    start, settings = max(today, cohort.starts_on), programmes.clocks(session, cohort.programme_id)
    return Terms(
        start=start,
        end=(pd.Timestamp(start) + pd.DateOffset(months=cohort.months)).date(),
        working_languages=settings.working_languages,
        before=_before(session, wanted, today - dt.timedelta(days=settings.decline_rest_days)),
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
    frame = _frame(
        session,
        select(
            *_who(Mentor),
            Mentor.capacity,
            (Mentor.capacity - func.coalesce(load.c.open, 0)).label("free"),
            func.coalesce(load.c.completed, 0).label("completed"),
            Mentor.available_from,
            Mentor.available_until,
            Mentor.helps_with,
            Mentor.licence,
            Mentor.office,
            Division.name.label("division"),
            Mentor.wish_years_from,
            Mentor.wish_years_to,
            Mentor.wish_agencies,
            Mentor.limit_years_from,
            Mentor.limit_years_to,
            Mentor.not_agencies,
            Mentor.limit_km,
        )
        .join(OccupationalGroup, Mentor.group_id == OccupationalGroup.id)
        .outerjoin(Division, Mentor.division_id == Division.id)
        .outerjoin(load, load.c.mentor_id == Mentor.id)
        .where(which)
        .order_by(Mentor.ref),
    )
    frame["specialities"] = _specialities(session, MentorSpeciality, Mentor, which, frame["id"])
    return _placed(session, frame, "office")


def mentees(session: Session, which: ColumnElement[bool]) -> pd.DataFrame:
    """The mentees that `which` selects."""
    frame = _frame(
        session,
        select(
            *_who(Mentee),
            Mentee.ready_on,
            Mentee.goal,
            Mentee.goals,
            Mentee.licence_sought,
            Mentee.area,
            Agency.name.label("agency"),
            Agency.limit_km.label("agency_limit_km"),
            Agency.not_divisions.label("agency_not_divisions"),
        )
        .join(OccupationalGroup, Mentee.group_id == OccupationalGroup.id)
        .outerjoin(Agency, Mentee.agency_id == Agency.id)
        .where(which)
        .order_by(Mentee.ref),
    )
    frame["proposed_mentor_id"] = pd.Series([None] * len(frame), dtype=object)
    frame["agency_not_divisions"] = [names or [] for names in frame["agency_not_divisions"]]
    frame["specialities"] = _specialities(session, MenteeSpeciality, Mentee, which, frame["id"])
    return _placed(session, frame, "area")


def _proposed(session: Session, undecided: ColumnElement[bool]) -> dict[int, int]:
    rows = session.execute(select(Match.mentee_id, Match.mentor_id).where(undecided))
    return {row.mentee_id: row.mentor_id for row in rows}


def _before(session: Session, wanted: ColumnElement[bool], declined_after: dt.date) -> pd.DataFrame:
    """What keeps two people apart: columns mentee, mentor (refs) and what."""
    lately = and_(
        Match.state == MatchState.DECLINED,
        Match.decided_on > declined_after,
        Match.reason.not_in((match_steps.CHOSE, match_steps.MADE_ROOM)),
    )
    met = and_(Match.state.in_((MatchState.COMPLETED, MatchState.ENDED_EARLY)), Match.started_on.is_not(None))
    what = case(
        (Match.never_again, "never_again"),
        (Match.state == MatchState.DECLINED_BY_MENTOR, "mentor_declined"),
        (lately, "declined_lately"),
        else_="met",
    )
    rows = session.execute(
        select(Mentee.ref, Mentor.ref, what)
        .join(Mentee, Match.mentee_id == Mentee.id)
        .join(Mentor, Match.mentor_id == Mentor.id)
        .where(wanted, or_(Match.never_again, Match.state == MatchState.DECLINED_BY_MENTOR, lately, met))
        .order_by(Match.never_again, Match.id)  # declined for good outlasts whatever came later
    )
    return pd.DataFrame([tuple(row) for row in rows], columns=["mentee", "mentor", "what"]).drop_duplicates(
        ["mentee", "mentor"], keep="last"
    )


def _who(table: type[Mentor] | type[Mentee]) -> list[ColumnElement[Any] | InstrumentedAttribute[Any]]:
    """What is read of both; columns, because objects of the tables take longer than all the rest."""
    return [
        table.id,
        table.ref,
        (table.first_name + " " + table.last_name).label("name"),
        table.email_key,
        OccupationalGroup.name.label("group"),
        table.group_id,
        table.title,
        table.years_experience.label("years"),
        table.languages,
        table.withdrawn_on,
    ]


def _frame(session: Session, asked: Select[Any]) -> pd.DataFrame:
    found = session.execute(asked)
    # Objects, so that a missing day stays None and a list a list.
    return pd.DataFrame([tuple(row) for row in found], columns=list(found.keys()), dtype=object)


def _specialities(
    session: Session,
    confirmed: type[MentorSpeciality] | type[MenteeSpeciality],
    table: type[Mentor] | type[Mentee],
    which: ColumnElement[bool],
    people: pd.Series,
) -> pd.Series:
    """Names of each person's specialities, of the group that the person is in now."""
    rows = session.execute(
        select(confirmed.person_id, Speciality.name)
        .join(Speciality, confirmed.speciality_id == Speciality.id)
        .join(table, confirmed.person_id == table.id)
        .where(which, Speciality.group_id == table.group_id)
        .order_by(Speciality.name)
    )
    names: dict[int, list[str]] = {}
    for person, name in rows:
        names.setdefault(person, []).append(name)
    return pd.Series([names.get(person, []) for person in people], dtype=object)


def _placed(session: Session, frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """With latitude and longitude of the places named in a column, however they are spelled."""
    rows = session.execute(select(Place.name, Place.latitude, Place.longitude))
    known = {fold(name): (latitude, longitude) for name, latitude, longitude in rows}
    at = {name: known.get(fold(name), (None, None)) for name in set(frame[column])}
    for k, axis in enumerate(("latitude", "longitude")):
        frame[axis] = pd.Series([at[name][k] for name in frame[column]], dtype=object)
    return frame
