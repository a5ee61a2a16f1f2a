"""A morning in Match review, in real browsers: triage by keys alone, many at once, and two who work side by side."""

import re
import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from db.models import Account, Match, MatchTransition, TrailEntry
from services import audit, programmes, reading, review, transaction
from services.access import OPERATOR, Actor
from tests import make
from tests.browser.conftest import Address, make_account
from tests.browser.hands import ask, at_rest, heading, open_as, press, takes_keys

MANY = 20


@pytest.fixture
def address(empty_desk: Address) -> Address:
    """Twenty-two proposals, none as old as another, and two coordinators."""
    with transaction() as session:
        programme = programmes.create(
            session, by=OPERATOR, name="Profession to Profession", organisation="City of Toronto"
        )
        cohort = make.cohort(session, session.get_one(make.Programme, programme))
        group = make.group(session, "Engineering")
        for number in range(MANY + 2):
            mentee = make.mentee(session, group, first_name=f"Adaeze{chr(65 + number)}", last_name="Okafor")
            fit = 900 if number % 2 else 600
            make.match(session, cohort, make.mentor(session, group, capacity=1), mentee, days=60 - number, fit=fit)
    for username in ("cora", "omar"):
        make_account(username)
    return empty_desk


def matches() -> list[Match]:
    with reading() as session:
        return list(session.scalars(select(Match).order_by(Match.proposed_on)))


def as_omar() -> Actor:
    """Omar through another sign-in than his browser's."""
    with transaction() as session:
        omar = session.scalars(select(Account).where(Account.username == "omar")).one()
        login = make.actor(session)
        session.query(make.LoginSession).filter_by(ref=login.login_ref).update({"account_id": omar.id})
        return Actor(omar.name, omar.id, omar.role, None, login.login_ref)


def left(page: Page) -> int:
    return int(re.search(r"(\d+)\s*left", page.get_by_text(re.compile(r"decided today")).inner_text())[1])


def take_back(page: Page, *, until: int) -> None:
    """Press Z until so many steps are taken back: a busy machine may not have taken the first press."""
    for _ in range(4):
        at_rest(page)
        page.keyboard.press("z")
        for _ in range(160):
            if undone() >= until:
                return
            time.sleep(0.05)
    pytest.fail("nothing was taken back")


def until(true) -> None:
    for _ in range(400):
        if true():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen within twenty seconds")


def test_twenty_matches_are_triaged_by_keys_alone_and_taken_back(address: str, a_browser) -> None:
    page = open_as(a_browser, address, "cora", "/match-review")
    page.locator(".st-key-queue_pane").wait_for()
    refs = [match.ref for match in matches()[:MANY]]
    answers = [("a",), ("h", "1"), ("d", "2"), ("a",), ("d", "5"), ("h", "3")]
    expected = {"a": "active", "h": "on_hold", "d": "declined"}
    asked = [answers[number % len(answers)] for number in range(MANY)]
    for keys in asked:
        assert len(keys) <= 3
        press(page, *keys)
    decided = {match.ref: match for match in matches()}
    assert [decided[ref].state.value for ref in refs] == [expected[keys[0]] for keys in asked]
    assert {decided[ref].reason for ref, keys in zip(refs, asked, strict=True) if keys == ("d", "5")} == {
        "Mentee found work"
    }
    with reading() as session:
        acts = session.execute(select(TrailEntry.action, func.count()).group_by(TrailEntry.action)).all()
        assert audit.verify(session) == []
    assert {act: many for act, many in acts if act.startswith("match ")} == {
        "match approved": 7, "match put on hold": 7, "match declined": 6,
        "match read": 2 * 21,  # both people of each card, the next one included
    }  # fmt: skip
    assert left(page) == 2

    # the page is loaded again; what it decided can be taken back all the same
    page.reload()
    page.locator(".st-key-queue_pane").wait_for()
    for back in range(1, 5):
        take_back(page, until=back)
    states = {match.ref: match.state.value for match in matches()}
    assert [states[ref] for ref in refs[-4:]] == ["proposed"] * 4
    assert [states[ref] for ref in refs[:-4]] == [expected[keys[0]] for keys in asked[:-4]]


def undone() -> int:
    with reading() as session:
        return session.scalar(
            select(func.count(func.distinct(MatchTransition.match_id))).where(MatchTransition.undoes_seq.is_not(None))
        )


def test_many_are_approved_at_once_and_the_one_decided_in_between_is_named(address: str, a_browser) -> None:
    omar = as_omar()
    page = open_as(a_browser, address, "cora", "/match-review")
    takes_keys(page)
    page.keyboard.press("F1")
    expect(page.get_by_role("dialog")).to_contain_text("Decide several at once")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    at_rest(page)
    page.keyboard.press("s")
    page.get_by_role("radio", name="All with a fit of at least").click()
    strong = [match for match in matches() if match.fit == 900]
    page.get_by_role("button", name=f"Approve {len(strong)}").wait_for()
    at_rest(page)
    with transaction() as session:
        reason = "Mentee found work"
        review.decline(session, strong[3].ref, 1, by=omar, reason=reason, never_again=False)
    page.keyboard.press("a")
    named = r"Left out Adaeze\w Okafor\d* with Grace Fraser\d+: Omar Park declined this match at \d\d:\d\d"
    told = re.compile(rf"Ten matches approved\. {named}")
    expect(page.get_by_role("alert")).to_contain_text(told, timeout=20_000)
    states = {match.ref: match.state.value for match in matches()}
    assert [states[match.ref] for match in strong] == [*["active"] * 3, "declined", *["active"] * 7]
    take_back(page, until=10)
    assert not [match for match in matches() if match.state.value == "active"]
    states = {match.ref: match.state.value for match in matches()}
    assert [states[match.ref] for match in strong] == [*["proposed"] * 3, "declined", *["proposed"] * 7]


def test_two_at_one_queue_see_each_others_decisions_without_loading_anything(address: str, a_browser) -> None:
    cora, omar = (open_as(a_browser, address, username, "/match-review") for username in ("cora", "omar"))
    for page in (cora, omar):
        takes_keys(page)
    assert heading(cora) == heading(omar)
    press(cora, "a")
    expect(omar.get_by_role("alert")).to_contain_text(re.compile(r"Cora Park approved this match at \d\d:\d\d"))
    until(lambda: left(omar) == MANY + 1)
    expect(omar.get_by_role("button", name="Approve")).to_have_count(0)
    at_rest(omar)
    omar.keyboard.press("j")
    expect(omar.get_by_role("heading", level=2).first).to_have_text(heading(cora))
    ask(omar, "d")
    omar.keyboard.press("1")
    expect(cora.get_by_role("alert")).to_contain_text(re.compile(r"Omar Park declined this match at \d\d:\d\d"))
    until(lambda: left(cora) == MANY)


def test_a_key_pressed_twice_on_one_card_decides_it_once_and_leaves_the_next_one_there(address: str, a_browser) -> None:
    page = open_as(a_browser, address, "cora", "/match-review")
    takes_keys(page)
    page.keyboard.press("a")
    page.keyboard.press("a")
    until(lambda: left(page) <= MANY + 1)
    at_rest(page)
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    expect(page.get_by_text("Nothing of yours was saved")).to_have_count(0)
