"""The command that builds the demo programme."""

from dataclasses import asdict
from typing import Annotated

import typer

from db import migrations
from services import transaction
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.demo.accounts import DEMO_ACCOUNTS
from services.demo.build import build


@plainly
def demo(
    *,
    matches: Annotated[
        int | None, typer.Option(min=300, help="Started matches in all, in the same shape; for measuring.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Fill an empty database with the demo programme: synthetic people, the published history, a desk full of work.

    The JSON has the counts cohorts, mentors, mentees, matches, started and accounts.
    """
    migrations.upgrade()
    with transaction() as session:
        built = build(session, by=OPERATOR, matches=matches)
    if as_json:
        show(asdict(built))
        return
    say(f"Made {built.cohorts} cohorts: {built.mentors} mentors, {built.mentees} mentees, {built.matches} matches,")
    say(f"of which {built.started} have started. Everyone in it is made up. Sign in as:")
    for username, name, role, password in DEMO_ACCOUNTS:
        say(f"  {username:6} {password:32} {name}, {role.value}")
