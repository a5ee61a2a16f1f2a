"""Two entries that look as if they were of one person, and are not: said once, and taken back."""

from sqlalchemy.orm import Session

from db.models import TwoPeople
from services import audit, clock, people_apart, people_merge, person
from services.access import Actor, Permission, authorise
from services.errors import Conflict
from services.kinds import Kind
from services.people_edit import Saved


def mark(session: Session, ref: str, other_ref: str, *, by: Actor) -> Saved:
    """Say that two entries are of two people: they are no likely pair any more.

    Raises `NotFound`, `Invalid` for one entry or for a mentor and a mentee, and `Conflict` when it was said already.
    """
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    one, other = person.hold(session, ref, other_ref)
    kind = people_merge.of_one_kind(one, other)
    if people_apart.of(session, one, other):
        raise Conflict(f"{person.both(one, other)} are marked as two people already.")
    made = TwoPeople(marked_at=clock.now(), marked_by_id=by.account_id)
    people_apart.put(session, kind, one.id, other.id, made)
    _record(session, by, "marked as two people", made, kind)
    return Saved(ref, f"{person.both(one, other)} are marked as two people, and no likely pair any more.", ())


def take_back(session: Session, ref: str, other_ref: str, *, by: Actor) -> Saved:
    """They may be one person after all. Raises `NotFound`, `Invalid`, and `Conflict` when it is not said of them."""
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    one, other = person.hold(session, ref, other_ref)
    kind = people_merge.of_one_kind(one, other)
    made = people_apart.of(session, one, other)
    if made is None:
        raise Conflict(f"{person.both(one, other)} are not marked as two people any more.")
    _record(session, by, "mark taken back", made, kind)
    session.delete(made)
    session.flush()
    return Saved(ref, f"{person.both(one, other)} may be one person again.", ())


def _record(session: Session, by: Actor, action: str, mark: TwoPeople, kind: Kind) -> None:
    one, other = (getattr(mark, column.key) for column in people_apart.COLUMNS[kind])
    audit.record(session, by, action, "two_people", mark.id, kind=kind.value, one=one, other=other)
