"""One as-of day, chosen once in a real browser, obeyed by every page of figures and carried by the address."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from db.models import Role
from tests.browser.conftest import Address, make_account, restored
from tests.browser.hands import at_rest, open_as

APRIL_2006, OCTOBER_2013 = "2006-04-30", "2013-10-07"


@pytest.fixture
def address(one_server: Address, demo_file: Path) -> Iterator[Address]:
    """The demo programme, with an account of each kind."""
    with restored(one_server, demo_file) as address:
        for username, role in (("vera", Role.COORDINATOR), ("milan", Role.MANAGER)):
            make_account(username, role)
        yield address


def choose_day(page: Page, day: str) -> None:
    """Type a day into the as-of field, part by part, as a person does."""
    year, month, date = day.split("-")
    field = page.locator(".st-key-as_of")
    for name, part in (("year", year), ("month", month), ("day", date)):
        field.get_by_role("spinbutton", name=re.compile(name, re.IGNORECASE)).click()
        page.keyboard.type(part)
    page.keyboard.press("Escape")  # closing the calendar takes the day
    expect(page).to_have_url(re.compile(f"as_of={day}"), timeout=20_000)


def metric(page: Page, label: str) -> str:
    found = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    return found.get_by_test_id("stMetricValue").inner_text().replace("\xa0", " ")


def test_the_day_is_chosen_once_and_every_page_obeys_it(address: str, a_browser) -> None:
    page = open_as(a_browser, address, "vera", "/cohorts?cohort=2005")
    expect(page.get_by_role("heading", level=1)).to_have_text("2005 cohort")
    expect(page.get_by_text("of 38 mentees reached", exact=False).first).to_be_visible()
    assert metric(page, "Employed") == "74 %"

    choose_day(page, APRIL_2006)
    expect(page.get_by_text("25 of 38 mentees reached")).to_be_visible()
    expect(page.get_by_text("21 of 38 mentees reached")).to_be_visible()
    assert (metric(page, "Employed"), metric(page, "Employed in field")) == ("66 %", "55 %")

    # a click leads to the sheet, and cohort and day go along
    page.get_by_role("link", name="Fact sheet").click()
    expect(page).to_have_url(re.compile(r"/fact-sheet\?.*as_of=2006-04-30"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("2005 cohort")
    expect(page.get_by_text("38 mentees of the 2005 cohort reached, as of 30 April 2006")).to_be_visible()

    assert re.search("66 (%|per cent)", page.content())
    assert re.search("55 (%|per cent)", page.content())

    # also through a page that is about today only
    page.get_by_role("link", name="Match review").click()
    page.locator(".st-key-queue_pane").wait_for()
    page.get_by_role("link", name="Milestones").click()
    expect(page).to_have_url(re.compile("as_of=2006-04-30"))
    expect(page.get_by_text("from 3 May 2004 to 30 April 2006")).to_be_visible()
    choose_day(page, OCTOBER_2013)
    expect(page.get_by_text("from 3 May 2004 to 7 October 2013")).to_be_visible()
    assert metric(page, "Matches to date") == "1,137"
    page.get_by_role("link", name="Today").click()
    expect(page.get_by_text("1,137 matches", exact=True)).to_be_visible()


def test_an_address_can_be_sent_to_a_colleague_who_sees_it_in_their_own_way(address: str, a_browser) -> None:
    link = "/cohorts?cohort=2006&as_of=2007-04-30"
    mine = open_as(a_browser, address, "vera", link)
    at_rest(mine)
    mine.get_by_role("button", name="77 matches").first.click()
    expect(mine.get_by_role("dialog").get_by_text("77 rows")).to_be_visible()
    expect(mine).to_have_url(re.compile("rows=started_matches"))
    sent = mine.url.removeprefix(address)

    theirs = open_as(a_browser, address, "milan", sent)
    dialog = theirs.get_by_role("dialog")
    expect(dialog.get_by_text("Only coordinators see the people behind a figure", exact=False)).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(theirs).not_to_have_url(re.compile("rows="))
    expect(theirs.get_by_role("heading", level=1)).to_have_text("2006 cohort")

    # what came with the address goes along
    theirs.get_by_role("link", name="Fact sheet").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("Fact sheet, 2006 cohort")
    expect(theirs.get_by_text("As of 30 April 2007. Public figures")).to_be_visible()
