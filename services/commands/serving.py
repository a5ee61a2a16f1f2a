"""The command that serves the desk."""

import json
import os
import secrets
import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer
from sqlalchemy import func, select

from db import migrations
from db.models import Programme
from db.settings import ROOT, settings
from services import accounts, reading, transaction
from services.access import OPERATOR
from services.commands.say import plainly, say
from services.stage import consents

FIRST_ACCOUNT = "matchdesk account create --username NAME --name 'FULL NAME' --role administrator"


@plainly
def serve(
    *,
    port: Annotated[int | None, typer.Option(help="The port to listen on.", min=1, max=65535)] = None,
    demo: Annotated[
        bool | None,
        typer.Option(help="Fill an empty database with the demo programme. Done unless DATABASE_URL is set."),
    ] = None,
) -> None:
    """Bring the database up to date and serve the desk to browsers."""
    port = port or settings().port
    migrations.upgrade()
    if demo if demo is not None else not os.environ.get("DATABASE_URL"):
        _fill_when_empty()
    with transaction() as session:
        consents.empty_past(session, by=OPERATOR)
    with reading() as session:
        if accounts.is_empty(session):
            say(f"Nobody can sign in yet. Make the first administrator with:\n  {FIRST_ACCOUNT}")
    address = os.environ.setdefault("MATCHDESK_URL", f"http://localhost:{port}")
    host = urlsplit(address).hostname or "localhost"
    os.environ.setdefault("STREAMLIT_BROWSER_SERVER_ADDRESS", host)
    os.environ.setdefault("STREAMLIT_SERVER_ALLOWED_HOSTS", f"localhost 127.0.0.1 {host}")
    # Streamlit reads this option before it runs serve.py. The name is new at each start, so no visitor can know it.
    header = f"x-desk-{secrets.token_hex(16)}"
    os.environ["MATCHDESK_IDENTITY_HEADER"] = header
    os.environ["STREAMLIT_SERVER_TRUSTED_USER_HEADERS"] = json.dumps({header: "sub"})
    say(f"Match Desk: {address}")
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "serve.py"), "--server.port", str(port)]
    command += ["--logger.hideWelcomeMessage", "true"]
    os.execv(sys.executable, command)  # noqa: S606


def _fill_when_empty() -> None:
    with reading() as session:
        if session.scalar(select(func.count()).select_from(Programme)):
            return
    from services.demo.build import build  # noqa: PLC0415 - it takes a second to load, and most starts need it not

    say("Building the demo programme")
    with transaction() as session:
        build(session, by=OPERATOR)
