"""What the database itself refuses of and about erased people."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Update, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from db.models import (
    Attempt,
    Attendance,
    CheckIn,
    Erasure,
    Event,
    Match,
    MatchMark,
    MatchState,
    MatchTransition,
    Mentee,
    MenteeSpeciality,
    Mentor,
    MentorSpeciality,
    Outcome,
    OwnWords,
    PersonMerge,
    Placement,
    Speciality,
    SurveyLink,
)
from db.session import unit_of_work
from services import (
    audit,
    clock,
    transaction,
)
from services.access import OPERATOR
from services.errors import Conflict
from tests import make
from tests.canaries import erased, filled


def put(session: Session, row: Any) -> None:
    if isinstance(row, Update):
        session.execute(row)
    session.add_all([] if isinstance(row, Update) else [row])
    session.flush()


@contextmanager
def refused(session: Session, why: str) -> Iterator[None]:
    with pytest.raises(IntegrityError, match=why):
        yield
    session.rollback()


def test_the_database_writes_nothing_about_who_was_erased(any_desk: str) -> None:
    with transaction() as session:
        kept = filled(session)
        mentor, mentee = {"mentor_id": kept.mentor.id}, {"mentee_id": kept.mentee.id}
        for who in (kept.mentor, kept.mentee):
            erased(session, kept, who)
        for row in (kept.match, kept.mentor, kept.mentee):
            session.refresh(row)
        fresh = make.mentee(session, kept.group)
        at = clock.now() - dt.timedelta(days=2)
        event = make._keep(
            session, Event(cohort_id=kept.cohort_id, kind="workshop", name="A", starts_at=at, ends_at=clock.now())
        )
        entry = make._keep(session, Speciality(group_id=fresh.group_id, name="Tunnels"))
    day, match = make.today(), {"match_id": kept.match.id, "on_day": make.today()}
    step = {**match, "seq": kept.match.version + 1, "from_state": kept.match.state, "at": clock.now()}
    pair = {"programme_id": kept.programme_id, "cohort_id": kept.cohort_id, "group_id": fresh.group_id}
    proposed = {"proposed_on": day, "proposed_at": clock.now()}
    token = {"survey_id": 1, "created_at": at, "expires_at": at}
    for row in (
        Match(**pair, **proposed, mentor_id=kept.mentor.id, mentee_id=fresh.id),
        MatchTransition(**{**step, "on_day": kept.match.started_on}, to_state=MatchState.ACTIVE),
        MatchTransition(**step, to_state=MatchState.VOID, note="x"),
        CheckIn(**match, contact="both", mode="phone", health="good", note="x"),
        Attempt(**match, mode="phone", note="x"),
        MatchMark(**{**match, "on_day": kept.match.ended_on}, step="agreement", seq=1, at=clock.now(), note="x"),
        *(OwnWords(about="goal", words="x", **whose) for whose in (mentor, mentee)),
        *(Attendance(event_id=event.id, **whose) for whose in (mentor, mentee)),
        *(SurveyLink(**token, token_hash="x" * 64, **whose) for whose in (mentor, mentee)),
        Outcome(**mentee, cohort_id=kept.cohort_id, on_day=day, finding="looking"),
        Placement(**mentee, cohort_id=kept.cohort_id, hired_on=day),
        MentorSpeciality(person_id=kept.mentor.id, speciality_id=entry.id),
        MenteeSpeciality(person_id=kept.mentee.id, speciality_id=entry.id),
        PersonMerge(ref=fresh.ref, merged_at=at, **mentee),
        update(Mentor).values(phone="1"),
        update(Mentee).values(goal="x"),
    ):
        with pytest.raises(Conflict, match="has been erased"), transaction() as session:
            put(session, row)
    with transaction() as session:  # what was entered in error can still be voided, without a word
        session.add(MatchTransition(**step, to_state=MatchState.VOID))
        audit.record(session, OPERATOR, "made for a test", "match")


def test_the_database_takes_no_erasure_of_somebody_who_is_still_there_and_keeps_each(any_desk: str) -> None:
    with transaction() as session:
        kept = filled(session)
        row = {"ref": kept.mentor.ref, "kind": "mentor", "on_day": make.today(), "ground": "year"}
    for wrong in (row, {**row, "ground": "consent"}, {**row, "kind": "mentee"}, {**row, "ref": "0" * 16}):
        with unit_of_work() as session, refused(session, "data is still there|consent_has_a_day"):
            session.execute(insert(Erasure), [wrong])
    with transaction() as session:
        erased(session, kept, session.scalars(select(Mentor).order_by(Mentor.id)).first())
    for change in (update(Erasure).values(kind="mentee"), delete(Erasure)):
        with unit_of_work() as session, refused(session, "an erasure is kept"):
            session.execute(change)
