"""A fresh, migrated database for every test, on SQLite and on a real PostgreSQL."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from streamlit.components.v2 import manifest_scanner
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from db.migrations import upgrade
from db.models import Cohort, Role
from db.session import engine_for
from db.settings import settings
from pages.ui import acts
from services import audit, passwords, programmes, reading, transaction
from services.access import OPERATOR, Actor
from services.demo.build import build
from tests import make
from tests.databases import in_memory, postgres, postgres_copy, sqlite_copy

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="matchdesk-run-"))
_numbers = count(1)


if folder := in_memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


class _ByFile(LoadFileScheduling):
    """Files stay whole. Browsers wait more than they work: one process has them all, the others work beside it."""

    def _split_scope(self, nodeid: str) -> str:
        return "browsers" if nodeid.startswith("tests/browser/") else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """How the processes share the tests, whatever `--dist` says."""
    return _ByFile(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Of several processes the browsers' takes longest, and mostly waits: the others work in what it leaves."""
    if "PYTEST_XDIST_WORKER" in os.environ and not item.nodeid.startswith("tests/browser/") and not os.nice(0):
        os.nice(5)


@pytest.fixture(scope="session", autouse=True)
def _what_is_installed_stays() -> Iterator[None]:
    """Streamlit reads the metadata of every installed package for each page under test; once a run is enough."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def _whoever_tests_has_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second click on a page under test is meant; tests of second clicks set the time again."""
    monkeypatch.setattr(acts, "ECHO", 0)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    upgrade(f"sqlite:///{path}")
    engine = engine_for(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL for the whole run."""
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def folder_of_desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the databases of tests lie, one after the other."""
    return tmp_path_factory.mktemp("desks")


@pytest.fixture
def sqlite_url(sqlite_template: Path, folder_of_desks: Path) -> Iterator[str]:
    with sqlite_copy(sqlite_template, folder_of_desks) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    with postgres_copy(postgres_server) as url:
        yield url


def _use(url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    return url


@pytest.fixture
def desk(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The desk's database is an empty SQLite one; yields its address."""
    yield _use(sqlite_url, monkeypatch)
    settings.cache_clear()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The desk's database, once on each engine."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    yield _use(request.getfixturevalue(fixture), monkeypatch)
    settings.cache_clear()


@pytest.fixture(scope="module")
def one_engine(sqlite_template: Path, folder_of_desks: Path) -> Iterator[Engine]:
    """One SQLite database a module, for tests that store nothing."""
    with sqlite_copy(sqlite_template, folder_of_desks) as url:
        yield engine_for(url)


@pytest.fixture(scope="module")
def one_postgres_engine(postgres_server: str) -> Iterator[Engine]:
    """The same on PostgreSQL."""
    with postgres_copy(postgres_server) as url:
        yield engine_for(url)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def drafting_engine(request: pytest.FixtureRequest) -> Engine:
    """One database a module, once on each engine, for tests that store nothing."""
    return request.getfixturevalue("one_engine" if request.param == "sqlite" else "one_postgres_engine")


@pytest.fixture
def draft(drafting_engine: Engine) -> Iterator[Session]:
    """A transaction that is never stored, once on each engine: quick where many attempts are made."""
    with Session(drafting_engine) as session:
        yield session


@pytest.fixture
def drafted(draft: Session) -> Iterator[Session]:
    """The same; what the test leaves is checked for its trail."""
    yield draft
    audit.close(draft)


@pytest.fixture
def session(desk: str) -> Iterator[Session]:
    """One open transaction on an empty SQLite desk; what the test leaves is checked for its trail and stored."""
    with transaction() as session:
        yield session


def desk_at(path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The desk's database is that SQLite file."""
    return _use(f"sqlite:///{path}", monkeypatch)


@pytest.fixture(scope="session")
def demo_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo programme of `make.DEMO_DAY`, built once a run; read it, or copy the file and change the copy."""
    own = tmp_path_factory.mktemp("demo") / "demo.db"
    run = tmp_path_factory.getbasetemp()
    built = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "demo.db"
    with built.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # whoever asks first builds it, and the other processes of the run wait
        if not built.exists():
            _build_demo(Path(shutil.copy(sqlite_template, own)))
            shutil.copy(own, built)
    return Path(shutil.copy(built, own))


def _build_demo(path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        url = desk_at(path, patch)
        patch.setattr(passwords, "_ROUNDS", 4)  # of seven accounts; they are slow on purpose
        with transaction() as session:
            build(session, by=OPERATOR, today=make.DEMO_DAY)
        engine_for(url).dispose()
    settings.cache_clear()


@pytest.fixture
def demo(demo_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session that reads the demo programme."""
    url = desk_at(demo_file, monkeypatch)
    with reading() as session:
        yield session
    engine_for(url).dispose()
    settings.cache_clear()


@pytest.fixture
def demo_desk(demo_file: Path, folder_of_desks: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The desk's database is a copy of the demo programme, to be changed; yields its address."""
    with sqlite_copy(demo_file, folder_of_desks) as url:
        yield _use(url, monkeypatch)
    settings.cache_clear()


@pytest.fixture(scope="session")
def staffed_file(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[Role, Actor]]:
    """A copy of the demo in which someone of every role is signed in, and who they are."""
    path = Path(shutil.copy(demo_file, tmp_path_factory.mktemp("staffed") / "demo.db"))
    with pytest.MonkeyPatch.context() as patch:
        url = desk_at(path, patch)
        with transaction() as session:
            staff = {role: make.actor(session, role) for role in Role}
        engine_for(url).dispose()
    settings.cache_clear()
    return path, staff


@pytest.fixture(scope="session")
def staff(staffed_file: tuple[Path, dict[Role, Actor]]) -> dict[Role, Actor]:
    """Someone of every role, signed in to the desk of `staffed`."""
    return staffed_file[1]


@pytest.fixture
def staffed(staffed_file: tuple[Path, dict[Role, Actor]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session that reads the demo programme, in which `staff` is signed in."""
    url = desk_at(staffed_file[0], monkeypatch)
    with reading() as session:
        yield session
    engine_for(url).dispose()
    settings.cache_clear()


@pytest.fixture
def cohorts(demo: Session) -> dict[int, Cohort]:
    """The demo's mentoring cohorts by year."""
    rows = demo.scalars(select(Cohort).where(Cohort.programme_id == programmes.main(demo).id))
    return {int(cohort.name): cohort for cohort in sorted(rows, key=lambda cohort: cohort.starts_on)}
