"""Commands that keep the database: its tables and its trail."""

from typing import Annotated

import typer

from db import migrations
from services import audit, reading
from services.commands.say import plainly, say, show


@plainly
def migrate(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Bring the database to the tables and rules of this version."""
    before, after = migrations.upgrade()
    if as_json:
        show({"before": before, "after": after})
    elif before == after:
        say(f"The database stands at revision {after} already.")
    else:
        say(f"The database went from {before or 'empty'} to revision {after}.")


@plainly
def verify_audit(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Check that no row of the audit trail was changed, removed or put in; exit status 1 when one was."""
    with reading() as session:
        broken = audit.verify(session)
        head = audit.head(session)
    if as_json:
        show({"rows": head.seq, "head": head.hash, "broken": [{"seq": b.seq, "what": b.what} for b in broken]})
    else:
        for place in broken:
            say(f"Row {place.seq}: {place.what}.")
        say(f"{head.seq} rows, head {head.hash or '(none)'}: {'BROKEN' if broken else 'the trail holds'}.")
    if broken:
        raise SystemExit(1)
