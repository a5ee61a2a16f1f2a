"""Weights of the fit: versions that are kept, what others would change, and who may set them."""

import dataclasses
import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from db.models import Cohort, FitWeights, MatchState, OccupationalGroup, Role, TrailEntry
from services import audit, clock, programmes, proposals, reading, transaction, trial, weights
from services.__main__ import app
from services.access import OPERATOR
from services.engine.criteria import CRITERIA
from services.engine.fit import Weights
from services.errors import Conflict, Invalid, NotAllowed
from tests import make

#: Whoever is tried on the demo, which is read only.
TRIES = settings(
    max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
some_weights = st.tuples(*[st.sampled_from((0, 50, 300, 1000)) for _ in weights.KEYS]).filter(any)


@pytest.fixture
def cohort(session: Session) -> Cohort:
    return make.cohort(session, name="2026")


@pytest.fixture
def law(session: Session, cohort: Cohort) -> OccupationalGroup:
    return make.group(session, "Law")


def save(session: Session, cohort: Cohort, note: str = "Agreed", by=OPERATOR, **given: int) -> Weights:
    in_use = weights.current(session, cohort.programme_id)
    tried = weights.changed(in_use, given)
    return weights.save(session, tried, by=by, programme_id=cohort.programme_id, note=note)


def ago(days: int) -> dt.date:
    return make.today() - dt.timedelta(days=days)


def test_every_weight_belongs_to_a_criterion_with_a_meaning_and_every_criterion_has_a_weight() -> None:
    assert set(weights.KEYS) == {criterion.key for criterion in CRITERIA}
    assert set(weights.KEYS) <= set(weights.MEANINGS)


def test_a_programme_begins_with_version_1(session: Session, cohort: Cohort) -> None:
    assert weights.current(session, cohort.programme_id) == Weights()
    (only,) = weights.history(session, by=OPERATOR, programme_id=cohort.programme_id)
    assert (only.weights.version, only.at) == (1, None)


def test_each_save_is_a_new_version_with_who_when_why_and_what_changed(session: Session, cohort: Cohort) -> None:
    cora = make.actor(session)
    assert save(session, cohort, by=cora, experience=400).version == 2
    last = save(session, cohort, "Fewer far apart", experience=450, load=0)
    assert weights.current(session, cohort.programme_id) == last
    newest, second, first = weights.history(session, by=cora, programme_id=cohort.programme_id)
    assert [one.weights.version for one in (newest, second, first)] == [3, 2, 1]
    assert (newest.who, second.who) == ("command line", cora.name)
    assert (newest.note, newest.changes) == (
        "Fewer far apart",
        f"Experience 400 to 450 and Places {Weights().load} to 0",
    )
    assert newest.at is not None
    assert newest.at.date() == make.today()


def test_a_programme_does_not_follow_another(session: Session, cohort: Cohort) -> None:
    other = make.cohort(session)
    save(session, cohort, experience=400)
    assert weights.current(session, other.programme_id) == Weights()


def test_who_started_from_an_older_version_is_told_so(session: Session, cohort: Cohort) -> None:
    mine = weights.changed(weights.current(session, cohort.programme_id), {"load": 50})
    save(session, cohort, experience=400)
    with pytest.raises(Conflict, match="Version 2 was saved meanwhile, and you started from version 1"):
        weights.save(session, mine, by=OPERATOR, programme_id=cohort.programme_id, note="Mine")


def test_of_two_who_save_at_once_the_second_is_told(desk: str) -> None:
    with transaction() as session:
        programme_id = make.cohort(session).programme_id
    with pytest.raises(Conflict, match="Someone else saved weights a moment ago"):
        _store_twice({"programme_id": programme_id, "version": 2, "weights": {}, "note": "x"})


def _store_twice(row: dict) -> None:
    with transaction() as session:
        for _ in range(2):
            session.add(FitWeights(saved_at=clock.now(), **row))
        audit.record(session, OPERATOR, "made for a test", "fit_weights")


@pytest.mark.parametrize("value", [-1, 1001, 0.5, True, "300", None])
def test_a_weight_is_a_whole_number_from_0_to_1000(session: Session, cohort: Cohort, value: object) -> None:
    with pytest.raises(Invalid, match="whole number from 0 to 1000"):
        save(session, cohort, experience=value)


def test_what_cannot_be_used_is_refused_with_a_sentence(session: Session, cohort: Cohort) -> None:
    with pytest.raises(Invalid, match="All weights are 0"):
        save(session, cohort, **dict.fromkeys(weights.KEYS, 0))
    with pytest.raises(Invalid, match="There is no criterion «country»"):
        save(session, cohort, country=100)
    with pytest.raises(Invalid, match="These are the weights in use"):
        save(session, cohort)
    with pytest.raises(Invalid, match="why the weights change"):
        save(session, cohort, " ", experience=400)


def test_the_trail_holds_the_weights_and_not_the_note(session: Session, cohort: Cohort) -> None:
    save(session, cohort, "Because Grace asked", experience=400)
    audit.close(session)
    last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    assert (last.action, last.detail["version"], last.detail["weights"]["experience"]) == ("weights saved", 2, 400)
    assert "Grace" not in json.dumps(last.detail)


def test_a_criterion_that_came_later_counts_for_nothing_in_an_older_version(session: Session, cohort: Cohort) -> None:
    given = {"programme_id": cohort.programme_id, "version": 2, "weights": {"experience": 7}, "note": "Old"}
    session.add(FitWeights(saved_at=clock.now(), **given))
    audit.record(session, OPERATOR, "made for a test", "fit_weights")
    in_use = weights.current(session, cohort.programme_id)
    assert dataclasses.asdict(in_use) == {**dict.fromkeys(weights.KEYS, 0), "experience": 7, "version": 2}


def test_shares_add_up_to_the_whole() -> None:
    assert sum(weights.shares(Weights()).values()) == pytest.approx(100)


def test_a_proposal_is_made_with_the_weights_in_use_and_names_their_version(
    session: Session, cohort: Cohort, law: OccupationalGroup
) -> None:
    make.mentor(session, law, years_experience=9)
    make.mentee(session, law, years_experience=8)
    before = proposals.draft(session, by=OPERATOR).rows[0]
    save(session, cohort, **(dict.fromkeys(weights.KEYS, 0) | {"load": 1}))
    after = proposals.draft(session, by=OPERATOR).rows[0]
    assert [row["weights_version"] for row in (before, after)] == [1, 2]
    assert before["fit"] < after["fit"] == 1000


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_set_or_try_weights(session: Session, cohort: Cohort, role: Role) -> None:
    actor, about = make.actor(session, role), {"programme_id": cohort.programme_id}
    with pytest.raises(NotAllowed):
        save(session, cohort, by=actor, experience=400)
    with pytest.raises(NotAllowed):
        weights.history(session, by=actor, **about)
    with pytest.raises(NotAllowed):
        trial.attempt(session, Weights(experience=400), by=actor, **about)


# What would change


def two_for_one_place(session: Session, law: OccupationalGroup) -> tuple:
    """One place; to one mentee the mentor is years ahead, with the other the mentor shares a language."""
    mentor = make.mentor(session, law, capacity=1, years_experience=14, languages=["English", "Twi"])
    ahead = make.mentee(session, law, years_experience=8)
    shares = make.mentee(session, law, years_experience=20, languages=["English", "Twi"])
    return mentor, ahead, shares


def test_other_weights_give_the_place_to_another(session: Session, cohort: Cohort, law: OccupationalGroup) -> None:
    mentor, ahead, shares = two_for_one_place(session, law)
    make.match(session, cohort, mentor, ahead)
    found = trial.attempt(session, Weights(experience=0, languages=1000), by=OPERATOR, programme_id=cohort.programme_id)
    assert (found.proposed, found.waiting, found.apart) == (1, 1, 0)
    assert (found.moved, found.newly, found.lost) == (0, 1, 1)
    lost, newly = found.moves.itertuples()
    assert (lost.mentee_ref, lost.before_ref, lost.after) == (ahead.ref, mentor.ref, None)
    assert (newly.mentee_ref, newly.before, newly.after_ref) == (shares.ref, None, mentor.ref)
    assert found.sentence.startswith("1 of 1 proposal would move; as many mentees matched, 1 of them others; mean fit ")
    assert found.before.total_in_use > found.after.total_in_use
    assert found.before.total_tried < found.after.total_tried


def test_a_proposal_on_hold_keeps_its_mentor(session: Session, cohort: Cohort, law: OccupationalGroup) -> None:
    mentor, ahead, _ = two_for_one_place(session, law)
    held = make.match(session, cohort, mentor, ahead)
    make.step(session, held, MatchState.ON_HOLD, hold_until=make.today() + dt.timedelta(days=9))
    found = trial.attempt(session, Weights(languages=1000), by=OPERATOR, programme_id=cohort.programme_id)
    assert (found.proposed, found.waiting, found.after.matched, len(found.moves)) == (0, 1, 0, 0)


def test_a_floor_may_leave_someone_without_a_mentor(session: Session, cohort: Cohort, law: OccupationalGroup) -> None:
    make.mentor(session, law, years_experience=9)
    make.mentee(session, law, years_experience=8, ready_on=ago(200))
    tried = weights.changed(Weights(), dict.fromkeys(weights.KEYS, 0) | {"record": 100})
    make.setting(session, cohort, fit_floor=650)
    found = trial.attempt(session, tried, by=OPERATOR, programme_id=cohort.programme_id)
    assert (found.before.matched, found.after.matched) == (1, 0)
    assert (found.long_waiting, found.before.long_waiting, found.after.long_waiting) == (1, 1, 0)
    assert "one mentee fewer matched" in found.sentence


def test_with_nobody_to_match_it_says_so(session: Session, cohort: Cohort) -> None:
    found = trial.attempt(session, Weights(load=1), by=OPERATOR, programme_id=cohort.programme_id)
    assert found.sentence.startswith("There is nobody to match")
    assert found.moves.empty
    assert found.after.mean_tried is None


@TRIES
@given(values=some_weights)
def test_the_weights_in_use_move_nobody_and_others_move_who_differs(demo: Session, values: tuple[int, ...]) -> None:
    programme_id = programmes.main(demo).id
    same = trial.attempt(demo, weights.current(demo, programme_id), by=OPERATOR, programme_id=programme_id)
    assert (same.moved, same.newly, same.lost, same.before) == (0, 0, 0, same.after)
    tried = Weights(**dict(zip(weights.KEYS, values, strict=True)))
    found = trial.attempt(demo, tried, by=OPERATOR, programme_id=programme_id)
    assert found.before.matched == same.before.matched
    assert found.after.matched == found.before.matched + found.newly - found.lost
    assert len(found.moves) == found.moved + found.newly + found.lost
    gained = found.moves["fit_after"].fillna(0).sum() - found.moves["fit_before"].fillna(0).sum()
    assert found.after.total_tried - found.before.total_tried == gained


@TRIES
@given(values=some_weights)
def test_an_attempt_is_the_plan_that_these_weights_then_make(values: tuple[int, ...], session: Session) -> None:
    with session.begin_nested() as undone:
        cohort, law = make.cohort(session), make.group(session)
        for number in range(4):
            speaks = ["English", "Twi"] if number % 2 else ["English"]
            make.mentor(session, law, capacity=1 + number // 3, years_experience=5 * number, languages=speaks)
        for number in range(7):
            speaks = ["English", "Twi"] if number % 3 else ["English"]
            make.mentee(session, law, years_experience=3 * number, languages=speaks, ready_on=ago(20 * number))
        about = {"by": OPERATOR, "programme_id": cohort.programme_id}
        before = proposals.propose(session, **about)
        tried = weights.changed(Weights(), dict(zip(weights.KEYS, values, strict=True)))
        found = trial.attempt(session, tried, **about)
        if tried != Weights():
            weights.save(session, tried, note="As tried", **about)
        after = proposals.propose(session, **about)
        assert (len(before.pairs), len(after.pairs)) == (found.before.matched, found.after.matched)
        assert (before.total_fit, after.total_fit) == (found.before.total_in_use, found.after.total_tried)
        old, new = (dict(zip(p.pairs["mentee_ref"], p.pairs["mentor_ref"], strict=True)) for p in (before, after))
        assert {m.mentee_ref: (m.before_ref, m.after_ref) for m in found.moves.itertuples()} == {
            ref: (old.get(ref), new.get(ref)) for ref in old | new if old.get(ref) != new.get(ref)
        }
        undone.rollback()


# At the command line


def test_the_command_shows_tries_and_saves(desk: str) -> None:
    with transaction() as session:
        cohort = make.cohort(session, name="2026")
        two_for_one_place(session, make.group(session, "Law"))

    def said(*words: str) -> str:
        done = CliRunner().invoke(app, ["weights", *words])
        assert done.exit_code == 0, done.stderr
        return done.stdout

    assert said().startswith("Version 1.\noccupation")
    told = said("--try", "experience=0", "--try", "languages=1000")
    assert "1 of 1 proposal would move" in told
    assert f"{Weights().languages} to 1000" in told
    data = json.loads(said("--try", "experience=0", "--json"))
    assert (data["version"], data["tried"]["experience"], data["saved"]) == (1, 0, None)
    assert set(data["effect"]["before"]) == {"matched", "long_waiting", "total_in_use", "total_tried"}
    with reading() as session:
        assert weights.current(session, cohort.programme_id).version == 1
    assert "Saved as version 2." in said("--try", "experience=0", "--save", "Languages first")
    with reading() as session:
        assert weights.current(session, cohort.programme_id).experience == 0


@pytest.mark.parametrize("given", ["experience", "experience=", "experience=-3", "experience=1.5", "=4"])
def test_the_command_says_what_is_no_weight(desk: str, given: str) -> None:
    with transaction() as session:
        make.cohort(session)
    done = CliRunner().invoke(app, ["weights", "--try", given])
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "«" in done.stderr
