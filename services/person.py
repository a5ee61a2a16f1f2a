"""One mentor or mentee: found by reference, also by that of an entry merged into them, and spoken of by name."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from db.models import OPEN, Account, Erasure, Match, Mentee, Mentor, PersonMerge, TrailEntry
from services import clock
from services.audit import READINGS
from services.errors import Conflict, NotFound
from services.kinds import Kind
from services.trail_of import now_of
from services.wording import joined

GONE = "There is no such person any more. Look for them by name."
ERASED = "The data of this person has been erased for good. Nothing of it can be changed; a new entry can be made."


@dataclass(frozen=True)
class Last:
    """Who changed a person last, and when, as far as the trail says."""

    who: str
    when: str


def kind_of(person: Mentor | Mentee) -> Kind:
    """Mentor or mentee."""
    return Kind.MENTOR if isinstance(person, Mentor) else Kind.MENTEE


def find(session: Session, ref: str) -> Mentor | Mentee:
    """The person of a reference, or whom that entry was merged into. Raises `NotFound`."""
    if mentor := session.scalar(select(Mentor).where(Mentor.ref == ref)):
        return mentor
    if mentee := session.scalar(select(Mentee).where(Mentee.ref == ref)):
        return mentee
    merged = session.scalar(select(PersonMerge).where(PersonMerge.ref == ref))
    if merged is None:
        raise NotFound(GONE)
    if merged.mentor_id is not None:
        return session.get_one(Mentor, merged.mentor_id)
    return session.get_one(Mentee, merged.mentee_id)


def kept(session: Session, ref: str) -> Mentor | Mentee:
    """The same, of whom data is kept. Raises `NotFound`, and `Conflict` for someone who has been erased."""
    person = find(session, ref)
    _none_erased(session, [person])
    return person


def hold(session: Session, *refs: str) -> list[Mentor | Mentee]:
    """These people, locked in the order of their numbers until the transaction ends.

    Raises `NotFound`, and `Conflict` for someone who has been erased.
    """
    found = [find(session, ref) for ref in refs]
    for person in sorted(found, key=lambda one: one.id):
        session.refresh(person, with_for_update=True)
    _none_erased(session, found)
    return found


def are_kept(session: Session, *people: Mentor | Mentee) -> bool:
    """Whether data of all of these is kept."""
    refs = [person.ref for person in people]
    return session.scalar(select(Erasure.id).where(Erasure.ref.in_(refs)).limit(1)) is None


def _none_erased(session: Session, people: list[Mentor | Mentee]) -> None:
    if not are_kept(session, *people):
        raise Conflict(ERASED)


def erasure(session: Session, person: Mentor | Mentee) -> Erasure | None:
    """When and why a person was erased; None while their data is kept."""
    return session.scalar(select(Erasure).where(Erasure.ref == person.ref))


def is_kept(table: type[Mentor] | type[Mentee]) -> ColumnElement[bool]:
    """Whether the data of a person is kept: who was erased is on no list of people."""
    return table.ref.not_in(select(Erasure.ref))


def name(person: Mentor | Mentee) -> str:
    """First and last name."""
    return f"{person.first_name} {person.last_name}".strip()


def both(one: Mentor | Mentee, other: Mentor | Mentee) -> str:
    """Two entries by name: "Grace Fraser and Gracie Fraser", "The two entries of Grace Fraser"."""
    return f"The two entries of {name(one)}" if name(one) == name(other) else f"{name(one)} and {name(other)}"


def open_matches(session: Session, person: Mentor | Mentee) -> list[Match]:
    """The open matches of a person in every programme, the oldest first, with both people and the group."""
    whose = Match.mentor_id if isinstance(person, Mentor) else Match.mentee_id
    return list(
        session.scalars(
            select(Match)
            .where(whose == person.id, Match.state.in_(OPEN))
            .options(joinedload(Match.mentor), joinedload(Match.mentee), joinedload(Match.group))
            .order_by(Match.proposed_on, Match.id)
        )
    )


def partners(matches: list[Match], kind: Kind) -> str:
    """The other side of matches with where each stands: "Liwei Zhang (active) and Elif Demir (proposed)"."""
    return joined(
        [
            f"{name(match.mentee if kind is Kind.MENTOR else match.mentor)} ({match.state.value.replace('_', ' ')})"
            for match in matches
        ]
    )


def last_change(session: Session, person: Mentor | Mentee, timezone: str) -> Last | None:
    """Who edited, withdrew or merged a person last; None when the trail names nobody."""
    row = session.execute(
        select(TrailEntry.at, TrailEntry.by_name, Account.name)
        .outerjoin(Account, Account.id == TrailEntry.account_id)
        .where(
            now_of(kind_of(person), person.id),
            TrailEntry.action.not_in(READINGS),
        )
        .order_by(TrailEntry.seq.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    at = clock.local(row.at, timezone)
    when = f"at {at:%H:%M}" if at.date() == clock.today(timezone) else f"on {at.day} {at:%B} at {at:%H:%M}"
    return Last(row.name or row.by_name or "Someone", when)
