"""The command that mails the digest; to be run by cron."""

import datetime as dt
import sys
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from db.models import Role
from services import programmes, reading, transaction
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.digest import layout, letters, once
from services.digest.letters import Letter, Written
from services.digest.post import Broken, Post, Refused, Unsure
from services.digest.settings import MailSettings, mail_settings
from services.errors import Invalid
from services.stage import consents
from services.wording import counted, first_upper


@dataclass
class _Run:
    """What became of the mails of a run."""

    sent: int = 0
    #: Sent earlier today, or being sent by another run.
    before: int = 0
    refused: int = 0
    #: Why the run stopped, as a sentence.
    stopped: str = ""


@plainly
def digest(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write the mails, send and store nothing.")] = False,
    on_day: Annotated[
        dt.datetime | None,
        typer.Option("--day", formats=["%Y-%m-%d"], help="With --dry-run: as if nothing were done until that day."),
    ] = None,
    named: Annotated[bool, typer.Option("--show", help="With --dry-run: print the mails, which name people.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Mail each coach what is due and overdue, each coordinator what is late; each mail once a day.

    Nothing due, no mail. Exit status 1 when a mail could not be sent; the next run sends what is left.

    The JSON has the counts coaches, coordinators (mails written), nothing_due, no_address, and but for --dry-run sent,
    before (sent earlier, or by another run), refused, stopped (why) and unsure (begun earlier and never confirmed).
    """
    with reading() as session:
        written = letters.write(session, by=OPERATOR, on_day=on_day.date() if on_day else None)
        today = programmes.today(session, programmes.main(session).id)
    if dry_run:
        _dry(written, named=named, as_json=as_json)
        return
    if named:
        message = "--show prints mails, which name people, and goes with --dry-run."
        raise Invalid(message)
    if written.on_day != today:
        message = "Only today's digest is sent. Add --dry-run to see that of another day."
        raise Invalid(message)
    with transaction() as session:
        consents.empty_past(session, by=OPERATOR)  # what cron runs each day keeps the promise made to those named
    run = _send(written, mail_settings())
    with reading() as session:
        unsure = once.unsure(session, written.on_day, by=OPERATOR)
    if as_json:
        show({**_counts(written), **asdict(run), "unsure": unsure})
    else:
        _tell(written, run)
    _complain(run, unsure)


def _send(written: Written, settings: MailSettings) -> _Run:
    with reading() as session:
        left = once.unsent(session, written.letters, by=OPERATOR)
    run = _Run(before=len(written.letters) - len(left))
    if not left:
        return run
    try:
        with Post(settings) as post:
            for letter in left:
                _one(letter, post, settings.sender, run)
    except (Broken, Unsure) as stopped:
        run.stopped = str(stopped)
    return run


def _one(letter: Letter, post: Post, sender: str, run: _Run) -> None:
    with transaction() as session:
        number = once.claim(session, letter, by=OPERATOR)
    if number is None:
        run.before += 1
        return
    try:
        post.send(layout.message(letter, sender))
    except (Refused, Broken) as refused:
        with transaction() as session:
            once.give_back(session, number, by=OPERATOR)
        if isinstance(refused, Broken):
            raise
        run.refused += 1
        return
    with transaction() as session:
        once.confirm(session, number, by=OPERATOR)
    run.sent += 1


def _counts(written: Written) -> dict[str, int]:
    roles = [letter.role for letter in written.letters]
    return {
        "coaches": roles.count(Role.COACH),
        "coordinators": roles.count(Role.COORDINATOR),
        "nothing_due": written.nothing_due,
        "no_address": written.no_address,
    }


def _dry(written: Written, *, named: bool, as_json: bool) -> None:
    bodies = [(letter, layout.text(letter), layout.html(letter)) for letter in written.letters]
    if as_json:
        show(_counts(written))
        return
    if named:
        for letter, text, _ in bodies:
            say(f"To: {letter.username} <{letter.to}>\nSubject: {letter.subject}\n\n{text}\n")
    _say_counts(written)
    say("Nothing was sent.")


def _say_counts(written: Written) -> None:
    counts = _counts(written)
    say(f"Mails of {written.on_day}: {counts['coaches']} to coaches, {counts['coordinators']} to coordinators.")
    if written.nothing_due:
        say(f"Nothing is due for {counted(written.nothing_due, 'other', 'others')}.")
    if written.no_address:
        say(f"{first_upper(counted(written.no_address, 'account has', 'accounts have'))} no e-mail address.")


def _tell(written: Written, run: _Run) -> None:
    _say_counts(written)
    before = f", {run.before} before or by another run" if run.before else ""
    say(f"Sent {run.sent} of {len(written.letters)}{before}.")


def _complain(run: _Run, unsure: int) -> None:
    """Every failure is a sentence on standard error, and exit status 1."""
    faults = [run.stopped] if run.stopped else []
    if run.refused:
        faults.append(
            f"The mail server refused {counted(run.refused, 'mail', 'mails')}. Check the addresses with "
            "«matchdesk account list --json»; the next run tries again."
        )
    if unsure:
        faults.append(
            f"{first_upper(counted(unsure, 'mail was', 'mails were'))} begun earlier today and never confirmed. "
            "Whether it arrived is not known, so it is not sent again; what is due stands in tomorrow's."
        )
    if faults:
        sys.stderr.write("\n".join(faults) + "\n")
        raise SystemExit(1)
