"""Pages of figures for people who do not see them: names, order of headings and contrast, in light and in dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from db.models import Role
from tests.browser.conftest import Address, let_in, make_account, restored

#: Of each kind of account: pages of its own.
PAGES = {
    "vera": (
        "/cohorts",
        "/fact-sheet?cohort=2006",
        "/specialities",
        "/specialities?view=Places",
        "/programme?view=Keeping",
    ),
    "milan": ("/",),
}


@pytest.fixture(scope="module")
def address(one_server: Address, demo_file: Path) -> Iterator[Address]:
    """The demo programme, with a coordinator and a manager."""
    with restored(one_server, demo_file) as address:
        for username, role in (("vera", Role.COORDINATOR), ("milan", Role.MANAGER)):
            make_account(username, role)
        yield address


def at_rest(page: Page) -> None:
    """Until the page has run and its charts are drawn."""
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    page.get_by_role("heading", level=1).wait_for(state="attached")
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton], [data-stale=true]')")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.stVegaLiteChart')].every(c => c.querySelector('svg'))"
    )


@pytest.mark.parametrize("username", PAGES)
def test_no_page_of_figures_shuts_anyone_out(address: str, a_browser, username: str) -> None:
    # axe is put into the page as a script, which the desk's own policy forbids
    page = let_in(a_browser(color_scheme="light", bypass_csp=True), address, username).new_page()
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in PAGES[username]:
            page.goto(address + path)
            at_rest(page)
            expect(page.get_by_test_id("stException").or_(page.get_by_test_id("stAlert"))).to_have_count(0)
            violations = Axe().run(page).response["violations"]
            found += [(path, scheme, one["id"], [node["html"][:200] for node in one["nodes"]]) for one in violations]
    assert found == []
