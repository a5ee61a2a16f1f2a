"""Offices and areas of the city with their coordinates, so that how far an office is can be told."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Mentee, Mentor, Place
from services import audit
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotFound
from services.imports.words import clean, fold

_LONGEST = 80
_NORTH, _EAST = 90, 180


def places(session: Session, *, by: Actor) -> pd.DataFrame:
    """Every place: name, latitude, longitude; in the order of the alphabet. Raises `NotAllowed`."""
    authorise(session, by, Permission.KEEP_SPECIALITIES)
    rows = session.execute(select(Place.name, Place.latitude, Place.longitude)).all()
    found = sorted((tuple(row) for row in rows), key=lambda row: fold(row[0]))
    return pd.DataFrame(found, columns=["name", "latitude", "longitude"])


def unknown(session: Session, *, by: Actor) -> list[str]:
    """Offices and areas that people name and no place is called, in the order of the alphabet. Raises `NotAllowed`."""
    authorise(session, by, Permission.KEEP_SPECIALITIES)
    known = set(map(fold, session.scalars(select(Place.name))))
    offices = session.scalars(select(Mentor.office).where(Mentor.withdrawn_on.is_(None)).distinct())
    areas = session.scalars(select(Mentee.area).where(Mentee.withdrawn_on.is_(None)).distinct())
    named = {fold(name): name for name in (*offices, *areas) if name}
    return sorted((name for folded, name in named.items() if folded not in known), key=fold)


def save(session: Session, name: str, latitude: float, longitude: float, *, by: Actor, old: str | None = None) -> None:
    """Keep a place, a new one or (`old`: the name it had) one of the list.

    Raises `Invalid` for what is nowhere on earth, `NotFound`, and `Conflict` for a name in use.
    """
    by = authorise(session, by, Permission.KEEP_SPECIALITIES)
    name = clean(name)
    if not fold(name) or len(name) > _LONGEST:
        message = f"A place needs a name of up to {_LONGEST} characters, such as Metro Hall. Write one."
        raise Invalid(message)
    if not (-_NORTH <= latitude <= _NORTH and -_EAST <= longitude <= _EAST):
        message = f"A latitude is −{_NORTH} to {_NORTH} and a longitude −{_EAST} to {_EAST}. Mend them."
        raise Invalid(message)
    place = session.scalar(select(Place).where(Place.name == old)) if old else Place()
    if place is None:
        message = f"There is no place «{old}» any more. Load the page again."
        raise NotFound(message)
    for number, there in session.execute(select(Place.id, Place.name)):
        if number != place.id and fold(there) == fold(name):
            message = f"There is a place «{there}» already. Change that one."
            raise Conflict(message)
    place.name, place.latitude, place.longitude = name, latitude, longitude
    session.add(place)
    session.flush()
    audit.record(session, by, "changed" if old else "added", "place", place.id)
