"""The stage's own connection: it reads one view, and the database itself refuses everything else.

PostgreSQL: a role with a grant on the view. SQLite: a file opened for reading, an authorizer that lets through what the
view reads, and no statement longer than the stage's own. The last is what stops `WITH stage_board AS (SELECT …)`:
SQLite names the outermost common table to the authorizer as if it were the view.
"""

import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import Date, Engine, Integer, Row, Text, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeEngine

from db.models import UTCDateTime

VIEW = "stage_board"
#: All that is ever asked.
STATEMENT = "SELECT * FROM stage_board"
#: The view, and the part of it that SQLite names by itself.
_SOURCES = {VIEW, "counted"}
_FUNCTIONS = {
    *("coalesce", "count", "current_date", "datetime", "json_extract", "julianday", "max", "min", "row_number"),
}
#: The columns of every row; which of them say something depends on its kind.
COLUMNS: dict[str, TypeEngine[Any]] = {
    "programme_id": Integer(),
    "kind": Text(),
    "name": Text(),
    "note": Text(),
    "day": Date(),
    "since": Date(),
    "at": UTCDateTime(),
    "number": Integer(),
}
_POSTGRES_LIMITS = (
    "-c statement_timeout=5000 -c default_transaction_read_only=on -c idle_in_transaction_session_timeout=5000"
)


@cache
def stage_engine(url: str) -> Engine:
    """The engine of the stage's connection, one connection a look: a restored file is seen at once."""
    if not url.startswith("sqlite"):
        return create_engine(
            url, pool_size=1, max_overflow=0, pool_pre_ping=True, hide_parameters=True,
            connect_args={"options": _POSTGRES_LIMITS, "connect_timeout": 3},
        )  # fmt: skip
    path = quote(make_url(url).database or "")
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5, check_same_thread=False),
        poolclass=NullPool,
    )
    event.listen(engine, "checkout", _shut)  # after SQLAlchemy has asked for what it needs to know itself
    return engine


def look(url: str) -> Sequence[Row[Any]]:
    """Every row of the view, with `COLUMNS`; one statement. Raises `DBAPIError` while the database is away."""
    try:
        with stage_engine(url).connect() as connection:
            return connection.execute(text(STATEMENT).columns(**cast("dict[str, Any]", COLUMNS))).all()
    except sqlite3.Error as away:  # on the way to a connection; such a database has no view yet
        raise OperationalError(STATEMENT, None, away) from away


def can_read(url: str, table: str) -> bool:
    """Whether the connection reads a table; it must not."""
    try:
        with stage_engine(url).connect() as connection:
            connection.execute(text(f"SELECT * FROM {table} LIMIT 1"))  # noqa: S608 - a name of ours
    except (DBAPIError, sqlite3.Error):
        return False
    return True


def _shut(connection: Any, _record: object, _proxy: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.execute(f"{STATEMENT} LIMIT 0")  # reads the schema, which is longer than what is allowed from here on
    connection.set_authorizer(_allowed)
    connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, len(STATEMENT))


def _allowed(action: int, first: str | None, second: str | None, _database: str | None, source: str | None) -> int:
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and second in _FUNCTIONS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_READ and (source in _SOURCES or (first == VIEW and source is None)):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
