"""Who may do what. Every command and every read starts here; what is not listed is refused."""

import datetime as dt
import enum
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Select, and_, bindparam, false, or_, select
from sqlalchemy.orm import Session

from db.models import Account, Agency, LoginSession, Mentee, Role
from services import clock
from services.errors import NotAllowed, SignedOut
from services.once_a_reading import once_a_reading


class Permission(enum.StrEnum):
    """One thing that can be done or seen."""

    REVIEW_MATCHES = "review matches"
    DECIDE_MATCHES = "decide matches"
    PROPOSE_MATCHES = "propose matches"
    SET_WEIGHTS = "set the weights of the fit"
    SET_PROGRAMME = "change the settings of the programme"
    KEEP_SPECIALITIES = "keep specialities and places"
    IMPORT_FILES = "import files"
    SEE_OWN_AGENCY = "see the people of the own agency"
    SEE_PEOPLE = "see everyone's profile"
    READ_FILES = "read somebody's file"
    EDIT_PEOPLE = "change people"
    ERASE_PEOPLE = "erase people"
    TAKE_OUT_FILES = "take out everything that is kept of a person"
    SEE_CASELOAD = "see what every coach carries"
    LOG_CONTACTS = "log check-ins and meetings"
    HAND_OVER = "hand matches to another coach"
    FOLLOW_UP = "record follow-ups"
    KEEP_SURVEYS = "keep surveys and hand out their links"
    KEEP_EVENTS = "make events and invite to them"
    TAKE_ATTENDANCE = "take attendance at events"
    SEE_MILESTONES = "see milestones"
    SEE_FIGURES = "see the figures of cohorts"
    SEE_EXACT_FIGURES = "see figures of small groups exactly"
    SEE_ROWS = "see the people behind a figure"
    SEE_FACT_SHEET = "see the fact sheet"
    OPEN_STAGE_LINKS = "open and revoke stage links"
    KEEP_CONSENTS = "record who may be thanked by name"
    MANAGE_ACCOUNTS = "manage accounts"
    CHANGE_OWN_PASSWORD = "change the own password"  # noqa: S105 - what may be done
    READ_TRAIL = "read the audit trail"
    SEND_MAIL = "send the desk's mails"


_COORDINATING = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})

#: The matrix: every permission, and the roles that have it. A role not named here has it not.
MATRIX: dict[Permission, frozenset[Role]] = {
    Permission.REVIEW_MATCHES: frozenset({Role.COORDINATOR}),
    Permission.DECIDE_MATCHES: frozenset({Role.COORDINATOR}),
    Permission.PROPOSE_MATCHES: frozenset({Role.COORDINATOR}),
    Permission.SET_WEIGHTS: frozenset({Role.COORDINATOR}),  # their effect is shown on people
    Permission.KEEP_SPECIALITIES: frozenset({Role.COORDINATOR}),  # people are named there
    Permission.SET_PROGRAMME: _COORDINATING,
    Permission.IMPORT_FILES: _COORDINATING,
    Permission.SEE_OWN_AGENCY: frozenset({Role.COACH}),
    Permission.SEE_PEOPLE: frozenset({Role.COORDINATOR}),
    Permission.READ_FILES: frozenset({Role.COORDINATOR, Role.COACH}),  # to note it; whose, each file decides
    Permission.EDIT_PEOPLE: frozenset({Role.COORDINATOR}),
    Permission.ERASE_PEOPLE: frozenset({Role.COORDINATOR}),  # what goes can be judged only by who may read it
    Permission.TAKE_OUT_FILES: frozenset({Role.COORDINATOR}),
    Permission.SEE_CASELOAD: frozenset({Role.COORDINATOR}),  # it divides running matches by agency: decision 0008
    Permission.LOG_CONTACTS: frozenset({Role.COORDINATOR, Role.COACH}),
    Permission.HAND_OVER: frozenset({Role.COORDINATOR}),
    Permission.FOLLOW_UP: frozenset({Role.COORDINATOR, Role.COACH}),
    Permission.KEEP_SURVEYS: frozenset({Role.COORDINATOR}),  # people are named there, and what each answered
    Permission.KEEP_EVENTS: frozenset({Role.COORDINATOR}),
    Permission.TAKE_ATTENDANCE: frozenset({Role.COORDINATOR, Role.COACH}),  # a coach of the own agency's people only
    Permission.SEE_MILESTONES: frozenset(Role),
    Permission.SEE_FIGURES: frozenset({Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR}),
    Permission.SEE_EXACT_FIGURES: frozenset({Role.COORDINATOR}),
    Permission.SEE_ROWS: frozenset({Role.COORDINATOR}),
    Permission.SEE_FACT_SHEET: frozenset({Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR}),
    Permission.OPEN_STAGE_LINKS: frozenset({Role.COORDINATOR, Role.PRESENTER, Role.ADMINISTRATOR}),
    Permission.KEEP_CONSENTS: frozenset({Role.COORDINATOR}),
    Permission.MANAGE_ACCOUNTS: frozenset({Role.ADMINISTRATOR}),
    Permission.CHANGE_OWN_PASSWORD: frozenset(Role),
    Permission.READ_TRAIL: frozenset({Role.ADMINISTRATOR}),
    Permission.SEND_MAIL: frozenset(),  # the command line's alone
}


@dataclass(frozen=True)
class Actor:
    """Who acts: an account through one sign-in, or someone at the command line of the server."""

    name: str
    account_id: int | None = None
    role: Role | None = None
    agency_id: int | None = None
    #: `login_session.ref`: the sign-in this actor came through.
    login_ref: str | None = None
    #: True for the command line, whose user holds the database itself.
    is_operator: bool = False
    #: True for an account that the server writes a mail to: what stands in it is what the account may read.
    is_addressee: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether to show something. To do it, services ask the database again."""
        return self.is_operator or (self.role is not None and self.role in MATRIX[permission])


OPERATOR = Actor(name="command line", is_operator=True)


@once_a_reading
def signed_in(session: Session, login_ref: str | None) -> Actor | None:
    """The actor behind a sign-in, as the database knows them this moment; None when it has ended."""
    if not login_ref:
        return None
    now = clock.now()
    account = session.scalar(_account_of_login(now.date()), {"ref": login_ref, "now": now})
    if account is None:
        return None
    return Actor(account.name, account.id, account.role, account.agency_id, login_ref)


def addressee(session: Session, account_id: int | None) -> Actor | None:
    """An account as the one whom a mail is written to; None when it is closed or its agency has no agreement."""
    account = session.scalar(_open_accounts(clock.now().date()).where(Account.id == account_id))
    if account is None:
        return None
    return Actor(account.name, account.id, account.role, account.agency_id, is_addressee=True)


@lru_cache(maxsize=2)  # every reading and every act asks it
def _account_of_login(today: dt.date) -> Select[Account]:
    return (
        _open_accounts(today)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(
            LoginSession.ref == bindparam("ref"),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > bindparam("now", type_=LoginSession.expires_at.type),
        )
    )


def _open_accounts(today: dt.date) -> Select[Account]:
    is_partner = and_(Agency.agreement_on <= today, or_(Agency.partner_until.is_(None), Agency.partner_until > today))
    return (
        select(Account)
        .outerjoin(Agency, Agency.id == Account.agency_id)
        .where(Account.disabled_at.is_(None), or_(Account.agency_id.is_(None), is_partner))
    )


def authorise(session: Session, by: Actor, permission: Permission) -> Actor:
    """The actor read again in this transaction, so that a disabled account or a changed role bites at once.

    Raises `SignedOut` when the sign-in has ended, `NotAllowed` when the role lacks the permission.
    """
    if by.is_addressee:
        actor = addressee(session, by.account_id)
    else:
        actor = by if by.is_operator else signed_in(session, by.login_ref)
    if actor is None or (not actor.is_operator and actor.account_id != by.account_id):
        message = "You have been signed out. Sign in again to go on; nothing was changed."
        raise SignedOut(message)
    if not actor.may(permission):
        message = f"Your account may not {permission.value}. Ask an administrator if you need to."
        raise NotAllowed(message)
    return actor


def visible_mentees(actor: Actor) -> Select[Mentee]:
    """The mentees this actor may know of: all for coordinators, a coach's own agency's, else none."""
    if actor.is_operator or actor.role is Role.COORDINATOR:
        return select(Mentee)
    if actor.role is Role.COACH and actor.agency_id is not None:
        return select(Mentee).where(Mentee.agency_id == actor.agency_id)
    return select(Mentee).where(false())
