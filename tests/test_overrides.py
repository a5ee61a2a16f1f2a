"""Choosing another mentor than the one proposed: what it stores, what it refuses, and how it is taken back."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select

from db.models import Match, MatchState, Mentee, Mentor, Role, TrailEntry
from services import alternatives, overrides, people_edit, reading, review, transaction, weights
from services.engine.fit import Weights
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import make

WHY = "They trained at one college"


class Desk:
    """A proposal of Adaeze with Grant, two coordinators, and whoever a test adds."""

    def __init__(self) -> None:
        with transaction() as session:
            self.cohort = make.cohort(session)
            self.group, self.law = make.group(session, "Engineering"), make.group(session, "Law")
            self.cora, self.omar = make.actor(session, name="Cora Lindqvist"), make.actor(session, name="Omar Haddad")
            self.grant = make.mentor(session, self.group, first_name="Grant", last_name="Fraser")
            self.mentee = make.mentee(session, self.group, first_name="Adaeze", last_name="Okafor")
            self.ref = make.match(session, self.cohort, self.grant, self.mentee, days=9).ref

    def mentor(self, **given) -> Mentor:
        with transaction() as session:
            return make.mentor(session, given.pop("group", self.group), first_name="Ida", last_name="Holm", **given)

    def holds(self, mentor: Mentor, first_name: str) -> Match:
        with transaction() as session:
            mentee = make.mentee(session, self.group, first_name=first_name, last_name="Bello")
            return make.match(session, self.cohort, mentor, mentee)

    def choose(self, mentor: Mentor | str, by=None, version=None, reason="") -> review.Decision:
        ref = mentor if isinstance(mentor, str) else mentor.ref
        with transaction() as session:
            now = session.scalar(select(Match.version).where(Match.ref == self.ref))
            return overrides.choose(session, self.ref, version or now, ref, by=by or self.cora, reason=reason)

    def against(self, mentor: Mentor):
        with reading() as session:
            return overrides.objections(session, self.ref, mentor.ref, by=self.cora)

    def match(self, ref: str) -> Match:
        with reading() as session:
            return session.scalars(select(Match).where(Match.ref == ref)).one()

    def states(self) -> list[str]:
        with reading() as session:
            return [state.value for state in session.scalars(select(Match.state).order_by(Match.id))]

    def undo(self, by=None) -> review.Decision:
        with transaction() as session:
            return review.undo(session, by=by or self.cora)


@pytest.fixture
def one(any_desk: str) -> Desk:
    return Desk()


@pytest.fixture
def quick(desk: str) -> Desk:
    return Desk()


def test_the_chosen_pair_is_pending_and_the_proposal_is_declined(one: Desk) -> None:
    ida = one.mentor()
    said = one.choose(ida)
    new, old = one.match(said.match_ref), one.match(one.ref)
    assert said.sentence == "Chose Ida Holm for Adaeze Okafor instead of Grant Fraser."
    assert (new.state, new.mentor_id, new.mentee_id, new.version) == (MatchState.PROPOSED, ida.id, one.mentee.id, 1)
    assert (old.state, old.reason, old.never_again) == (MatchState.DECLINED, overrides.CHOSE, False)
    assert (new.override_reason, new.weights_version, new.proposed_by_id) == (None, 1, one.cora.account_id)
    assert new.fit > 0
    assert "Occupation" in [criterion["name"] for criterion in new.fit_detail["criteria"]]


def test_a_rule_that_may_be_set_aside_needs_a_reason_of_a_few_words_which_stays_with_the_pair(one: Desk) -> None:
    ida = one.mentor(group=one.law)
    assert one.against(ida) == [("group", "Ida Holm is in Law, Adaeze Okafor in Engineering.", True)]
    for short in ("", "  ", "Same field"):
        with pytest.raises(Invalid, match=r"Ida Holm is in Law, .* Say in a few words why"):
            one.choose(ida, reason=short)
    assert one.states() == ["proposed"]
    new = one.match(one.choose(ida, reason=f"  {WHY}\n").match_ref)
    assert (new.override_reason, new.group_id) == (WHY, one.group.id)


def test_the_pair_is_stored_under_the_weights_in_use(quick: Desk) -> None:
    with transaction() as session:
        policy = dataclasses.replace(Weights(), record=500)
        weights.save(session, policy, by=quick.cora, programme_id=quick.cohort.programme_id, note="Experience first")
    assert quick.match(quick.choose(quick.mentor()).match_ref).weights_version == 2


def test_a_reason_without_a_broken_rule_is_not_kept(quick: Desk) -> None:
    assert quick.match(quick.choose(quick.mentor(), reason=WHY).match_ref).override_reason is None


def change_occupation(one: Desk, mentee: Mentee) -> None:
    with transaction() as session:
        seen = people_edit.editable(session, mentee.ref, by=one.cora).values
        given = {**seen, "group": "Law"}
        people_edit.edit(session, mentee.ref, given, seen=seen, by=one.cora, across=WHY)


def test_a_mentee_who_changed_occupation_meanwhile_can_still_get_another_mentor(one: Desk) -> None:
    ida, lawyer = one.mentor(), one.mentor(group=one.law)
    with transaction() as session:
        make.mentee(session, one.group)  # someone else waits in the occupation that was left
    change_occupation(one, one.mentee)
    with reading() as session:
        others = alternatives.other_mentors(session, one.ref, by=one.cora)
        costs = [alternatives.cost(session, one.ref, mentor.ref, by=one.cora) for mentor in (ida, lawyer)]
    assert costs == [alternatives.Cost("Nobody else affected", (), 0)] * 2
    assert list(others["mentor_ref"]) == [lawyer.ref]
    new = one.match(one.choose(lawyer).match_ref)
    assert (new.mentor_id, new.group_id, new.override_reason) == (lawyer.id, one.law.id, None)
    one.undo()
    assert one.states() == ["proposed", "void"]


def test_a_place_held_across_occupations_is_not_offered_to_another(one: Desk) -> None:
    ida = one.mentor(capacity=1)
    held = one.holds(ida, "Ngozi")
    with reading() as session:
        ngozi = session.get_one(Mentee, held.mentee_id)
    change_occupation(one, ngozi)
    with pytest.raises(Conflict, match=r"Ida Holm has no free place: the place is held by Ngozi Bello \(proposed\)"):
        one.choose(ida, reason=WHY)


def test_a_full_mentor_is_refused_with_who_holds_the_places(one: Desk) -> None:
    ida = one.mentor(capacity=2)
    held, approved = one.holds(ida, "Ngozi"), one.holds(ida, "Tomas")
    with transaction() as session:
        review.hold(session, held.ref, 1, by=one.cora, until=make.today() + dt.timedelta(days=3))
        make.step(session, session.get_one(Match, approved.id), MatchState.APPROVED)
    said = "Ida Holm has no free place: the 2 places are held by Ngozi Bello (on hold) and Tomas Bello (approved)."
    assert one.against(ida) == [("no_free_place", said, False)]
    with pytest.raises(Conflict, match=r"held by Ngozi Bello \(on hold\) and Tomas.*Choose another mentor\."):
        one.choose(ida, reason=WHY)
    assert one.states() == ["proposed", "on_hold", "approved"]


def test_a_pair_declined_for_good_stays_apart_whatever_the_reason(one: Desk) -> None:
    ida = one.mentor()
    with transaction() as session:
        session.add(one.mentee)
        other = make.programme(session)
        before = make.match(session, make.cohort(session, other), ida, one.mentee)
        make.step(session, before, MatchState.DECLINED, reason="They know each other", never_again=True)
    with pytest.raises(Conflict, match="declined for good"):
        one.choose(ida, reason=WHY)


def test_declined_for_good_stands_whatever_happened_to_the_pair_later(quick: Desk) -> None:
    ida = quick.mentor()
    with transaction() as session:
        session.add(quick.mentee)
        cohorts = [make.cohort(session, make.programme(session)) for _ in range(2)]
        first, second = (make.match(session, cohort, ida, quick.mentee) for cohort in cohorts)
        make.step(session, second, MatchState.DECLINED, reason="They know each other")
        make.step(session, first, MatchState.DECLINED, reason="They know each other", never_again=True)
    assert quick.against(ida) == [("never_again", "Adaeze Okafor with Ida Holm was declined for good.", False)]


def test_a_mentor_who_declined_before_can_be_asked_again_with_a_reason(quick: Desk) -> None:
    ida = quick.mentor()
    quick.choose(ida)
    with transaction() as session:
        asked = session.scalars(select(Match).where(Match.mentor_id == ida.id)).one()
        review.approve(session, asked.ref, 1, by=quick.cora, ask_mentor=True)
        review.mentor_declined(session, asked.ref, 2, by=quick.cora, reason="On leave until May")
        quick.ref = make.match(session, quick.cohort, quick.grant, quick.mentee).ref
    said = "Adaeze Okafor with Ida Holm was declined by the mentor."
    assert quick.against(ida) == [("before", said, True)]
    quick.choose(ida, reason="Her leave is over")
    assert quick.states() == ["declined", "declined_by_mentor", "declined", "proposed"]


@pytest.mark.parametrize("who", ["withdrawn", "same", "nobody"])
def test_nobody_is_chosen_who_is_gone_or_proposed_already(quick: Desk, who: str) -> None:
    mentor, refused, said = {
        "withdrawn": (quick.mentor(withdrawn_on=make.today()), Conflict, "is withdrawn as of"),
        "same": (quick.grant, Invalid, "Grant Fraser is the mentor proposed already"),
        "nobody": ("0000000000000000", NotFound, "no such mentor"),
    }[who]
    with pytest.raises(refused, match=said):
        quick.choose(mentor, reason=WHY)
    assert quick.states() == ["proposed"]


def test_whoever_chooses_second_is_told_who_was_first(one: Desk) -> None:
    ida = one.mentor()
    one.choose(ida, by=one.omar)
    with pytest.raises(Conflict, match="Omar Haddad declined this match at"):
        one.choose(ida, version=1)
    assert one.states() == ["declined", "proposed"]


@pytest.mark.parametrize("days_held", [0, 5])
def test_an_undone_choice_brings_the_proposal_back_as_it_was(one: Desk, days_held: int) -> None:
    if days_held:
        with transaction() as session:
            until = make.today() + dt.timedelta(days=days_held)
            review.hold(session, one.ref, 1, by=one.cora, until=until)
    before = one.match(one.ref)
    one.choose(one.mentor(group=one.law), reason=WHY)
    said = one.undo()
    after = one.match(one.ref)
    assert said.match_ref == one.ref
    assert one.states() == [before.state.value, "void"]
    for field in ("state", "hold_until", "decided_on", "never_again"):
        assert getattr(after, field) == getattr(before, field), field
    with reading() as session:
        assert review.undoable(session, by=one.cora) is None


def test_what_was_decided_on_the_chosen_pair_is_undone_first(one: Desk) -> None:
    new = one.choose(one.mentor()).match_ref
    with transaction() as session:
        review.approve(session, new, 1, by=one.cora)
    assert one.undo().match_ref == new
    assert one.states() == ["declined", "proposed"]
    assert one.undo().match_ref == one.ref
    assert one.states() == ["proposed", "void"]


def test_a_choice_on_which_another_has_built_is_not_undone(one: Desk) -> None:
    new = one.choose(one.mentor()).match_ref
    with transaction() as session:
        review.approve(session, new, 1, by=one.omar)
    with pytest.raises(Conflict, match="Omar Haddad approved this match"):
        one.undo()
    assert one.states() == ["declined", "active"]


def test_a_proposal_whose_mentor_was_filled_meanwhile_does_not_come_back(one: Desk) -> None:
    with transaction() as session:
        session.get_one(Mentor, one.grant.id).capacity = 1
        make.audit.record(session, make.OPERATOR, "made for a test", "mentor")
    one.choose(one.mentor())
    one.holds(one.grant, "Ngozi")
    with pytest.raises(Conflict, match="no free place any more"):
        one.undo()
    assert one.states() == ["declined", "proposed", "proposed"]


def test_a_choice_leaves_its_trail_without_names_or_the_reason(quick: Desk) -> None:
    new = quick.match(quick.choose(quick.mentor(group=quick.law), reason=WHY).match_ref)
    with reading() as session:
        old = session.scalar(select(Match.id).where(Match.ref == quick.ref))
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    assert (last.action, last.entity_id, last.detail) == (
        "mentor chosen",
        new.id,
        {"instead_of": old, "overridden": ["group"]},
    )


def test_everyone_else_of_the_group_can_be_chosen_and_other_groups_on_demand(quick: Desk) -> None:
    ida, full, lawyer = quick.mentor(years_experience=12), quick.mentor(capacity=1), quick.mentor(group=quick.law)
    quick.holds(full, "Ngozi")
    quick.mentor(withdrawn_on=make.today())
    with reading() as session:
        here = overrides.candidates(session, quick.ref, by=quick.cora)
        there = overrides.candidates(session, quick.ref, by=quick.cora, other_groups=True)
    assert set(here["mentor_ref"]) == {ida.ref, full.ref}
    assert dict(zip(here["mentor_ref"], here["free"], strict=True)) == {ida.ref: 2, full.ref: 0}
    assert there[["mentor_ref", "group"]].to_numpy().tolist() == [[lawyer.ref, "Law"]]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COACH, Role.PRESENTER, Role.ADMINISTRATOR])
def test_only_coordinators_look_and_choose(quick: Desk, role: Role) -> None:
    ida = quick.mentor()
    with transaction() as session:
        other = make.actor(session, role)
    with pytest.raises(NotAllowed):
        quick.choose(ida, by=other)
    with pytest.raises(NotAllowed), reading() as session:
        overrides.objections(session, quick.ref, ida.ref, by=other)
    with pytest.raises(NotAllowed), reading() as session:
        overrides.candidates(session, quick.ref, by=other)
