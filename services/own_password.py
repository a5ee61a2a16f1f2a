"""One's own password: the present one proves who asks, and a wrong one is counted like one at sign-in.

In three steps, as bcrypt is slow and no transaction waits for it: `wanted`, then `knock` and `prove`, then `change`.
"""

from dataclasses import dataclass

import bcrypt
from sqlalchemy.orm import Session

from db.models import Account
from services import audit, login_sessions, sign_in
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotAllowed
from services.passwords import hashed, prepared
from services.sign_in import Knock

DIFFER = "The two new passwords differ. Type the same one twice."
SAME = "The new password is the present one. Choose another."
WRONG = "The present password is not right. Nothing was changed."


@dataclass(frozen=True)
class Proven:
    """A knock with the right password."""

    knock: Knock


def wanted(present: str, new: str, again: str) -> str:
    """The hash of the new password, before anything is counted. Raises `Invalid`."""
    if prepared(new) != prepared(again):
        raise Invalid(DIFFER)
    if prepared(new) == prepared(present):
        raise Invalid(SAME)
    return hashed(new)


def knock(session: Session, *, by: Actor, address: str | None = None) -> Knock:
    """Count a try of this account, with those at sign-in. Raises `NotAllowed`, `SignedOut`."""
    by = authorise(session, by, Permission.CHANGE_OWN_PASSWORD)
    if by.account_id is None:
        raise NotAllowed("The command line has no password of its own. See: matchdesk account password")
    return sign_in.knock(session, session.get_one(Account, by.account_id).username, address)


def prove(tried: Knock, present: str) -> Proven:
    """That the present password is right. Raises `Invalid` when it is not, or after too many tries."""
    if tried.is_locked:
        raise Invalid(sign_in.TOO_MANY)
    if not bcrypt.checkpw(prepared(present).encode(), tried.password_hash.encode()):
        raise Invalid(WRONG)
    return Proven(tried)


def change(session: Session, proven: Proven, new_hash: str, *, by: Actor) -> str:
    """Keep the new password; every other sign-in of the account ends. Gives the sentence that tells it.

    Raises `SignedOut`, and `Conflict` when the password was changed since it was proven.
    """
    by = authorise(session, by, Permission.CHANGE_OWN_PASSWORD)
    account = session.get_one(Account, by.account_id, with_for_update=True)
    if account.id != proven.knock.account_id or account.password_hash != proven.knock.password_hash:
        raise Conflict("Your password was changed a moment ago. Nothing of yours was saved.")
    account.password_hash = new_hash
    sign_in.forget(session, proven.knock)
    login_sessions.end(session, account.id, but=by.login_ref)
    audit.record(session, by, "own password changed", "account", account.id)
    return "Your password is changed. Wherever else you were signed in, you are signed out."
