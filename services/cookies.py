"""The cookies of the desk and of the stage. Scripts in the page can read none."""

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

#: What a link to the stage and one to the presenter's phone page carried; both end in the database.
SCREEN, REMOTE = f"{_PREFIX}stage_screen", f"{_PREFIX}stage_remote"
_STAGE_SECONDS = 14 * 24 * 60 * 60

#: What the latest links to surveys carried, so that it stays in no address; a page loaded again finds its own here.
ANSWER = f"{_PREFIX}desk_answer"
_ANSWER_SECONDS = 2 * 60 * 60
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,100}")
#: Between tokens; it can be in none. People who share a browser open so many links at once at most.
_NEXT, _LINKS = ".", 3


def new_browser() -> str:
    """The header that gives a browser a new number."""
    return _header(BROWSER, secrets.token_urlsafe(32), None)


def session(token: str) -> str:
    """The header that signs a browser in."""
    return _header(SESSION, token, int(sign_in.LASTS.total_seconds()))


def no_session() -> str:
    """The header that takes the sign-in's cookie away."""
    return _header(SESSION, "", 0)


def answer(token: str, kept: str | None = None) -> str:
    """The header that keeps the token of a survey's link before those `kept`; one that can be none is not kept."""
    tokens = dict.fromkeys([token, *(kept or "").split(_NEXT)])
    good = [one for one in tokens if _TOKEN.fullmatch(one)][:_LINKS]
    return _header(ANSWER, _NEXT.join(good), _ANSWER_SECONDS if good else 0)


def stage(name: str, token: str) -> str:
    """The header that keeps the token of the stage, under `SCREEN` or `REMOTE`; one that can be none is not kept."""
    good = _TOKEN.fullmatch(token)
    return _header(name, token if good else "", _STAGE_SECONDS if good else 0)


def link_of(token: str) -> str:
    """What tells links apart in an address, and opens none."""
    return sign_in.digest(token)[:12]


def answer_of(kept: str | None, link: str | None) -> str | None:
    """The token of that link; of the latest where the address names none."""
    tokens = [one for one in (kept or "").split(_NEXT) if one]
    return next((one for one in tokens if link is None or link_of(one) == link), None)


def _header(name: str, value: str, seconds: int | None) -> str:
    lasts = "" if seconds is None else f"; Max-Age={seconds}"
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{lasts}{'; Secure' if SECURE else ''}"
