"""Signing in, in a real browser and against raw sockets: what opens the desk, and all that does not."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from db.models import Account, LoginSession, Role
from pages.ui.site import PLACES
from services import accounts, reading, transaction
from services.access import OPERATOR
from tests.browser.conftest import PASSWORD, ROOT, Address, make_account, restored, served, sign_in, token_of
from tests.browser.hands import at_rest
from tests.browser.sockets import Refused, ask

ADDRESSES = [f"/{place.address}" if place is not PLACES[0] else "/" for place in PLACES]
#: Streamlit's page has one inline script; it is not needed, and no rule is loosened for it.
_EXPECTED = "sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA="


@pytest.fixture(scope="module")
def address(one_server: Address, sqlite_template: Path) -> Iterator[Address]:
    """An empty desk with two coordinators and a manager, for all tests here."""
    with restored(one_server, sqlite_template) as address:
        for username, role in (("cora", Role.COORDINATOR), ("carl", Role.COORDINATOR), ("mo", Role.MANAGER)):
            make_account(username, role)
        yield address


def cookie(page: Page, name: str = "desk_session") -> str:
    return next(kept["value"] for kept in page.context.cookies() if kept["name"] == name)


def enter(page: Page, address: str, username: str = "cora", path: str = "/milestones") -> None:
    page.goto(address + path)
    sign_in(page, username)
    page.get_by_role("navigation").wait_for()


def signed_in_as(username: str = "cora") -> str:
    """The header of a browser that has signed in."""
    return f"desk_session={token_of(username)}"


def is_the_form_alone(texts: list[str]) -> bool:
    return "Username" in texts and not {"Page not found", *(place.title for place in PLACES)} & set(texts)


def test_a_fresh_server_shows_the_form_at_every_address_and_nothing_else(sqlite_url, a_browser) -> None:
    page = a_browser().new_page()
    with served(sqlite_url) as address:
        # the first is the dangerous one, in a browser and by hand: Streamlit has not run app.py yet
        for path in (ADDRESSES[-1], *ADDRESSES[::6]):
            page.goto(address + path)
            page.get_by_role("textbox", name="Username").wait_for()
            expect(page.get_by_role("heading")).to_have_text(["Sign in"])
            expect(page.get_by_role("navigation")).to_have_count(0)
            expect(page.get_by_role("dialog")).to_have_count(0)
        for path in ADDRESSES:
            assert is_the_form_alone(ask(address, path.strip("/"))[1])


def test_signing_in_leads_to_the_page_that_was_asked_for(address, a_browser) -> None:
    page = a_browser().new_page()
    page.goto(f"{address}/match-review?match=abc&with=a%26b")
    sign_in(page, "cora")
    page.get_by_role("navigation").wait_for()
    assert page.url == f"{address}/match-review?match=abc&with=a%26b"
    kept = next(cookie for cookie in page.context.cookies() if cookie["name"] == "desk_session")
    assert kept["httpOnly"]
    assert kept["sameSite"] == "Lax"
    assert kept["value"] not in page.content()


def test_no_password_ticket_or_session_stands_in_any_address(address, a_browser) -> None:
    page = a_browser().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    enter(page, address)
    secret = (PASSWORD, PASSWORD.replace(" ", "%20"), cookie(page), cookie(page, "desk_browser"), "cora")
    assert not [url for url in asked if any(word in url for word in secret)]


def test_nothing_is_asked_of_another_host_and_no_rule_of_content_is_broken(address, a_browser) -> None:
    page = a_browser().new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    enter(page, address)
    menu = page.get_by_role("navigation").get_by_role("link")
    for number in range(menu.count()):
        menu.nth(number).click()
        at_rest(page)
    for path in ADDRESSES:
        if not menu.and_(page.locator(f"[href$='{path}']")).count():  # of others alone
            page.goto(address + path)
            at_rest(page)
    page.wait_for_timeout(700)
    assert not [url for url in asked if not url.startswith((address, "data:", "blob:", address.replace("http", "ws")))]
    assert not [text for text in said if "Content Security Policy" in text and _EXPECTED not in text]


def test_signing_out_ends_it_in_the_other_tab_and_for_a_copy_of_the_cookie(address, a_browser) -> None:
    here = a_browser().new_page()
    enter(here, address)
    copied = f"desk_session={cookie(here)}"
    there = here.context.new_page()
    there.goto(f"{address}/milestones")
    there.get_by_role("navigation").wait_for()
    here.get_by_role("button", name="Cora Park").click()
    here.get_by_role("button", name="Sign out").click()
    here.get_by_role("textbox", name="Username").wait_for()
    there.get_by_role("link", name="Today").click()
    there.get_by_role("textbox", name="Username").wait_for()
    assert is_the_form_alone(ask(address, Cookie=copied)[1])


def test_a_lock_holds_in_every_browser_against_the_right_password_too(address, a_browser) -> None:
    make_account("lena")
    for tries in (3, 2):
        page = a_browser().new_page()
        page.goto(address)
        for n in range(tries):
            sign_in(page, "lena", f"not the passphrase {n}")
            page.get_by_text("do not match").wait_for()
            page.get_by_role("textbox", name="Username").fill("")
            page.get_by_role("button", name="Sign in").click()
            page.get_by_text("Type your username").wait_for()
    page = a_browser().new_page()
    page.goto(address)
    sign_in(page, "lena")
    page.get_by_text("too many tries").wait_for()


def test_a_lost_role_and_a_closed_account_bite_at_the_next_click(address, a_browser) -> None:
    make_account("rose")
    page = a_browser().new_page()
    enter(page, address, "rose")
    with transaction() as session:
        accounts.set_role(session, by=OPERATOR, username="rose", role=Role.PRESENTER)
    page.get_by_role("link", name="Match review").click()
    page.get_by_text("Nothing here for your account").wait_for()
    expect(page.get_by_role("link", name="Match review")).to_have_count(0)
    with transaction() as session:
        accounts.disable(session, by=OPERATOR, username="rose")
    page.get_by_role("link", name="Today").click()
    page.get_by_role("textbox", name="Username").wait_for()


def test_a_page_of_another_role_is_neither_listed_nor_served(address, a_browser) -> None:
    page = a_browser().new_page()
    enter(page, address, "mo", "/import")
    page.get_by_text("Nothing here for your account").wait_for()
    listed = page.get_by_role("navigation").get_by_role("link").all_inner_texts()
    assert "Milestones" in " ".join(listed)
    assert "Import" not in " ".join(listed)


def test_the_id_of_anothers_session_opens_nothing(address) -> None:
    coras, carls = signed_in_as("cora"), signed_in_as("carl")
    cora_id, seen = ask(address, "milestones", Cookie=coras)
    assert not is_the_form_alone(seen)
    assert is_the_form_alone(ask(address, "milestones", session_id=cora_id)[1])
    assert ask(address, "milestones", session_id=cora_id, Cookie=carls)[0] != cora_id


def test_two_sign_ins_of_one_person_do_not_share_a_session(address) -> None:
    one, two = signed_in_as("cora"), signed_in_as("cora")
    session_id = ask(address, Cookie=one)[0]
    assert ask(address, session_id=session_id, Cookie=two)[0] != session_id


def test_a_header_of_ones_own_names_nobody(address) -> None:
    signed_in_as("cora")
    with reading() as session:
        ref = session.scalar(select(LoginSession.ref).join(Account).where(Account.username == "cora").limit(1))
    assert is_the_form_alone(ask(address, x_desk_user=ref, x_desk=ref, sub=ref)[1])


@pytest.mark.parametrize("origin", [None, "http://evil.example", "http://localhost", "null", "https://localhost:8501"])
def test_a_socket_from_elsewhere_is_refused(address, origin: str | None) -> None:
    with pytest.raises(Refused):
        ask(address, origin=origin, Cookie=signed_in_as("cora"))


def test_a_socket_of_the_other_name_of_this_machine_is_taken(address) -> None:
    assert is_the_form_alone(ask(address, origin=address.replace("localhost", "127.0.0.1"))[1])


def status(address: str, method: str = "GET", **headers: str) -> int:
    request = urllib.request.Request(address, method=method)  # noqa: S310
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def headers_of(address: str) -> Message:
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310
        return answer.headers


def test_files_of_signed_in_people_are_kept_from_others(address) -> None:
    mine = signed_in_as("cora")
    assert status(f"{address}/media/0123456789.csv") == 403
    assert status(f"{address}/media/0123456789.csv", Cookie="desk_session=invented") == 403
    assert status(f"{address}/media/0123456789.csv", Cookie=mine) == 404
    assert status(f"{address}/_stcore/upload_file/session/file", "PUT") == 403


@pytest.mark.parametrize("path", ["metrics", "agent/interact", "agent/mcp", "agent/openapi.json"])
def test_doors_nobody_needs_are_closed(address, path: str) -> None:
    assert status(f"{address}/_stcore/{path}") == 404


@pytest.mark.parametrize("path", ["enter", "leave"])
def test_another_site_can_sign_nobody_in_or_out(address, path: str) -> None:
    mine = signed_in_as("cora")
    assert status(f"{address}/auth/{path}", Cookie=mine, Sec_Fetch_Site="cross-site") == 403
    assert not is_the_form_alone(ask(address, "milestones", Cookie=mine)[1])


def test_every_answer_carries_the_headers_that_keep_other_sites_out(address) -> None:
    headers = headers_of(address)
    assert "script-src 'self';" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"] is None


def test_behind_https_cookies_are_kept_to_this_host_and_browsers_stay_with_https(sqlite_url) -> None:
    with served(sqlite_url, MATCHDESK_URL="https://desk.example") as address:
        headers = headers_of(address)
        assert headers["set-cookie"].startswith("__Host-desk_browser=")
        assert headers["set-cookie"].endswith("; Secure")
        assert headers["strict-transport-security"]
        with pytest.raises(Refused):
            ask(address)
        assert is_the_form_alone(ask(address, origin="https://desk.example")[1])


def test_the_server_starts_only_through_its_command() -> None:
    command = [sys.executable, "-m", "streamlit", "run", "serve.py", "--server.port", "0"]
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "MATCHDESK_"))
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode != 0
    assert b"Start the desk with: matchdesk serve" in done.stderr
