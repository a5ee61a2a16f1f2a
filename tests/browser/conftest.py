"""The desk as browsers meet it: a server of its own on a free port, and a real Chromium."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy.engine import make_url

import services.sign_in
from db.models import Role
from db.session import engine_for
from db.settings import settings
from services import accounts, passwords, transaction
from services.access import OPERATOR

ROOT = Path(__file__).parents[2]
PASSWORD = "a long passphrase for tests"
#: Milliseconds; a busy machine takes its time.
_PATIENCE = 20_000
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
_FLAGS += ["--disable-component-update", "--disable-sync"]


class Address(str):
    """Where a desk is served, and the process that serves it."""

    __slots__ = ("database", "process", "said")
    database: str
    process: subprocess.Popen[bytes]
    said: IO[bytes]

    def log(self) -> str:
        """What the server has written so far."""
        self.said.flush()
        return os.pread(self.said.fileno(), 10_000_000, 0).decode()


@contextmanager
def served(
    database_url: str, *options: str, port: int = 0, command: str = "serve", **environment: str
) -> Iterator[Address]:
    """`matchdesk serve` (or `stage`) on a free port, or on that of a server that was stopped; yields its address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        port = probe.getsockname()[1]
    started = [sys.executable, "-m", "services", command, "--port", str(port), *options]
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("STREAMLIT_", "MATCHDESK_"))}
    environment = {**inherited, **environment, "DATABASE_URL": database_url}
    with tempfile.TemporaryFile() as said:
        server = subprocess.Popen(started, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz", server, said)
            address = Address(f"http://localhost:{port}")
            address.database, address.process, address.said = database_url, server, said
            yield address
        finally:
            server.terminate()
            server.wait(20)


def _wait_for(address: str, server: subprocess.Popen[bytes], said) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    said.seek(0)
    pytest.fail(f"the server did not start: {said.read().decode()}")


def make_account(username: str, role: Role = Role.COORDINATOR, **given: str) -> None:
    """An account that can sign in with `PASSWORD`, in the database of the test; its hash is a quick one."""
    with pytest.MonkeyPatch.context() as quick, transaction() as session:
        quick.setattr(passwords, "_ROUNDS", 4)
        accounts.create(
            session,
            by=OPERATOR,
            username=username,
            name=f"{username.capitalize()} Park",
            role=role,
            password=PASSWORD,
            **given,
        )


def token_of(username: str) -> str:
    """What the cookie of a browser holds in which that account has signed in."""
    with transaction() as session:
        knock = services.sign_in.knock(session, username)
        services.sign_in.admit(session, knock, browser=username, next_path="/")
        entered = services.sign_in.redeem(session, username)
        assert entered is not None
        return entered.token


def let_in(context: BrowserContext, address: str, username: str) -> BrowserContext:
    """That browser as it is once the account has signed in; the form itself is tried in `test_sign_in_browser`."""
    kept = {"name": "desk_session", "value": token_of(username), "url": address, "httpOnly": True, "sameSite": "Lax"}
    context.add_cookies([kept])
    return context


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill the form on the page and send it."""
    page.get_by_role("textbox", name="Username").fill(username)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("Chromium is missing; make test installs it.")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def a_browser(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make browsers that know nothing of each other; all are closed after the test."""
    opened: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        opened.append(chromium.new_context(**{"viewport": {"width": 1280, "height": 720}, **options}))
        opened[-1].set_default_timeout(_PATIENCE)
        return opened[-1]

    yield make
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def one_server(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """A server that one test after the other has to itself, with a database of its own; a start takes four seconds."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("served") / "desk.db"))
    with served(f"sqlite:///{path}") as address:
        yield address


@contextmanager
def restored(server: Address, copy: Path) -> Iterator[Address]:
    """The server, to whose database that copy was restored while it runs; the database of the test is the same."""
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(make_url(server.database).database)) as desk:
        source.backup(desk)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", server.database)
        settings.cache_clear()
        yield server
        engine_for(server.database).dispose()
    settings.cache_clear()


@pytest.fixture
def empty_desk(one_server: Address, sqlite_template: Path) -> Iterator[Address]:
    """An empty desk, which is served; the database of the test is its own."""
    with restored(one_server, sqlite_template) as address:
        yield address


@pytest.fixture
def server() -> Callable[..., AbstractContextManager[str]]:
    """`with server(database_url) as address:`."""
    return served
