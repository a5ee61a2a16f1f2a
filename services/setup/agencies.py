"""Partner agencies: their names, the day of the data agreement, how long they are partners, and their limits."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.orm import Session

from db.models import Agency, Coach, Division, Mentor
from services import audit, clock
from services.access import Actor, Permission, authorise
from services.errors import Invalid, NotFound
from services.imports.words import fold
from services.programmes import TIMEZONE
from services.setup import names
from services.wording import joined

COLUMNS = ["id", "name", "agreement_on", "since", "until", "limit_km", "not_divisions", "coaches"]
#: No mentor works farther away.
FARTHEST_KM = 1000


@dataclass(frozen=True)
class Terms:
    """What is entered of an agency. Without an agreement, and from the day it is no partner, its coaches stay out."""

    name: str
    agreement_on: dt.date | None = None
    since: dt.date | None = None
    #: The first day on which it is no partner any more.
    until: dt.date | None = None
    #: How far from an office it sends anybody, and the divisions to which it sends nobody: pairs beyond are not made.
    limit_km: int | None = None
    not_divisions: tuple[str, ...] = ()


def agencies(session: Session, *, by: Actor) -> pd.DataFrame:
    """Every agency by name, in `COLUMNS`; `coaches`: who have not left. Raises `NotAllowed`."""
    authorise(session, by, Permission.SET_PROGRAMME)
    working = select(func.count()).where(Coach.agency_id == Agency.id, Coach.left_on.is_(None)).scalar_subquery()
    rows = session.execute(
        select(
            *(Agency.id, Agency.name, Agency.agreement_on, Agency.partner_since, Agency.partner_until),
            *(Agency.limit_km, Agency.not_divisions, working),
        )
    )
    found = sorted((tuple(row) for row in rows), key=lambda row: fold(row[1]))
    return pd.DataFrame(found, columns=COLUMNS, dtype=object)


def divisions(session: Session, *, by: Actor) -> tuple[str, ...]:
    """The divisions that mentors work in, by name. Raises `NotAllowed`."""
    authorise(session, by, Permission.SET_PROGRAMME)
    return tuple(sorted(session.scalars(select(Division.name)), key=fold))


def save(session: Session, terms: Terms, *, by: Actor, agency_id: int | None = None) -> str:
    """Add an agency, or change one. Raises `Invalid`, `NotFound`, and `Conflict` for a name in use."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    agency = session.get(Agency, agency_id) if agency_id else Agency()
    if agency is None:
        raise NotFound("There is no such agency any more. Load the page again.")
    others = session.scalars(select(Agency.name).where(Agency.id != (agency_id or 0)))
    name = names.kept(terms.name, "An agency", others)
    if terms.agreement_on and terms.agreement_on > clock.today(TIMEZONE):
        raise Invalid("The day of the agreement lies in the future. Enter it on the day it is signed.")
    if terms.since and terms.until and terms.until < terms.since:
        raise Invalid("The agency would be no partner before it is one. Exchange the two days.")
    _possible(session, terms)
    if agency_id and agency.name != name:
        _carry(session, agency.name, name)
    agency.name, agency.agreement_on = name, terms.agreement_on
    agency.partner_since, agency.partner_until = terms.since, terms.until
    agency.limit_km, agency.not_divisions = terms.limit_km, list(terms.not_divisions)
    session.add(agency)
    session.flush()
    audit.record(
        session,
        by,
        "changed" if agency_id else "added",
        "agency",
        agency.id,
        has_agreement=agency.agreement_on is not None,
        has_end=agency.partner_until is not None,
        has_limits=bool(agency.limit_km or agency.not_divisions),
    )
    return f"{name} is {'changed' if agency_id else 'added'}."


def _possible(session: Session, terms: Terms) -> None:
    if terms.limit_km is not None and not 1 <= terms.limit_km <= FARTHEST_KM:
        raise Invalid(f"Write a distance of 1 to {FARTHEST_KM:,} km, or leave it empty.")
    known = set(session.scalars(select(Division.name).where(Division.name.in_(terms.not_divisions))))
    if strange := [name for name in terms.not_divisions if name not in known]:
        raise Invalid(f"No mentor works at {joined(strange)}. Choose divisions of the list.")


def _carry(session: Session, old: str, new: str) -> None:
    """Mentors' wishes and limits name agencies by their names."""
    named = or_(cast(Mentor.wish_agencies, String) != "[]", cast(Mentor.not_agencies, String) != "[]")
    for mentor in session.scalars(select(Mentor).where(named)):
        for field in ("wish_agencies", "not_agencies"):
            if old in (written := getattr(mentor, field)):
                setattr(mentor, field, [new if one == old else one for one in written])
