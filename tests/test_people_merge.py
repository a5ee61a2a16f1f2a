"""Two entries of one person become one: what stays, what moves, what stands in the way; no other hand does it."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.models import (
    OPEN,
    About,
    Attendance,
    Base,
    Event,
    EventKind,
    Finding,
    Match,
    MatchState,
    Mentee,
    Mentor,
    Outcome,
    OwnWords,
    PersonMerge,
    TrailEntry,
)
from services import clock, people_duplicates, people_merge, people_moves, people_profile, reading, transaction
from services.access import OPERATOR
from services.errors import Conflict, Invalid, ServiceError
from services.people_merge import BOTH, KEEP, OTHER, Both
from tests import make
from tests.board import ONE_OPEN, Board, day, path_to

NEVER = {"reason": "They know each other", "never_again": True}


class Two:
    """Two entries of one mentor and of one mentee, and somebody else of each."""

    def __init__(self) -> None:
        with transaction() as session:
            self.cohort, self.elsewhere = make.cohort(session), make.cohort(session)
            self.group, self.law = make.group(session, "Engineering"), make.group(session, "Law")
            self.cora = make.actor(session, name="Cora Lindqvist")
            named = {"first_name": "Grace", "last_name": "Fraser", "phone": "416 555 0101"}
            self.grace, self.gracie = (make.mentor(session, self.group, **named, capacity=2) for _ in range(2))
            named = {"first_name": "Adaeze", "last_name": "Okafor"}
            self.ada, self.adaeze = (make.mentee(session, self.group, **named) for _ in range(2))
            self.omar = make.mentor(session, self.group, first_name="Omar", last_name="Haddad", capacity=5)
            self.liwei = make.mentee(session, self.group, first_name="Liwei", last_name="Zhang")

    def match(
        self, mentor: Mentor, mentee: Mentee, *path: MatchState, last: dict[str, Any] | None = None, **on: Any
    ) -> str:
        with transaction() as session:
            match = make.match(session, on.pop("cohort", self.cohort), mentor, mentee, days=9, **on)
            for state in path:
                make.step(session, match, state, **(last or {}) if state is path[-1] else {})
            return match.ref

    def look(self, keep: Mentor | Mentee, other: Mentor | Mentee) -> Both:
        with transaction() as session:
            return people_merge.preview(session, keep.ref, other.ref, by=self.cora)

    def merge(self, keep: Mentor | Mentee, other: Mentor | Mentee, capacity: int = 0, **stays: str) -> str:
        seen = self.look(keep, other).seen
        with transaction() as session:
            return people_merge.merge(
                session, keep.ref, other.ref, by=self.cora, stays=stays, capacity=capacity, seen=seen
            ).sentence


@pytest.fixture
def two(any_desk: str) -> Two:
    return Two()


def test_the_other_entrys_matches_and_all_beside_them_move_and_its_link_leads_on(two: Two) -> None:
    first = two.match(two.omar, two.adaeze, MatchState.APPROVED, MatchState.ACTIVE, MatchState.COMPLETED)
    with transaction() as session:
        event = Event(
            cohort_id=two.cohort.id, kind=EventKind.WORKSHOP, name="Workshop", starts_at=clock.now(),
            ends_at=clock.now() + dt.timedelta(hours=1),
        )  # fmt: skip
        session.add(event)
        session.flush()
        session.add_all(
            [
                Attendance(event_id=event.id, mentee_id=two.ada.id, attended=False),
                Attendance(event_id=event.id, mentee_id=two.adaeze.id, attended=True),
                Outcome(mentee_id=two.adaeze.id, cohort_id=two.cohort.id, on_day=make.today(), finding=Finding.LOOKING),
                OwnWords(mentee_id=two.ada.id, about=About.GOAL, words="Bridges"),
                OwnWords(mentee_id=two.adaeze.id, about=About.GOAL, words="Bridges"),
                OwnWords(mentee_id=two.adaeze.id, about=About.GOAL, words="Dams"),
            ]
        )
        make.group(session)
    assert two.look(two.ada, two.adaeze).moves == (
        "One match with all steps, check-ins and meetings.",
        "One invitation, one which both have and stays once.",
        "Two remarks in own words, one which both have and stays once.",
        "One follow-up.",
    )
    assert two.merge(two.ada, two.adaeze) == "The two entries of Adaeze Okafor are one entry now."
    with transaction() as session:
        seen = people_profile.profile(session, two.adaeze.ref, by=two.cora)
        assert (seen.ref, seen.is_merged) == (two.ada.ref, True)
        assert [match.ref for match in seen.matches] == [first]
        assert [one.attended for one in session.scalars(select(Attendance))] == [True]
        assert sorted(session.scalars(select(OwnWords.words))) == ["Bridges", "Dams"]
        assert session.scalar(select(Outcome.mentee_id)) == two.ada.id
        assert session.get(Mentee, two.adaeze.id) is None
        (entry,) = session.scalars(select(TrailEntry).where(TrailEntry.action == "people merged"))
    assert (entry.entity_id, entry.detail["merged"], entry.detail["matches"]) == (two.ada.id, two.adaeze.id, 1)
    assert "Okafor" not in str(entry.detail)


def test_of_each_field_the_chosen_value_stays_and_the_address_too(two: Two) -> None:
    with transaction() as session:
        session.get_one(Mentor, two.grace.id).languages = ["English", "Gaelic"]
        gracie = session.get_one(Mentor, two.gracie.id)
        gracie.languages, gracie.title, gracie.capacity = ["English", "French"], "Planner", 4
        make.group(session)
    choices = {choice.field: choice for choice in two.look(two.grace, two.gracie).choices}
    assert (choices["title"].suggested, choices["languages"].suggested, choices["email"].suggested) == (
        OTHER,
        BOTH,
        KEEP,
    )
    two.merge(two.grace, two.gracie, capacity=4, title=OTHER, languages=BOTH, email=OTHER)
    with reading() as session:
        grace = session.get_one(Mentor, two.grace.id)
    assert (grace.title, grace.languages, grace.capacity) == ("Planner", ["English", "Gaelic", "French"], 4)
    assert (grace.email, grace.email_key) == (two.gracie.email, two.gracie.email_key)


def test_a_link_of_a_link_still_finds_the_person(two: Two) -> None:
    two.merge(two.grace, two.gracie)
    two.merge(two.omar, two.grace, email=KEEP)
    with transaction() as session:
        for old in (two.gracie, two.grace, two.omar):
            assert people_profile.profile(session, old.ref, by=two.cora).ref == two.omar.ref


def test_two_open_matches_of_one_mentee_in_a_programme_stand_in_the_way(two: Two) -> None:
    two.match(two.omar, two.ada)
    two.match(two.grace, two.adaeze)
    with pytest.raises(Conflict, match=r"one programme: Omar Haddad \(proposed\) and Grace Fraser \(proposed\)"):
        two.merge(two.ada, two.adaeze)


def test_open_matches_in_two_programmes_do_not(two: Two) -> None:
    two.match(two.omar, two.ada)
    two.match(two.grace, two.adaeze, cohort=two.elsewhere)
    two.merge(two.ada, two.adaeze)


def test_a_pair_declined_for_good_stays_so(two: Two) -> None:
    two.match(two.omar, two.ada, MatchState.DECLINED, last=NEVER)
    two.merge(two.ada, two.adaeze)
    with pytest.raises(Conflict, match="declined for good"):
        two.match(two.omar, two.ada)
    two.match(two.grace, two.liwei, MatchState.DECLINED, last=NEVER)
    two.match(two.gracie, two.liwei)
    with pytest.raises(Conflict, match="Liwei Zhang was declined for good with one of the two"):
        two.merge(two.grace, two.gracie, capacity=4)


def test_nobody_is_merged_into_a_match_with_themselves(two: Two) -> None:
    with transaction() as session:
        session.get_one(Mentee, two.liwei.id).email_key = two.gracie.email_key
        make.group(session)
    two.match(two.grace, two.liwei, MatchState.DECLINED, last={"reason": "other"})
    with pytest.raises(Conflict, match="match of one person with themselves"):
        two.merge(two.grace, two.gracie)


def test_places_occupation_and_withdrawal_of_the_entry_fit_its_open_matches(two: Two) -> None:
    two.match(two.grace, two.ada)
    two.match(two.gracie, two.liwei)
    with pytest.raises(Conflict, match="Together they hold 2 places"):
        two.merge(two.grace, two.gracie, capacity=1)
    with transaction() as session:
        session.get_one(Mentor, two.omar.id).group_id = two.law.id
        session.get_one(Mentor, two.omar.id).withdrawn_on = make.today()
        make.group(session)
    with pytest.raises(Conflict, match="is in Engineering"):
        two.merge(two.grace, two.omar, capacity=5, group=OTHER)
    with pytest.raises(Conflict, match="the entry would be withdrawn"):
        two.merge(two.grace, two.omar, capacity=5, withdrawn=OTHER)
    two.merge(two.grace, two.omar, capacity=5)


def test_only_two_entries_of_one_kind_are_merged_and_only_as_they_were_seen(two: Two) -> None:
    with pytest.raises(Invalid, match="A mentor and a mentee stay two entries"):
        two.look(two.grace, two.ada)
    with pytest.raises(Invalid, match="the same entry"):
        two.look(two.grace, two.grace)
    seen = two.look(two.grace, two.gracie).seen
    two.match(two.gracie, two.ada)
    with pytest.raises(Conflict, match="changed since you looked"), transaction() as session:
        people_merge.merge(session, two.grace.ref, two.gracie.ref, by=two.cora, stays={}, seen=seen)


def test_every_table_that_names_a_person_is_moved_by_a_merge() -> None:
    naming = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("mentor", "mentee")
    }
    moved = {table.__tablename__ for table, *_ in people_moves._TABLES}
    assert naming == moved | {"match", "person_merge", "mentor_speciality", "mentee_speciality", "two_people"}


# Duplicates


def test_duplicates_are_found_with_their_reasons(two: Two) -> None:
    with transaction() as session:
        twin = {"phone": None, "capacity": 1}
        make.mentor(session, two.law, first_name="Haddad", last_name="Omar", **twin)
        make.mentor(session, two.group, first_name="Omar", last_name="Hadad", **twin)
        make.mentor(session, two.law, first_name="Someone", last_name="Else", phone="+1 (416) 555-0101", capacity=1)
    with reading() as session:
        found = people_duplicates.likely(session, by=two.cora)
        of_omar = people_duplicates.likely(session, by=two.cora, ref=two.omar.ref)
    why = {frozenset((line.name, line.other)): line.why for line in found.itertuples()}
    assert why[frozenset(("Grace Fraser",))] == "Same phone, name, occupation."
    assert why[frozenset(("Adaeze Okafor",))] == "Same name, occupation."
    assert why[frozenset(("Omar Haddad", "Haddad Omar"))] == "Same name; first and last name exchanged."
    assert why[frozenset(("Omar Haddad", "Omar Hadad"))] == "Same occupation; nearly the same name."
    assert why[frozenset(("Grace Fraser", "Someone Else"))] == "Same phone."
    assert len(of_omar) == 2
    assert found["score"].is_monotonic_decreasing


def test_a_phone_that_many_share_is_an_offices(two: Two) -> None:
    with transaction() as session:
        for number in range(5):
            make.mentee(session, two.group, first_name=f"A{number}", last_name=f"B{number}", phone="416 555 0000")
    with reading() as session:
        assert not any("phone" in why for why in people_duplicates.likely(session, by=two.cora)["why"][1:])


# The rules of the database


@pytest.fixture
def board(draft: Session) -> Board:
    return Board(draft)


def into(board: Board, kept: int, other: int, side: str = "mentor") -> None:
    ref = board.run(f"SELECT ref FROM {side} WHERE id = :p", p=other).scalar_one()  # noqa: S608
    board.insert("person_merge", ref=ref, merged_at=f"{day(0)} 04:00:00.000000", **{f"{side}_id": kept})


def test_no_other_hand_moves_a_match_before_or_after_a_merge(board: Board) -> None:
    kept, other, mentee = board.mentor(), board.mentor(), board.mentee()
    match = board.propose(other, mentee)
    for column, to in (("mentor_id", kept), ("mentee_id", board.mentee())):
        with board.refused("keeps its people"):
            board.run(f"UPDATE match SET {column} = :to WHERE id = :m", to=to, m=match)  # noqa: S608
    into(board, kept, other)
    assert board.row(match).mentor_id == kept
    assert board.run("SELECT count(*) FROM mentor WHERE id = :p", p=other).scalar_one() == 0
    newcomer = board.mentor(id=other)  # an engine may use the number again
    again = board.propose(newcomer)
    for one, to in ((again, kept), (match, newcomer)):
        with board.refused("keeps its people"):
            board.run("UPDATE match SET mentor_id = :to WHERE id = :m", to=to, m=one)


def test_a_merge_keeps_the_rules_of_matches(board: Board) -> None:
    kept, other = board.mentor(capacity=1), board.mentor()
    board.propose(kept)
    board.propose(other)
    with board.refused("rule 2"):
        into(board, kept, other)
    with board.refused("rule 3"):
        into(board, board.mentor(group=board.other_group), other)
    one, two = board.mentee(), board.mentee()
    board.propose(mentee=one)
    board.propose(mentee=two)
    with board.refused(ONE_OPEN):
        into(board, one, two, "mentee")
    mentor, declined, pending = board.mentor(), board.mentee(), board.mentee()
    board.step(board.propose(mentor, declined), "declined", never_again=True)
    board.propose(mentor, pending)
    for pair in ((declined, pending), (pending, declined)):
        with board.refused("rule 4"):
            into(board, *pair, "mentee")


def test_a_merge_is_of_two_who_are_there_and_stays_as_it_was(board: Board) -> None:
    kept, other, mentee = board.mentor(), board.mentor(), board.mentee()
    ref = board.run("SELECT ref FROM mentor WHERE id = :p", p=other).scalar_one()
    for wrong in ({"mentor_id": other}, {"mentee_id": mentee}, {}):
        with board.refused("(?i)two different people|one_person|violates|check constraint"):
            board.insert("person_merge", ref=ref, merged_at=f"{day(0)} 04:00:00.000000", **wrong)
    with board.refused("two different people"):
        board.insert("person_merge", ref="0" * 16, merged_at=f"{day(0)} 04:00:00.000000", mentor_id=kept)
    into(board, kept, other)
    for change in ("UPDATE person_merge SET ref = 'x'", "DELETE FROM person_merge"):
        with board.refused("(?i)kept"):
            board.run(change)
    with board.refused("kept as it was"):
        board.run("UPDATE person_merge SET mentor_id = :p", p=board.mentor())
    with board.refused("keeps their reference"):
        board.mentor(ref=ref)
    with board.refused("keeps their reference"):
        board.run("UPDATE mentor SET ref = :r WHERE id = :p", r=ref, p=kept)


def test_who_is_still_named_somewhere_is_not_merged_away(board: Board) -> None:
    kept, other = board.mentor(), board.mentor()
    board.insert("own_words", mentor_id=other, about="goal", words="To help")
    with board.refused("(?i)foreign key"):
        into(board, kept, other)


STATES = [state for state in MatchState if state is not MatchState.VOID]


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_rules_hold_after_any_merges_of_any_histories(draft: Session, data: st.DataObject) -> None:
    if draft.in_transaction():
        draft.rollback()
    board = Board(draft)
    mentors = [board.mentor(capacity=data.draw(st.integers(1, 3)), first_name="M") for _ in range(3)]
    mentees = [board.mentee(first_name="E") for _ in range(4)]
    for _ in range(data.draw(st.integers(2, 9))):
        mentor, mentee = data.draw(st.sampled_from(mentors)), data.draw(st.sampled_from(mentees))
        path = path_to(data.draw(st.sampled_from(STATES)))
        never = bool(path) and path[-1] is MatchState.DECLINED and data.draw(st.booleans())
        try:
            with draft.begin_nested():
                match = board.propose(mentor, mentee)
                for state in path:
                    board.step(match, state, **({"never_again": True} if never and state is path[-1] else {}))
        except DBAPIError:
            continue
    before = draft.scalar(select(func.count()).select_from(Match))
    gone = []
    for _ in range(4):
        table = data.draw(st.sampled_from([Mentor, Mentee]))
        people = list(draft.scalars(select(table).order_by(table.id)))
        if len(people) < 2:
            continue
        keep, other = data.draw(st.permutations(people))[:2]
        refs = keep.ref, other.ref
        try:
            with draft.begin_nested():
                both = people_merge.preview(draft, *refs, by=OPERATOR)
                people_merge.merge(
                    draft, *refs, by=OPERATOR, stays={}, capacity=data.draw(st.integers(0, 4)), seen=both.seen
                )
                gone.append(refs[1])
        except ServiceError:
            pass
        draft.expire_all()
    _rules_hold(draft, before, gone)
    draft.rollback()


def _rules_hold(session: Session, matches: int | None, gone: list[str]) -> None:
    rows = list(session.scalars(select(Match)))
    assert len(rows) == matches
    held = [row for row in rows if row.state in OPEN]
    assert len({(row.programme_id, row.mentee_id) for row in held}) == len(held)
    for mentor in session.scalars(select(Mentor)):
        assert sum(row.mentor_id == mentor.id for row in held) <= mentor.capacity
    never = {(row.mentor_id, row.mentee_id) for row in rows if row.never_again}
    assert not never & {(row.mentor_id, row.mentee_id) for row in held}
    assert sorted(session.scalars(select(PersonMerge.ref))) == sorted(gone)
    for ref in gone:
        assert people_profile.profile(session, ref, by=OPERATOR).is_merged
