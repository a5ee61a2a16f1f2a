"""Commands that make and close accounts."""

import getpass
import sys
from typing import Annotated

import typer

from db.models import Role
from services import accounts, reading, transaction
from services.access import OPERATOR
from services.commands.say import plainly, say, show
from services.errors import Invalid

commands = typer.Typer(help="Accounts: who may sign in, as what.", no_args_is_help=True)

_Username = Annotated[str, typer.Option("--username", help="What is typed at sign-in.")]
_Agency = Annotated[str | None, typer.Option("--agency", help="The agency of a coach, by name.")]
_Email = Annotated[str | None, typer.Option("--email", help="Where the desk writes to.")]
_Stdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


@commands.command("create")
@plainly
def create(
    *,
    username: _Username,
    name: Annotated[str, typer.Option("--name", help="The person's name.")],
    role: Annotated[Role, typer.Option("--role", help="What the account is for.")],
    agency: _Agency = None,
    email: _Email = None,
    password_stdin: _Stdin = False,
) -> None:
    """Make an account; its password is asked for twice."""
    password = _password(from_stdin=password_stdin)
    with transaction() as session:
        made = accounts.create(
            session, by=OPERATOR, username=username, name=name, role=role, password=password, agency=agency, email=email
        )
    say(f"{made.name} can sign in as «{made.username}», {made.role}.")


@commands.command("list")
@plainly
def every(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List all accounts."""
    with reading() as session:
        lines = accounts.accounts(session, OPERATOR)
    if as_json:
        show([vars(line) for line in lines])
        return
    for line in lines:
        closed = f", closed {line.disabled_at:%Y-%m-%d}" if line.disabled_at else ""
        say(f"{line.username}: {line.name}, {line.role}{f' of {line.agency}' if line.agency else ''}{closed}")
    if not lines:
        say("There is no account yet. Make one with: matchdesk account create")


@commands.command("disable")
@plainly
def disable(*, username: _Username) -> None:
    """Close an account and end its sign-ins at once."""
    with transaction() as session:
        accounts.disable(session, by=OPERATOR, username=username)
    say(f"«{username}» is closed.")


@commands.command("role")
@plainly
def role(
    *,
    username: _Username,
    role: Annotated[Role, typer.Option("--role", help="The new role.")],
    agency: _Agency = None,
) -> None:
    """Give an account another role; it holds from the next click."""
    with transaction() as session:
        accounts.set_role(session, by=OPERATOR, username=username, role=role, agency=agency)
    say(f"«{username}» is now {role}.")


@commands.command("email")
@plainly
def email(*, username: _Username, email: _Email = None) -> None:
    """Say where the desk writes to; without --email it writes no more."""
    with transaction() as session:
        accounts.set_email(session, by=OPERATOR, username=username, email=email)
    say(f"«{username}» has {'a new e-mail address' if email else 'no e-mail address'}.")


@commands.command("password")
@plainly
def password(*, username: _Username, password_stdin: _Stdin = False) -> None:
    """Give an account a new password and end its sign-ins."""
    new = _password(from_stdin=password_stdin)
    with transaction() as session:
        accounts.set_password(session, by=OPERATOR, username=username, password=new)
    say(f"«{username}» has a new password.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != first:
        message = "The two passwords differ. Nothing was saved."
        raise Invalid(message)
    return first
