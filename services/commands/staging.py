"""The command that serves the stage."""

import os
import sys
from typing import Annotated
from urllib.parse import urlsplit

import typer

from db.settings import ROOT, settings
from db.stage import can_read
from services.commands.say import plainly, say
from services.errors import Invalid

#: On a machine that serves both, whoever works at the desk comes before whoever watches.
_GIVES_WAY = 5
_NO_ROLE = (
    "The stage reads PostgreSQL as a role of its own, which may read the view stage_board and nothing else. Make it as "
    "the page for administrators in docs says, and name it in MATCHDESK_STAGE_DATABASE_URL."
)
_READS_MORE = (
    "This role can read people's tables. The stage does not start until it can read the view stage_board only."
)


@plainly
def stage(*, port: Annotated[int | None, typer.Option(help="The port to listen on.", min=1, max=65535)] = None) -> None:
    """Serve the stage to screens that carry its link. It reads one view of the database and writes nothing."""
    port = port or settings().stage_port
    database = settings().stage_database_url
    if not database:
        raise Invalid(_NO_ROLE)
    if can_read(database, "account"):
        raise Invalid(_READS_MORE)
    address = os.environ.setdefault("MATCHDESK_STAGE_URL", f"http://localhost:{port}")
    host = urlsplit(address).hostname or "localhost"
    os.environ["STREAMLIT_BROWSER_SERVER_ADDRESS"] = host
    os.environ["STREAMLIT_SERVER_ALLOWED_HOSTS"] = f"localhost 127.0.0.1 {host}"
    os.environ.pop("STREAMLIT_SERVER_TRUSTED_USER_HEADERS", None)
    # what it does not need to know is not in its memory
    os.environ["MATCHDESK_STAGE_DATABASE_URL"] = database
    os.environ["DATABASE_URL"] = database
    if hasattr(os, "nice"):
        os.nice(_GIVES_WAY)
    say(f"Stage: {address}")
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "serve_stage.py"), "--server.port", str(port)]
    command += ["--logger.hideWelcomeMessage", "true"]
    os.execv(sys.executable, command)  # noqa: S606
