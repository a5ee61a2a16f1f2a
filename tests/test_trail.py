"""Rule 7 against plain SQL, on both engines: the trail grows at its end and nowhere else."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from services import audit
from services.access import OPERATOR
from tests.board import Board, day

ROW = {
    "seq": 4,
    "at": f"{day(0)} 04:00:00.000000",
    "by_name": "another hand",
    "action": "count",
    "entity": "nothing",
    "detail": "{}",
    "hash": "f" * 64,
}


@pytest.fixture
def board(draft: Session) -> Board:
    board = Board(draft)
    draft.info.clear()
    for number in range(3):
        audit.record(draft, OPERATOR, "count", "nothing", number)
    audit.close(draft)
    return board


def hashes(board: Board) -> list[str]:
    return list(board.session.scalars(text("SELECT hash FROM trail ORDER BY seq")))


@pytest.mark.parametrize("seq", [0, 2, 3, 5, 99, -1])
def test_no_row_skips_repeats_or_precedes_a_number(board: Board, seq: int) -> None:
    with board.refused("rule 7"):
        board.insert("trail", **{**ROW, "seq": seq, "previous_hash": hashes(board)[-1]})


@pytest.mark.parametrize("after", [0, 1, None])
def test_the_trail_does_not_fork(board: Board, after: int | None) -> None:
    previous = "" if after is None else hashes(board)[after]
    with board.refused("rule 7"):
        board.insert("trail", **ROW, previous_hash=previous)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET action = 'x'",
        "UPDATE trail SET seq = seq + 1 WHERE seq = 3",
        "UPDATE trail SET by_name = NULL WHERE seq = 1",
        "UPDATE trail SET seq = seq WHERE seq = 1",
        "DELETE FROM trail",
        "DELETE FROM trail WHERE seq = 3",
    ],
)
def test_no_row_is_changed_or_taken_away(board: Board, statement: str) -> None:
    with board.refused("rule 7|kept for good"):
        board.run(statement)


@pytest.mark.parametrize("drafting_engine", ["sqlite"], indirect=True)
def test_no_row_is_replaced(board: Board) -> None:
    known = hashes(board)
    for seq, previous, own in ((4, known[2], known[0]), (3, known[1], "f" * 64), (1, "", "f" * 64)):
        with board.refused("rule 7"):
            board.insert("trail", "REPLACE", **{**ROW, "seq": seq, "previous_hash": previous, "hash": own})
    assert hashes(board) == known


def test_a_row_with_a_made_up_hash_shows(board: Board) -> None:
    board.insert("trail", **ROW, previous_hash=hashes(board)[-1])
    assert audit.verify(board.session) == [audit.Broken(4, "changed after it was written")]
