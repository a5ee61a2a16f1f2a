"""Changing one's own password: who knows the present one may, and whoever guesses is slowed as at sign-in."""

import datetime as dt

import bcrypt
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Account, LoginSession, Role, TrailEntry
from services import audit, clock, login_sessions, own_password, passwords, sign_in, transaction
from services.access import OPERATOR, Actor, signed_in
from services.errors import Conflict, Invalid, NotAllowed, SignedOut
from tests import make
from tests.pages import signed_in as page_of
from tests.pages import words

OLD, NEW = "amber kettle north window", "seven lanterns by the ferry"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_ROUNDS", 4)


@pytest.fixture
def cora(any_desk: str) -> Actor:
    with transaction() as session:
        return make.actor(session, username="cora", password_hash=passwords.hashed(OLD))


def change(by: Actor, present: str = OLD, new: str = NEW, again: str | None = None) -> str:
    new_hash = own_password.wanted(present, new, new if again is None else again)
    with transaction() as session:
        tried = own_password.knock(session, by=by, address="203.0.113.9")
    proven = own_password.prove(tried, present)
    with transaction() as session:
        return own_password.change(session, proven, new_hash, by=by)


def opens(password: str) -> bool:
    with transaction() as session:
        tried = sign_in.knock(session, "cora")
    return not tried.is_locked and bcrypt.checkpw(passwords.prepared(password).encode(), tried.password_hash.encode())


def test_the_new_password_holds_and_every_other_sign_in_of_the_account_ends(cora: Actor) -> None:
    with transaction() as session:
        elsewhere = Actor(cora.name, cora.account_id, cora.role, None, another(session, cora))
        dev = make.actor(session)
    assert "signed out" in change(cora)
    assert (opens(OLD), opens(NEW)) == (False, True)
    with transaction() as session:
        assert signed_in(session, cora.login_ref) == cora
        assert signed_in(session, elsewhere.login_ref) is None
        assert signed_in(session, dev.login_ref) == dev
        row = session.scalars(select(TrailEntry).where(TrailEntry.action == "own password changed")).one()
        assert (row.account_id, row.entity_id, row.detail) == (cora.account_id, cora.account_id, {})


def another(session: Session, who: Actor) -> str:
    ends = clock.now() + dt.timedelta(hours=1)
    given = {"account_id": who.account_id, "created_at": clock.now(), "expires_at": ends}
    login: LoginSession = make._keep(session, LoginSession(token_hash="f" * 64, **given))
    return login.ref


@pytest.mark.parametrize(
    ("new", "again", "why"),
    [
        (NEW, NEW + "x", "differ"),
        (OLD, OLD, "is the present one"),
        (f" {OLD} ", OLD, "is the present one"),
        ("short", "short", "at least 15 characters"),
    ],
)
def test_a_new_password_that_cannot_be_is_refused_and_counts_as_no_try(
    cora: Actor, new: str, again: str, why: str
) -> None:
    for _ in range(6):
        with pytest.raises(Invalid, match=why):
            change(cora, new=new, again=again)
    assert opens(OLD)


def test_five_wrong_present_passwords_lock_here_and_at_sign_in_and_a_right_one_ends_the_counting(cora: Actor) -> None:
    for _ in range(4):
        with pytest.raises(Invalid, match="present password is not right"):
            change(cora, present="not this one at all")
    change(cora)
    for _ in range(5):
        with pytest.raises(Invalid, match="present password is not right"):
            change(cora, present="not this one at all", new=OLD)
    with pytest.raises(Invalid, match="too many tries"):
        change(cora, present=NEW, new=OLD)
    assert not opens(NEW)


def test_what_was_proven_holds_for_that_account_and_that_password_only(cora: Actor) -> None:
    with transaction() as session:
        dev = make.actor(session)
        proven = own_password.prove(own_password.knock(session, by=cora), OLD)
    with pytest.raises(Conflict, match="a moment ago"), transaction() as session:
        own_password.change(session, proven, passwords.hashed(NEW), by=dev)
    change(cora)
    with pytest.raises(Conflict, match="a moment ago"), transaction() as session:
        own_password.change(session, proven, passwords.hashed("another one altogether"), by=cora)
    assert opens(NEW)


def test_nobody_changes_a_password_who_has_none_or_is_signed_out(cora: Actor) -> None:
    with pytest.raises(NotAllowed, match="matchdesk account password"), transaction() as session:
        own_password.knock(session, by=OPERATOR)
    with transaction() as session:
        session.get_one(Account, cora.account_id).disabled_at = clock.now()
        audit.record(session, OPERATOR, "closed for a test", "account", cora.account_id)
    with pytest.raises(SignedOut):
        change(cora)


def test_the_menu_asks_and_says_what_is_wrong_in_place(desk: str) -> None:
    page = page_of(Role.MANAGER, "pages/desk/today.py")
    page.button(key="password_ask").click().run()
    for key, typed in (("present", OLD), ("new", NEW), ("again", NEW + "x")):
        page.text_input(key=f"password_{key}").input(typed)
    next(button for button in page.button if button.label == "Change it").click().run()
    assert not page.exception
    assert "The two new passwords differ" in words(page)


def test_whoever_was_signed_out_meanwhile_is_led_to_the_form(desk: str) -> None:
    page = page_of(Role.MANAGER, "pages/desk/today.py")
    page.button(key="password_ask").click().run()
    with transaction() as session:
        login_sessions.end(session, session.scalars(select(Account.id)).one())
        audit.record(session, OPERATOR, "ended for a test", "account")
    for key, typed in (("present", OLD), ("new", NEW), ("again", NEW)):
        page.text_input(key=f"password_{key}").input(typed)
    next(button for button in page.button if button.label == "Change it").click().run()
    assert not page.exception
    assert not page.get("dialog")
