"""Signing in: counted tries, a ticket for one browser, a session that can be taken back."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from db.models import Account, LoginAttempt, LoginSession, Role, TrailEntry
from db.settings import Settings, kept_secret
from services import clock, passwords, reading, sign_in, transaction
from services.access import signed_in
from services.errors import Invalid, NotAllowed
from tests import make

ALL_HASHES_COST = "$2b$12$"


@pytest.fixture
def cora(any_desk: str) -> int:
    with transaction() as session:
        return make.account(session, username="cora").id


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    def pass_time(**given: int) -> None:
        moment = clock.now() + dt.timedelta(**given)
        monkeypatch.setattr(clock, "now", lambda: moment)

    return pass_time


def knock(username: str = "cora", address: str | None = None) -> sign_in.Knock:
    with transaction() as session:
        return sign_in.knock(session, username, address)


def admit(knock: sign_in.Knock, browser: str | None = "browser", next_path: str = "/stage?a=1") -> None:
    with transaction() as session:
        sign_in.admit(session, knock, browser=browser, next_path=next_path)


def redeem(browser: str | None = "browser") -> sign_in.Entered | None:
    with transaction() as session:
        return sign_in.redeem(session, browser)


def enter() -> str:
    admit(knock())
    entered = redeem()
    assert entered
    return entered.token


def behind(token: str) -> str | None:
    with reading() as session:
        return sign_in.login_ref(session, token)


def trail() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(TrailEntry.action).where(TrailEntry.action != "made for a test")))


def test_a_right_password_signs_its_browser_in_and_leads_on(cora: int) -> None:
    admit(knock())
    entered = redeem()
    assert entered
    assert entered.next_path == "/stage?a=1"
    with reading() as session:
        assert signed_in(session, sign_in.login_ref(session, entered.token)).account_id == cora
    assert trail() == ["signed in"]


def test_another_browser_cannot_redeem_the_ticket(cora: int) -> None:
    admit(knock())
    assert redeem("another browser") is None
    assert redeem(None) is None


def test_a_ticket_is_redeemed_once(cora: int) -> None:
    admit(knock())
    assert redeem()
    assert redeem() is None


def test_a_ticket_holds_for_half_a_minute(cora: int, later) -> None:
    admit(knock())
    later(seconds=31)
    assert redeem() is None


def test_a_browser_without_cookies_is_told_so(cora: int) -> None:
    with pytest.raises(Invalid, match="keeps no cookies"):
        admit(knock(), browser=None)


@pytest.mark.parametrize("username", ["cora", "nobody"])
def test_five_wrong_passwords_lock_a_name_whether_or_not_it_has_an_account(cora: int, username: str) -> None:
    assert not any(knock(username).is_locked for _ in range(5))
    locked = knock(username)
    assert locked.is_locked
    with pytest.raises(NotAllowed):
        admit(locked)


def test_a_lock_is_in_the_trail_once(cora: int) -> None:
    for _ in range(9):
        knock()
    assert trail() == ["locked"]


def test_a_lock_ends_after_fifteen_minutes(cora: int, later) -> None:
    for _ in range(6):
        knock()
    later(minutes=16)
    assert not knock().is_locked


def test_a_right_password_ends_the_counting(cora: int) -> None:
    for _ in range(4):
        knock()
    admit(knock())
    assert not any(knock().is_locked for _ in range(5))


def test_thirty_tries_lock_an_address(cora: int) -> None:
    for n in range(30):
        assert not knock(f"name{n}", "192.0.2.1").is_locked
    assert knock("cora", "192.0.2.1").is_locked
    assert not knock("cora", "192.0.2.2").is_locked


def test_three_hundred_tries_a_minute_lock_the_desk(desk: str) -> None:
    with transaction() as session:
        assert not any(sign_in.knock(session, f"name{n}").is_locked for n in range(300))
        assert sign_in.knock(session, "one more").is_locked


def test_an_unknown_name_takes_as_much_work_as_a_known_one(cora: int) -> None:
    assert knock("nobody").password_hash.startswith(ALL_HASHES_COST)
    assert passwords.hashed("a long enough passphrase").startswith(ALL_HASHES_COST)


def test_tries_are_kept_without_names_and_addresses(cora: int) -> None:
    knock("cora", "192.0.2.1")
    with reading() as session:
        keys = set(session.scalars(select(LoginAttempt.key)))
    assert len(keys) == 3
    assert not keys & {sign_in.digest(f"account:{name}") for name in ("cora", "")}


def test_tries_are_forgotten_after_an_hour(cora: int, later) -> None:
    knock()
    later(minutes=61)
    knock("somebody else")
    with reading() as session:
        assert session.query(LoginAttempt).count() == 2


def test_a_closed_account_reads_like_a_wrong_password(any_desk: str) -> None:
    with transaction() as session:
        make.account(session, username="cora", disabled_at=clock.now())
    with pytest.raises(NotAllowed, match="do not match"):
        admit(knock())


def test_a_coach_signs_in_once_the_agency_has_signed_the_agreement(any_desk: str) -> None:
    with transaction() as session:
        agency = make.agency(session)
        agency.agreement_on = None
        make.account(session, Role.COACH, username="cora", agency_id=agency.id)
    with pytest.raises(NotAllowed, match="has not signed the data agreement"):
        admit(knock())


def test_a_cookie_replayed_after_signing_out_opens_nothing(cora: int) -> None:
    token = enter()
    with transaction() as session:
        sign_in.revoke(session, token)
    assert behind(token) is None
    assert trail() == ["signed in", "signed out"]


def test_a_sign_in_lasts_eight_hours(cora: int, later) -> None:
    token = enter()
    later(hours=8, seconds=1)
    assert behind(token) is None


def test_signing_out_leaves_the_same_person_signed_in_elsewhere(cora: int) -> None:
    here, there = enter(), enter()
    with transaction() as session:
        sign_in.revoke(session, here)
    assert behind(there)


def test_a_closed_account_is_out_everywhere(cora: int) -> None:
    token = enter()
    with transaction() as session:
        session.get(Account, cora).disabled_at = clock.now()
        make.group(session)
    assert behind(token) is None


@pytest.mark.parametrize("token", [None, "", "x", "\ud800", "'; DROP TABLE login_session;--"])
def test_an_invented_cookie_opens_nothing(cora: int, token: str | None) -> None:
    enter()
    assert behind(token) is None


def test_the_table_of_sign_ins_holds_no_cookie(cora: int) -> None:
    token = enter()
    with reading() as session:
        assert token not in session.scalars(select(LoginSession.token_hash)).all()


@pytest.mark.parametrize("path", ["/", "/match-review?match=abc", "/x?a=%0d%0a"])
def test_a_path_of_the_desk_is_kept(path: str) -> None:
    assert sign_in.safe_path(path) == path


@pytest.mark.parametrize(
    "path", ["", "//evil.example", "https://evil.example", "/\\evil.example", "/\r\nSet-Cookie: a=b", "/é", "/" * 2001]
)
def test_a_path_that_could_lead_elsewhere_is_dropped(path: str) -> None:
    assert sign_in.safe_path(path) == "/"


def test_the_key_of_wrong_passwords_survives_a_restart_and_is_nobody_elses_to_read(tmp_path) -> None:
    first = kept_secret(tmp_path / "data" / "secret")
    assert kept_secret(tmp_path / "data" / "secret") == first
    assert len(first) >= 32
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]


def test_a_process_that_keeps_no_count_reads_no_key(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATCHDESK_SECRET", raising=False)
    monkeypatch.setattr("db.settings.ROOT", tmp_path)
    asked = Settings()
    assert [*tmp_path.iterdir()] == []
    assert asked.secret == asked.secret == (tmp_path / "data" / "secret").read_text()
