"""A coach on a phone: own matches only, a check-in in two taps, and nothing at the address of another agency's."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from db.models import Account, CheckIn, Role
from services import audit, reading, transaction
from services.access import OPERATOR
from services.caseload_access import NO_SUCH
from tests import coached, make
from tests.browser.conftest import Address, let_in, make_account
from tests.browser.hands import at_rest

#: A busy machine takes its time.
WAIT = 20_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def address(empty_desk: Address) -> tuple[str, str, str]:
    """A desk with two agencies; a ref of each."""
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        ours, theirs = make.agency(session, "Eastgate"), make.agency(session, "Northview")
        whose, other = coached.coach(session, ours), coached.coach(session, theirs)
        mine = coached.running(session, cohort, whose, 2, days=20)
        (foreign,) = coached.running(session, cohort, other, days=20)
    make_account("farah", Role.COACH, agency="Eastgate")
    with transaction() as session:
        session.scalars(select(Account).where(Account.username == "farah")).one().coach_id = whose.id
        audit.record(session, OPERATOR, "changed for a test", "account")
    return empty_desk, mine[0].ref, foreign.ref


def body(page: Page) -> str:
    at_rest(page)
    return page.locator('[data-testid="stMain"]').inner_text()


def test_a_coach_logs_a_check_in_on_a_phone_and_meets_nothing_of_others(address, a_browser) -> None:
    at, mine, foreign = address
    page = let_in(a_browser(**PHONE), at, "farah").new_page()
    page.goto(f"{at}/caseload")
    expect(page.get_by_role("heading", level=1)).to_have_text("My week", timeout=WAIT)
    expect(page.get_by_text("2 overdue")).to_be_visible(timeout=WAIT)
    with reading() as session:
        names = coached.names(session)
    text = body(page)
    assert [name in text for name in (*names[mine], *names[foreign])] == [True, True, False, False]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    save = page.get_by_role("button", name="Save check-in")
    assert save.bounding_box()["height"] >= 40

    page.get_by_role("radio", name="Mentor", exact=True).tap()
    save.tap()
    expect(page.get_by_text("1 overdue")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text(re.compile("Check-in: Adaeze"))).to_be_visible(timeout=WAIT)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(CheckIn)) == 1

    said = []
    for ref in (foreign, "0" * 16):
        page.goto(f"{at}/caseload?match={ref}")
        expect(page.get_by_role("alert")).to_contain_text(NO_SUCH, timeout=WAIT)
        said.append(body(page))
    assert said[0] == said[1]
    page.goto(f"{at}/caseload?match={mine}")
    expect(page.get_by_role("heading", level=2).first).to_have_text(names[mine][0], timeout=WAIT)
