"""The stage of this process: one look at the database each tick, whoever watches, and a show for each open link."""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from services import clock
from services.sign_in import digest
from services.stage.board import Board, board
from services.stage.show import Show

#: Seconds between two looks at the database.
TICK = 0.7
_log = logging.getLogger(__name__)


class Stage:
    """Every link that opens it now, and the show that its screens share."""

    def __init__(self, look: Callable[[], Sequence[Row[Any]]]) -> None:
        """`look` gives every row of the view; it raises `SQLAlchemyError` while the database is away."""
        self._look = look
        #: Tells this start from others: after a restart every version is a new one.
        self._start = secrets.token_hex(4)
        self._shows: dict[str, Show] = {}
        self._screens: dict[str, Row[Any]] = {}
        self._remotes: dict[str, Row[Any]] = {}

    def tick(self) -> None:
        """Look once, and bring every show up to date; what cannot be reached is shown as it was."""
        try:
            rows = self._look()
        except SQLAlchemyError:
            for show in [*self._shows.values()]:
                show.tick(None, is_live=False)
            return
        self._screens = {row.name: row for row in rows if row.kind == "link"}
        self._remotes = {row.name: row for row in rows if row.kind == "remote"}
        boards: dict[tuple[int, int | None], Board] = {}
        for token, link in self._screens.items():
            of = link.programme_id, link.number
            if of not in boards:
                boards[of] = board([row for row in rows if row.programme_id == link.programme_id], link.number)
            self._shows.setdefault(token, Show()).tick(boards[of])
        self._shows = {token: show for token, show in self._shows.items() if token in self._screens}

    def show(self, token: str | None) -> Show | None:
        """The show of a screen's link; None when it has ended, or never opened anything."""
        return self._open(self._screens.get(digest(token or "")))

    def remote(self, token: str | None) -> Show | None:
        """The show that a presenter's phone turns; None when the link has ended."""
        return self._open(self._remotes.get(digest(token or "")))

    def version(self, show: Show | None) -> str:
        """What is drawn now, as screens tell one state from the next."""
        return f"{self._start}-{show.version}" if show else "closed"

    def run(self) -> None:
        """Tick for good, in a thread of its own."""
        threading.Thread(target=self._run, name="stage", daemon=True).start()

    def _run(self) -> None:
        while True:
            began = time.monotonic()
            try:
                self.tick()
            except Exception as fault:  # noqa: BLE001 - the screens keep what they have, and the next look may go well
                _log.error("The stage could not be brought up to date: %s", type(fault).__name__)
            time.sleep(max(0.1, TICK - (time.monotonic() - began)))

    def _open(self, link: Row[Any] | None) -> Show | None:
        if link is None or link.at <= clock.now():
            return None
        return self._shows.get(link.note or link.name)


#: The stage of this process, once it runs.
running: list[Stage] = []


def current() -> Stage:
    """The stage that this process runs; its server starts it."""
    return running[0]
