"""The life of a match after its approval: each step with its day, order kept, faults put right, and undone."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.models import Mark, Match, MatchMark, MatchState, Mentee, Role, TrailEntry
from services import life, life_undo, match_marks, reading, review, transaction
from services.access import Actor
from services.counting.waiting import SETTLED, Ending, is_waiting
from services.errors import Conflict, Invalid, NotAllowed, ServiceError
from tests import make

WHY = "Entered on the wrong day"


def day(ago: int) -> dt.date:
    return make.today() - dt.timedelta(days=ago)


class Desk:
    """A match approved 60 days ago, and two coordinators."""

    def __init__(self, *steps: MatchState) -> None:
        with transaction() as session:
            self.cohort = make.cohort(session)
            self.group = make.group(session)
            self.cora, self.omar = make.actor(session, name="Cora Lindqvist"), make.actor(session, name="Omar Haddad")
            self.mentor = make.mentor(session, self.group, first_name="Grant", last_name="Fraser", capacity=1)
            ready = {"first_name": "Adaeze", "last_name": "Okafor", "ready_on": day(120)}
            self.mentee = make.mentee(session, self.group, **ready)
            match = make.match(session, self.cohort, self.mentor, self.mentee, days=80)
            make.step(session, match, MatchState.APPROVED, on_day=day(60))
            for state in steps:
                make.step(session, match, state, on_day=day(50))
        self.ref = match.ref

    def match(self) -> Match:
        with reading() as session:
            return session.scalars(select(Match).where(Match.ref == self.ref)).one()

    def marks(self) -> dict[Mark, dt.date]:
        with reading() as session:
            return {step: row.on_day for step, row in match_marks.marked(session, self.match().id).items()}

    def do(self, what: str, *args: object, by: Actor | None = None, version: int | None = None, **given: object):
        with transaction() as session:
            act = getattr(life_undo if what == "undo" else life, what)
            return act(session, self.ref, version or self.match().version, *args, by=by or self.cora, **given)

    def waits(self) -> bool:
        with reading() as session:
            waiting = is_waiting(self.cohort.programme_id, make.today())
            return bool(session.scalar(select(func.count()).where(Mentee.id == self.mentee.id, waiting)))


@pytest.fixture
def approved(any_desk: str) -> Desk:
    return Desk()


@pytest.fixture
def running(any_desk: str) -> Desk:
    return Desk(MatchState.ACTIVE)


def test_the_mentors_yes_starts_the_match_on_its_day(approved: Desk) -> None:
    told = approved.do("start", on=day(40))
    assert (approved.match().state, approved.match().started_on) == (MatchState.ACTIVE, day(40))
    assert told.sentence.startswith("Adaeze Okafor with Grant Fraser started on ")


def test_a_step_without_a_day_is_of_today(running: Desk) -> None:
    running.do("record", Mark.ORIENTATION)
    running.do("complete")
    assert running.marks() == {Mark.ORIENTATION: make.today()}
    assert running.match().ended_on == make.today()


def test_orientation_first_meeting_and_agreement_are_recorded_each_with_its_day(running: Desk) -> None:
    for step, ago in ((Mark.ORIENTATION, 55), (Mark.FIRST_MEETING, 45), (Mark.AGREEMENT, 44)):
        running.do("record", step, on=day(ago))
    assert list(running.marks().values()) == [day(55), day(45), day(44)]
    assert running.match().version == 3  # none of them moves the match


@pytest.mark.parametrize(
    ("what", "given", "said"),
    [
        ("complete", {"on": day(-1)}, "lies in the future"),
        ("complete", {"on": day(51)}, "The match started on"),
        ("complete", {"on": day(45)}, "First meeting is recorded on"),
        ("end_early", {"on": day(45), "reason": Ending.POOR_FIT}, "First meeting is recorded on"),
        ("end_early", {"reason": "tired of it"}, "from the list"),
        ("record", {"step": Mark.AGREEMENT, "on": day(41)}, "They first met on"),
        ("record", {"step": Mark.AGREEMENT, "on": day(-1)}, "lies in the future"),
        ("record", {"step": Mark.FIRST_MEETING, "on": day(51), "was": day(40), "why": WHY}, "The match started on"),
        ("record", {"step": Mark.FIRST_MEETING, "on": day(39), "was": day(40)}, "in a few words why"),
        ("take_back", {"step": Mark.FIRST_MEETING, "was": day(40), "why": " so "}, "in a few words why"),
        ("redate", {"which": "start", "on": day(61), "why": WHY}, "was approved on"),
        ("redate", {"which": "start", "on": day(39), "why": WHY}, "First meeting is recorded on"),
        ("redate", {"which": "start", "on": day(45), "why": ""}, "in a few words why"),
        ("void", {"why": "x"}, "in a few words why"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(running: Desk, what: str, given: dict, said: str) -> None:
    running.do("record", Mark.FIRST_MEETING, on=day(40))
    with pytest.raises(Invalid, match=said):
        running.do(what, **given)
    assert (running.match().version, running.marks()) == (3, {Mark.FIRST_MEETING: day(40)})


@pytest.mark.parametrize("what", ["start", "reopen"])
def test_a_step_that_is_none_of_the_state_tells_who_moved_the_match(running: Desk, what: str) -> None:
    with pytest.raises(Conflict, match=r"this match .* This step is not one of it now"):
        running.do(what, **({"why": WHY} if what == "reopen" else {}))


def test_of_two_coordinators_the_second_is_told_who_and_when(running: Desk) -> None:
    version = running.match().version
    running.do("complete", on=day(3), by=running.omar)
    with pytest.raises(Conflict, match=r"Omar Haddad completed this match at \d\d:\d\d. Nothing of yours was saved"):
        running.do("end_early", reason=Ending.POOR_FIT, version=version)


def test_a_step_that_was_never_recorded_cannot_be_taken_back(running: Desk) -> None:
    with pytest.raises(Conflict, match="Agreement signed is not recorded: there is nothing to take back"):
        running.do("take_back", Mark.AGREEMENT, was=None, why=WHY)


def test_of_two_who_record_one_step_the_second_is_told(running: Desk) -> None:
    running.do("record", Mark.AGREEMENT, on=day(9), by=running.omar)
    with pytest.raises(Conflict, match=r"Omar Haddad recorded this step at \d\d:\d\d"):
        running.do("record", Mark.AGREEMENT, on=day(8))
    assert running.marks() == {Mark.AGREEMENT: day(9)}


def test_a_day_is_changed_and_a_step_taken_back_with_a_reason(running: Desk) -> None:
    running.do("record", Mark.AGREEMENT, on=day(9))
    running.do("record", Mark.AGREEMENT, on=day(10), was=day(9), why=WHY)
    assert running.marks() == {Mark.AGREEMENT: day(10)}
    running.do("take_back", Mark.AGREEMENT, was=day(10), why=WHY)
    assert running.marks() == {}
    running.do("record", Mark.AGREEMENT, on=day(8))
    with reading() as session:
        assert [row.seq for row in session.scalars(select(MatchMark).order_by(MatchMark.seq))] == [1, 2, 3, 4]


@pytest.mark.parametrize("ending", Ending)
def test_after_an_early_end_the_mentee_waits_on_since_the_same_day_unless_they_have_work_or_left(
    running: Desk, ending: Ending
) -> None:
    told = running.do("end_early", reason=ending, on=day(5), note="Said on the phone")
    assert running.match().reason == ending.value
    assert running.waits() is (ending not in SETTLED)
    assert ("still since" in told.sentence) is running.waits()
    with reading() as session:
        assert session.get_one(Mentee, running.mentee.id).ready_on == day(120)


def test_a_rematch_keeps_the_history_and_stands_in_the_way_of_reopening(running: Desk) -> None:
    running.do("end_early", reason=Ending.MENTOR_WITHDREW)
    with transaction() as session:
        make.match(session, running.cohort, make.mentor(session, running.group), running.mentee)
    assert running.match().state is MatchState.ENDED_EARLY
    with pytest.raises(Conflict, match="already has an open match"):
        running.do("reopen", why=WHY)
    with pytest.raises(Conflict, match="already has an open match"):
        running.do("undo")


def test_an_end_is_reopened_and_its_day_put_right(running: Desk) -> None:
    running.do("end_early", reason=Ending.RELOCATED, on=day(5))
    running.do("redate", "end", on=day(7), why=WHY)
    assert (running.match().ended_on, running.match().reason) == (day(7), "relocated")
    running.do("reopen", why="They came back together")
    assert (running.match().state, running.match().ended_on) == (MatchState.ACTIVE, None)
    running.do("redate", "start", on=day(55), why=WHY)
    assert running.match().started_on == day(55)


def test_a_void_match_is_kept_and_never_back(running: Desk) -> None:
    running.do("void", why="Entered twice by mistake")
    assert running.match().state is MatchState.VOID
    for what in ("void", "reopen"):
        with pytest.raises(Conflict):
            running.do(what, why=WHY)


def test_an_undo_is_for_whoever_took_the_step(running: Desk) -> None:
    running.do("complete", on=day(3))
    with pytest.raises(Conflict, match="Only whoever took the last step"):
        running.do("undo", by=running.omar)
    running.do("undo")
    assert running.match().state is MatchState.ACTIVE
    with pytest.raises(Conflict, match="Only whoever took the last step"):
        running.do("undo")


def test_review_takes_back_its_own_decisions_only(running: Desk) -> None:
    running.do("complete")
    with transaction() as session, pytest.raises(Conflict, match="no decision of yours"):
        review.undo(session, by=running.cora)


def test_an_approval_is_not_taken_back_over_a_recorded_step(any_desk: str) -> None:
    desk = Desk()
    with transaction() as session:
        review.mentor_agreed(session, desk.ref, desk.match().version, by=desk.cora)
    desk.do("record", Mark.AGREEMENT)
    with pytest.raises(Conflict, match="A step of this match is recorded already"), transaction() as session:
        review.undo(session, by=desk.cora)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_take_a_match_on(running: Desk, role: Role) -> None:
    with transaction() as session:
        other = make.actor(session, role)
    for what, more in (("complete", {}), ("record", {"step": Mark.AGREEMENT}), ("void", {"why": WHY}), ("undo", {})):
        with pytest.raises(NotAllowed):
            running.do(what, by=other, **more)


def test_every_step_leaves_a_row_in_the_trail_without_names_or_words(running: Desk) -> None:
    running.do("record", Mark.AGREEMENT, on=day(9))
    running.do("end_early", reason=Ending.HIRED_IN_FIELD, note="Adaeze has a contract")
    running.do("undo")
    with reading() as session:
        rows = session.scalars(select(TrailEntry).where(TrailEntry.action.like("match %")).order_by(TrailEntry.seq))
        told = [(row.action, row.detail) for row in rows]
    assert [action for action, _ in told] == ["match step recorded", "match ended early", "match step undone"]
    assert "Adaeze" not in str(told)


MARKS = list(Mark)
STEP = st.one_of(
    st.tuples(st.just("record"), st.sampled_from(MARKS), st.integers(-1, 62)),
    st.tuples(st.just("take_back"), st.sampled_from(MARKS), st.just(0)),
    st.tuples(st.sampled_from(["complete", "end_early", "start", "reopen"]), st.none(), st.integers(-1, 62)),
    st.tuples(st.just("redate"), st.sampled_from(["start", "end"]), st.integers(-1, 62)),
    st.tuples(st.just("undo"), st.none(), st.just(0)),
)


def standing(session: Session, ref: str) -> tuple:
    match = session.scalars(select(Match).where(Match.ref == ref).execution_options(populate_existing=True)).one()
    days = (match.decided_on, match.started_on, match.ended_on)
    marks = {step: row.on_day for step, row in match_marks.marked(session, match.id).items()}
    return match.state, days, match.reason, marks


def take(session: Session, ref: str, by: Actor, what: str, which: object, ago: int) -> None:
    version = session.scalars(select(Match.version).where(Match.ref == ref)).one()
    marks = standing(session, ref)[3]
    given: dict[str, object] = {"by": by}
    if what in ("record", "redate", "complete", "end_early", "start"):
        given["on"] = day(ago)
    if what in ("record", "take_back"):
        given["was"] = marks.get(which)
    if what in ("record", "take_back", "redate", "reopen"):
        given["why"] = WHY
    if what == "end_early":
        given["reason"] = Ending.OTHER
    act = life_undo.undo if what == "undo" else getattr(life, what)
    act(session, ref, version, *([which] if which else []), **given)


@settings(
    max_examples=15, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_random_steps_keep_the_days_in_order_and_an_undo_restores_what_stood(draft: Session, steps: list) -> None:
    with draft.begin_nested() as trial:
        cohort, group, cora = make.cohort(draft), make.group(draft), make.actor(draft)
        match = make.match(draft, cohort, make.mentor(draft, group), make.mentee(draft, group), days=80)
        ref = make.step(draft, match, MatchState.APPROVED, on_day=day(60)).ref
        before: tuple | None = None
        for what, which, ago in steps:
            stood = standing(draft, ref)
            try:
                with draft.begin_nested():
                    take(draft, ref, cora, what, which, ago)
            except ServiceError:  # a sentence, and nothing is changed; the database itself had nothing to refuse
                assert standing(draft, ref) == stood
                continue
            except DBAPIError as slipped:  # pragma: no cover
                pytest.fail(f"{what} reached the database: {slipped.orig}")
            state, (decided, started, ended), reason, marks = standing(draft, ref)
            known = [one for one in (decided, started, ended) if one]
            assert known == sorted(known)
            assert max([*known, *marks.values()]) <= make.today()
            met, agreed = marks.get(Mark.FIRST_MEETING), marks.get(Mark.AGREEMENT)
            assert not (met and agreed) or met <= agreed
            assert all(started <= one for one in (met, agreed) if one)
            assert all(one <= ended for one in marks.values() if ended)
            assert (reason is not None) is (state is MatchState.ENDED_EARLY)
            if what == "undo":
                assert standing(draft, ref) == before
                before = None
            else:
                before = stood
        trial.rollback()
