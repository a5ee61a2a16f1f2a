"""What a password must be, and how it is kept (docs/decisions/0007)."""

import base64
import hashlib
import secrets
import unicodedata

import bcrypt

from services.errors import Invalid

#: NIST SP 800-63B-4: at least 15 where the password is the only factor, any characters, no rules of composition.
SHORTEST = 15
LONGEST = 1000
_ROUNDS = 12
#: No letter that is taken for another when it is read aloud or copied by hand.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_GROUPS, _IN_GROUP = 5, 4

#: Of a password nobody has, and as much work to check as any other.
NOBODYS_HASH = "$2b$12$Zh93XTm0VIwdkI/i7fc/U.OzQiACr1mTjkVJear8BvSCPk1EbZB6a"


def prepared(password: str) -> str:
    """What bcrypt is given: 44 characters for a password of any length and script.

    bcrypt reads 72 bytes only. The prefix makes these digests useless against lists stolen elsewhere, and theirs here.
    Blanks around a password are dropped, as the sign-in form drops them.
    """
    same = unicodedata.normalize("NFC", password.strip())
    return base64.b64encode(hashlib.sha256(b"matchdesk:" + same.encode("utf-8", "replace")).digest()).decode()


def hashed(password: str) -> str:
    """The bcrypt hash to keep. Raises `Invalid` when the password is too short or too long."""
    if not SHORTEST <= len(password.strip()) <= LONGEST:
        message = (
            f"A password has at least {SHORTEST} characters. Several words that only you would put together do well."
        )
        raise Invalid(message)
    return bcrypt.hashpw(prepared(password).encode(), bcrypt.gensalt(_ROUNDS)).decode()


def fresh() -> str:
    """A password that nobody can guess and everybody can type: five groups of four letters, 90 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
