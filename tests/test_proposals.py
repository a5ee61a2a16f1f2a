"""Proposals on a real database: what is planned, stored, explained and refused."""

import datetime as dt
import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from db.models import Match, MatchState, Role, TrailEntry
from services import alternatives, clock, match_steps, proposals, reading, transaction
from services.__main__ import app
from services.access import OPERATOR
from services.errors import NotAllowed, NotFound
from tests import make


@pytest.fixture
def cohort(session):
    return make.cohort(session, name="2026")


@pytest.fixture
def law(session, cohort):
    return make.group(session, "Law")


def ago(days):
    return clock.now().date() - dt.timedelta(days=days)


def pairs(session):
    return session.scalars(select(Match).order_by(Match.id)).all()


def test_a_plan_stores_nothing_until_it_is_applied(session, law):
    mentor, mentee = make.mentor(session, law), make.mentee(session, law)
    plan = proposals.propose(session, by=OPERATOR)
    assert plan.pairs[["mentee_ref", "mentor_ref"]].to_numpy().tolist() == [[mentee.ref, mentor.ref]]
    assert pairs(session) == []
    assert proposals.apply(session, by=OPERATOR) == 1
    assert [match.mentor_id for match in pairs(session)] == [mentor.id]


def test_a_proposal_holds_the_place_and_the_mentee(session, law):
    mentor = make.mentor(session, law, capacity=1)
    make.mentee(session, law)
    make.mentee(session, law)
    assert proposals.apply(session, by=OPERATOR) == 1
    plan = proposals.propose(session, by=OPERATOR)
    assert len(plan.pairs) == 0
    assert plan.unmatched["reason"].tolist() == ["No mentor of Law has a free place."]
    assert plan.unmatched["change"].tolist() == [f"One more place at {mentor.first_name} {mentor.last_name} would do."]
    assert proposals.apply(session, by=OPERATOR) == 0


def test_whoever_waits_longest_is_matched_first(session, law):
    make.mentor(session, law, capacity=1, years_experience=12)
    make.mentee(session, law, ready_on=ago(10), years_experience=4)
    waiting = make.mentee(session, law, ready_on=ago(200), years_experience=30)
    plan = proposals.propose(session, by=OPERATOR)
    assert plan.pairs["mentee_ref"].tolist() == [waiting.ref]
    assert plan.unmatched["code"].tolist() == ["places_taken"]


def test_people_who_do_not_wait_are_left_alone(session, law, cohort):
    make.mentor(session, law, capacity=3)
    make.mentee(session, law, ready_on=None)
    make.mentee(session, law, withdrawn_on=ago(1))
    served = make.match(session, cohort, make.mentor(session, law), make.mentee(session, law))
    for state in (MatchState.APPROVED, MatchState.ACTIVE, MatchState.COMPLETED):
        make.step(session, served, state)
    plan = proposals.propose(session, by=OPERATOR)
    assert (len(plan.pairs), len(plan.unmatched)) == (0, 0)


def test_a_mentee_whose_mentor_withdrew_waits_for_another(session, law, cohort):
    mentor, mentee = make.mentor(session, law), make.mentee(session, law)
    ended = make.match(session, cohort, mentor, mentee)
    for state in (MatchState.APPROVED, MatchState.ACTIVE):
        make.step(session, ended, state)
    make.step(session, ended, MatchState.ENDED_EARLY, reason="mentor_withdrew")
    plan = proposals.propose(session, by=OPERATOR)
    assert plan.unmatched["code"].tolist() == ["ruled_out"]
    other = make.mentor(session, law)
    assert proposals.propose(session, by=OPERATOR).pairs["mentor_ref"].tolist() == [other.ref]


def test_a_pair_declined_for_good_is_not_proposed_again(session, law, cohort):
    mentor, mentee = make.mentor(session, law), make.mentee(session, law)
    declined = make.match(session, cohort, mentor, mentee)
    make.step(session, declined, MatchState.DECLINED, reason="They know each other", never_again=True)
    assert proposals.apply(session, by=OPERATOR) == 0


@pytest.mark.parametrize(
    ("days", "reason", "again"),
    [(29, "Mentor has no time now", 0), (31, "Mentor has no time now", 1), (1, match_steps.CHOSE, 1)],
)
def test_a_pair_declined_for_now_rests_a_while(session, law, cohort, days, reason, again):
    declined = make.match(session, cohort, make.mentor(session, law), make.mentee(session, law), days=days + 5)
    make.step(session, declined, MatchState.DECLINED, reason=reason, on_day=ago(days))
    assert proposals.apply(session, by=OPERATOR) == again


def test_a_plan_after_a_decision_asks_the_touched_group_only(session, law):
    for group in (law, make.group(session, "Engineering")):
        make.mentor(session, group)
        make.mentee(session, group)
    assert proposals.propose(session, by=OPERATOR, group_id=law.id).pairs["group"].tolist() == ["Law"]
    assert proposals.apply(session, by=OPERATOR, group_id=law.id) == 1
    assert proposals.apply(session, by=OPERATOR) == 1


def test_a_floor_keeps_weak_pairs_from_the_queue(session, law, cohort):
    make.setting(session, cohort, fit_floor=950)
    make.mentor(session, law)
    make.mentee(session, law)
    plan = proposals.propose(session, by=OPERATOR)
    assert plan.unmatched["code"].tolist() == ["below_floor"]
    assert plan.unmatched["reason"].tolist() == ["The best fit is 81, below the floor of 95."]


def test_what_is_kept_of_the_fit_names_nobody(session, law):
    make.mentor(session, law, title="Counsel", languages=["English", "Twi"])
    make.mentee(session, law, title="Lawyer", languages=["Twi"])
    proposals.apply(session, by=OPERATOR)
    (match,) = pairs(session)
    assert match.weights_version == 1
    assert {"name": "Languages", "score": 85, "verdict": "1 shared"} in match.fit_detail["criteria"]
    assert not any(word in json.dumps(match.fit_detail) for word in ("Twi", "Counsel", "Fraser", "Okafor"))


def test_an_apply_leaves_one_row_of_counts_in_the_trail(session, law, cohort):
    make.mentor(session, law)
    make.mentee(session, law)
    proposals.apply(session, by=OPERATOR)
    session.flush()
    from services import audit

    audit.close(session)
    last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    assert (last.action, last.entity_id, last.detail) == (
        "matches proposed",
        cohort.id,
        {"proposed": 1, "unmatched": 0},
    )


def test_the_card_shows_the_facts_on_both_sides(session, law):
    make.mentor(session, law, years_experience=20)
    make.mentee(session, law, years_experience=8)
    proposals.apply(session, by=OPERATOR)
    (match,) = pairs(session)
    parts = {part.name: part for part in alternatives.fit_parts(session, match.ref, by=OPERATOR)}
    experience = parts["Experience"]
    assert (experience.mentee, experience.mentor, experience.score) == ("8 years", "20 years", 100)


def test_another_mentor_with_room_costs_nobody_anything(session, law):
    make.mentor(session, law, years_experience=12)
    other = make.mentor(session, law, years_experience=9)
    make.mentee(session, law)
    proposals.apply(session, by=OPERATOR)
    (match,) = pairs(session)
    others = alternatives.other_mentors(session, match.ref, by=OPERATOR)
    assert others[["mentor_ref", "cost", "free"]].to_numpy().tolist() == [[other.ref, "Nobody else affected", True]]


def test_a_mentor_promised_to_another_costs_that_one_something(session, law):
    best = make.mentor(session, law, capacity=1, years_experience=20)
    make.mentor(session, law, capacity=1, years_experience=8)
    make.mentee(session, law, years_experience=8, first_name="Ngozi", last_name="Bello")
    make.mentee(session, law, years_experience=12, first_name="Tomas", last_name="Diaz")
    proposals.apply(session, by=OPERATOR)
    without = next(match for match in pairs(session) if match.mentor_id != best.id)
    (other,) = alternatives.other_mentors(session, without.ref, by=OPERATOR).itertuples()
    assert other.mentor_ref == best.ref
    assert not other.free
    assert " falls " in other.cost


def test_taking_the_only_mentor_of_another_leaves_them_unmatched(session, law, cohort):
    only, free = make.mentor(session, law, capacity=1), make.mentor(session, law, capacity=1)
    rival = make.mentee(session, law, first_name="Ngozi", last_name="Bello")
    refused = make.match(session, cohort, free, rival)
    make.step(session, refused, MatchState.DECLINED, reason="They know each other", never_again=True)
    mentee = make.mentee(session, law)
    proposals.apply(session, by=OPERATOR)
    ref = session.scalars(select(Match.ref).where(Match.mentee_id == mentee.id)).one()
    (other,) = alternatives.other_mentors(session, ref, by=OPERATOR).itertuples()
    assert (other.mentor_ref, other.cost) == (only.ref, "Ngozi Bello unmatched")


def test_nobody_is_proposed_as_their_own_mentor(session, law):
    make.mentor(session, law, email="both@mail.example")
    make.mentee(session, law, email="both@mail.example")
    assert proposals.propose(session, by=OPERATOR).unmatched["code"].tolist() == ["ruled_out"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COACH, Role.PRESENTER, Role.ADMINISTRATOR])
def test_only_coordinators_propose_and_look(session, law, cohort, role):
    match = make.match(session, cohort, make.mentor(session, law), make.mentee(session, law))
    actor = make.actor(session, role)
    for ask in (proposals.propose, proposals.apply):
        with pytest.raises(NotAllowed):
            ask(session, by=actor)
    for ask in (alternatives.fit_parts, alternatives.other_mentors):
        with pytest.raises(NotAllowed):
            ask(session, match.ref, by=actor)


def test_without_a_cohort_the_sentence_says_what_to_run(session):
    with pytest.raises(NotFound, match="programme create"):
        proposals.propose(session, by=OPERATOR)
    make.programme(session)
    with pytest.raises(NotFound, match="cohort create"):
        proposals.propose(session, by=OPERATOR)


def test_proposals_are_stored_on_both_engines(any_desk):
    with transaction() as session:
        law = make.group(session, "Law")
        make.cohort(session)
        for _ in range(5):
            make.mentor(session, law, capacity=2)
        for _ in range(12):
            make.mentee(session, law)
    with transaction() as session:
        assert proposals.apply(session, by=OPERATOR) == 10
    with reading() as session:
        assert proposals.propose(session, by=OPERATOR).unmatched["code"].tolist() == ["no_free_place"] * 2


def test_the_command_line_proposes_and_stores(desk):
    with transaction() as session:
        make.programme(session)
    run = CliRunner().invoke
    made = run(app, ["cohort", "create", "--name", "2026", "--starts", "2026-01-05", "--ends", "2026-12-18"])
    assert made.exit_code == 0, made.output
    with transaction() as session:
        law = make.group(session, "Law")
        mentor, mentee = make.mentor(session, law, capacity=1), make.mentee(session, law)
        make.mentee(session, make.group(session, "Recreation"))
    said = json.loads(run(app, ["propose", "--json"]).stdout)
    assert said["pairs"] == [{"mentee": mentee.ref, "mentor": mentor.ref, "group": "Law", "fit": said["total_fit"]}]
    assert (said["cohort"], said["matched"], said["unmatched"], said["applied"]) == ("2026", 1, 1, 0)
    assert said["unmatched_by_reason"]["no_mentor"] == 1
    assert json.loads(run(app, ["propose", "--cohort", "2026", "--apply", "--json"]).stdout)["applied"] == 1
    assert json.loads(run(app, ["propose", "--json"]).stdout)["matched"] == 0
