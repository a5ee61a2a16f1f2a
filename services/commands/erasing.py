"""Commands about people whose data was erased: the list of them, and doing it again after a copy was restored."""

from pathlib import Path
from typing import Annotated

import typer

from services import reading, transaction
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.errors import Invalid
from services.privacy import replay
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
    again: Annotated[Path, typer.Option("--again", help="A list that «matchdesk erasures --json» printed.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Erase once more whom a restored copy brought back; exit status 1 when an open match is in the way of somebody."""
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
