"""Commands about people whose data is erased: the list of them, again after a restored copy, and by the years' rule."""

from pathlib import Path
from typing import Annotated

import typer

from services import reading, transaction
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.errors import Invalid
from services.privacy import replay, retention
from services.wording import counted, first_upper


@plainly
def erasures(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON, to be kept for a replay.")] = False
) -> None:
    """List whose data was erased: reference, day and ground; nobody is named."""
    with reading() as session:
        found = replay.listed(session, by=OPERATOR)
    if as_json:
        show([one.model_dump(mode="json") for one in found])
        return
    for one in found:
        agreed = f", agreed on {one.agreed_on}" if one.agreed_on else ", a year after the last use"
        say(f"{one.ref}: {one.kind}, erased on {one.on_day}{agreed}")
    if not found:
        say("Nobody's data has been erased yet.")


@plainly
def erase(
    *,
    again: Annotated[
        Path | None, typer.Option("--again", help="A list that «matchdesk erasures --json» printed.")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="Whom the programme's years of keeping are over for.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --due: say who, and erase nobody.")] = False,
    is_right: Annotated[bool, typer.Option("--many", help="With --due: unusually many are right.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Erase whose time is over, or once more whom a restored copy brought back.

    Exit status 1 when an open match is in the way of somebody on the list.
    """
    if (again is None) is not due or (again and (dry_run or is_right)):
        message = "Say --again with a list, or --due, which alone takes --dry-run and --many."
        raise Invalid(message)
    if again is None:
        _due(dry_run=dry_run, is_right=is_right, as_json=as_json)
    else:
        _again(again, as_json=as_json)


def _due(*, dry_run: bool, is_right: bool, as_json: bool) -> None:
    if dry_run:
        with reading() as session:
            found = retention.due(session, by=OPERATOR)
    else:
        found = []
        while True:
            with transaction() as session:
                gone = retention.erase(session, by=OPERATOR, is_right=is_right)
            if not gone:
                break
            found += gone
            is_right = True  # said of all of them at the first
    if as_json:
        show([vars(one) for one in found])
        return
    for one in found:
        say(f"{one.ref}: {one.kind}, last used on {one.last_used}, due on {one.on}")
    if not found:
        say("Nobody's data is due.")


def _again(again: Path, *, as_json: bool) -> None:
    try:
        text = again.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        message = f"«{again}» cannot be read. Give the file that «matchdesk erasures --json» was written to."
        raise Invalid(message) from None
    with transaction() as session:
        done = replay.again(session, replay.read(text), by=OPERATOR)
    if as_json:
        show(vars(done))
    else:
        many = first_upper(counted(done.erased, "entry was", "entries were"))
        say(f"{many} erased again; {done.before} had been, {done.unknown} not in this database.")
        for ref in done.barred:
            say(f"{ref} has an open match. End it on the person's page, then run this again.")
    if done.barred:
        raise SystemExit(1)
