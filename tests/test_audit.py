"""The trail: nothing is written without it, and nothing in it changes unseen."""

import pytest
from sqlalchemy import text

from db.session import unit_of_work
from services import audit, reading, transaction
from services.access import OPERATOR
from tests import make


def test_a_write_without_a_trail_is_refused_whole(any_desk: str) -> None:
    with pytest.raises(AssertionError, match="left no trail"), transaction() as session:
        session.add(make.OccupationalGroup(name="Engineering"))
    with reading() as session:
        assert session.query(make.OccupationalGroup).count() == 0


def test_the_trail_of_many_acts_holds(any_desk: str) -> None:
    for number in range(3):
        with transaction() as session:
            audit.record(session, OPERATOR, "count", "nothing", number, seen=number)
            audit.record(session, OPERATOR, "count", "nothing", number)
    with reading() as session:
        assert audit.verify(session) == []


@pytest.mark.parametrize(
    "tampering",
    ["UPDATE trail SET action = 'x'", "DELETE FROM trail", "UPDATE trail SET hash = 'x' WHERE seq = 1"],
)
def test_the_database_refuses_to_change_the_trail(any_desk: str, tampering: str) -> None:
    with transaction() as session:
        audit.record(session, OPERATOR, "count", "nothing")
    with pytest.raises(Exception, match=r"append-only|kept for good"), unit_of_work() as session:
        session.execute(text(tampering))


def test_an_owner_who_drops_the_guard_and_edits_a_row_is_seen(desk: str) -> None:
    for _ in range(3):
        with transaction() as session:
            audit.record(session, OPERATOR, "count", "nothing")
    with unit_of_work() as session:
        session.execute(text("DROP TRIGGER trail_unchanged"))
        session.execute(text("DROP TRIGGER trail_kept"))
        session.execute(text("UPDATE trail SET action = 'other' WHERE seq = 2"))
    with reading() as session:
        assert [(b.seq, b.what) for b in audit.verify(session)] == [(2, "changed after it was written")]
    with unit_of_work() as session:
        session.execute(text("DELETE FROM trail WHERE seq = 2"))
    with reading() as session:
        assert audit.Broken(2, "missing") in audit.verify(session)
