"""Ten minutes of a stage, everything that leaves it kept and searched.

    python -m tests.bench.stage_watch [--seconds 600]

The demo's own people, its event with consented names, a screen that plays by itself, and approvals meanwhile. Prints
how much was heard, and every name, reference, address or foreign host in it that should not be there.
"""

import argparse
import os
import re
import shutil
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, WebSocket, sync_playwright
from sqlalchemy import select

from db.migrations import upgrade
from db.models import Account, Event, Match, MatchState, Mentee, Mentor, StageName
from db.settings import settings
from services import reading, review, transaction
from services.access import OPERATOR
from services.demo.build import build
from services.stage import links
from tests.browser.conftest import _FLAGS, served

EVERY = 20  # seconds between two approvals


class Heard:
    """Everything that a page sent and received."""

    def __init__(self, page: Page) -> None:
        self.parts: list[str] = []
        self.hosts: set[str] = set()
        page.on("websocket", self.socket)
        page.on("response", self.answer)

    def socket(self, socket: WebSocket) -> None:
        """Each frame, both ways."""
        self.hosts.add(urlsplit(socket.url).netloc)
        for way in ("framereceived", "framesent"):
            socket.on(way, lambda frame: self.parts.append(_text(frame)))

    def answer(self, answer: Response) -> None:
        """Address, headers and body of each answer; scripts are the same for everybody."""
        self.hosts.add(urlsplit(answer.url).netloc)
        self.parts.append(answer.url + repr(answer.headers))
        kind = answer.headers.get("content-type", "")
        if answer.status == 200 and "javascript" not in kind and "font" not in kind:
            self.parts.append(_text(answer.body()))


def _text(sent: str | bytes) -> str:
    return sent if isinstance(sent, str) else sent.decode("utf-8", "ignore")


def found_in(heard: str) -> list[str]:
    """What names or points at somebody who did not agree to it."""
    with reading() as session:
        people = [*session.scalars(select(Mentor)), *session.scalars(select(Mentee))]
        agreed = {*session.scalars(select(StageName.name))}
        refs = {*session.scalars(select(Match.ref)), *(person.ref for person in people)}
        accounts = [*session.scalars(select(Account.name)), *session.scalars(select(Account.username))]
    names = {f"{person.first_name} {person.last_name}" for person in people} - agreed
    wrong = [name for name in names if name in heard]
    wrong += [person.email for person in people if person.email in heard]
    wrong += [ref for ref in re.findall(r"[0-9a-f]{16}", heard) if ref in refs]
    return wrong + [word for word in accounts if re.search(rf"\b{re.escape(word)}\b", heard)]


def main() -> None:
    """Watch, approve, and say what was heard."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=int, default=600)
    seconds = asked.parse_args().seconds
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'desk.db'}"
        settings.cache_clear()
        upgrade()
        with transaction() as session:
            build(session, by=OPERATOR)
        with transaction() as session:
            event = session.scalar(select(Event.ref).join(StageName, StageName.event_id == Event.id))
            _, token, _ = links.make_link(session, by=OPERATOR, label="Hall", event_ref=event)
            waiting = [*session.scalars(select(Match.ref).where(Match.state == MatchState.PROPOSED))]
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        heard = Heard(page)
        with served(settings().database_url, command="stage") as stage:
            page.goto(f"{stage}/?token={token}")
            page.locator(".st-key-turn_play button").wait_for(state="attached")
            page.keyboard.press("p")
            began, approved = time.monotonic(), 0
            while time.monotonic() - began < seconds:
                page.wait_for_timeout(EVERY * 1000)
                with transaction() as session:
                    match = session.scalars(select(Match).where(Match.ref == waiting[approved])).one()
                    review.approve(session, match.ref, match.version, by=OPERATOR)
                approved += 1
            page.goto("about:blank")  # what was asked last is heard out
        said = "\n".join(heard.parts)
        with reading() as session:
            shown = sum(name in said for name in session.scalars(select(StageName.name)))
        print(f"{seconds} s, {len(heard.parts):,} frames and answers, {len(said):,} letters, {approved} approvals")  # noqa: T201
        print(f"{shown} consented names were shown; hosts: {sorted(heard.hosts)}")  # noqa: T201
        print(f"found: {found_in(said) or 'nothing'}")  # noqa: T201
        chromium.close()


if __name__ == "__main__":
    main()
