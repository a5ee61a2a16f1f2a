"""The server: who a browser is, which addresses answer, and the headers that keep other sites out.

Started by `matchdesk serve`. Streamlit learns who is there through one header that only this file can write.
"""

import gc
import os
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

import altair as alt  # noqa: F401  the heavy libraries are loaded before the freeze below
import pandas as pd  # noqa: F401
import streamlit as st
from anyio import to_thread
from sqlalchemy.orm import Session
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from db.settings import settings
from doors import CLOSED, origins, security, under
from services import cookies, door, reading, sign_in, transaction
from services.access import signed_in
from services.errors import Conflict, Invalid, NotAllowed, NotFound, ServiceError, SignedOut

_T = TypeVar("_T")

HEADER = os.environ.get("MATCHDESK_IDENTITY_HEADER", "")
if not HEADER or st.get_option("server.trustedUserHeaders") != {HEADER: "sub"}:
    raise SystemExit("Start the desk with: matchdesk serve")

ADDRESS = settings().public_url
ORIGINS = origins(ADDRESS)
SECURITY = security(ORIGINS)

#: Files of a signed-in person: downloads and uploads, whose addresses alone must not open them.
_PERSONAL = ("/media", "/_stcore/upload_file")


async def _in_thread(ask: Callable[[], _T]) -> _T:
    """The database's answer, without holding up the other visitors."""
    return await to_thread.run_sync(ask)


def _read(ask: Callable[..., _T], *given: object) -> _T:
    with reading() as session:
        return ask(session, *given)


def _write(act: Callable[..., _T], *given: object) -> _T:
    with transaction() as session:
        return act(session, *given)


class Edge:
    """Stands before everything Streamlit answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or say who it is and pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        name = HEADER.encode()
        headers = [(key, value) for key, value in scope["headers"] if key.lower() != name]
        if scope["type"] == "websocket":
            if request.headers.getlist("origin") not in [[origin] for origin in ORIGINS]:
                await send({"type": "websocket.close", "code": 1008})
                return
            if ref := await self._login_ref(request):
                headers.append((name, ref.encode()))
            await self.app({**scope, "headers": headers}, receive, send)
            return
        answer: ASGIApp = self.app
        if not is_host_allowed(request.headers.get("host")):
            answer = PlainTextResponse(f"The desk is at {ADDRESS}", 421)
        elif under(scope["path"], CLOSED):
            answer = PlainTextResponse("Not found", 404)
        elif scope["path"].rstrip("/") == "/answer" and "token" in (asked := Request(scope).query_params):
            # out of the address at once: it would stand in the history, and on the screen
            to = f"/answer?link={cookies.link_of(asked['token'])}"
            answer = RedirectResponse(to, 303, {"cache-control": "no-store"})
            answer.headers.append("set-cookie", cookies.answer(asked["token"], request.cookies.get(cookies.ANSWER)))
        elif under(scope["path"], _PERSONAL) and not await self._login_ref(request):
            answer = PlainTextResponse("Sign in to open this.", 403)
        await answer({**scope, "headers": headers}, receive, partial(self._send, send, request.headers))

    async def _login_ref(self, request: HTTPConnection) -> str | None:
        token = request.cookies.get(cookies.SESSION)
        return await _in_thread(partial(_read, sign_in.login_ref, token)) if token else None

    async def _send(self, send: Send, asked: Headers, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(SECURITY)
            if headers.get("content-type", "").startswith("text/html"):
                headers["cache-control"] = "no-store"
                if f"{cookies.BROWSER}=" not in asked.get("cookie", ""):
                    headers.append("set-cookie", cookies.new_browser())
        await send(message)


def _is_foreign(request: Request) -> bool:
    return request.headers.get("sec-fetch-site") == "cross-site"


async def enter(request: Request) -> Response:
    """Exchange this browser's ticket for the cookie that is its sign-in."""
    if _is_foreign(request):
        return PlainTextResponse("Sign in at the desk itself.", 403)
    entered = await _in_thread(partial(_write, sign_in.redeem, request.cookies.get(cookies.BROWSER)))
    answer = RedirectResponse(entered.next_path if entered else "/", 303, {"cache-control": "no-store"})
    if entered:
        answer.headers.append("set-cookie", cookies.session(entered.token))
        answer.headers.append("set-cookie", cookies.new_browser())
    return answer


async def leave(request: Request) -> Response:
    """End this browser's sign-in."""
    if _is_foreign(request):
        return PlainTextResponse("Sign out at the desk itself.", 403)
    await _in_thread(partial(_write, sign_in.revoke, request.cookies.get(cookies.SESSION)))
    answer = RedirectResponse("/", 303, {"cache-control": "no-store"})
    answer.headers.append("set-cookie", cookies.no_session())
    return answer


#: What a phone is told, by what went wrong; anything else it sends again.
_REFUSED = {SignedOut: 401, NotAllowed: 403, NotFound: 404, Conflict: 409, Invalid: 422}
_LONGEST = 300_000


def _taken(token: str | None, event: str, sent: bytes) -> door.Taken:
    by = _read(lambda session: signed_in(session, sign_in.login_ref(session, token)))
    if by is None:
        raise SignedOut("Sign in again; what was tapped waits on this phone.")
    if taps := door.taps_of(sent):
        return _write(partial(door.take, ref=event, taps=taps, by=by))
    return _read(partial(door.look, ref=event, by=by))


async def taps(request: Request) -> Response:
    """Store what was tapped at the door of an event, and say who is here."""
    said = {"cache-control": "no-store"}
    if request.headers.getlist("origin") not in [[origin] for origin in ORIGINS]:
        return JSONResponse({"refused": "Take attendance at the desk itself."}, 403, said)
    sent = await request.body() if int(request.headers.get("content-length", _LONGEST)) < _LONGEST else b""
    try:
        taken = await _in_thread(
            partial(_taken, request.cookies.get(cookies.SESSION), request.path_params["event"], sent)
        )
    except ServiceError as refused:
        return JSONResponse({"refused": str(refused)}, _REFUSED.get(type(refused), 503), said)
    return JSONResponse(asdict(taken), headers=said)


async def home(request: Request) -> Response:
    """Streamlit knows the page the desk opens with only as `/`; its name is an address people type."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")


async def health(_request: Request) -> Response:
    """Whether the desk and its database answer."""

    def connect(session: Session) -> Any:
        return session.connection()

    await _in_thread(partial(_read, connect))
    return PlainTextResponse("ok", headers={"cache-control": "no-store"})


# Otherwise the first deep link after a start shows "Page not found": Streamlit takes the folder pages/ for its own.
PagesManager.uses_pages_directory = False

app = st.App(
    "app.py",
    routes=[
        Route("/auth/enter", enter),
        Route("/auth/leave", leave),
        Route("/healthz", health),
        Route("/door/{event}", taps, methods=["POST"]),
        Route("/today", home),
    ],
    middleware=[Middleware(Edge)],
)

# What is loaded by now lives as long as the server: fifty open stages wait 69 instead of 3,890 ms for a run.
gc.collect()
gc.freeze()
