"""The coaches of the agencies, and how many matches each can carry at once."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Account, Agency, Coach
from services import audit
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotFound
from services.imports import words
from services.setup import names

COLUMNS = ["id", "name", "agency", "email", "places", "left_on", "signs_in"]
PLACES, MOST_PLACES = 20, 500


@dataclass(frozen=True)
class Terms:
    """What is entered of a coach."""

    name: str
    agency_id: int
    email: str
    places: int = PLACES


def coaches(session: Session, *, by: Actor) -> pd.DataFrame:
    """Every coach by agency and name: id, name, agency, email, places, left_on, signs_in (whether there is an account).

    Raises `NotAllowed`.
    """
    authorise(session, by, Permission.SET_PROGRAMME)
    open_to = select(Account.coach_id).where(Account.disabled_at.is_(None), Account.coach_id.is_not(None))
    rows = session.execute(
        select(Coach.id, Coach.name, Agency.name, Coach.email, Coach.capacity, Coach.left_on, Coach.id.in_(open_to))
        .join(Agency, Agency.id == Coach.agency_id)
        .order_by(Agency.name, Coach.name, Coach.id)
    )
    return pd.DataFrame([tuple(row) for row in rows], columns=COLUMNS).astype({"left_on": object})


def save(session: Session, terms: Terms, *, by: Actor, coach_id: int | None = None) -> str:
    """Add a coach, or change one, who stays with the agency they are of.

    Raises `Invalid`, `NotFound`, and `Conflict` for an address that another coach has.
    """
    by = authorise(session, by, Permission.SET_PROGRAMME)
    coach = session.get(Coach, coach_id) if coach_id else Coach(agency_id=terms.agency_id)
    if coach is None:
        raise NotFound("There is no such coach any more. Load the page again.")
    if session.get(Agency, coach.agency_id) is None:
        raise NotFound("There is no such agency any more. Choose one of the list.")
    if not 0 <= terms.places <= MOST_PLACES:
        raise Invalid(f"A coach carries 0 to {MOST_PLACES} matches at once. Mend the number.")
    coach.name = names.kept(terms.name, "A coach", ())
    coach.email, coach.capacity = _address(session, terms.email, coach_id), terms.places
    session.add(coach)
    session.flush()
    did = "changed" if coach_id else "added"
    audit.record(session, by, did, "coach", coach.id, agency=coach.agency_id, places=coach.capacity)
    return f"{coach.name} is {did}."


def _address(session: Session, written: str, coach_id: int | None) -> str:
    address = words.email(written)
    if address is None:
        raise Invalid("A coach needs an e-mail address. Write one like name@place.ca.")
    taken = select(Coach.name).where(func.lower(Coach.email) == address.lower(), Coach.id != (coach_id or 0))
    if name := session.scalar(taken):
        raise Conflict(f"{name} has this e-mail address already. Change that coach, or write another address.")
    return address
