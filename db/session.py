"""One engine for each database address, and the only place that commits."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from db.settings import settings

#: Milliseconds that a click waits for another writer, and that an erasure waits for whoever reads the file.
_PATIENCE, _SHORT = 15_000, 4_000
# Without recursive_triggers, INSERT OR REPLACE takes rows away behind the rules' back.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={_PATIENCE}",
    "trusted_schema=OFF",
    "recursive_triggers=ON",
    "secure_delete=ON",  # what is deleted is overwritten
)
#: Milliseconds; a click never waits longer than this for another writer.
_POSTGRES_LIMITS = "-c statement_timeout=60000 -c lock_timeout=15000 -c idle_in_transaction_session_timeout=60000"

#: In the `info` of a session that only reads: what it has been told, none of which changes while it lasts.
KNOWN = "known"
#: Set in the `info` of a session in which somebody was erased: when it is stored, the file of SQLite is written anew.
ERASES = "erases"
_LOG = logging.getLogger(__name__)


@cache
def engine_for(url: str) -> Engine:
    """The engine of one database; kept for the life of the process. What fails is told without the values it had."""
    if not url.startswith("sqlite"):
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            max_overflow=10,
            isolation_level="READ COMMITTED",
            hide_parameters=True,
            connect_args={"options": _POSTGRES_LIMITS},
        )
    if path := make_url(url).database:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 15}, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def engine() -> Engine:
    """The engine of the database that the settings name."""
    return engine_for(settings().database_url)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late and is not IMMEDIATE
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A plain BEGIN that later writes dies with "database is locked" in spite of the busy timeout (335 of 800 tries).
    reading = connection.get_execution_options().get("postgresql_readonly", False)
    connection.exec_driver_sql(f"PRAGMA query_only={reading:d}")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def unit_of_work(*, read_only: bool = False) -> Iterator[Session]:
    """A session that commits when the block ends and rolls back when it raises.

    With `read_only` the database refuses to write, and all that is read is of one moment.
    """
    bind = engine().execution_options(**_one_moment(engine())) if read_only else engine()
    with Session(bind, expire_on_commit=False, info={KNOWN: {}} if read_only else {}) as session:
        try:
            yield session
            if not read_only:
                session.commit()
                if session.info.get(ERASES):
                    _write_anew(engine())
        except BaseException:
            session.rollback()
            raise


def _one_moment(engine: Engine) -> dict[str, Any]:
    # SQLAlchemy's own option for PostgreSQL; `_begin_sqlite` follows it too, and SQLite reads nothing but one moment.
    options: dict[str, Any] = {"postgresql_readonly": True}
    return options if engine.dialect.name == "sqlite" else {**options, "isolation_level": "REPEATABLE READ"}


def _write_anew(engine: Engine) -> None:
    """Leave nothing of erased rows in a file of SQLite: not in pages they were moved from, nor in the log beside it.

    PostgreSQL does that itself, with the next vacuum.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as pooled:
        connection: Any = pooled.driver_connection
        try:
            connection.execute("PRAGMA query_only=0")
            connection.execute(f"PRAGMA busy_timeout={_SHORT}")
            connection.execute("VACUUM")
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            busy = True
        finally:
            connection.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    if busy:  # the erasure itself is stored
        _LOG.warning("The database was in use and its file was not written anew; the next erasure does that.")
