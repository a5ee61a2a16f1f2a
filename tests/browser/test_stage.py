"""The stage in front of a room: live on every screen, celebrated once, closed at once, and naming nobody."""

import json
import re
import signal
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, expect
from sqlalchemy import select

from db.models import DisplayToken, MatchState, MatchTransition
from services import clock, reading, transaction
from services.stage.show import SCENES
from tests import make, staged
from tests.browser.conftest import Address, make_account, served
from tests.browser.hands import open_as, press
from tests.staged import PHONE, SCREEN

CANARY = "Canary"
CONSENTED = "Zoë Nguyễn-Ólafsdóttir"
#: Keeps, in the page itself, when each first heading was seen, and how often a celebration began.
_WATCH = """
() => {
  window.seen = {}; window.celebrations = 0; let was = false;
  const look = () => {
    const said = document.querySelector('h1')?.textContent ?? '';
    window.seen[said] ??= Date.now();
    const is = said.startsWith('The 10th');
    window.celebrations += is && !was; was = is;
  };
  look(); new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
}
"""


@pytest.fixture
def programme(empty_desk: Address) -> int:
    """Two matches that run, ten proposals that wait, and an evening with one name; every other word is a canary."""
    make_account("cora")
    with transaction() as session:
        made = make.programme(session, name="Profession to Profession")
        cohort = make.cohort(session, made, name="This year")
        group = make.group(session, "Engineering")
        for number in range(12):
            mentor = make.mentor(session, group, first_name=CANARY, last_name=f"{CANARY} {number}", office=CANARY)
            mentee = make.mentee(session, group, first_name=CANARY, last_name=f"{CANARY} {number}", goal=CANARY)
            match = make.match(session, cohort, mentor, mentee, proposed_on=make.today())
            if number < 2:
                make.step(session, match, MatchState.APPROVED, note=CANARY)
                make.step(session, match, MatchState.ACTIVE)
        staged.opened(session, made.id, staged.evening(session, cohort.id, CONSENTED).id)
    return made.id


def screen(context: BrowserContext, stage: str) -> Page:
    page = context.new_page()
    page.goto(f"{stage}/?token={SCREEN}")
    expect(page.get_by_role("heading", level=1).first).to_have_text("2")
    page.evaluate(_WATCH)
    return page


def approvals() -> list[float]:
    """When each approval was stored, in milliseconds."""
    with reading() as session:
        rows = session.scalars(
            select(MatchTransition.at)
            .where(MatchTransition.to_state == MatchState.ACTIVE)
            .order_by(MatchTransition.at, MatchTransition.id)
        )
        return [at.timestamp() * 1000 for at in rows]


def test_ten_approvals_show_on_two_screens_and_the_milestone_is_celebrated_once_on_each(
    empty_desk: Address, programme: int, a_browser
) -> None:
    with served(empty_desk.database, command="stage") as stage:
        screens = [screen(a_browser(viewport={"width": 1280, "height": 720}), stage) for _ in range(2)]
        page = open_as(a_browser, empty_desk, "cora", "/match-review")
        for number in range(3, 11):
            press(page, "a")
            for one in screens:
                shown = "The 10th match" if number == 10 else str(number)
                expect(one.get_by_role("heading", level=1).first).to_have_text(shown)
        late = [
            seen - stored
            for one in screens
            for seen, stored in zip(
                [one.evaluate("text => window.seen[text]", str(number)) for number in range(3, 10)]
                + [one.evaluate("() => window.seen['The 10th match']")],
                approvals()[2:],
                strict=True,
            )
        ]
        assert max(late) < 2000, late

        # the phone goes on to the next scene, in the room too; nothing is celebrated again
        phone = a_browser(viewport={"width": 390, "height": 844}).new_page()
        phone.goto(f"{stage}/remote?token={PHONE}")
        phone.get_by_role("button", name="Next: The count").click()
        for one in screens:
            expect(one.get_by_role("heading", level=1).first).to_have_text("10")
        press(page, "a")
        for one in screens:
            expect(one.get_by_role("heading", level=1).first).to_have_text("11")
            assert one.evaluate("window.celebrations") == 1

        # killed: the last figures stay, with their mark; started again, it goes on by itself
        port = urlsplit(stage).port
        stage.process.send_signal(signal.SIGKILL)
        stage.process.wait(20)
        for one in screens:
            one.locator('html[data-stage="lost"]').wait_for(state="attached")
            expect(one.get_by_role("heading", level=1).first).to_have_text("11")
            expect(one.get_by_text(re.compile("last figures from"))).to_be_visible()
        press(page, "a")
        with served(empty_desk.database, port=port, command="stage"):
            for one in screens:
                expect(one.get_by_role("heading", level=1).first).to_have_text("12", timeout=40_000)
                expect(one.locator('html[data-stage="lost"]')).to_have_count(0)
                expect(one.get_by_text(re.compile("^Live"))).to_be_visible()
                assert one.evaluate("window.celebrations ?? 0") in (0, 1)


def test_an_ended_link_closes_screen_and_phone_within_five_seconds(
    empty_desk: Address, programme: int, a_browser
) -> None:
    with served(empty_desk.database, command="stage") as stage:
        one = screen(a_browser(), stage)
        assert "token" not in one.url
        phone = a_browser(viewport={"width": 390, "height": 844}).new_page()
        phone.goto(f"{stage}/remote?token={PHONE}")
        expect(phone.get_by_role("button", name="Next: The years")).to_be_visible()
        with transaction() as session:
            link = session.query(DisplayToken).one()
            link.revoked_at = clock.now()
            make._keep(session, link)
        for page in (one, phone):
            expect(page.get_by_role("heading", level=1).first).to_have_text("The stage is closed.", timeout=5_000)
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
        expect(one.get_by_role("main")).to_have_text("The stage is closed.")
        one.reload()
        expect(one.get_by_role("heading", level=1).first).to_have_text("The stage is closed.")


def test_nothing_that_leaves_the_stage_names_anybody_without_consent(
    empty_desk: Address, programme: int, a_browser
) -> None:
    told: list[str] = []
    hosts: set[str] = set()

    def listen(socket: WebSocket) -> None:
        hosts.add(urlsplit(socket.url).netloc)
        for event in ("framereceived", "framesent"):
            socket.on(event, lambda frame: told.append(frame if isinstance(frame, str) else frame.decode("latin-1")))

    def hear(answer) -> None:
        hosts.add(urlsplit(answer.url).netloc)
        told.append(answer.url + json.dumps(answer.headers))
        if "javascript" not in answer.headers.get("content-type", "") and answer.status == 200:
            told.append(answer.body().decode("latin-1"))

    with served(empty_desk.database, command="stage") as stage:
        page = a_browser(viewport={"width": 1920, "height": 1080}).new_page()
        page.on("websocket", listen)
        page.on("response", hear)
        page.goto(f"{stage}/?token={SCREEN}")
        expect(page.get_by_role("heading", level=1).first).to_have_text("2")
        page.locator(".st-key-turn_next button").wait_for(state="attached")
        for scene in SCENES[1:]:
            page.keyboard.press("PageDown")
            page.locator(f'[class*="st-key-stage_scene_{scene}"]').wait_for()
        expect(page.get_by_text(CONSENTED)).to_be_visible()
        time.sleep(3)  # some looks more
    heard = "\n".join(told)
    assert CONSENTED.encode().decode("latin-1") in heard
    assert len(heard) > 50_000
    assert hosts == {urlsplit(stage).netloc}
    with reading() as session:
        refs = [*session.scalars(select(make.Match.ref)), *session.scalars(select(make.Mentor.ref))]
        addresses = [*session.scalars(select(make.Mentor.email)), *session.scalars(select(make.Mentee.email))]
    assert [word for word in (CANARY, *refs, *addresses) if word in heard] == []
    assert re.findall(r"\bcora\b", heard) == []
    assert re.findall(r"[a-z0-9.]{3,}@[a-z0-9]{3,}\.[a-z]{2,}", heard) == []
    assert (SCREEN in heard.replace(f"token={SCREEN}", "").replace(f"stage_screen={SCREEN}", "")) is False
