"""A file read: shown only once the trail says who read it."""

from collections.abc import Callable
from typing import Any, TypeVar

from services import reading, transaction
from services.errors import Conflict, Unnoted, Unreachable

_T = TypeVar("_T")
_BUSY = "The database is busy, and what cannot be noted as read is not shown. Nothing is lost; look again in a moment."


def read(ask: Callable[[Any], _T]) -> _T:
    """What `ask` reads of a file, in a session of its own; the first time on a day in one that also notes it.

    Raises `Unreachable` when that cannot be noted.
    """
    try:
        with reading() as session:
            return ask(session)
    except Unnoted:
        pass
    try:
        with transaction() as session:
            return ask(session)
    except Conflict as busy:
        raise Unreachable(_BUSY) from busy
