"""Noting, for a reading that could not write, whose file it is about to read."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services import openings
from services.access import Actor, Permission, authorise
from services.errors import Read


def note(session: Session, reads: Sequence[Read], *, by: Actor) -> None:
    """Leave in the trail what `Unnoted` was raised for. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.READ_FILES)
    openings.of(session, reads, by=by)
