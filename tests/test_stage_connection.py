"""The stage's connection: it reads its view, and the database refuses everything else."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from db.models import Base
from db.session import engine_for
from db.stage import COLUMNS, STATEMENT, can_read, look, stage_engine
from services import transaction
from services.counting import public
from tests import make

TABLES = sorted(Base.metadata.tables)
#: What somebody would try who has the connection itself in hand.
TRICKS = (
    "SELECT first_name FROM mentor",
    "SELECT count(*) FROM mentor",
    "SELECT sql FROM sqlite_master",
    "SELECT * FROM (SELECT email FROM mentor) stage_board",
    "WITH stage_board AS (SELECT first_name FROM mentor) SELECT * FROM stage_board",
    "WITH counted AS (SELECT first_name FROM mentor) SELECT * FROM counted",
    "SELECT name FROM stage_board WHERE EXISTS (SELECT 1 FROM mentor WHERE first_name LIKE 'A%')",
    "SELECT m.first_name FROM mentor AS stage_board JOIN mentor m",
    "SELECT * FROM match_marked",
    "PRAGMA table_info(mentor)",
    "ATTACH '/etc/hostname' AS other",
    "CREATE TEMP VIEW v AS SELECT 1",
    "INSERT INTO stage_name VALUES (1)",
    "DELETE FROM mentor",
    "UPDATE match SET state = 'void'",
    "DROP VIEW stage_board",
)


@pytest.fixture
def stage_url(any_desk: str) -> Iterator[str]:
    """What the stage connects with: the same file, or a role made as the page for administrators says."""
    with transaction() as session:
        make.mentor(session, make.group(session), first_name="Canary")
    if any_desk.startswith("sqlite"):
        yield any_desk
        return
    url = make_url(any_desk)
    with engine_for(any_desk).begin() as connection:
        if not connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = 'matchdesk_stage'")):
            connection.execute(text("CREATE ROLE matchdesk_stage LOGIN PASSWORD 'for tests only'"))
        connection.execute(text("GRANT SELECT ON stage_board TO matchdesk_stage"))
    role = url.set(username="matchdesk_stage", password="for tests only").render_as_string(hide_password=False)
    yield role
    stage_engine(role).dispose()


def test_it_reads_the_view_with_its_columns_in_one_statement(stage_url: str) -> None:
    with transaction() as session:
        programme = make.programme(session, name="Of people")
        make.cohort(session, programme)
        made = [tuple(row) for row in session.execute(public.told())]
    rows = look(stage_url)
    assert [*rows[0]._fields] == [*COLUMNS]
    assert sorted(map(repr, (tuple(row) for row in rows))) == sorted(map(repr, made))
    assert ("programme", "Of people") in [(row.kind, row.name) for row in rows]


def test_the_database_refuses_everything_else(stage_url: str) -> None:
    for trick in TRICKS:
        with pytest.raises((DBAPIError, sqlite3.Error)), stage_engine(stage_url).connect() as connection:
            pytest.fail(f"{trick}: {connection.execute(text(trick)).all()}")


def test_no_table_can_be_read_whatever_its_name(stage_url: str) -> None:
    assert [table for table in [*TABLES, "alembic_version", "match_marked"] if can_read(stage_url, table)] == []


def test_what_is_not_longer_than_its_own_statement_is_too_short_for_a_common_table() -> None:
    shortest = "WITH stage_board AS(SELECT a FROM b)SELECT*FROM stage_board"
    assert len(STATEMENT) < len(shortest.replace("stage_board", "counted")) - 10


def test_a_database_that_is_away_or_older_is_told_as_such(tmp_path) -> None:
    with pytest.raises(DBAPIError):
        look(f"sqlite:///{tmp_path / 'nowhere.db'}")
    sqlite3.connect(tmp_path / "empty.db").execute("CREATE TABLE t (a)")
    with pytest.raises(DBAPIError):
        look(f"sqlite:///{tmp_path / 'empty.db'}")
    assert not (tmp_path / "nowhere.db").exists()
