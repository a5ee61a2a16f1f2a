"""Commands for programmes."""

from typing import Annotated

import typer

from db.models import ProgrammeKind
from services import programmes, transaction
from services.access import OPERATOR
from services.commands.say import plainly, say, show

app = typer.Typer(help="The programmes that the desk keeps.", no_args_is_help=True)


@app.callback()
def programme() -> None:
    """Keep `create` a word of its own, also while it is the only one."""


@app.command("create")
@plainly
def create(
    *,
    name: Annotated[str, typer.Option(help="What the programme is called.")],
    organisation: Annotated[str, typer.Option(help="Whose programme it is.")],
    kind: Annotated[ProgrammeKind, typer.Option(help="Matches with mentors, or placements.")] = ProgrammeKind.MENTORING,
    timezone: Annotated[str, typer.Option(help="Where its days begin and end.")] = programmes.TIMEZONE,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a programme."""
    with transaction() as session:
        made = programmes.create(
            session, by=OPERATOR, name=name, organisation=organisation, kind=kind, timezone=timezone
        )
    if as_json:
        show({"id": made, "name": name})
    else:
        say(f"Programme «{name}» is made.")
