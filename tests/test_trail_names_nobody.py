"""Whatever is done with events, surveys, outcomes and placements, neither the trail nor the log says with whom."""

import json
import logging

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Mentee, Mentor, ProgrammeKind, TrailEntry
from services import (
    answering,
    audit,
    door,
    events,
    follow_up,
    invitations,
    people_merge,
    placing,
    survey_links,
    surveys,
)
from services.door import Tap
from services.errors import ServiceError
from services.placing import Entry, Person
from services.surveys import Question
from tests import asked, coached, make
from tests.test_door import draft, stamp
from tests.test_surveys import token_of

FIRST, LAST, MAIL, SAID, PLACE = "Zyxwia", "Qqarr", "zyxwia@qqarr.example", "my manager shouted", "Room of Wvutsr"


def test_the_trail_and_the_log_of_every_act_name_nobody(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    programme, cohort = coached.programme_and_cohort(session)
    whose = coached.coach(session, make.agency(session))
    cora, farah = make.actor(session), coached.signed_in(session, whose)
    (match,) = asked.ended(session, cohort, whose)
    mentee, mentor = session.get_one(Mentee, match.mentee_id), session.get_one(Mentor, match.mentor_id)
    for who in (mentee, mentor):
        who.first_name, who.last_name, who.email = FIRST, LAST, f"{type(who).__name__.lower()}.{MAIL}"
        who.email_key = who.email
    ref = events.make(session, programme.id, draft(cohort.name, name=f"Farewell of {LAST}", place=PLACE), by=cora).ref
    invitations.invite(session, ref, [mentee.ref, mentor.ref], by=cora)
    invitations.take_back(session, ref, [mentor.ref], by=cora)
    events.change(session, ref, draft(cohort.name, name=f"{LAST} goes", place=PLACE), 0, by=cora)
    for came in (True, False):
        door.take(session, ref, [Tap(person=mentee.ref, came=came, at=stamp(came))], by=farah)
    survey = asked.survey(session, cora, cohort)
    surveys.edit(session, survey.id, f"For {LAST}", [Question("why", f"Well, {FIRST}?", "words")], by=cora)
    (made,) = survey_links.make(session, survey.id, by=cora)
    survey_links.end(session, survey.id, by=cora)
    (made,) = survey_links.make(session, survey.id, by=cora, refs=[mentee.ref])
    assert answering.answer(session, token_of(made), {"why": SAID}, address="203.0.113.9")
    follow_up.record(session, mentee.ref, "looking", by=farah, programme_id=programme.id)
    audit.close(session)
    follow_up.take_back(session, by=farah)
    intake = make.cohort(session, make.programme(session, kind=ProgrammeKind.PLACEMENT))
    entry = Entry(make.today(), f"Division of {LAST}")
    placing.add(session, intake.id, Person(mentee.email, FIRST, LAST), entry, by=cora)
    with pytest.raises(ServiceError):  # refused, and the refusal is for the screen alone
        placing.add(session, intake.id, Person(mentee.email, FIRST, LAST), entry, by=cora)
    audit.close(session)
    acts = session.scalars(select(TrailEntry)).all()
    told = json.dumps([[row.action, row.entity, row.by_name, row.detail] for row in acts], default=str) + caplog.text
    assert len({row.action for row in acts}) >= 14
    for secret in (FIRST, LAST, MAIL, SAID, PLACE, "Wvutsr", token_of(made), mentee.ref, "203.0.113"):
        assert secret not in told, secret


def test_of_the_links_of_two_entries_that_are_merged_one_opens(session: Session) -> None:
    _, cohort = coached.programme_and_cohort(session)
    cora = make.actor(session)
    first, second = asked.ended(session, cohort, many=2, ago=20)
    survey = asked.survey(session, cora, cohort)
    made = survey_links.make(session, survey.id, by=cora)
    keep, other = (session.get_one(Mentee, one.mentee_id) for one in (first, second))
    tokens = {one.email: token_of(one) for one in made}
    gone = tokens[other.email]
    both = people_merge.preview(session, keep.ref, other.ref, by=cora)
    people_merge.merge(session, keep.ref, other.ref, by=cora, stays={}, seen=both.seen)
    session.expire_all()
    assert answering.look(session, tokens[keep.email], address=None)
    assert answering.look(session, gone, address=None) is None
