"""The two cookies of the desk. Scripts in the page can read neither."""

import re
import secrets

from db.settings import settings
from services import sign_in

SECURE = settings().public_url.startswith("https://")
#: Browsers keep a `__Host-` cookie from other hosts of the same domain; it must then be Secure.
_PREFIX = "__Host-" if SECURE else ""
#: A number that tells this browser from others before anybody signs in.
BROWSER = f"{_PREFIX}desk_browser"
#: The sign-in itself.
SESSION = f"{_PREFIX}desk_session"

#: What a person's link to a survey carries, so that it stays in no address; a page loaded again finds it here.
ANSWER = f"{_PREFIX}desk_answer"
_ANSWER_SECONDS = 2 * 60 * 60
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,100}")


def new_browser() -> str:
    """The header that gives a browser a new number."""
    return _header(BROWSER, secrets.token_urlsafe(32), None)


def session(token: str) -> str:
    """The header that signs a browser in."""
    return _header(SESSION, token, int(sign_in.LASTS.total_seconds()))


def no_session() -> str:
    """The header that takes the sign-in's cookie away."""
    return _header(SESSION, "", 0)


def answer(token: str) -> str:
    """The header that keeps the token of a survey's link; one that can be none is kept as nothing."""
    return _header(ANSWER, *((token, _ANSWER_SECONDS) if _TOKEN.fullmatch(token) else ("", 0)))


def _header(name: str, value: str, seconds: int | None) -> str:
    lasts = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{lasts}{'; Secure' if SECURE else ''}"
