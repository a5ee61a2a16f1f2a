"""A file read: shown only once the trail says who read it."""

from collections.abc import Callable
from typing import Any, TypeVar

from services import reading, reads, transaction
from services.access import Actor
from services.errors import Conflict, Unnoted, Unreachable

_T = TypeVar("_T")
_BUSY = "The database is busy, and what cannot be noted as read is not shown. Nothing is lost; look again in a moment."


def read(ask: Callable[[Any], _T], *, by: Actor) -> _T:
    """What `ask` reads of a file; the first time on a day, once a short transaction has noted who reads it.

    Raises `Unreachable` when that cannot be noted.
    """
    try:
        with reading() as session:
            return ask(session)
    except Unnoted as first:
        unnoted = first.reads
    try:
        with transaction() as session:
            reads.note(session, unnoted, by=by)
    except Conflict as busy:
        raise Unreachable(_BUSY) from busy
    with reading() as session:
        return ask(session)
