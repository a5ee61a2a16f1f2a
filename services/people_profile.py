"""One person with everything that is kept of them: who they are, where they stand, what happened."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from db.models import Erasure, Mentee, Mentor
from services import openings, people_fields, people_history, people_standing, person, programmes
from services.access import Actor, Permission, authorise
from services.kinds import Kind
from services.people_fields import FIELDS, LABELS, told
from services.people_past import Happened, PastMatch
from services.wording import day

#: What stands in the head of a profile, or is put together in a line of its own.
_ELSEWHERE = frozenset({"first_name", "last_name", "email", "phone", "group"}) | {
    field for field in LABELS if field.startswith(("available_", "wish_", "limit_", "not_"))
}


@dataclass(frozen=True)
class Profile:
    """Everything that a coordinator reads of one person."""

    ref: str
    kind: Kind
    name: str
    first_name: str
    email: str
    phone: str
    group: str
    standing: str
    #: Label and words, without what is not known.
    facts: tuple[tuple[str, str], ...]
    #: Day, reason and note.
    withdrawn: tuple[dt.date, str, str] | None
    matches: tuple[PastMatch, ...]
    #: What happened beside the matches, the latest first.
    beside: tuple[Happened, ...]
    #: The reference asked for is that of an entry merged into this one.
    is_merged: bool
    #: The day on which their data was erased, and why it could go; None while it is kept.
    erased: tuple[dt.date, str] | None


def profile(session: Session, ref: str, *, by: Actor) -> Profile:
    """The person of a reference, or whom that entry was merged into. Raises `NotFound`, `NotAllowed`, `Unnoted`."""
    by = authorise(session, by, Permission.SEE_PEOPLE)
    who = person.find(session, ref)
    erasure = person.erasure(session, who)
    if erasure is None:
        openings.of_profile(session, who, by=by)
    kind = person.kind_of(who)
    programme = programmes.main(session)
    today = programmes.today(session, programme.id)
    values = people_fields.values(session, who)
    matches, beside = people_history.of(session, who, programme.timezone)
    return Profile(
        ref=who.ref,
        kind=kind,
        name=person.name(who),
        first_name=who.first_name or who.last_name,
        email=who.email,
        phone=who.phone or "",
        group=values["group"],
        standing=people_standing.standings(session, kind, [who.id], programme.id, today)[who.id],
        facts=tuple(
            (label, words)
            for label, words in (
                *((LABELS[field], told(values[field])) for field in FIELDS[kind] if field not in _ELSEWHERE),
                *(_terms(who) if isinstance(who, Mentor) else ()),
            )
            if words
        ),
        withdrawn=_withdrawn(who),
        matches=matches,
        beside=beside,
        is_merged=who.ref != ref,
        erased=_erased(erasure),
    )


def _erased(row: Erasure | None) -> tuple[dt.date, str] | None:
    if row is None:
        return None
    why = f"they agreed to it on {day(row.agreed_on)}" if row.agreed_on else "a year had passed since its last use"
    return row.on_day, why


def _withdrawn(who: Mentor | Mentee) -> tuple[dt.date, str, str] | None:
    if who.withdrawn_on is None:
        return None
    return who.withdrawn_on, who.withdrawn_reason or "", who.withdrawn_note or ""


def _terms(who: Mentor) -> list[tuple[str, str]]:
    wishes = [_years(who.wish_years_from, who.wish_years_to), _from(who.wish_agencies)]
    limits = [
        _years(who.limit_years_from, who.limit_years_to),
        f"within {who.limit_km} km" if who.limit_km else "",
        f"nobody {_from(who.not_agencies)}" if who.not_agencies else "",
    ]
    days = [f"from {day(who.available_from)}" if who.available_from else ""]
    days += [f"until {day(who.available_until)}" if who.available_until else ""]
    return [("Available", " ".join(filter(None, days))), *_lines("Wishes", wishes), *_lines("Takes only", limits)]


def _lines(label: str, parts: list[str]) -> list[tuple[str, str]]:
    return [(label, ", ".join(filter(None, parts)))]


def _years(first: int | None, last: int | None) -> str:
    if first is None and last is None:
        return ""
    if last is None:
        return f"{first} years of experience or more"
    return f"up to {last} years of experience" if first is None else f"{first} to {last} years of experience"


def _from(agencies: list[str]) -> str:
    return f"from {', '.join(agencies)}" if agencies else ""
