"""A button pressed twice in a real browser, whose second click starts a run beside the first one's."""

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from db.models import Account, CheckIn, Outcome, Role
from services import accounts, audit, reading, transaction
from services.access import OPERATOR
from tests import asked, coached, make
from tests.browser.conftest import PASSWORD, make_account, served
from tests.browser.hands import at_rest, open_as

WAIT = 20_000


@pytest.fixture
def address(desk: str) -> Iterator[str]:
    """Two check-ins that farah owes, and two mentees whom cora asks what became of them."""
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        whose = coached.coach(session, make.agency(session, "Eastgate"))
        coached.running(session, cohort, whose, 2, days=20)
        for ago in (220, 200):
            asked.ended(session, cohort, ago=ago)
        accounts.create(
            session, by=OPERATOR, username="farah", name="Farah Nazari", role=Role.COACH, password=PASSWORD,
            agency="Eastgate",
        )  # fmt: skip
        session.scalars(select(Account).where(Account.username == "farah")).one().coach_id = whose.id
        audit.record(session, OPERATOR, "changed for a test", "account")
    make_account("cora")
    with served(desk) as address:
        yield address


def twice(page: Page, button: str) -> None:
    """Two clicks on what stands there, 150 ms apart."""
    at_rest(page)
    pressed = page.get_by_role("button", name=button).element_handle()
    for _ in range(2):
        pressed.evaluate("button => button.click()")
        time.sleep(0.15)


@contextmanager
def somebody_else_writing(url: str) -> Iterator[None]:
    """For a second, so that whoever clicks waits."""
    with closing(sqlite3.connect(make_url(url).database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        time.sleep(0.7)


def many(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_is_done_once_and_told_and_the_next_one_is_left_alone(address: str, desk: str, a_browser) -> None:
    page = open_as(a_browser, address, "farah", "/caseload")
    expect(page.get_by_text("2 overdue")).to_be_visible(timeout=WAIT)
    with somebody_else_writing(desk):
        twice(page, "Save check-in")
    expect(page.get_by_text(re.compile("Check-in: "))).to_be_visible(timeout=WAIT)
    at_rest(page)
    expect(page.get_by_text("1 overdue")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert many(CheckIn) == 1

    page = open_as(a_browser, address, "cora", "/outcomes")
    first = page.get_by_role("heading", level=2).first.inner_text()
    twice(page, "In their field")
    expect(page.get_by_text(f"{first}: in their field")).to_be_visible(timeout=WAIT)
    at_rest(page)
    expect(page.get_by_role("heading", level=2).first).not_to_have_text(first)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert many(Outcome) == 1
