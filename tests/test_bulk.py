"""One answer to many matches: the preview is what happens, one undo takes it back, and conflicts are named."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db.models import (
    CheckIn,
    Contact,
    Health,
    Mark,
    Match,
    MatchMark,
    MatchState,
    MatchTransition,
    Mode,
    Role,
    TrailEntry,
)
from services import bulk, clock, reading, review, transaction, watch
from services.access import Actor
from services.deciding import Answer, Kind
from services.errors import Conflict, Invalid, NotAllowed
from tests import make

APPROVE = Answer(Kind.APPROVE)
REASON = "Mentor has no time now"
DECLINE = Answer(Kind.DECLINE, reason=REASON)
FIRST_NAMES = ("Adaeze", "Liwei", "Elif", "Tomás")


def tomorrow(days: int = 1) -> dt.date:
    return make.today() + dt.timedelta(days=days)


class Desk:
    """Four proposals and two coordinators."""

    def __init__(self) -> None:
        with transaction() as session:
            self.cohort, group = make.cohort(session), make.group(session, "Engineering")
            self.cora, self.omar = make.actor(session, name="Cora Lindqvist"), make.actor(session, name="Omar Haddad")
            self.refs = [
                make.match(session, self.cohort, make.mentor(session, group), _mentee(session, group, name), days=d).ref
                for name, d in zip(FIRST_NAMES, (40, 30, 20, 3), strict=True)
            ]

    def matches(self) -> list[Match]:
        with reading() as session:
            found = {match.ref: match for match in session.scalars(select(Match))}
        return [found[ref] for ref in self.refs]

    def states(self) -> list[str]:
        return [match.state.value for match in self.matches()]

    def chosen(self) -> dict[str, int]:
        return {match.ref: match.version for match in self.matches()}

    def carry_out(self, answer: Answer, chosen: dict[str, int] | None = None, by: Actor | None = None) -> bulk.Bulk:
        with transaction() as session:
            return bulk.carry_out(session, answer, chosen or self.chosen(), by=by or self.cora)

    def undo(self) -> review.Decision:
        with transaction() as session:
            return review.undo(session, by=self.cora)


def _mentee(session: Session, group: object, name: str) -> object:
    return make.mentee(session, group, first_name=name, last_name="Okafor")


@pytest.fixture
def four(any_desk: str) -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (APPROVE, "active"),
        (Answer(Kind.APPROVE, ask_mentor=True), "approved"),
        (Answer(Kind.HOLD, until=tomorrow(5)), "on_hold"),
        (DECLINE, "declined"),
    ],
)
def test_one_answer_is_given_to_all_and_one_undo_takes_all_back(four: Desk, answer: Answer, state: str) -> None:
    before = four.matches()
    done = four.carry_out(answer)
    assert four.states() == [state] * 4
    assert list(done.happens["ref"]) == four.refs
    with reading() as session:
        assert review.undoable(session, by=four.cora) == "4 decisions made at once"
        assert review.undoable(session, by=four.omar) is None
    assert four.undo().sentence == "Undone: 4 matches are pending again."
    for was, now in zip(before, four.matches(), strict=True):
        assert (was.state, was.decided_on, was.hold_until) == (now.state, now.decided_on, now.hold_until)
    with reading() as session:
        assert review.undoable(session, by=four.cora) is None


def test_each_match_has_its_row_in_the_trail_and_its_steps_share_a_moment(four: Desk) -> None:
    four.carry_out(DECLINE)
    with reading() as session:
        rows = session.scalars(select(TrailEntry).where(TrailEntry.action == "match declined")).all()
        assert {row.entity_id for row in rows} == {match.id for match in four.matches()}
        assert {row.detail["together"] for row in rows} == {4}
        steps = session.scalars(select(MatchTransition).where(MatchTransition.to_state == MatchState.DECLINED)).all()
        assert len({step.at for step in steps}) == 1


def test_a_match_decided_in_between_is_named_with_who_and_when_and_the_rest_stands(four: Desk) -> None:
    chosen = four.chosen()
    with transaction() as session:
        review.decline(session, four.refs[1], 1, by=four.omar, reason=REASON, never_again=False)
    done = four.carry_out(APPROVE, chosen)
    assert four.states() == ["active", "declined", "active", "active"]
    assert "Three matches approved. Left out Liwei Okafor" in done.sentence
    assert "Omar Haddad declined this match at" in done.sentence
    four.undo()
    assert four.states() == ["proposed", "declined", "proposed", "proposed"]


def test_what_one_answer_does_not_fit_is_left_out_with_the_reason(four: Desk) -> None:
    with transaction() as session:
        review.hold(session, four.refs[0], 1, by=four.omar, until=tomorrow(9))
        review.approve(session, four.refs[1], 1, by=four.omar, ask_mentor=True)
        mentee = session.scalars(select(Match).where(Match.ref == four.refs[2])).one().mentee_id
        session.get_one(make.Mentee, mentee).withdrawn_on = make.today()
        make.audit.record(session, make.OPERATOR, "made for a test", "mentee")
    done = four.carry_out(APPROVE)
    why = dict(zip(done.left_out["ref"], done.left_out["why"], strict=True))
    assert why[four.refs[0]].startswith("It is on hold until ")
    assert why[four.refs[1]] == "It is approved already and awaits the mentor."
    assert why[four.refs[2]].startswith("Elif Okafor withdrew on ")
    assert four.states() == ["on_hold", "approved", "proposed", "active"]


def test_when_nothing_is_left_nothing_is_stored_and_all_is_named(four: Desk) -> None:
    chosen = four.chosen()
    four.carry_out(DECLINE, by=four.omar)
    with pytest.raises(Conflict, match=r"No matches approved\. Left out Adaeze Okafor .* Omar Haddad declined"):
        four.carry_out(APPROVE, chosen)


def test_what_has_been_built_on_stays_and_the_rest_is_taken_back(four: Desk) -> None:
    four.carry_out(APPROVE)
    with transaction() as session:
        met, marked = four.matches()[2:]
        day = make.today()
        make._keep(
            session, CheckIn(match_id=met.id, on_day=day, contact=Contact.BOTH, mode=Mode.PHONE, health=Health.GOOD)
        )
        make._keep(session, MatchMark(match_id=marked.id, step=Mark.ORIENTATION, seq=1, on_day=day, at=clock.now()))
    said = four.undo().sentence
    assert said.startswith("Undone: 2 matches are pending again. Elif Okafor")
    assert "A check-in was already recorded" in said
    assert "A step of this match is recorded already" in said
    assert four.states() == ["proposed", "proposed", "active", "active"]


def test_a_declined_match_whose_mentee_was_proposed_elsewhere_stays_declined(four: Desk) -> None:
    four.carry_out(DECLINE)
    with transaction() as session:
        match = session.scalars(select(Match).where(Match.ref == four.refs[0])).one()
        mentee, group = session.get_one(make.Mentee, match.mentee_id), match.group_id
        other = make.mentor(session, session.get_one(make.OccupationalGroup, group))
        make.match(session, four.cohort, other, mentee)
    assert "Adaeze Okafor" in four.undo().sentence
    assert four.states() == ["declined", "proposed", "proposed", "proposed"]


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (Answer(Kind.HOLD, until=tomorrow(0)), "later day"),
        (Answer(Kind.HOLD), "later day"),
        (Answer(Kind.DECLINE, reason="because"), "reason from the list"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_before_anything_happens(
    four: Desk, answer: Answer, what: str
) -> None:
    with pytest.raises(Invalid, match=what):
        four.carry_out(answer)
    with pytest.raises(Invalid, match=what), reading() as session:
        bulk.preview(session, answer, four.chosen(), by=four.cora)
    assert four.states() == ["proposed"] * 4


def test_more_than_anybody_looks_through_is_refused(session: Session) -> None:
    many = {f"{number:016x}": 1 for number in range(bulk.MOST + 1)}
    with pytest.raises(Invalid, match="Choose 200 or fewer"):
        bulk.preview(session, APPROVE, many, by=make.actor(session))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_answer_many(session: Session, role: Role) -> None:
    actor = make.actor(session, role)
    for what in (bulk.preview, bulk.carry_out):
        with pytest.raises(NotAllowed):
            what(session, APPROVE, {}, by=actor)


#: What happened to a match before the preview, and between it and the click.
happened = st.sampled_from(["nothing", "held", "hold over", "approved", "awaits mentor", "declined", "withdrawn"])
answers = st.sampled_from(
    [APPROVE, Answer(Kind.HOLD, until=tomorrow(9)), DECLINE, Answer(Kind.APPROVE, ask_mentor=True)]
)


def live(session: Session, match: Match, what: str, by: Actor) -> None:
    if what in ("held", "hold over"):
        make.step(session, match, MatchState.ON_HOLD, hold_until=tomorrow(9 if what == "held" else 0))
    elif what in ("approved", "awaits mentor"):
        review.approve(session, match.ref, match.version, by=by, ask_mentor=what != "approved")
    elif what == "declined":
        review.decline(session, match.ref, match.version, by=by, reason=REASON, never_again=False)
    elif what == "withdrawn":
        session.get_one(make.Mentor, match.mentor_id).withdrawn_on = make.today()
        session.flush()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(befores=st.lists(happened, min_size=1, max_size=6), answer=answers)
def test_what_the_preview_lists_is_what_happens(drafting_engine: Engine, befores: list[str], answer: Answer) -> None:
    with Session(drafting_engine) as session:
        cohort, group, omar = make.cohort(session), make.group(session), make.actor(session)
        matches = [
            make.match(session, cohort, make.mentor(session, group), make.mentee(session, group)) for _ in befores
        ]
        for match, what in zip(matches, befores, strict=True):
            live(session, match, what, omar)
        chosen = {match.ref: match.version for match in matches}
        was = {match.ref: (match.state, match.hold_until) for match in matches}
        said = bulk.preview(session, answer, chosen, by=omar)
        assert {*said.happens["ref"], *said.left_out["ref"]} == set(chosen)
        try:
            done = bulk.carry_out(session, answer, chosen, by=omar)
        except Conflict:
            assert said.happens.empty
            done = said
        assert said.happens.equals(done.happens)
        assert said.left_out.equals(done.left_out)
        for match in matches:
            session.refresh(match)
            moved = (match.state, match.hold_until) != was[match.ref]
            assert moved == (match.ref in set(said.happens["ref"])), match.state


def test_a_pulse_changes_with_every_step_and_with_the_day(desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    four = Desk()

    def pulse() -> watch.Pulse:
        with reading() as session:
            programme = four.cohort.programme_id
            return watch.pulse(session, by=four.cora, programme_id=programme, match_ref=four.refs[0])

    first = pulse()
    assert pulse() == first
    with transaction() as session:
        review.approve(session, four.refs[1], 1, by=four.omar)
    second = pulse()
    assert second != first
    assert second.version == first.version
    later = clock.now() + dt.timedelta(days=1)
    with transaction() as session:  # the sign-in must outlive the day
        session.query(make.LoginSession).update({"expires_at": later + dt.timedelta(days=2)})
        make.audit.record(session, make.OPERATOR, "made for a test", "login")
    monkeypatch.setattr(clock, "now", lambda: later)
    assert pulse() != second


def test_news_are_told_of_others_and_not_of_oneself(desk: str) -> None:
    four = Desk()
    with transaction() as session:
        review.approve(session, four.refs[0], 1, by=four.omar)
    with reading() as session:
        assert watch.news(session, four.refs[0], 1, by=four.cora).startswith("Omar Haddad approved this match at ")
        assert watch.news(session, four.refs[0], 1, by=four.omar) is None
        assert watch.news(session, four.refs[1], 1, by=four.cora) is None
