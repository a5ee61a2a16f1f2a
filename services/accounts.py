"""Accounts: who may sign in, as what."""

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Account, Agency, Coach, Programme, Role
from services import audit, clock, login_sessions
from services.access import Actor, Permission, authorise
from services.demo.accounts import DEMO_ACCOUNTS
from services.errors import Conflict, Invalid, NotFound
from services.imports import words
from services.passwords import fresh, hashed

#: What each role is for, in the order in which they are offered.
ROLES: dict[str, str] = {
    Role.COORDINATOR: "Decides matches and keeps people, events and outcomes.",
    Role.COACH: "Looks after the matches of the own agency, and sees its people only.",
    Role.MANAGER: "Sees figures, never people.",
    Role.PRESENTER: "Shows the stage, and sees milestones.",
    Role.ADMINISTRATOR: "Sets up the programme, accounts and imports, and reads the trail.",
}
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


@dataclass(frozen=True)
class AccountLine:
    """An account as lists show it."""

    id: int
    username: str
    name: str
    role: Role
    agency: str | None
    disabled_at: dt.datetime | None
    #: Where the desk writes to.
    email: str | None = None


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demo programme, whose password is no secret."""

    username: str
    name: str
    role: Role
    password: str


def create(
    session: Session,
    *,
    by: Actor,
    username: str,
    name: str,
    role: Role,
    password: str,
    agency: str | None = None,
    email: str | None = None,
) -> AccountLine:
    """A new account; `agency` is the name of a coach's agency and of nobody else's.

    A coach with an address is put among the agency's coaches, unless they are there, so that matches can be theirs.
    Raises `Invalid`, `Conflict` when the username is taken, `NotFound` for an unknown agency.
    """
    actor = authorise(session, by, Permission.MANAGE_ACCOUNTS)
    username = username.strip().lower()
    if not _USERNAME.fullmatch(username):
        message = "A username has 2 to 100 letters without accents, digits, or any of . _ - + @."
        raise Invalid(message)
    if not name.strip():
        message = "An account needs the name of its person."
        raise Invalid(message)
    if session.scalar(select(Account.id).where(Account.username == username)):
        message = f"There is an account «{username}» already. Choose another username."
        raise Conflict(message)
    account = Account(
        username=username,
        name=name.strip(),
        email=_address(email),
        role=role,
        agency_id=_agency_for(session, role, agency),
        password_hash=hashed(password),
        created_at=clock.now(),
    )
    session.add(account)
    session.flush()
    _join_coaches(session, actor, account)
    audit.record(session, actor, "account created", "account", account.id, role=role.value)
    return _line(session, account)


def hand_out(
    session: Session, *, by: Actor, username: str, name: str, role: Role | str, agency: str | None, email: str | None
) -> tuple[AccountLine, str]:
    """A new account and the password made for it, which is kept nowhere. Raises as `create` does."""
    authorise(session, by, Permission.MANAGE_ACCOUNTS)
    role = Role(role)
    if role is Role.COACH and not (email or "").strip():
        message = "A coach needs an e-mail address: the desk writes there what is due. Write it."
        raise Invalid(message)
    password = fresh()
    made = create(
        session, by=by, username=username, name=name, role=role, password=password, agency=agency, email=email
    )
    return made, password


def accounts(session: Session, by: Actor) -> list[AccountLine]:
    """All accounts by username."""
    authorise(session, by, Permission.MANAGE_ACCOUNTS)
    return [_line(session, account) for account in session.scalars(select(Account).order_by(Account.username))]


def disable(session: Session, *, by: Actor, username: str) -> None:
    """Close an account and end its sign-ins at once.

    Raises `NotFound`, and `Conflict` for the last administrator.
    """
    actor = authorise(session, by, Permission.MANAGE_ACCOUNTS)
    account = _account(session, username)
    if account.disabled_at:
        return
    _keep_an_administrator(session, account)
    account.disabled_at = clock.now()
    login_sessions.end(session, account.id)
    audit.record(session, actor, "account disabled", "account", account.id)


def reopen(session: Session, *, by: Actor, username: str) -> None:
    """Open a closed account again, with the password that it had. Raises `NotFound`."""
    actor = authorise(session, by, Permission.MANAGE_ACCOUNTS)
    account = _account(session, username)
    if account.disabled_at:
        account.disabled_at = None
        audit.record(session, actor, "account reopened", "account", account.id)


def set_role(session: Session, *, by: Actor, username: str, role: Role | str, agency: str | None = None) -> None:
    """Give an account another role; it holds from the next click.

    Raises `NotFound`, `Invalid` for a coach without an agency, `Conflict` for the last administrator.
    """
    actor = authorise(session, by, Permission.MANAGE_ACCOUNTS)
    account, role = _account(session, username), Role(role)
    if role is not Role.ADMINISTRATOR:
        _keep_an_administrator(session, account)
    before, account.agency_id, account.role = account.role, _agency_for(session, role, agency), role
    account.coach_id = None
    session.flush()
    _join_coaches(session, actor, account)
    audit.record(session, actor, "role changed", "account", account.id, before=before.value, after=role.value)


def set_email(session: Session, *, by: Actor, username: str, email: str | None) -> None:
    """Say where the desk writes to; blank or None: nowhere. Raises `NotFound`, `Invalid` for what is no address."""
    actor = authorise(session, by, Permission.MANAGE_ACCOUNTS)
    account = _account(session, username)
    account.email = _address(email)
    audit.record(session, actor, "e-mail changed", "account", account.id, has_one=account.email is not None)


def set_password(session: Session, *, by: Actor, username: str, password: str) -> None:
    """Give an account a new password and end its sign-ins. Raises `NotFound`, `Invalid`."""
    actor = authorise(session, by, Permission.MANAGE_ACCOUNTS)
    account = _account(session, username)
    account.password_hash = hashed(password)
    login_sessions.end(session, account.id)
    audit.record(session, actor, "password changed", "account", account.id)


def renew_password(session: Session, *, by: Actor, username: str) -> str:
    """A new password for an account, which is kept nowhere; its sign-ins end. Raises `NotFound`."""
    password = fresh()
    set_password(session, by=by, username=username, password=password)
    return password


def is_empty(session: Session) -> bool:
    """Whether nobody can sign in yet: the first administrator is made at the command line."""
    return not session.scalar(select(func.count()).select_from(Account))


def demo_accounts(session: Session) -> list[DemoAccount]:
    """One account a role with its password, of a database that holds a demo and nothing else; else none."""
    kinds = set(session.scalars(select(Programme.is_demo)))
    if kinds != {True}:
        return []
    open_names = set(session.scalars(select(Account.username).where(Account.disabled_at.is_(None))))
    return [DemoAccount(*account) for account in DEMO_ACCOUNTS if account[0] in open_names]


def _account(session: Session, username: str) -> Account:
    account = session.scalar(select(Account).where(Account.username == username.strip().lower()))
    if account is None:
        message = f"There is no account «{username}». See: matchdesk account list"
        raise NotFound(message)
    return account


def _address(email: str | None) -> str | None:
    if not (email or "").strip():
        return None
    address = words.email(email)
    if address is None or not address.isascii():
        message = "This is no e-mail address that mail can be sent to. Write one like name@place.ca."
        raise Invalid(message)
    return address


def _agency_for(session: Session, role: Role, agency: str | None) -> int | None:
    if role is not Role.COACH:
        if agency:
            message = "Only coaches belong to an agency."
            raise Invalid(message)
        return None
    if not agency:
        message = "A coach belongs to an agency; say which."
        raise Invalid(message)
    found = session.scalar(select(Agency.id).where(func.lower(Agency.name) == agency.strip().lower()))
    if found is None:
        names = ", ".join(session.scalars(select(Agency.name).order_by(Agency.name)))
        message = f"There is no agency «{agency}». Agencies are: {names or 'none yet'}."
        raise NotFound(message)
    return found


def _join_coaches(session: Session, by: Actor, account: Account) -> None:
    """Be the coach of the agency who has this address or name and no account, or a new one when there is an address."""
    if account.role is not Role.COACH or account.agency_id is None:
        return
    taken = select(Account.coach_id).where(Account.coach_id.is_not(None))
    free = session.scalars(
        select(Coach).where(Coach.agency_id == account.agency_id, Coach.left_on.is_(None), Coach.id.not_in(taken))
    ).all()
    address, name = (account.email or "").lower(), words.fold(account.name)
    known = next((one for one in free if one.email.lower() == address), None)
    known = known or next((one for one in free if words.fold(one.name) == name), None)
    if known is None and account.email:
        if session.scalar(select(Coach.id).where(func.lower(Coach.email) == address)):
            message = "Another coach has this e-mail address. Write another one, or change that coach under Programme."
            raise Conflict(message)
        known = Coach(agency_id=account.agency_id, name=account.name, email=account.email)
        session.add(known)
        session.flush()
        audit.record(session, by, "added", "coach", known.id, agency=account.agency_id)
    if known is not None:
        account.coach_id = known.id
        session.flush()


def _keep_an_administrator(session: Session, account: Account) -> None:
    others = select(func.count()).where(
        Account.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None), Account.id != account.id
    )
    if account.role is Role.ADMINISTRATOR and not session.scalar(others):
        message = "This is the last administrator. Make another one first."
        raise Conflict(message)


def _line(session: Session, account: Account) -> AccountLine:
    agency = session.get_one(Agency, account.agency_id).name if account.agency_id else None
    return AccountLine(
        account.id, account.username, account.name, account.role, agency, account.disabled_at, account.email
    )
