"""Two entries of one person made one: which values stay, what moves, what stands in the way; then all at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from db.models import OPEN, Account, Match, MatchState, Mentee, Mentor, PersonMerge
from services import audit, clock, openings, people_apart, people_fields, people_moves, person, programmes
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid
from services.kinds import Kind
from services.people_edit import Saved
from services.people_fields import FIELDS, LABELS, told
from services.person import name
from services.stage import consents
from services.wording import day

#: Whose value stays: of the entry that stays, of the other, or both lists.
KEEP, OTHER, BOTH = "keep", "other", "both"
_WITHDRAWN = "withdrawn"
#: Kept together, as one choice.
_LEFT = ("withdrawn_on", "withdrawn_reason", "withdrawn_note")


@dataclass(frozen=True)
class Choice:
    """A field in which two entries differ, and which value is suggested."""

    field: str
    label: str
    keep: str
    other: str
    suggested: str
    is_list: bool = False


@dataclass(frozen=True)
class Both:
    """Two entries side by side, before they are one."""

    kind: Kind
    ref: str
    other_ref: str
    #: Both by name.
    both: str
    choices: tuple[Choice, ...]
    #: Fields in which they agree: label and words.
    same: tuple[tuple[str, str], ...]
    #: What the entry that stays gets, a sentence each.
    moves: tuple[str, ...]
    #: Places that the open matches of both hold; of mentors.
    places: int
    capacity: int
    #: What both looked like.
    seen: str
    #: The day they were marked as two people and by whom; empty when they are not.
    apart: str


def preview(session: Session, ref: str, other_ref: str, *, by: Actor) -> Both:
    """Two entries side by side. Raises `NotFound`, `Unnoted`, and `Invalid` for one or for both kinds."""
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    keep, other = person.kept(session, ref), person.kept(session, other_ref)
    kind = of_one_kind(keep, other)
    openings.of_entry(session, keep, other, by=by)
    mine, theirs = _values(session, keep), _values(session, other)
    matches = _matches(session, keep, other)
    differing = people_fields.differing(mine, theirs)
    held = [match for match in matches if match.state in OPEN]
    return Both(
        kind=kind,
        ref=keep.ref,
        other_ref=other.ref,
        both=person.both(keep, other),
        choices=tuple(_choice(field, mine[field], theirs[field]) for field in differing if field != "capacity"),
        same=tuple((_label(field), told(mine[field])) for field in mine if field not in differing and mine[field]),
        moves=people_moves.told(session, keep, other),
        places=len(held),
        capacity=max(mine.get("capacity", 0), theirs.get("capacity", 0), len(held)),
        seen=_fingerprint(mine, theirs, matches),
        apart=_apart(session, keep, other),
    )


def merge(
    session: Session, ref: str, other_ref: str, *, by: Actor, stays: Mapping[str, str], capacity: int = 0, seen: str
) -> Saved:
    """Make two entries one: the first stays, the other's reference leads to it from now on.

    `stays`: by field, whose value stays (`keep`, `other`, of lists also `both`); `keep` where nothing is said.
    `capacity`: places of the merged mentor. Raises `NotFound`, `Invalid`, and `Conflict` with what stands in the way or
    when either changed since they were `seen`.
    """
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    keep, other = person.hold(session, ref, other_ref)
    kind = of_one_kind(keep, other)
    mine, theirs = _values(session, keep), _values(session, other)
    matches = _matches(session, keep, other)
    if _fingerprint(mine, theirs, matches) != seen:
        raise Conflict("One of the two has changed since you looked. Look at both again.")
    after = {field: _chosen(mine[field], theirs[field], stays.get(field, KEEP)) for field in mine}
    if mine["group"] != theirs["group"]:  # specialities are entries of a group's own list
        after["specialities"] = (mine if after["group"] == mine["group"] else theirs)["specialities"]
    if kind is Kind.MENTOR:
        after["capacity"] = capacity or mine["capacity"]
    _nothing_in_the_way(keep, other, matches, after)
    people_fields.checked(
        kind, {field: after[field] for field in FIELDS[kind]}, programmes.today(session, programmes.main(session).id)
    )
    taken = people_fields.differing(mine, after)
    left = {field: getattr(other if stays.get(_WITHDRAWN) == OTHER else keep, field) for field in _LEFT}
    moved = people_moves.move(session, keep, other)
    late = {field: after[field] for field in taken if field == "email"}  # the other has it until they are one
    at_once = {field: after[field] for field in taken if field in FIELDS[kind] and field not in late}
    people_fields.write(session, keep, at_once | {"specialities": after["specialities"]})
    number, names = other.id, person.both(keep, other)
    follow = len([match for match in matches if getattr(match, f"{kind.value}_id") == number])
    session.add(PersonMerge(ref=other.ref, was_id=number, merged_at=clock.now(), **{f"{kind.value}_id": keep.id}))
    session.expunge(other)
    session.flush()
    session.expire_all()
    (keep,) = person.hold(session, ref)
    people_fields.write(session, keep, late | left)
    if kind is Kind.MENTOR:
        for before in (mine, theirs):
            now = None if keep.withdrawn_on else consents.called(after)
            consents.follow(session, consents.called(before), now, by=by)
    audit.record(
        session,
        by,
        "people merged",
        kind.value,
        keep.id,
        merged=number,
        fields=taken,
        matches=follow,
        moved=moved,
    )
    return Saved(keep.ref, f"{names} are one entry now.", tuple(taken))


def of_one_kind(keep: Mentor | Mentee, other: Mentor | Mentee) -> Kind:
    """The kind of two entries. Raises `Invalid` for one entry, and for a mentor and a mentee."""
    if person.kind_of(keep) is not person.kind_of(other):
        raise Invalid("A mentor and a mentee stay two entries, even when they are one person.")
    if keep.id == other.id:
        raise Invalid(f"Both are the same entry of {name(keep)} already.")
    return person.kind_of(keep)


def _apart(session: Session, keep: Mentor | Mentee, other: Mentor | Mentee) -> str:
    mark = people_apart.of(session, keep, other)
    if mark is None:
        return ""
    who = session.scalar(select(Account.name).where(Account.id == mark.marked_by_id))
    timezone = programmes.main(session).timezone
    return f"on {day(clock.local(mark.marked_at, timezone).date())}" + (f" by {who}" if who else "")


def _values(session: Session, who: Mentor | Mentee) -> dict[str, Any]:
    return people_fields.values(session, who) | {_WITHDRAWN: _left(who)}


def _left(who: Mentor | Mentee) -> str | None:
    if who.withdrawn_on is None:
        return None
    return day(who.withdrawn_on) + (f", {who.withdrawn_reason}" if who.withdrawn_reason else "")


def _label(field: str) -> str:
    return "Withdrawn" if field == _WITHDRAWN else LABELS[field]


def _choice(field: str, keep: Any, other: Any) -> Choice:
    if isinstance(keep, list):
        return Choice(field, _label(field), told(keep), told(other), BOTH, is_list=True)
    suggested = OTHER if (keep is None or keep == "") != (field == _WITHDRAWN) else KEEP
    if field == _WITHDRAWN:  # one who takes part takes part
        suggested = OTHER if other is None else KEEP
    return Choice(field, _label(field), told(keep), told(other), suggested)


def _chosen(mine: Any, theirs: Any, whose: str) -> Any:
    if whose == BOTH and isinstance(mine, list):
        return [*mine, *(entry for entry in theirs if entry not in mine)]
    return theirs if whose == OTHER else mine


def _matches(session: Session, keep: Mentor | Mentee, other: Mentor | Mentee) -> list[Match]:
    whose = Match.mentor_id if isinstance(keep, Mentor) else Match.mentee_id
    return list(
        session.scalars(
            select(Match)
            .where(whose.in_([keep.id, other.id]), Match.state != MatchState.VOID)
            .options(joinedload(Match.mentor), joinedload(Match.mentee), joinedload(Match.group))
            .order_by(Match.id)
        )
    )


def _fingerprint(mine: Mapping[str, Any], theirs: Mapping[str, Any], matches: list[Match]) -> str:
    said = repr((dict(mine), dict(theirs), [(match.ref, match.version) for match in matches]))
    return hashlib.sha256(said.encode()).hexdigest()


def _nothing_in_the_way(
    keep: Mentor | Mentee, other: Mentor | Mentee, matches: list[Match], after: Mapping[str, Any]
) -> None:
    """Raises `Conflict` with the first thing that forbids the merge."""
    kind = person.kind_of(keep)
    held = [match for match in matches if match.state in OPEN]
    addresses = {keep.email_key, other.email_key}
    for match in matches:
        partner = _partner(match, kind)
        if partner.email_key in addresses:
            raise Conflict(
                f"{name(partner)}, with whom one of the two was matched, has the address of the other: that would be a "
                "match of one person with themselves. Void that match first."
            )
        if match.never_again and any(_partner(one, kind).id == partner.id for one in held):
            raise Conflict(
                f"{name(partner)} was declined for good with one of the two and has an open match with the other. "
                "Close that match first; the two are not proposed again."
            )
    if kind is Kind.MENTEE and (doubled := _in_one_programme(held)):
        raise Conflict(
            f"Each has an open match in one programme: {person.partners(doubled, kind)}. "
            "A mentee has one at a time; close one of them first."
        )
    if kind is Kind.MENTOR and after["capacity"] < len(held):
        raise Conflict(
            f"Together they hold {len(held)} places: {person.partners(held, kind)}. Give the entry as many places."
        )
    for match in held:
        if match.group.name != after["group"] and not (match.override_reason or "").strip():
            raise Conflict(
                f"The open match with {person.partners([match], kind)} is in {match.group.name}. "
                "Keep that occupation, or close the match first."
            )
    if held and after[_WITHDRAWN]:
        raise Conflict(
            f"There is an open match with {person.partners(held, kind)}, and the entry would be withdrawn. "
            "Keep the entry taking part, or close the match first."
        )


def _partner(match: Match, kind: Kind) -> Mentor | Mentee:
    return match.mentee if kind is Kind.MENTOR else match.mentor


def _in_one_programme(held: list[Match]) -> list[Match]:
    for match in held:
        same = [one for one in held if one.programme_id == match.programme_id]
        if len(same) > 1:
            return same
    return []
