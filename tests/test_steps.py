"""Rule 6 and the life of a match against plain SQL, on both engines: no state without its step, no step changed."""

# ruff: noqa: S608 (plain SQL, put together from our own words, is the subject here)

import pytest
from sqlalchemy.orm import Session

from db.models import MOVES, MatchState
from tests.board import Board, day, path_to


@pytest.fixture
def board(draft: Session) -> Board:
    return Board(draft)


@pytest.mark.parametrize("state", MatchState)
def test_a_match_takes_the_steps_of_its_life_and_no_other(board: Board, state: MatchState) -> None:
    match = board.lead(board.propose(), *path_to(state))
    assert board.row(match).state == state
    for to in MatchState:
        if to in MOVES.get(state, ()):
            with board.session.begin_nested() as trial:
                board.step(match, to)
                assert (board.row(match).state, board.row(match).version) == (to, len(path_to(state)) + 2)
                trial.rollback()
        else:
            with board.refused("step_allowed"):
                board.step(match, to)


@pytest.mark.parametrize("state", [state for state in MatchState if state is not MatchState.PROPOSED])
def test_a_match_begins_as_a_proposal(board: Board, state: MatchState) -> None:
    with board.refused("rule 6"):
        board.propose(state=state.value)


@pytest.mark.parametrize(
    "given",
    [
        {"version": 2},
        {"decided_on": day(9)},
        {"started_on": day(9), "decided_on": day(9)},
        {"ended_on": day(9)},
        {"hold_until": day(9)},
        {"never_again": True},
    ],
)
def test_a_proposal_brings_nothing_of_its_later_life(board: Board, given: dict[str, object]) -> None:
    with board.refused("rule 6"):
        board.propose(**given)


@pytest.mark.parametrize(
    "change",
    [
        "state = 'approved'",
        "state = 'void'",
        "version = version + 1",
        "version = version + 1, state = 'approved'",
        "version = 1, state = 'proposed'",
        "reason = 'other'",
        "hold_until = proposed_on",
        "never_again = (1 = 1)",
        "id = id + 100000",
        "ref = 'another'",
        "mentor_id = mentor_id + 1",
        "mentee_id = mentee_id + 1",
        "cohort_id = cohort_id + 1",
        "group_id = group_id + 1",
        "proposed_at = '2020-01-01 00:00:00.000000'",
        "proposed_on = '2020-01-01'",
    ],
)
def test_no_hand_moves_a_match_without_a_step(board: Board, change: str) -> None:
    match = board.lead(board.propose(), "on_hold")
    board.propose()
    with board.refused("rule 6|keeps its people"):
        board.run(f"UPDATE match SET {change} WHERE id = :m", m=match)


@pytest.mark.parametrize(
    "lie",
    [
        {"from_state": "approved"},
        {"from_state": "on_hold", "to_state": "proposed"},
        {"from_state": None},
        {"from_state": None, "to_state": "proposed", "seq": 1},
        {"seq": 1},
        {"seq": 3},
        {"seq": 0},
        {"seq": -1},
        {"match_id": -1},
        {"seq": None},
        {"hold_until": None, "to_state": "on_hold"},
        {"reason": None, "to_state": "declined"},
    ],
)
def test_a_step_that_does_not_fit_its_match_is_refused(board: Board, lie: dict[str, object]) -> None:
    match = board.propose()
    to = str(lie.get("to_state", "approved"))
    with board.refused("."):
        board.step(match, to, **lie)
    assert board.row(match).version == 1
    assert board.run("SELECT count(*) FROM match_transition WHERE match_id = :m", m=match).scalar() == 1


def test_one_version_is_decided_once(board: Board) -> None:
    match = board.propose()
    board.step(match, "approved")
    with board.refused("match_transition|rule 6"):
        board.step(match, "declined", seq=2, from_state="proposed")


@pytest.mark.parametrize("table", ["match", "match_transition"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "DELETE FROM {} WHERE id = (SELECT max(id) FROM {})"])
def test_matches_and_steps_are_kept(board: Board, table: str, statement: str) -> None:
    board.lead(board.propose(), "approved")
    with board.refused("never deleted|append-only|kept for good"):
        board.run(statement.format(table, table))


@pytest.mark.parametrize(
    "change",
    [
        "note = 'better words'",
        "reason = 'poor fit'",
        "on_day = '2020-01-01'",
        "at = '2020-01-01 00:00:00.000000'",
        "to_state = 'void'",
        "seq = 9",
        "id = id + 100000",
        "by_name = 'somebody else'",
        "by_id = NULL, by_name = NULL",
        "never_again = (1 = 1)",
        "undoes_seq = 1",
        "hold_until = '2020-01-01'",
        "note = NULL, reason = 'other reason'",
    ],
)
def test_a_step_is_never_rewritten(board: Board, change: str) -> None:
    match = board.propose()
    board.step(match, "approved", note="Said on the phone", by_name="import")
    with board.refused("append-only"):
        board.run(f"UPDATE match_transition SET {change} WHERE match_id = :m AND seq = 2", m=match)


def test_a_note_can_be_erased(board: Board) -> None:
    match = board.propose()
    board.step(match, "approved", note="Said on the phone")
    board.run("UPDATE match_transition SET note = NULL WHERE match_id = :m", m=match)
    assert board.run("SELECT count(note) FROM match_transition WHERE match_id = :m", m=match).scalar() == 0


@pytest.mark.parametrize("table", ["mentor", "mentee", "cohort", "programme", "occupational_group"])
def test_what_a_match_stands_on_is_not_deleted(board: Board, table: str) -> None:
    match = board.row(board.propose())
    number = board.group.id if table == "occupational_group" else getattr(match, f"{table}_id")
    with board.refused("(?i)foreign key|never deleted"):
        board.run(f"DELETE FROM {table} WHERE id = :id", id=number)


def test_each_step_sets_its_day(board: Board) -> None:
    match = board.propose()
    days = ("proposed_on", "decided_on", "started_on", "ended_on", "hold_until")
    for to, ago, expected in (
        ("on_hold", 95, (100, None, None, None, -7)),
        ("proposed", 90, (100, None, None, None, None)),
        ("approved", 80, (100, 80, None, None, None)),
        ("active", 70, (100, 80, 70, None, None)),
        ("active", 75, (100, 80, 75, None, None)),
        ("completed", 20, (100, 80, 75, 20, None)),
        ("completed", 25, (100, 80, 75, 25, None)),
        ("active", 10, (100, 80, 75, None, None)),
        ("ended_early", 5, (100, 80, 75, 5, None)),
        ("void", 0, (100, 80, 75, 5, None)),
    ):
        board.step(match, to, on_day=day(ago))
        row = board.row(match)
        assert [str(getattr(row, name)) for name in days] == [str(ago if ago is None else day(ago)) for ago in expected]


@pytest.mark.parametrize("path", [("approved",), ("approved", "active"), ("declined",)])
def test_a_decision_taken_back_leaves_no_day(board: Board, path: tuple[str, ...]) -> None:
    match = board.lead(board.propose(), *path, "proposed")
    row = board.row(match)
    assert (row.decided_on, row.started_on, row.ended_on, row.hold_until) == (None, None, None, None)
    assert not row.never_again


def test_a_start_taken_back_leaves_the_approval(board: Board) -> None:
    match = board.lead(board.propose(), "approved", "active", "approved")
    assert (str(board.row(match).decided_on), board.row(match).started_on) == (day(0), None)
