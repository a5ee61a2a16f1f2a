"""How commands speak: a line for people or JSON for programs, and one sentence and status 1 when refused."""

import json
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from db import migrations
from services.errors import Conflict, ServiceError, Unreachable

_P = ParamSpec("_P")
_R = TypeVar("_R")


def say(line: str) -> None:
    """A line for a person."""
    sys.stdout.write(line + "\n")


def show(data: Any) -> None:
    """Data for a program."""
    say(json.dumps(data, ensure_ascii=False, indent=1, default=str))


def plainly(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """A command whose expected failures are one sentence on standard error and exit status 1."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return command(*args, **kwargs)
        except (Unreachable, Conflict, DBAPIError) as error:
            sentence = _what_is_wrong_with_the_database()
            if sentence is None and isinstance(error, DBAPIError):
                raise
            sys.stderr.write(f"{sentence or error}\n")
            raise SystemExit(1) from None
        except ServiceError as error:
            sys.stderr.write(f"{error}\n")
            raise SystemExit(1) from None

    return run


def _what_is_wrong_with_the_database() -> str | None:
    """Why no command could have worked, as a sentence; None when the database is there and of this version."""
    try:
        current = migrations.current()
    except DBAPIError:
        return "The database does not answer. Check DATABASE_URL, and that its server runs."
    if current != migrations.newest():
        return "The database has no tables yet, or those of another version. Run: matchdesk migrate"
    return None
