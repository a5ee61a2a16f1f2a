"""A pair that looks like one person and is two: said once, taken back, carried along by a merge."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Mentor, Role, TrailEntry, TwoPeople
from services import clock, people_duplicates, people_merge, reading, transaction, two_people
from services.access import OPERATOR, Actor
from services.errors import Conflict, Invalid, NotAllowed
from tests import make
from tests.board import Board, day

FRASER = {"first_name": "Grace", "last_name": "Fraser"}


class Three:
    """Three mentors of one name, and a mentee of it."""

    def __init__(self) -> None:
        with transaction() as session:
            make.cohort(session)
            group = make.group(session, "Engineering")
            self.cora = make.actor(session, name="Cora Lindqvist")
            self.mentors = [make.mentor(session, group, **FRASER) for _ in range(3)]
            self.mentee = make.mentee(session, group, **FRASER)
            self.one, self.two, self.three = (mentor.ref for mentor in self.mentors)

    def mark(self, one: str, other: str, by: Actor | None = None) -> str:
        with transaction() as session:
            return two_people.mark(session, one, other, by=by or self.cora).sentence

    def take_back(self, one: str, other: str) -> str:
        with transaction() as session:
            return two_people.take_back(session, one, other, by=self.cora).sentence

    def merge(self, keep: str, other: str) -> None:
        with transaction() as session:
            seen = people_merge.preview(session, keep, other, by=self.cora).seen
            people_merge.merge(session, keep, other, by=self.cora, stays={}, capacity=9, seen=seen)

    def likely(self) -> set[frozenset[str]]:
        with reading() as session:
            found = people_duplicates.likely(session, by=self.cora)
        return {frozenset(pair) for pair in zip(found["ref"], found["other_ref"], strict=True)}

    def apart(self) -> set[frozenset[str]]:
        with reading() as session:
            found = people_duplicates.told_apart(session, by=self.cora)
        return {frozenset(pair) for pair in zip(found["ref"], found["other_ref"], strict=True)}


@pytest.fixture
def three(any_desk: str) -> Three:
    return Three()


def test_two_people_are_no_likely_pair_until_it_is_taken_back(three: Three) -> None:
    pairs = {frozenset(pair) for pair in ((three.one, three.two), (three.one, three.three), (three.two, three.three))}
    assert three.likely() == pairs
    assert three.mark(three.two, three.one) == (
        "The two entries of Grace Fraser are marked as two people, and no likely pair any more."
    )
    marked = frozenset((three.one, three.two))
    assert (three.likely(), three.apart()) == (pairs - {marked}, {marked})
    with transaction() as session:
        seen = people_merge.preview(session, three.one, three.two, by=three.cora).apart
        today = clock.today("America/Toronto")
    assert seen == f"on {today.day} {today:%B %Y} by Cora Lindqvist"
    three.take_back(three.one, three.two)
    assert (three.likely(), three.apart()) == (pairs, set())


def test_the_mark_stands_in_the_trail_without_a_name(three: Three) -> None:
    three.mark(three.one, three.two)
    three.take_back(three.one, three.two)
    with reading() as session:
        entries = list(session.scalars(select(TrailEntry).where(TrailEntry.entity == "two_people")))
    assert [entry.action for entry in entries] == ["marked as two people", "mark taken back"]
    assert entries[0].detail == {"kind": "mentor", "one": three.mentors[0].id, "other": three.mentors[1].id}


def test_it_is_said_once_and_of_two_of_one_kind(three: Three) -> None:
    three.mark(three.one, three.two)
    with pytest.raises(Conflict, match="marked as two people already"):
        three.mark(three.two, three.one)
    with pytest.raises(Conflict, match="not marked as two people any more"):
        three.take_back(three.one, three.three)
    with pytest.raises(Invalid, match="the same entry"):
        three.mark(three.one, three.one)
    with pytest.raises(Invalid, match="A mentor and a mentee stay two"):
        three.mark(three.one, three.mentee.ref)
    with reading() as session:
        assert len(list(session.scalars(select(TwoPeople)))) == 1


def test_only_a_coordinator_may(three: Three) -> None:
    for role in set(Role) - {Role.COORDINATOR}:
        with transaction() as session:
            by = make.actor(session, role=role)
        with pytest.raises(NotAllowed):
            three.mark(three.one, three.two, by)
        with pytest.raises(NotAllowed), reading() as session:
            people_duplicates.told_apart(session, by=by)
        with pytest.raises(NotAllowed), transaction() as session:
            two_people.take_back(session, three.one, three.two, by=by)
    assert three.mark(three.one, three.two, OPERATOR)


def test_who_was_told_apart_from_an_entry_stays_so_when_it_is_merged_away(three: Three) -> None:
    three.mark(three.one, three.three)
    three.merge(three.two, three.three)
    assert (three.likely(), three.apart()) == (set(), {frozenset((three.one, three.two))})


def test_of_two_marks_that_become_one_pair_one_stays(three: Three) -> None:
    three.mark(three.one, three.two)
    three.mark(three.one, three.three)
    three.merge(three.two, three.three)
    assert three.apart() == {frozenset((three.one, three.two))}


def test_the_mark_of_two_who_are_merged_all_the_same_is_gone(three: Three) -> None:
    three.mark(three.one, three.two)
    three.merge(three.two, three.one)
    assert three.apart() == set()


def test_the_database_keeps_a_pair_once_and_of_one_kind(draft: Session) -> None:
    board = Board(draft)
    first, second, mentee = board.mentor(), board.mentor(), board.mentee()
    pair = {"mentor_id": first, "other_mentor_id": second}
    at = f"{day(0)} 04:00:00.000000"
    board.insert("two_people", **pair, marked_at=at)
    for wrong in (
        pair,
        {"mentor_id": second, "other_mentor_id": first},
        {"mentor_id": first, "other_mentee_id": mentee},
        {"mentor_id": first},
        {},
    ):
        with board.refused("(?i)unique|check"):
            board.insert("two_people", **wrong, marked_at=at)


def test_names_that_lost_their_letters_are_no_sign_of_one_person(three: Three) -> None:
    with transaction() as session:
        group_id = session.scalars(select(Mentor.group_id)).first()
        for mail in ("a@x.example", "b@x.example"):
            session.add(Mentor(first_name="David", last_name="????", email=mail, email_key=mail, group_id=group_id))
        make.group(session)
    assert len(three.likely()) == 3


def test_no_two_pairs_of_the_list_read_the_same(three: Three) -> None:
    with transaction() as session:
        group_id = session.scalars(select(Mentor.group_id)).first()
        for mail in ("a@x.example", "b@x.example", "a@y.example", "b@y.example"):
            session.add(Mentor(first_name="Omar", last_name="Haddad", email=mail, email_key=mail, group_id=group_id))
        make.group(session)
    with reading() as session:
        found = people_duplicates.likely(session, by=three.cora)
    assert len(found) == 3 + 6
    said = ["name", "other", "why", "mail", "other_mail", "since", "home", "group", "kind"]
    assert not found.duplicated(said).any()
