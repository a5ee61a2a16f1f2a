"""A reading sees one moment of the database, and asks it no question twice; what may write asks each time."""

import pandas as pd
import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session

from db.models import Account, Division
from db.session import engine, unit_of_work
from services import clock, programmes, reading
from services.access import signed_in
from services.counting import figures
from services.counting.figure import Scope
from services.once_a_reading import once_a_reading
from tests import make


@once_a_reading
def _divisions(session: Session, word: str = "") -> pd.DataFrame:
    new = select(Division.name).where(Division.name.startswith("New ")).order_by(Division.name)
    return pd.DataFrame({"name": [f"{word}{name}" for name in session.scalars(new)]})


def _add(name: str) -> None:
    with unit_of_work() as session:
        session.execute(insert(Division).values(name=name))


def test_what_is_asked_twice_in_a_reading_reaches_the_database_once(any_desk: str) -> None:
    asked: list[str] = []
    with unit_of_work() as session:
        programme = make.programme(session)
    event.listen(engine(), "before_cursor_execute", lambda *told: asked.append(told[2]))
    with reading() as session:
        scope = Scope(programme.id, clock.now().date())
        first = figures.figures(session, scope, ["matches_to_date", "mentors"])
        after_first = len(asked)
        assert figures.figures(session, scope, ["mentors", "matches_to_date"]) == first
    assert after_first > 1
    assert len(asked) == after_first


def test_another_question_of_the_same_name_is_another_question(desk: str) -> None:
    _add("New Water")
    with reading() as session:
        assert [list(_divisions(session, word)["name"]) for word in ("", "Old ")] == [["New Water"], ["Old New Water"]]


def test_the_next_reading_asks_anew(any_desk: str) -> None:
    for name, so_far in (("New Water", ["New Water"]), ("New Fire", ["New Fire", "New Water"])):
        _add(name)
        with reading() as session:
            assert list(_divisions(session)["name"]) == so_far


def test_a_transaction_is_told_what_it_has_written_itself(any_desk: str) -> None:
    with unit_of_work() as session:
        assert _divisions(session).empty
        session.execute(insert(Division).values(name="New Water"))
        assert list(_divisions(session)["name"]) == ["New Water"]


def test_a_reading_sees_one_moment_whatever_others_store_meanwhile(any_desk: str) -> None:
    with reading() as session:
        before = _divisions(session, "as of ")
        _add("New Water")
        assert _divisions(session).empty  # not asked before in this reading, and still of its moment
        assert before.empty


def test_what_is_done_with_an_answer_changes_nobody_elses(desk: str) -> None:
    _add("New Water")
    with reading() as session:
        mine = _divisions(session)
        mine.loc[0, "name"] = "New Fire"
        mine["size"] = 1
        assert list(_divisions(session).columns) == ["name"]
        assert list(_divisions(session)["name"]) == ["New Water"]


def test_an_account_that_was_closed_is_gone_with_the_next_reading(any_desk: str) -> None:
    with unit_of_work() as session:
        actor = make.actor(session)
    with reading() as session:
        assert [signed_in(session, actor.login_ref) for _ in range(2)] == [actor, actor]
    with unit_of_work() as session:
        session.get_one(Account, actor.account_id).disabled_at = clock.now()
    with reading() as session:
        assert signed_in(session, actor.login_ref) is None


def test_settings_cannot_be_changed_by_whoever_is_told_them(desk: str) -> None:
    with unit_of_work() as session:
        programme = make.programme(session)
        told = programmes.clocks(session, programme.id)
    with pytest.raises(ValueError, match="frozen"):
        told.smallest_cell = 1  # type: ignore[misc]
