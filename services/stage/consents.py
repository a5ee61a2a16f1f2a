"""Names on the stage: of mentors who agreed to be thanked at one event, and for no longer than it lasts."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from db.models import Attendance, Event, Match, MatchState, Mentor, OccupationalGroup, StageName
from services import audit, clock, person, programmes
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotFound
from services.stage import occasions
from services.wording import counted, first_upper

#: How somebody can say so.
WAYS = ("in writing", "by e-mail", "in person")
#: Whether someone is invited to the event, of its cohort, or of an earlier one.
INVITED, COHORT, EARLIER = "invited", "of this cohort", "of an earlier cohort"


@dataclass(frozen=True)
class Candidate:
    """A mentor whose consent can be recorded."""

    ref: str
    name: str
    occupation: str
    #: `INVITED`, `COHORT` or `EARLIER`.
    standing: str


@dataclass(frozen=True)
class Named:
    """A name that the stage may show at an event, as it was agreed to."""

    ref: str
    name: str
    occupation: str
    consent: str
    on_day: dt.date


def candidates(session: Session, event_ref: str, *, by: Actor) -> tuple[Candidate, ...]:
    """The mentors of the programme who take part and are not named at this event yet.

    Those invited to it first, then those of its cohort, then the others, each by last name. Raises `NotAllowed`,
    `NotFound`.
    """
    authorise(session, by, Permission.KEEP_CONSENTS)
    return tuple(_candidates(session, occasions.find(session, event_ref, by=by)))


def names(session: Session, event_ref: str, *, by: Actor) -> tuple[Named, ...]:
    """The names that may be shown at an event, in their order. Raises `NotAllowed`, `NotFound`."""
    authorise(session, by, Permission.KEEP_CONSENTS)
    event = occasions.find(session, event_ref, by=by)
    rows = session.scalars(select(StageName).where(StageName.event_id == event.id)).all()
    told = [Named(row.ref, row.name, row.occupation, row.consent, row.consented_on) for row in rows]
    return tuple(sorted(told, key=lambda one: (one.name.casefold(), one.occupation)))


def record(
    session: Session, event_ref: str, mentor_refs: Collection[str], *, by: Actor, consent: str, on_day: dt.date
) -> str:
    """Keep that these mentors agreed to be thanked by name at an event. Gives the sentence that tells it.

    Raises `NotAllowed`; `NotFound` for an event that is over or cancelled; `Invalid` for a way that is not of `WAYS` or
    a day ahead; `Conflict` for somebody who has withdrawn, or is named already.
    """
    by = authorise(session, by, Permission.KEEP_CONSENTS)
    empty_past(session, by=by)
    if consent not in WAYS:
        raise Invalid("Choose how they said so: in writing, by e-mail or in person.")
    if on_day > programmes.today(session, programmes.main(session).id):
        raise Invalid("The day on which they agreed lies in the future. Choose today or an earlier day.")
    if not mentor_refs:
        raise Invalid("Choose the mentors who agreed.")
    event = occasions.find(session, event_ref, by=by, hold=True)
    chosen = {who.ref: who for who in person.hold(session, *mentor_refs)}  # nobody withdraws meanwhile
    known = {one.ref: one for one in _candidates(session, event)}
    for ref, who in chosen.items():
        one = known.get(ref)
        if one is None:
            raise Conflict(f"{person.name(who)} is named already, or takes no part any more. Look at the list again.")
        row = StageName(
            event_id=event.id,
            name=one.name,
            occupation=one.occupation,
            consent=consent,
            consented_on=on_day,
            recorded_by_id=by.account_id,
            recorded_at=clock.now(),
        )
        session.add(row)
        session.flush()
        audit.record(session, by, "stage consent recorded", "stage_name", row.id, event=event.id)
    many = counted(len(chosen), "name", "names")
    return f"{first_upper(many)} can be shown at {event.name}."


def revoke(session: Session, ref: str, *, by: Actor) -> str:
    """Take a name off the stage at once. Gives the sentence that tells it. Raises `NotAllowed`, `NotFound`."""
    by = authorise(session, by, Permission.KEEP_CONSENTS)
    row = session.scalar(select(StageName).where(StageName.ref == ref))
    if row is None:
        raise NotFound("This name has been taken off the stage already.")
    told = f"{row.name} is off the stage."
    _delete(session, StageName.id == row.id, by, "stage consent revoked")
    return told


def follow(session: Session, before: tuple[str, str], after: tuple[str, str] | None, *, by: Actor) -> None:
    """What becomes of a mentor's consents when they are called otherwise from now on; None: they take no part any more.

    `before` and `after`: name and occupation, all that is kept of them here. Raises `NotAllowed`.
    """
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    if before == after:
        return
    if after:
        _rename(session, before, after, by)
    _delete(session, _of(before), by, "stage consent ended with its mentor")


def follow_roster(session: Session, before: tuple[str, str], after: tuple[str, str], *, by: Actor) -> None:
    """What becomes of a mentor's consents when a roster calls them otherwise. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.IMPORT_FILES)
    _rename(session, before, after, by)
    _delete(session, _of(before), by, "stage consent ended with its mentor")


def called(fields: Mapping[str, Any]) -> tuple[str, str]:
    """Name and occupation of a mentor as the stage shows them; `fields`: as a form has them."""
    return f"{fields['first_name']} {fields['last_name']}".strip(), str(fields["group"])


def empty_past(session: Session, *, by: Actor) -> int:
    """Delete the names of events that are over for six hours, or cancelled; how many. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.KEEP_CONSENTS)
    standing = select(Event.id).where(occasions.stands())
    return _delete(session, StageName.event_id.not_in(standing), by, "stage names emptied")


def _of(called: tuple[str, str]) -> ColumnElement[bool]:
    return and_(StageName.name == called[0], StageName.occupation == called[1])


def _rename(session: Session, before: tuple[str, str], after: tuple[str, str], by: Actor) -> None:
    """Give the names of one mentor their new words, but where they stand already: the old ones are left then."""
    for row in session.scalars(select(StageName).where(_of(before))).all():
        if session.scalar(select(StageName.id).where(_of(after), StageName.event_id == row.event_id)) is None:
            row.name, row.occupation = after
            session.flush()
            audit.record(session, by, "stage consent renamed", "stage_name", row.id, event=row.event_id)


def _delete(session: Session, which: ColumnElement[bool], by: Actor, action: str) -> int:
    """Delete names and leave a trail of each, by its number."""
    rows = session.execute(select(StageName.id, StageName.event_id).where(which).order_by(StageName.id)).all()
    if rows:
        session.execute(delete(StageName).where(StageName.id.in_([row.id for row in rows])))
    for row in rows:
        audit.record(session, by, action, "stage_name", row.id, event=row.event_id)
    return len(rows)


def _candidates(session: Session, event: Event) -> list[Candidate]:
    programme_id = programmes.main(session).id
    invited = select(Attendance.mentor_id).where(
        Attendance.event_id == event.id, Attendance.mentor_id.is_not(None), Attendance.walked_in.is_(False)
    )
    matched = select(Match.mentor_id).where(
        Match.programme_id == programme_id, Match.started_on.is_not(None), Match.state != MatchState.VOID
    )
    of_cohort = matched.where(Match.cohort_id == event.cohort_id)
    named = {
        tuple(row)
        for row in session.execute(select(StageName.name, StageName.occupation).where(StageName.event_id == event.id))
    }
    rows = session.execute(
        select(Mentor, OccupationalGroup.name, Mentor.id.in_(invited), Mentor.id.in_(of_cohort))
        .join(OccupationalGroup, OccupationalGroup.id == Mentor.group_id)
        .where(Mentor.withdrawn_on.is_(None), or_(Mentor.id.in_(invited), Mentor.id.in_(matched)))
        .order_by(Mentor.last_name, Mentor.first_name, Mentor.id)
    )
    found: dict[tuple[str, str], Candidate] = {}
    for mentor, occupation, is_invited, is_of_cohort in rows:
        key = (person.name(mentor), str(occupation))
        standing = INVITED if is_invited else COHORT if is_of_cohort else EARLIER
        if key not in named:  # of two who are called alike, one name stands for both
            found.setdefault(key, Candidate(mentor.ref, *key, standing))
    return sorted(found.values(), key=lambda one: (INVITED, COHORT, EARLIER).index(one.standing))
