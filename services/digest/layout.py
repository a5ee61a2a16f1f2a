"""A mail as it is sent: plain words, and the same as simple HTML."""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services import clock
from services.digest.letters import KIND, Letter

_NAME = "Match Desk"
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def text(letter: Letter) -> str:
    """The mail in plain words."""
    return _TEMPLATES.get_template("digest.txt").render(letter=letter)


def html(letter: Letter) -> str:
    """The mail as HTML; names are escaped."""
    return _TEMPLATES.get_template("digest.html").render(letter=letter)


def message(letter: Letter, sender: str) -> EmailMessage:
    """The whole mail. Its id is that of account and day, so that a reader's program shows a repeated one once."""
    made = EmailMessage(policy=SMTP)
    made["Subject"] = letter.subject
    made["From"] = formataddr((_NAME, sender))
    made["To"] = letter.to
    made["Date"] = format_datetime(clock.now())
    made["Message-ID"] = f"<{KIND}.{letter.on_day:%Y%m%d}.{letter.account_id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text(letter), cte="quoted-printable")
    made.add_alternative(html(letter), subtype="html", cte="quoted-printable")
    return made
