"""Sixty people at a door, tapped on a phone; in the middle the server is killed, and started again."""

import re
import signal

from playwright.sync_api import expect
from sqlalchemy import func, select

from db.models import Attendance, Mentee, Mentor
from services import events, invitations, reading, transaction
from services.access import OPERATOR
from tests import coached
from tests.browser.conftest import let_in, make_account, served
from tests.test_door import draft

#: A busy machine takes its time.
WAIT = 25_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MANY = 60
#: Kept by the page: whether its own notice of the lost connection has come.
NOTICED = """() => { window.noticed = new Promise((seen) => new MutationObserver(() => {
    if (document.querySelector('[data-testid="stDialog"]')) seen(true);
}).observe(document.body, {childList: true})); }"""


def came() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Attendance.attended.is_(True))) or 0


def tap(page, first: int, last: int) -> None:
    guests = page.locator(".guest")
    for at in range(first, last):
        guests.nth(at).tap()


def test_no_tap_is_lost_when_the_server_dies_in_the_middle(desk: str, a_browser) -> None:
    make_account("cora")
    with transaction() as session:
        programme, cohort = coached.programme_and_cohort(session)
        matches = coached.running(session, cohort, None, MANY // 2)
        (beside,) = coached.running(session, cohort, None)
        people = [session.get_one(Mentor, m.mentor_id).ref for m in matches]
        people += [session.get_one(Mentee, m.mentee_id).ref for m in matches]
        walk_in = session.get_one(Mentee, beside.mentee_id)
        ref = events.make(session, programme.id, draft(cohort.name), by=OPERATOR).ref
        invitations.invite(session, ref, people, by=OPERATOR)
    with served(desk) as address:
        page = let_in(a_browser(**PHONE), address, "cora").new_page()
        page.goto(f"{address}/events?event={ref}&door=1")
        expect(page.locator(".guest")).to_have_count(MANY, timeout=WAIT)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        tap(page, 0, 25)
        expect(page.locator(".state")).to_have_text(re.compile(r"All saved at \d\d:\d\d"), timeout=WAIT)
        assert came() == 25

        page.evaluate(NOTICED)
        address.process.send_signal(signal.SIGKILL)
        address.process.wait(20)
        tap(page, 25, 35)
        page.evaluate("() => window.noticed")  # the page's own notice lies over the list no longer than a moment
        tap(page, 35, 45)
        expect(page.locator(".state")).to_contain_text("20 taps not yet sent: no connection", timeout=WAIT)
        kept = page.evaluate("JSON.stringify({...localStorage})")
        assert not re.search("Fraser|Okafor|Grace|Adaeze", kept)
    with served(desk, port=int(address.rsplit(":", 1)[1])):
        tap(page, 45, MANY)
        head = page.evaluate("document.querySelector('[data-testid=stHeader]').getBoundingClientRect().bottom")
        assert head <= page.locator(".find").bounding_box()["y"]  # in sight however far the list was scrolled
        page.locator(".find").fill(walk_in.last_name.lower().replace("k", "kk"))
        expect(page.locator(".guest").last).to_contain_text("Add")
        page.locator(".guest", has_text=walk_in.last_name).tap()
        expect(page.locator(".state")).to_have_text(re.compile(r"All saved at \d\d:\d\d"), timeout=WAIT)
        assert came() == MANY + 1
        expect(page.locator(".count")).to_have_text(f"{MANY} of {MANY} invited are here, and 1 not invited")
        assert "matchdesk-door" not in page.evaluate("JSON.stringify({...localStorage})")
