"""The command line: `matchdesk COMMAND`, or `python -m services COMMAND`."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

#: Where each command stands, in the order of the list; those of a group are commands of their own.
_COMMANDS = {
    "migrate": "database:migrate",
    "import": "importing:bring_in",
    "verify-audit": "database:verify_audit",
    "erasures": "erasing:erasures",
    "erase": "erasing:erase",
    "serve": "serving:serve",
    "stage": "staging:stage",
    "demo": "demo:demo",
    "propose": "matching:propose",
    "weights": "weights:weigh",
    "figure": "figures:figure",
    "reconcile": "figures:reconcile",
    "milestones": "figures:ledger",
    "sheet": "sheets:sheet",
    "digest": "digest:digest",
    "programme": "programme:app",
    "account": "accounts:commands",
    "cohort": "matching:cohorts",
}


class Commands(TyperGroup):
    """Each command is loaded when it is asked for, so that none waits for what the others need."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as the library calls it
        """The names of all."""
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command of this name."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        found: Any = getattr(import_module(f"services.commands.{module}"), name)
        if isinstance(found, typer.Typer):
            made: Any = get_group(found)
        else:
            alone = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
            alone.command(cmd_name)(found)
            made = get_command(alone)
        made.name = cmd_name
        return made


app = typer.Typer(
    name="matchdesk",
    cls=Commands,
    help="The desk of a mentoring programme, from the command line. DATABASE_URL names the database.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals may hold people's data
)


@app.callback()
def _matchdesk() -> None:
    """A command line without a command of its own."""


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
