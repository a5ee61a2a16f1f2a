"""Signing in and out: a knock at the door, a ticket for one browser, a session row behind its cookie."""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from db.models import Account, Agency, LoginAttempt, LoginSession, LoginTicket
from db.settings import settings
from services import audit, clock
from services.access import Actor, signed_in
from services.errors import Invalid, NotAllowed
from services.passwords import NOBODYS_HASH

#: How long a sign-in lasts: a working day.
LASTS = dt.timedelta(hours=8)
_TICKET_LASTS = dt.timedelta(seconds=30)
_KEPT = dt.timedelta(hours=1)
#: Wrong passwords within a time, of one account, from one address, and of all together.
_LIMITS = {
    "account": (5, dt.timedelta(minutes=15)),
    "address": (30, dt.timedelta(minutes=15)),
    "desk": (300, dt.timedelta(minutes=1)),
}
_DOOR = Actor(name="sign-in")

TOO_MANY = "There were too many tries. Wait 15 minutes, or ask an administrator for a new password."
WRONG = "That name and password do not match. Check both and try again."


@dataclass(frozen=True)
class Knock:
    """One try to sign in, counted as wrong until `admit` says otherwise."""

    username: str
    #: The hash to check the password against; nobody's when there is no such account.
    password_hash: str
    account_id: int | None
    attempts: tuple[int, ...]
    #: True: not even the right password opens now.
    is_locked: bool = False


@dataclass(frozen=True)
class Entered:
    """A browser that has its cookie now."""

    token: str
    next_path: str


def knock(session: Session, username: str, address: str | None = None) -> Knock:
    """Count a try before its password is looked at, so that many tries at once gain nothing.

    Names without an account are counted and locked alike, so that nobody learns which names exist.
    The slow check of the password follows outside any transaction.
    """
    username = _folded(username)
    now = clock.now()
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now - _KEPT))
    session.execute(delete(LoginTicket).where(LoginTicket.expires_at < now))
    keys = {"account": key_of("account", username), "desk": key_of("desk", "")}
    if address:
        keys["address"] = key_of("address", address)
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": keys["account"]})
    full = [kind for kind, key in keys.items() if _tries(session, key, now - _LIMITS[kind][1]) >= _LIMITS[kind][0]]
    account = session.scalar(select(Account).where(Account.username == username))
    if full:
        _note_lock(session, full, keys[full[0]], account, now)
        return Knock(username, NOBODYS_HASH, None, (), is_locked=True)
    attempts = [LoginAttempt(key=key, at=now) for key in keys.values()]
    session.add_all(attempts)
    session.flush()
    known = account.password_hash if account else NOBODYS_HASH
    return Knock(username, known, account.id if account else None, tuple(attempt.id for attempt in attempts))


def admit(session: Session, knock: Knock, *, browser: str | None, next_path: str) -> None:
    """After a right password: leave a ticket that only this browser can redeem, within half a minute.

    Raises `NotAllowed` for a closed account or an agency without agreement, `Invalid` for a browser without cookies.
    """
    account = session.get(Account, knock.account_id) if knock.account_id and not knock.is_locked else None
    if account is None or account.disabled_at:
        raise NotAllowed(WRONG)
    agency = session.get_one(Agency, account.agency_id) if account.agency_id else None
    if agency and agency.agreement_on is None:
        message = "Your agency has not signed the data agreement yet. Ask the programme's coordinator about it."
        raise NotAllowed(message)
    if agency and agency.partner_until and agency.partner_until <= clock.now().date():
        message = "Your agency is no partner of the programme any more. Ask the programme's coordinator about it."
        raise NotAllowed(message)
    if not browser:
        message = "Your browser keeps no cookies for this address. Allow them and load the page again."
        raise Invalid(message)
    forget(session, knock)
    browser_hash = digest(browser)
    session.execute(delete(LoginTicket).where(LoginTicket.browser_hash == browser_hash))
    session.add(
        LoginTicket(
            browser_hash=browser_hash,
            account_id=account.id,
            next_path=safe_path(next_path),
            expires_at=clock.now() + _TICKET_LASTS,
        )
    )


def forget(session: Session, knock: Knock) -> None:
    """After a right password: nothing is held against this account any more."""
    session.execute(
        delete(LoginAttempt).where(
            LoginAttempt.id.in_(knock.attempts) | (LoginAttempt.key == key_of("account", knock.username))
        )
    )


def redeem(session: Session, browser: str | None) -> Entered | None:
    """Exchange this browser's ticket for the token of a new sign-in; None when it has none that still holds."""
    if not browser:
        return None
    now = clock.now()
    ticket = session.scalar(
        delete(LoginTicket)
        .where(LoginTicket.browser_hash == digest(browser), LoginTicket.expires_at > now)
        .returning(LoginTicket)
    )
    account = session.get(Account, ticket.account_id) if ticket else None
    if ticket is None or account is None or account.disabled_at:
        return None
    token = secrets.token_urlsafe(32)
    login = LoginSession(token_hash=digest(token), account_id=account.id, created_at=now, expires_at=now + LASTS)
    session.add(login)
    session.flush()
    actor = Actor(account.name, account.id, account.role, account.agency_id, login.ref)
    audit.record(session, actor, "signed in", "login_session", login.id)
    return Entered(token, ticket.next_path)


def login_ref(session: Session, token: str | None) -> str | None:
    """The reference of the sign-in behind a cookie; None when there is none or it has ended."""
    if not token:
        return None
    ref = session.scalar(select(LoginSession.ref).where(LoginSession.token_hash == digest(token)))
    return ref if signed_in(session, ref) else None


def revoke(session: Session, token: str | None) -> None:
    """End the sign-in behind a cookie, in every tab and for every copy of the cookie."""
    login = session.scalar(select(LoginSession).where(LoginSession.token_hash == digest(token))) if token else None
    if login is None or login.revoked_at:
        return
    login.revoked_at = clock.now()
    account = session.get_one(Account, login.account_id)
    actor = Actor(account.name, account.id, account.role, account.agency_id, login.ref)
    audit.record(session, actor, "signed out", "login_session", login.id)


def digest(secret: str) -> str:
    """The SHA-256 by which a random secret is known to the database."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def safe_path(path: str) -> str:
    """A path of this desk with its query; the front page for anything that could lead elsewhere."""
    elsewhere = not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable()
    return "/" if elsewhere or not path.isascii() or len(path) > 2000 else path  # noqa: PLR2004


def _folded(username: str) -> str:
    return username.strip().lower()[:200]


def key_of(kind: str, of: str) -> str:
    """By what tries are counted: names and addresses are kept only as keyed hashes."""
    return hmac.new(settings().secret.encode(), f"{kind}:{of}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _tries(session: Session, key: str, since: dt.datetime) -> int:
    counted = select(func.count()).where(LoginAttempt.key == key, LoginAttempt.at > since)
    return session.scalar(counted) or 0


def _note_lock(session: Session, full: list[str], key: str, account: Account | None, now: dt.datetime) -> None:
    """One row of trail each time something is locked, not one for every further knock."""
    noted = hashlib.sha256(f"noted:{key}".encode()).hexdigest()
    if not _tries(session, noted, now - _LIMITS[full[0]][1]):
        session.add(LoginAttempt(key=noted, at=now))
        audit.record(session, _DOOR, "locked", "account", account.id if account else None, what=full)
