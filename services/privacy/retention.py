"""Data kept no longer than the programme's rule says: who is due, and erasing them without anybody asking.

The rule is a number of years after the last use, at least the year of `holds`; 0 says that only people erase people.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import OPEN, Match, Mentee, Mentor
from services import audit, clock, person, programmes
from services.access import Actor, Permission, authorise
from services.counting.people import many
from services.counting.protect import printed
from services.errors import Conflict, Invalid
from services.kinds import TABLES, Kind
from services.privacy import erasing, holds
from services.setup import settings
from services.wording import counted, first_upper

LONGEST = 50
#: Of those whose data is kept, one in so many may fall due at once before somebody has to say that it is right.
_USUAL = 10
#: In one transaction, which nobody can write beside.
_AT_ONCE = 100


@dataclass(frozen=True)
class Due:
    """Someone whose data is to go: no name, and the day on which it falls due."""

    ref: str
    kind: Kind
    last_used: dt.date
    on: dt.date


@dataclass(frozen=True)
class Outlook:
    """What a number of years means for the people there are: counts, in classes where they are not seen exactly."""

    years: int
    kept: str
    now: str
    #: More, within the year to come, if nothing of theirs is used until then.
    soon: str
    #: The night may erase nobody until somebody has said that so many are right.
    is_unusual: bool


def outlook(session: Session, programme_id: int, years: int, *, by: Actor) -> Outlook:
    """How many would go today and within a year, of everybody; nobody is named. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    timezone = programmes.main(session).timezone
    today = clock.today(timezone)
    clocks = programmes.clocks(session, programme_id)
    found = _falling_due(session, programme_id, timezone, holds.years_of(clocks, years)) if years else []
    now = sum(one.on <= today for one in found)
    soon = sum(today < one.on <= holds.years_after(today, 1) for one in found)
    kept = _kept(session)
    if by.may(Permission.SEE_EXACT_FIGURES):
        return Outlook(years, f"{kept:,}", f"{now:,}", f"{soon:,}", _is_unusual(now, kept))
    cell, more = (printed(count, kept, clocks.smallest_cell) for count in (now, soon))
    return Outlook(years, f"{kept:,}", cell.text, more.text, _is_unusual(cell.high, kept))


def save(session: Session, programme_id: int, years: int, *, by: Actor) -> None:
    """Set after how many years data goes by itself. Raises `NotAllowed`, `Invalid`."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    if not 0 <= years <= LONGEST:
        message = f"Choose a whole number of years from 1 to {LONGEST}, or 0 for none."
        raise Invalid(message)
    if 0 < years < (shortest := holds.least(programmes.clocks(session, programme_id))):
        raise Invalid(f"Follow-ups are still made then. Choose {counted(shortest, 'year', 'years')} or more, or 0.")
    settings.put(session, programme_id, "keep_years", years)
    audit.record(session, by, "years of keeping changed", "programme", programme_id, years=years)


def due(session: Session, *, by: Actor) -> list[Due]:
    """Whose data the rule of the main programme erases today, the longest unused first. Raises `NotAllowed`."""
    authorise(session, by, Permission.ERASE_PEOPLE)
    programme = programmes.main(session)
    clocks = programmes.clocks(session, programme.id)
    years, today = holds.years_of(clocks, clocks.keep_years), clock.today(programme.timezone)
    found = _falling_due(session, programme.id, programme.timezone, years) if years else []
    return sorted((one for one in found if one.on <= today), key=lambda one: (one.on, one.kind, one.ref))


def erase(session: Session, *, by: Actor, is_right: bool = False) -> list[Due]:
    """Erase the first hundred who are due; empty when nobody is. Call it until it is.

    Raises `NotAllowed`, and `Conflict` when unusually many are due at once, as when the clock of the server is wrong,
    unless somebody has said that it `is_right`.
    """
    by = authorise(session, by, Permission.ERASE_PEOPLE)
    wanted, kept = due(session, by=by), _kept(session)
    if _is_unusual(len(wanted), kept) and not is_right:
        raise Conflict(
            f"{first_upper(counted(len(wanted), 'person', 'people'))} of {kept:,} would be erased at once, which is "
            "unusual. Nobody was. Look at the list, and at the date of the server; if both are right, add --many."
        )
    people = _locked(session, {one.ref for one in wanted[:_AT_ONCE]})
    today = clock.today(programmes.main(session).timezone)
    gone = [one for one in due(session, by=by) if one.ref in people]  # whom somebody used a moment ago stays
    for one in gone:
        erasing.carry_out(session, people[one.ref], by=by, on=today, agreed_on=None)
    return gone


def _locked(session: Session, refs: set[str]) -> dict[str, Mentor | Mentee]:
    """Of these, who is still there and not erased, until the transaction ends."""
    found: dict[str, Mentor | Mentee] = {}
    for table in TABLES.values():
        asked: Select[Any] = select(table).where(table.ref.in_(refs), person.is_kept(table)).order_by(table.id)
        found |= {who.ref: who for who in session.scalars(asked.with_for_update())}
    return found


def _is_unusual(now: int, kept: int) -> bool:
    return now > _USUAL and now * _USUAL > kept


def _falling_due(session: Session, programme_id: int, timezone: str, years: int) -> list[Due]:
    """Everybody who takes no part and has no open match, with the day on which the rule erases them."""
    today, found = clock.today(timezone), []
    for kind, table in TABLES.items():
        open_ones = select(getattr(Match, f"{kind.value}_id")).where(Match.state.in_(OPEN))
        takes_part = select(table.id).where(holds.taking_part(table, programme_id, today))
        asked = select(table.id, table.ref).where(
            person.is_kept(table), table.id.not_in(takes_part), table.id.not_in(open_ones)
        )
        rows = session.execute(asked).all()  # before their uses: a match that ends meanwhile is one
        uses = holds.last_uses(session, table, timezone)
        found += [
            Due(ref, kind, uses[number].day, holds.years_after(uses[number].day, years))
            for number, ref in rows
            if number in uses
        ]
    return found


def _kept(session: Session) -> int:
    return sum(many(session, select(table.id).where(person.is_kept(table))) for table in TABLES.values())
