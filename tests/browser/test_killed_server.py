"""A server killed in the middle of an apply leaves all of it or none of it."""

import signal
import sqlite3
import time
from contextlib import closing

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from db.models import ImportRun, Mentor
from services import audit, reading
from tests import files
from tests.browser.conftest import let_in, make_account, served

MANY = 6_000


def stored() -> tuple[int, int]:
    with reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Mentor, ImportRun))


def until_it_writes(url: str) -> None:
    """Until the server holds the lock for writing: a busy browser may show its progress when all is over."""
    for _ in range(6_000):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
                other.rollback()
            except sqlite3.OperationalError:
                return
        time.sleep(0.01)
    pytest.fail("the server wrote nothing for a minute")


def test_a_server_killed_in_the_middle_of_an_apply_leaves_nothing_and_the_next_apply_stores_all(
    desk: str, a_browser
) -> None:
    make_account("cora")
    roster = {
        "name": "roster.csv",
        "mimeType": "text/csv",
        "buffer": files.csv(files.MENTORS, *files.mentors(MANY, name="Grace Fraser")),
    }

    def upload(address: str):
        page = let_in(a_browser(), address, "cora").new_page()
        page.goto(f"{address}/import")
        page.locator("input[type=file]").set_input_files(roster)
        apply = page.get_by_role("button", name=f"Apply {MANY} rows")
        apply.wait_for(timeout=120_000)
        return page, apply

    with served(desk) as address:
        page, apply = upload(address)
        apply.click()
        until_it_writes(desk)
        time.sleep(0.5)  # well into reading and storing, which take some seconds together
        address.process.send_signal(signal.SIGKILL)
        address.process.wait(20)
    assert stored() == (0, 0)
    with reading() as session:
        assert audit.verify(session) == []

    with served(desk) as address:
        page, apply = upload(address)
        apply.click()
        expect(page.get_by_text(f"Stored: {MANY} mentors added")).to_be_visible(timeout=120_000)
    assert stored() == (MANY, 1)
