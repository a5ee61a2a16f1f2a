"""Changing what the desk keeps of a person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Match, Mentee, Mentor, OccupationalGroup, Speciality
from services import audit, openings, people_fields, person, programmes
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid
from services.imports.words import email_key
from services.kinds import Kind
from services.people_fields import FIELDS, LABELS, labels
from services.person import name
from services.stage import consents
from services.wording import joined

#: A reason of fewer words says nothing to whoever reads it later.
_WORDS = 3


@dataclass(frozen=True)
class Editable:
    """A person's fields as they stand, and what they can be chosen from."""

    ref: str
    kind: Kind
    name: str
    values: dict[str, Any]
    #: By field: what it is called.
    labels: dict[str, str]
    #: By field: what can be chosen.
    choices: dict[str, tuple[str, ...]]
    #: By group: the entries of its list.
    specialities: dict[str, tuple[str, ...]]
    #: Open matches, as a part of a sentence; empty without any.
    open_matches: str


@dataclass(frozen=True)
class Saved:
    """What was done, for the line that tells it; and the fields that changed."""

    ref: str
    sentence: str
    fields: tuple[str, ...]


class Overtaken(Conflict):
    """Someone else changed the person meanwhile; `now` is what stands."""

    def __init__(self, sentence: str, now: dict[str, Any]) -> None:
        super().__init__(sentence)
        self.now = now


def editable(session: Session, ref: str, *, by: Actor) -> Editable:
    """A person as a form shows them. Raises `NotFound`, `NotAllowed`, `Unnoted`."""
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    who = person.kept(session, ref)
    openings.of_entry(session, who, by=by)
    kind = person.kind_of(who)
    names = people_fields.choices(session, kind)
    agencies = tuple(session.scalars(select(Agency.name).order_by(Agency.name)))
    goals = programmes.clocks(session, programmes.main(session).id).goals
    lists: dict[str, list[str]] = {}
    for group, entry in session.execute(
        select(OccupationalGroup.name, Speciality.name)
        .join(Speciality, Speciality.group_id == OccupationalGroup.id)
        .order_by(Speciality.name)
    ):
        lists.setdefault(group, []).append(entry)
    every = {**names, "helps_with": goals, "goals": goals, "wish_agencies": agencies, "not_agencies": agencies}
    return Editable(
        ref=who.ref,
        kind=kind,
        name=name(who),
        values=people_fields.values(session, who),
        labels={field: LABELS[field] for field in FIELDS[kind]},
        choices={field: options for field, options in every.items() if field in FIELDS[kind]},
        specialities={group: tuple(entries) for group, entries in lists.items()},
        open_matches=person.partners(person.open_matches(session, who), kind),
    )


def edit(
    session: Session, ref: str, given: dict[str, Any], *, seen: dict[str, Any], by: Actor, across: str = ""
) -> Saved:
    """Put a person's fields as `given`, if they still stand as they were `seen`.

    `across`: why open matches may go on although the occupation changes; it is kept with them. Raises `NotFound`,
    `Invalid` for what cannot be used, `Overtaken` with what another changed, `Conflict` when a match stands in the way.
    """
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    (who,) = person.hold(session, ref)
    kind = person.kind_of(who)
    programme = programmes.main(session)
    now = people_fields.values(session, who)
    if overtaken := people_fields.differing(now, seen):
        raise Overtaken(_overtaken(session, who, overtaken, programme.timezone), now)
    after = people_fields.checked(kind, given, programmes.today(session, programme.id))
    fields = people_fields.differing(now, after)
    if not fields:
        return Saved(who.ref, f"Nothing of {name(who)} was changed.", ())
    matches = person.open_matches(session, who)
    if "email" in fields:
        _address_is_free(session, who, after["email"], matches)
    if isinstance(who, Mentor) and after["capacity"] < len(matches):
        raise Conflict(room_needed(matches))
    if "group" in fields:
        after["specialities"] = _of_group(after, now)
        _cross(session, who, matches, after["group"], across)
    people_fields.write(session, who, {field: after[field] for field in {*fields, "specialities"} & set(after)})
    if kind is Kind.MENTOR:
        consents.follow(session, consents.called(now), consents.called(after), by=by)
    audit.record(session, by, "person changed", kind.value, who.id, fields=fields)
    return Saved(who.ref, f"Saved {name(who)}: {labels(fields)}.", tuple(fields))


def _address_is_free(session: Session, who: Mentor | Mentee, address: str, matches: list[Match]) -> None:
    """Raises `Invalid` when an address is another's of the same kind, or of the person's own partner."""
    key = email_key(address)
    table = type(who)
    other = session.execute(
        select(table.first_name, table.last_name).where(table.email_key == key, table.id != who.id)
    ).first()
    if other is not None:
        raise Invalid(
            f"E-mail: {other.first_name} {other.last_name} has this address already. "
            "Merge the two, if they are one person; or write another address."
        )
    for match in matches:
        partner = match.mentee if isinstance(who, Mentor) else match.mentor
        if partner.email_key == key:
            raise Invalid(f"E-mail: {name(partner)}, with whom {name(who)} is matched, has this address.")


def room_needed(matches: list[Match]) -> str:
    """Why a mentor cannot have fewer places, with who holds them."""
    places = "1 place is" if len(matches) == 1 else f"{len(matches)} places are"
    return (
        f"{LABELS['capacity']}: {places} held by {person.partners(matches, Kind.MENTOR)}. "
        "Write as many or more, or close a match first."
    )


def _overtaken(session: Session, who: Mentor | Mentee, fields: list[str], timezone: str) -> str:
    last = person.last_change(session, who, timezone)
    told = f"{last.who} changed {name(who)} {last.when}" if last else f"Someone changed {name(who)} meanwhile"
    now = people_fields.values(session, who)
    each = [f"{LABELS[field]} is now «{people_fields.told(now[field]) or 'empty'}»" for field in fields[:5]]
    return f"{told}: {joined(each)}. Nothing of yours was saved; save again to keep what you typed."


def _of_group(after: dict[str, Any], before: dict[str, Any]) -> list[str]:
    """Specialities belong to a group: those of the old one are no answer in the new."""
    return [entry for entry in after["specialities"] if entry not in before["specialities"]]


def _cross(session: Session, who: Mentor | Mentee, matches: list[Match], group: str, across: str) -> None:
    """Keep the reason with open matches that a change of group parts. Raises `Conflict` without one."""
    bound = [match for match in matches if match.group.name != group and not (match.override_reason or "").strip()]
    if not bound:
        return
    reason = " ".join(across.split())
    if len(reason.split()) < _WORDS:
        raise Conflict(
            f"Occupation: {name(who)} has an open match in {bound[0].group.name} with "
            f"{person.partners(bound, person.kind_of(who))}. Close it first, or say in a few words why it goes on "
            "across occupations."
        )
    for match in bound:
        match.override_reason = reason
    session.flush()
