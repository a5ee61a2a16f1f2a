"""A choice whose mentor is promised to another moves that proposal too, as the card said, and takes it back whole."""

import pytest
from sqlalchemy import select

from db.models import Match, MatchState, Mentee, Mentor, OccupationalGroup
from services import alternatives, audit, overrides, reading, review, transaction
from services.access import OPERATOR
from services.errors import Conflict
from tests import make


class Queue:
    """Adaeze is proposed to Grant and Ngozi to Ida, who has one place; Per is free."""

    def __init__(self, *, spare: bool = True) -> None:
        with transaction() as session:
            self.cohort, group = make.cohort(session), make.group(session, "Engineering")
            self.cora, self.omar = make.actor(session, name="Cora Lindqvist"), make.actor(session, name="Omar Haddad")
            people = {"Grant": "Fraser", "Ida": "Holm"} | ({"Per": "Lund"} if spare else {})
            self.mentors = {
                first: make.mentor(session, group, first_name=first, last_name=last, capacity=1)
                for first, last in people.items()
            }
            self.mentees = {
                first: make.mentee(session, group, first_name=first, last_name="Okafor")
                for first in ("Adaeze", "Ngozi")
            }
            self.adaeze = make.match(session, self.cohort, self.mentors["Grant"], self.mentees["Adaeze"]).ref
            self.ngozi = make.match(session, self.cohort, self.mentors["Ida"], self.mentees["Ngozi"]).ref

    def choose(self, name: str) -> review.Decision:
        with transaction() as session:
            version = session.scalar(select(Match.version).where(Match.ref == self.adaeze))
            return overrides.choose(session, self.adaeze, version, self.mentors[name].ref, by=self.cora)

    def cost(self, name: str) -> alternatives.Cost | None:
        with reading() as session:
            return alternatives.cost(session, self.adaeze, self.mentors[name].ref, by=self.cora)

    def pending(self) -> dict[str, str]:
        """Mentee and mentor of each proposal, by first name."""
        mentees = {person.id: name for name, person in self.mentees.items()}
        mentors = {person.id: name for name, person in self.mentors.items()}
        with reading() as session:
            open_ = session.scalars(select(Match).where(Match.state == MatchState.PROPOSED))
            return {mentees[match.mentee_id]: mentors[match.mentor_id] for match in open_}


def test_whose_place_is_taken_is_proposed_where_the_plan_puts_them(any_desk: str) -> None:
    queue = Queue()
    assert [move.partition(" ")[0] for move in queue.cost("Ida").moves] == ["Ngozi"]
    queue.choose("Ida")
    assert queue.pending() in ({"Adaeze": "Ida", "Ngozi": "Per"}, {"Adaeze": "Ida", "Ngozi": "Grant"})


def test_where_the_plan_has_no_room_for_all_the_card_says_who_would_be_left(any_desk: str) -> None:
    queue = Queue(spare=False)
    with transaction() as session:
        grant = session.get_one(Mentor, queue.mentors["Grant"].id)
        grant.limit_years_from, grant.limit_years_to = 0, 20
        session.get_one(Mentee, queue.mentees["Ngozi"].id).years_experience = 30
        audit.record(session, OPERATOR, "made for a test", "mentor")
    cost = queue.cost("Ida")
    assert (cost.sentence, cost.matched_change) == ("Ngozi Okafor unmatched", -1)
    queue.choose("Ida")
    assert queue.pending() == {"Adaeze": "Ida"}


def test_nobody_moves_for_a_place_that_is_free(any_desk: str) -> None:
    queue = Queue()
    with transaction() as session:
        grant = session.get_one(Mentor, queue.mentors["Grant"].id)
        grant.limit_years_from, grant.limit_years_to = 0, 20
        # Tomas waits, and a plan of all would give him Ida and move Ngozi to Grant.
        make.mentee(session, session.get_one(OccupationalGroup, grant.group_id), years_experience=30)
    queue.choose("Per")
    assert queue.pending() == {"Adaeze": "Per", "Ngozi": "Ida"}


def test_a_pair_chosen_against_a_rule_stays_and_does_not_bar_other_choices(any_desk: str) -> None:
    queue = Queue()
    with transaction() as session:
        ida = session.get_one(Mentor, queue.mentors["Ida"].id)
        ida.limit_years_from, ida.limit_years_to = 20, 30
        session.scalars(select(Match).where(Match.ref == queue.ngozi)).one().override_reason = "They share a field"
        group = session.get_one(OccupationalGroup, ida.group_id)
        liwei = make.mentee(session, group, first_name="Liwei", last_name="Zhang")
        make.match(session, queue.cohort, queue.mentors["Per"], liwei)
    queue.mentees["Liwei"] = liwei
    queue.choose("Per")
    assert queue.pending() == {"Adaeze": "Per", "Ngozi": "Ida", "Liwei": "Grant"}


def test_one_undo_takes_the_whole_choice_back(any_desk: str) -> None:
    queue = Queue()
    before = queue.pending()
    queue.choose("Ida")
    with transaction() as session:
        said = review.undo(session, by=queue.cora)
    assert said.match_ref == queue.adaeze
    assert queue.pending() == before
    with reading() as session:
        assert review.undoable(session, by=queue.cora) is None


def test_what_was_decided_on_a_moved_proposal_keeps_the_choice_from_being_undone(desk: str) -> None:
    queue = Queue()
    queue.choose("Ida")
    with transaction() as session:
        moved = session.scalars(
            select(Match).where(Match.mentee_id == queue.mentees["Ngozi"].id, Match.state == MatchState.PROPOSED)
        ).one()
        review.approve(session, moved.ref, moved.version, by=queue.omar)
    with pytest.raises(Conflict, match="can no longer be undone"), transaction() as session:
        review.undo(session, by=queue.cora)
    assert queue.pending() == {"Adaeze": "Ida"}


def test_a_choice_made_after_the_other_was_decided_is_refused_whole(desk: str) -> None:
    queue = Queue()
    with transaction() as session:
        review.approve(session, queue.ngozi, 1, by=queue.omar)
    assert queue.cost("Ida") is None
    with pytest.raises(Conflict, match="Ida Holm has no free place: the place is held by Ngozi Okafor"):
        queue.choose("Ida")
    assert queue.pending() == {"Adaeze": "Grant"}
