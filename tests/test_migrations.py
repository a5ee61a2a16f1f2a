"""The migrated database is the one that the models and the rules describe, on both engines."""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, Engine, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint, text

from db import migrations
from db.models import Base
from db.session import engine, engine_for, unit_of_work
from db.settings import ROOT
from services import people_merge, transaction
from services.access import OPERATOR
from tests import make

VERSIONS = sorted((ROOT / "db/migrations/versions").glob("*.py"))

#: Foreign keys without an index of their own: nobody asks by them, and their parents are few and not deleted.
UNASKED = {
    "absence.made_by_id": "accounts are not deleted",
    "account.agency_id": "accounts are some dozens",
    "account.coach_id": "accounts are some dozens",
    "display_token.created_by_id": "stage links are a handful",
    "display_token.event_id": "stage links are a handful",
    "display_token.programme_id": "stage links are a handful",
    "fit_weights.saved_by_id": "accounts are not deleted",
    "import_run.applied_by_id": "imports are some dozens",
    "login_ticket.account_id": "tickets live half a minute",
    "match.group_id": "asked through the people or with the cohort",
    "match.proposed_by_id": "accounts are not deleted",
    "match_mark.by_id": "accounts are not deleted",
    "match_transition.by_id": "accounts are not deleted",
    "attempt.coach_id": "asked through the match",
    "check_in.coach_id": "asked through the match",
    "mentee_speciality.speciality_id": "entries of a list are not deleted",
    "mentor_speciality.speciality_id": "entries of a list are not deleted",
    "mentor.division_id": "divisions are not deleted",
    "placement.division_id": "divisions are not deleted",
    "stage_name.recorded_by_id": "accounts are not deleted",
    "survey_link.created_by_id": "accounts are not deleted",
    "two_people.marked_by_id": "accounts are not deleted",
}

CATALOGUE = {
    "sqlite": "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name <> 'alembic_version'",
    "postgresql": """
        SELECT 'constraint', conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
         WHERE connamespace = 'public'::regnamespace AND conrelid <> 'alembic_version'::regclass AND contype <> 't'
        UNION ALL SELECT 'index', indexname, tablename, indexdef FROM pg_indexes
         WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger
         WHERE NOT tgisinternal
        UNION ALL SELECT 'function', proname, '', prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'column', column_name, table_name, data_type || is_nullable || coalesce(column_default, '')
          FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
    """,
}


def catalogue(connection: Connection) -> set[tuple[str, ...]]:
    """Every table, constraint, index and trigger as the engine itself describes it."""
    rows = connection.execute(text(CATALOGUE[connection.dialect.name]))
    return {(kind, name, table, _plain(kind, sql or "")) for kind, name, table, sql in rows}


def _plain(kind: str, sql: str) -> str:
    """SQL without spaces and quotes; of a table's only its words, since the order of constraints is free."""
    words = re.findall(r"\w+|[^\w\s]", sql.replace('"', ""))
    return " ".join(sorted(words) if kind == "table" else words)


@contextmanager
def made_without_migrations(tmp_path: Path, drafting_engine: Engine) -> Iterator[Connection]:
    """The models' own tables with the rules on top, in a database of its own."""
    dialect = drafting_engine.dialect.name
    if dialect == "sqlite":
        engine = engine_for(f"sqlite:///{tmp_path / 'made.db'}")
    else:
        engine = engine_for(drafting_engine.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        if dialect == "postgresql":  # all of it is rolled back
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            connection.execute(text("CREATE TABLE alembic_version ()"))
        Base.metadata.create_all(connection)
        for path in sorted((ROOT / "db/migrations/rules").glob(f"*_{dialect}.sql")):
            for rule in path.read_text().split("\n-->\n"):
                connection.exec_driver_sql(rule.replace("%", "%%") if dialect == "postgresql" else rule)
        yield connection
        connection.rollback()
    engine.dispose()


def test_the_migrations_leave_nothing_of_the_models_undone(drafting_engine: Engine) -> None:
    with drafting_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_constraints_indexes_and_triggers_are_those_of_the_models_and_rules(
    drafting_engine: Engine, tmp_path: Path
) -> None:
    with drafting_engine.connect() as connection:
        migrated = catalogue(connection)
    with made_without_migrations(tmp_path, drafting_engine) as connection:
        made = catalogue(connection)
    assert migrated - made == set()
    assert made - migrated == set()
    assert {kind for kind, *_ in migrated} >= {"index", "trigger"}
    assert any("WHERE" in row[-1] for row in migrated if row[1] == "uq_match_one_open_per_mentee")


def test_a_second_upgrade_is_quiet(any_desk: str) -> None:
    with unit_of_work() as session:
        before = catalogue(session.connection())
    assert migrations.upgrade() == (migrations.newest(), migrations.newest())
    with unit_of_work() as session:
        assert catalogue(session.connection()) == before


def test_an_empty_database_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'empty.db'}"
    assert migrations.current(url) is None
    assert migrations.upgrade(url) == (None, migrations.newest())
    engine_for(url).dispose()


def test_every_foreign_key_has_an_index_or_a_reason() -> None:
    bare = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if not _leads_an_index(table, key.parent.name)
    }
    assert bare == set(UNASKED)


def _leads_an_index(table: Table, column: str) -> bool:
    keys = [key for key in table.constraints if isinstance(key, UniqueConstraint | PrimaryKeyConstraint)]
    return any(next(iter(index.columns)).name == column for index in [*table.indexes, *keys])


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_no_migration_imports_a_model(path: Path) -> None:
    tree = ast.parse(path.read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in named} <= {"pathlib", "sqlalchemy", "alembic"}


def test_reflection_sees_every_table(drafting_engine: Engine) -> None:
    found = MetaData()
    found.reflect(drafting_engine)
    assert set(found.tables) - {"alembic_version"} == set(Base.metadata.tables)


def test_merges_of_before_are_given_the_numbers_that_the_trail_has(any_desk: str) -> None:
    with transaction() as session:
        make.programme(session)
        group = make.group(session)
        people = [make.mentee(session, group) for _ in range(4)]
        mentors = [make.mentor(session, group) for _ in range(2)]
        pairs = [(people[0].ref, people[3].ref), (people[1].ref, people[2].ref), (mentors[0].ref, mentors[1].ref)]
        gone = {people[3].ref: people[3].id, people[2].ref: people[2].id, mentors[1].ref: mentors[1].id}
    for keep, other in pairs:
        with transaction() as session:
            seen = people_merge.preview(session, keep, other, by=OPERATOR).seen
            people_merge.merge(session, keep, other, by=OPERATOR, stays={}, seen=seen)
    numbers = text("SELECT ref, was_id FROM person_merge")
    with engine().begin() as connection:
        assert {row.ref: row.was_id for row in connection.execute(numbers)} == gone
        connection.execute(text("UPDATE person_merge SET was_id = NULL"))
        with Operations.context(MigrationContext.configure(connection)):
            import_module("db.migrations.versions.0013_the_trail_says_who_read_of_whom").fill()
        assert {row.ref: row.was_id for row in connection.execute(numbers)} == gone
