"""Two or more hands at once, on both engines: one wins, the others are told, nothing is half done."""

from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select

from db.models import Match, MatchTransition, Mentee, Mentor
from services import audit, reading, transaction
from services.access import OPERATOR
from services.errors import Conflict
from tests.crowd import Desk, at_once, doubled, open_matches, overbooked, strangers, trail_holds

ROUNDS = 6


@pytest.fixture
def crowd_desk(any_desk: str) -> Desk:
    return Desk(linger=0.02)


def test_of_two_who_decide_one_match_one_wins_and_one_is_told(crowd_desk: Desk) -> None:
    for mentor, mentee in zip(crowd_desk.mentors(ROUNDS), crowd_desk.mentees(ROUNDS), strict=True):
        match = crowd_desk.propose(mentor, mentee)
        tally = at_once(
            partial(crowd_desk.step, match, 2, "proposed", "approved"),
            partial(crowd_desk.step, match, 2, "proposed", "declined", reason="other"),
        )
        assert (tally.won, sum(tally.lost.values())) == (1, 1)
        assert "a moment ago" in next(iter(tally.lost))
        with reading() as session:
            states = session.scalars(select(MatchTransition.to_state).filter_by(match_id=match, seq=2)).all()
            assert states == [session.get_one(Match, match).state]
    assert trail_holds()


def test_eight_writers_fill_every_place_and_not_one_more(crowd_desk: Desk) -> None:
    crowd_desk.linger = 0
    tally = crowd_desk.crowd(writers=8, mentors=3, spare=2)
    assert (overbooked(), doubled()) == (0, 0)
    assert (tally.won, open_matches()) == (6, 6)
    assert {why.split(".")[0] for why in tally.lost} <= {
        "This mentor has no free place any more",
        "This mentee already has an open match",
    }
    assert trail_holds()


def test_a_reopened_match_and_a_new_one_do_not_both_take_the_last_place(crowd_desk: Desk) -> None:
    for _ in range(ROUNDS):
        (mentor,), mentees = crowd_desk.mentors(1, capacity=1), crowd_desk.mentees(2)
        closed = crowd_desk.propose(mentor, mentees[0])
        crowd_desk.step(closed, 2, "proposed", "declined", reason="other")
        tally = at_once(
            partial(crowd_desk.step, closed, 3, "declined", "proposed"),
            partial(crowd_desk.propose, mentor, mentees[1]),
        )
        assert tally.won == 1
    assert overbooked() == 0


def test_a_mentee_put_back_and_proposed_elsewhere_has_one_match(crowd_desk: Desk) -> None:
    for _ in range(ROUNDS):
        mentors, (mentee,) = crowd_desk.mentors(2), crowd_desk.mentees(1)
        closed = crowd_desk.propose(mentors[0], mentee)
        crowd_desk.step(closed, 2, "proposed", "declined", reason="other")
        tally = at_once(
            partial(crowd_desk.step, closed, 3, "declined", "proposed"),
            partial(crowd_desk.propose, mentors[1], mentee),
        )
        assert tally.won == 1
    assert doubled() == 0


def test_a_pair_is_not_proposed_again_while_it_is_declined_for_good(crowd_desk: Desk) -> None:
    for _ in range(ROUNDS):
        (mentor,), (mentee,) = crowd_desk.mentors(1), crowd_desk.mentees(1)
        match = crowd_desk.propose(mentor, mentee)
        tally = at_once(
            partial(crowd_desk.step, match, 2, "proposed", "declined", reason="other", never_again=True),
            partial(crowd_desk.propose, mentor, mentee),
        )
        assert tally.won == 1
        with pytest.raises(Conflict, match="declined for good"):
            crowd_desk.propose(mentor, mentee, elsewhere=True)
    assert open_matches() == 0


def test_fewer_places_and_a_new_proposal_do_not_pass_each_other(crowd_desk: Desk) -> None:
    for _ in range(ROUNDS):
        (mentor,), mentees = crowd_desk.mentors(1), crowd_desk.mentees(2)
        crowd_desk.propose(mentor, mentees[0])
        tally = at_once(
            partial(crowd_desk.change, Mentor, mentor, capacity=1),
            partial(crowd_desk.propose, mentor, mentees[1]),
        )
        assert tally.won == 1
    assert overbooked() == 0


@pytest.mark.parametrize("side", [Mentor, Mentee])
def test_a_change_of_group_and_a_new_proposal_do_not_pass_each_other(
    crowd_desk: Desk, side: type[Mentor | Mentee]
) -> None:
    for _ in range(ROUNDS):
        (mentor,), (mentee,) = crowd_desk.mentors(1), crowd_desk.mentees(1)
        tally = at_once(
            partial(crowd_desk.change, side, mentor if side is Mentor else mentee, group_id=crowd_desk.other_group.id),
            partial(crowd_desk.propose, mentor, mentee),
        )
        assert tally.won == 1
    assert strangers() == 0


@pytest.mark.parametrize("any_desk", ["postgresql"], indirect=True)
def test_who_locks_two_people_in_opposite_order_gets_a_sentence(crowd_desk: Desk) -> None:
    mentors, both_hold_one = crowd_desk.mentors(2), Barrier(2)

    def change(first: int, second: int) -> None:
        with transaction() as session:
            session.get_one(Mentor, first, with_for_update=True)
            both_hold_one.wait(timeout=10)
            session.get_one(Mentor, second, with_for_update=True)

    tally = at_once(partial(change, *mentors), partial(change, *reversed(mentors)))
    assert (tally.won, list(tally.lost)) == (1, ["The database is busy. Nothing was saved; try again in a moment."])


def test_the_trail_of_eight_writers_is_one_chain(crowd_desk: Desk) -> None:
    def write(writer: int) -> None:
        for number in range(5):
            with transaction() as session:
                audit.record(session, OPERATOR, "count", "nothing", writer, number=number)
                audit.record(session, OPERATOR, "count", "nothing", writer)

    before = _rows()
    tally = at_once(*(partial(write, writer) for writer in range(8)))
    assert (tally.won, _rows() - before) == (8, 80)
    assert trail_holds()


def _rows() -> int:
    with reading() as session:
        return audit.head(session).seq
