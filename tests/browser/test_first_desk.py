"""The coordinator's main job in real browsers: files in, proposals out, decisions made, the stage moves."""

import datetime as dt
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from db.models import Match, MatchState, MatchTransition, Role, TrailEntry
from services import audit, programmes, reading, transaction
from services.access import OPERATOR
from services.setup import cohorts
from services.stage import links
from tests import make
from tests.browser.conftest import Address, make_account, served
from tests.browser.hands import at_rest, heading, open_as, press

ROSTERS = Path(__file__).parents[1] / "rosters"


@pytest.fixture
def address(empty_desk: Address) -> Address:
    """A desk with a programme, a cohort and an account of each kind, and nobody in it yet."""
    with transaction() as session:
        programme = programmes.create(
            session, by=OPERATOR, name="Profession to Profession", organisation="City of Toronto"
        )
        today = make.today()
        terms = cohorts.Terms(str(today.year), today, today + dt.timedelta(days=180))
        cohorts.save(session, programme, terms, by=OPERATOR)
        agency = make.agency(session, "Harbour Skills").name
    for username, role in (("cora", Role.COORDINATOR), ("omar", Role.COORDINATOR), ("maya", Role.MANAGER)):
        make_account(username, role)
    make_account("carl", Role.COACH, agency=agency)
    return empty_desk


@pytest.fixture
def stage(address: Address) -> Iterator[Address]:
    """The stage of the same desk, a process of its own."""
    with served(address.database, command="stage") as stage:
        yield stage


def bring_in(page: Page, *names: str) -> None:
    """Upload files on the import page, one after the other, and apply each."""
    page.locator("input[type=file]").set_input_files([ROSTERS / name for name in names])
    for stored, _ in enumerate(names, start=1):
        page.get_by_role("button", name=re.compile(r"^Apply \d+ rows")).first.click()
        expect(page.get_by_text(re.compile(r"^Stored: \d+ \w+ added"))).to_have_count(stored, timeout=60_000)


def states() -> dict[str, int]:
    with reading() as session:
        rows = session.execute(select(Match.state, func.count()).group_by(Match.state))
        return {state.value: count for state, count in rows}


def count_on(stage_page: Page) -> str:
    return stage_page.get_by_role("heading", level=1).first.inner_text()


def test_from_agencies_files_to_a_decision_and_the_number_on_the_stage(address: str, stage: str, a_browser) -> None:
    # a stage, opened in another browser by its link alone
    with transaction() as session:
        cora = make.actor(session)
        _, token, _ = links.make_link(session, by=cora, label="City Hall", hours=2)
    screen = a_browser(viewport={"width": 1920, "height": 1080}).new_page()
    screen.goto(f"{stage}/?token={token}")
    expect(screen.get_by_role("heading", level=1).first).to_have_text("0")

    page = open_as(a_browser, address, "cora", "/import")
    bring_in(page, "mentors_city.xlsx", "mentees_agency_one.csv", "mentees_agency_two.csv")

    page.get_by_role("link", name="Match review").click()
    page.get_by_role("button", name="Propose matches").click()
    page.get_by_role("button", name=re.compile("proposals in the queue")).click()
    page.locator(".st-key-queue_pane").wait_for()
    proposed = states()["proposed"]
    assert proposed > 100

    press(page, "a")
    expect(screen.get_by_role("heading", level=1).first).to_have_text("1", timeout=10_000)
    press(page, "h", "1")
    press(page, "d", "3")
    assert states() == {"active": 1, "on_hold": 1, "declined": 1, "proposed": proposed - 3}

    # taken back one by one, the decline first
    for left in ({"active": 1, "on_hold": 1}, {"active": 1}, {}):
        with reading() as session:
            undone = session.scalar(select(func.count()).where(MatchTransition.undoes_seq.is_not(None)))
        at_rest(page)
        page.keyboard.press("z")
        _until(lambda undone=undone: _undone() > undone)
        now = states()
        assert {state: number for state, number in now.items() if state != "proposed"} == left
    expect(screen.get_by_role("heading", level=1).first).to_have_text("0", timeout=10_000)

    press(page, "a")
    expect(screen.get_by_role("heading", level=1).first).to_have_text("1", timeout=10_000)
    with reading() as session:
        assert audit.verify(session) == []
        acts = set(session.scalars(select(TrailEntry.action)))
    assert {"match approved", "match put on hold", "match declined", "match undone"} <= acts


def _undone() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(MatchTransition.undoes_seq.is_not(None))) or 0


def _until(true) -> None:
    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen within ten seconds")


def test_nobody_else_sees_any_of_it_at_its_address(address: str, a_browser) -> None:
    with transaction() as session:
        group = make.group(session, "Engineering")
        cohort = programmes.cohort(session, programmes.main(session).id)
        other = make.agency(session, "Lakeshore Employment Services")
        mentee = make.mentee(session, group, first_name="Adaeze", last_name="Okafor", agency_id=other.id)
        ref = make.match(session, cohort, make.mentor(session, group, last_name="Fraser"), mentee).ref

    coordinator = open_as(a_browser, address, "cora", f"/match-review?match={ref}")
    expect(coordinator.get_by_role("heading", level=2).first).to_contain_text("Adaeze Okafor")

    for username in ("carl", "maya"):
        page = open_as(a_browser, address, username, f"/match-review?match={ref}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here for your account")
        for path in ("/", "/milestones", "/import"):
            page.goto(address + path)
            page.get_by_role("heading", level=1).first.wait_for()
            at_rest(page)
            assert not re.search("Adaeze|Okafor|Fraser", page.locator("body").inner_text())

    stranger = a_browser().new_page()
    stranger.goto(f"{address}/match-review?match={ref}")
    stranger.get_by_role("textbox", name="Username").wait_for()
    at_rest(stranger)
    assert not re.search("Adaeze|Okafor|Fraser", stranger.locator("body").inner_text())


def test_the_second_coordinator_reads_who_decided(address: str, a_browser) -> None:
    with transaction() as session:
        group = make.group(session, "Engineering")
        cohort = programmes.cohort(session, programmes.main(session).id)
        for days in (40, 20):
            make.match(session, cohort, make.mentor(session, group), make.mentee(session, group), days=days)
    first, second = (open_as(a_browser, address, username, "/match-review") for username in ("cora", "omar"))
    for page in (first, second):
        page.locator(".st-key-queue_pane").wait_for()
    assert heading(first) == heading(second)
    press(first, "a")
    second.keyboard.press("a")
    told = re.compile(r"Cora Park approved this match at \d\d:\d\d")
    expect(second.get_by_role("alert")).to_contain_text(told, timeout=20_000)
    assert states() == {MatchState.ACTIVE.value: 1, MatchState.PROPOSED.value: 1}
