"""Rules 5 and 6 for the steps of a running match, against plain SQL on both engines."""

import pytest
from sqlalchemy.orm import Session

from tests.board import Board, day


@pytest.fixture
def board(draft: Session) -> Board:
    return Board(draft)


def running(board: Board) -> int:
    """A match that started 50 days ago."""
    match = board.propose()
    board.step(match, "approved", on_day=day(60))
    board.step(match, "active", on_day=day(50))
    return match


def mark(board: Board, match: int, step: str, ago: int | None, seq: int = 1, **more: object) -> None:
    row = {"match_id": match, "step": step, "seq": seq, "on_day": None if ago is None else day(ago)}
    board.insert("match_mark", **{**row, "at": f"{day(0)} 04:00:00.000000", "by_name": "import", **more})


@pytest.mark.parametrize("state", ["proposed", "on_hold", "approved", "declined"])
def test_only_a_match_that_has_started_has_steps(board: Board, state: str) -> None:
    match = board.lead(board.propose(), *([state] if state != "proposed" else []))
    with board.refused("rule 5"):
        mark(board, match, "orientation", 0)


@pytest.mark.parametrize(
    ("step", "ago", "why"),
    [
        ("agreement", -3, "rule 5: the day lies in the future"),
        ("orientation", -3, "rule 5: the day lies in the future"),
        ("first_meeting", 51, "rule 5: the days are out of order"),
        ("agreement", 51, "rule 5: the days are out of order"),
        ("agreement", 41, "rule 5: the days are out of order"),
        ("party", 4, "ck_match_mark_mark|mark"),
    ],
)
def test_a_step_out_of_order_is_refused(board: Board, step: str, ago: int, why: str) -> None:
    match = running(board)
    mark(board, match, "first_meeting", 40)
    with board.refused(why):
        mark(board, match, step, ago, seq=2 if step == "first_meeting" else 1)


def test_a_step_that_was_taken_back_stands_in_the_way_of_nothing(board: Board) -> None:
    match = running(board)
    mark(board, match, "first_meeting", 20)
    mark(board, match, "first_meeting", None, seq=2)
    mark(board, match, "agreement", 30)
    board.step(match, "completed", on_day=day(25))
    with board.refused("rule 5"):
        mark(board, match, "first_meeting", 24, seq=3)


@pytest.mark.parametrize("seq", [0, 1, 3])
def test_words_on_a_step_follow_one_another(board: Board, seq: int) -> None:
    match = running(board)
    mark(board, match, "agreement", 30)
    with board.refused("rule 6|uq_match_mark|match_mark.match_id"):
        mark(board, match, "agreement", 29, seq=seq)


def test_the_first_word_on_a_step_has_a_day(board: Board) -> None:
    with board.refused("begins_with_a_day"):
        mark(board, running(board), "agreement", None)


@pytest.mark.parametrize(
    ("to", "ago"), [("completed", 31), ("ended_early", 31), ("active", 29), ("approved", 0), ("proposed", 0)]
)
def test_a_match_does_not_move_past_its_steps(board: Board, to: str, ago: int) -> None:
    match = running(board)
    mark(board, match, "agreement", 30)
    with board.refused("rule 5"):
        board.step(match, to, on_day=day(ago))
    board.step(match, "void")


@pytest.mark.parametrize("change", ["on_day = '2020-01-01'", "seq = 9", "step = 'orientation'", "note = 'better'"])
def test_a_word_on_a_step_is_never_rewritten_or_taken_away(board: Board, change: str) -> None:
    match = running(board)
    mark(board, match, "agreement", 30, note="Said on the phone")
    with board.refused("append-only"):
        board.run(f"UPDATE match_mark SET {change}")  # noqa: S608
    with board.refused("append-only|kept for good"):
        board.run("DELETE FROM match_mark")
    board.run("UPDATE match_mark SET note = NULL")
