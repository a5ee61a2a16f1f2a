"""The stage's server: a process of its own, which reads one view and knows nobody.

Started by `matchdesk stage`. A link's token leaves the address at once; screens and phones wait at `/pulse` for what is
new, so that a hundred of them ask the database no more than one.
"""

import asyncio
import gc
import time
from functools import partial

import altair as alt  # noqa: F401  the heavy libraries are loaded before the freeze below
import pandas as pd  # noqa: F401
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from db.settings import settings
from db.stage import look
from doors import CLOSED, origins, security, under
from services import cookies
from services.stage import running

ADDRESS = settings().stage_url
ORIGINS = origins(ADDRESS)
SECURITY = security(ORIGINS)
#: Addresses that a token opens, and the cookie that keeps it.
KEPT = {"/": cookies.SCREEN, "/remote": cookies.REMOTE}
#: Seconds that a screen waits for news before it asks again, and between two looks at the show.
_WAITS, _LOOKS = 3, 0.1


class Edge:
    """Stands before everything Streamlit answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse other sites, take tokens out of addresses, and pass on."""
        if scope["type"] == "websocket" and HTTPConnection(scope).headers.getlist("origin") not in [
            [origin] for origin in ORIGINS
        ]:
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer: ASGIApp = self.app
        path = scope["path"].rstrip("/") or "/"
        if not is_host_allowed(Request(scope).headers.get("host")):
            answer = PlainTextResponse(f"The stage is at {ADDRESS}", 421)
        elif under(path, CLOSED):
            answer = PlainTextResponse("Not found", 404)
        elif path in KEPT and "token" in (asked := Request(scope).query_params):
            answer = RedirectResponse(path, 303, {"cache-control": "no-store"})
            answer.headers.append("set-cookie", cookies.stage(KEPT[path], asked["token"]))
        await answer(scope, receive, partial(self._send, send))

    async def _send(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(SECURITY)
            if headers.get("content-type", "").startswith("text/html"):
                headers["cache-control"] = "no-store"
        await send(message)


async def pulse(request: Request) -> JSONResponse:
    """The state of the asker's show: at once when it is not the one that was seen, else within seconds."""
    stage, until = running.current(), time.monotonic() + _WAITS
    is_remote = request.query_params.get("of") == "remote"
    token = request.cookies.get(cookies.REMOTE if is_remote else cookies.SCREEN)
    while True:
        version = stage.version(stage.remote(token) if is_remote else stage.show(token))
        if version != request.query_params.get("seen") or time.monotonic() > until:
            return JSONResponse({"version": version}, headers={"cache-control": "no-store"})
        await asyncio.sleep(_LOOKS)


async def health(_request: Request) -> PlainTextResponse:
    """Whether the stage answers; it does so without its database too."""
    return PlainTextResponse("ok", headers={"cache-control": "no-store"})


PagesManager.uses_pages_directory = False

if not running.running:
    running.running.append(running.Stage(partial(look, settings().stage_database_url)))
    running.current().tick()  # the first screen finds its figures
    running.current().run()

app = st.App("stage.py", routes=[Route("/pulse", pulse), Route("/healthz", health)], middleware=[Middleware(Edge)])

gc.collect()
gc.freeze()
