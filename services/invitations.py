"""Inviting a list of people to an event: looked at first, then stored, nobody twice; and taking invitations back."""

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from db.models import Attendance, Cohort, Event, Match, MatchState, OccupationalGroup, Programme
from services import audit, clock, event_access, person
from services.access import Actor, Permission, authorise
from services.counting import events as counting
from services.counting.figure import Scope
from services.errors import Conflict, Invalid, NotFound
from services.kinds import TABLES, Kind
from services.wording import counted, first_upper

COHORT, GROUP, MISSING_ORIENTATION = "cohort", "group", "missing_orientation"
BOTH, MENTORS, MENTEES = "both", "mentors", "mentees"
_SIDES = {BOTH: (Kind.MENTOR, Kind.MENTEE), MENTORS: (Kind.MENTOR,), MENTEES: (Kind.MENTEE,)}
COLUMNS = ["ref", "name", "side", "group", "is_invited"]
#: A cohort's people are those of matches that run, are about to, or were completed.
_OF_A_COHORT = (MatchState.APPROVED, MatchState.ACTIVE, MatchState.COMPLETED)


@dataclass(frozen=True)
class Wanted:
    """Who is meant: a whole cohort, an occupational group at work now, or those of a cohort missing orientation."""

    who: str
    sides: str = BOTH
    #: By name; without one the event's own cohort.
    cohort: str | None = None
    #: By name, for `GROUP`.
    group: str | None = None


def preview(session: Session, ref: str, wanted: Wanted, *, by: Actor) -> pd.DataFrame:
    """Who is meant, by last name, those who have withdrawn left out.

    Columns: ref, name, side (Mentor or Mentee), group, is_invited (already, so nothing happens to them).
    Raises `NotAllowed`, `NotFound`, `Invalid`.
    """
    by = authorise(session, by, Permission.KEEP_EVENTS)
    event, programme = event_access.one(session, ref, by)
    if wanted.sides not in _SIDES:
        raise Invalid("Choose mentors, mentees or both.")
    found = []
    for kind in _SIDES[wanted.sides]:
        table, column = TABLES[kind], getattr(Attendance, f"{kind.value}_id")
        here = select(column).where(
            Attendance.event_id == event.id, column.is_not(None), Attendance.walked_in.is_(False)
        )
        rows = session.execute(
            select(table.ref, table.first_name, table.last_name, OccupationalGroup.name, table.id.in_(here))
            .join(OccupationalGroup, OccupationalGroup.id == table.group_id)
            .where(table.id.in_(_meant(session, event, programme, wanted, kind)), table.withdrawn_on.is_(None))
        )
        found += [(last, first, number, kind, group, known) for number, first, last, group, known in rows]
    found.sort(key=lambda line: line[:3])
    lines = [
        (number, f"{first} {last}", kind.value.capitalize(), group, bool(known))
        for last, first, number, kind, group, known in found
    ]
    return pd.DataFrame(lines, columns=COLUMNS)


def invite(session: Session, ref: str, people: Collection[str], *, by: Actor) -> str:
    """Invite these people, by their refs; who is invited already stays so. Gives the sentence that tells it.

    Raises `NotAllowed`, `NotFound`; `Conflict` when one of them has withdrawn, or the event is cancelled.
    """
    by = authorise(session, by, Permission.KEEP_EVENTS)
    event, _ = event_access.one(session, ref, by, hold=True)
    event_access.require_planned(event)
    new = 0
    for number in sorted(set(people)):
        who = person.find(session, number)
        if who.withdrawn_on is not None:
            raise Conflict(f"{person.name(who)} has withdrawn and is not invited. Look at the list again.")
        kind = person.kind_of(who)
        row = session.scalar(
            select(Attendance).where(Attendance.event_id == event.id, getattr(Attendance, f"{kind.value}_id") == who.id)
        )
        if row is None:
            session.add(Attendance(event_id=event.id, **{f"{kind.value}_id": who.id}))
            session.flush()  # so that an entry merged into another is not invited twice
        elif row.walked_in and row.attended is not True:
            row.walked_in, row.attended = False, None
        else:
            continue
        new += 1
    if not new:
        return "Everybody of this list is invited already."
    session.flush()
    audit.record(session, by, "people invited", "event", event.id, people=new)
    return f"{first_upper(counted(new, 'person', 'people'))} invited to {event.name}."


def take_back(session: Session, ref: str, people: Collection[str], *, by: Actor) -> str:
    """Take invitations back whose attendance nobody has taken. Gives the sentence that tells it.

    Raises `NotAllowed`, `NotFound`, `Conflict` when attendance of one of them was taken, or the event is cancelled.
    """
    by = authorise(session, by, Permission.KEEP_EVENTS)
    event, _ = event_access.one(session, ref, by, hold=True)
    event_access.require_planned(event)
    for number in sorted(set(people)):
        who = person.find(session, number)
        row = session.scalar(
            select(Attendance).where(
                Attendance.event_id == event.id, getattr(Attendance, f"{person.kind_of(who).value}_id") == who.id
            )
        )
        if row is None:
            raise NotFound(f"{person.name(who)} is not invited any more. Look at the list again.")
        if row.attended is not None:
            raise Conflict(f"Attendance of {person.name(who)} was taken. The invitation stays.")
        session.delete(row)
        audit.record(session, by, "invitation taken back", "attendance", row.id, event=event.id)
    session.flush()
    return f"{first_upper(counted(len(set(people)), 'invitation', 'invitations'))} taken back."


def choices(session: Session, ref: str, *, by: Actor) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Names of cohorts, the latest first, of occupational groups, and of the event's own cohort. Raises `NotFound`."""
    by = authorise(session, by, Permission.KEEP_EVENTS)
    event, programme = event_access.one(session, ref, by)
    cohorts = session.execute(
        select(Cohort.id, Cohort.name).where(Cohort.programme_id == programme.id).order_by(Cohort.starts_on.desc())
    ).all()
    groups = session.scalars(select(OccupationalGroup.name).order_by(OccupationalGroup.name)).all()
    own = next(name for number, name in cohorts if number == event.cohort_id)
    return tuple(name for _, name in cohorts), tuple(groups), own


def _meant(session: Session, event: Event, programme: Programme, wanted: Wanted, kind: Kind) -> Select[int]:
    side = f"{kind.value}_id"
    of_programme = select(getattr(Match, side)).where(Match.programme_id == programme.id)
    if wanted.who == GROUP:
        group = session.scalar(select(OccupationalGroup.id).where(OccupationalGroup.name == wanted.group))
        if group is None:
            raise Invalid("Choose an occupational group.")
        return of_programme.where(Match.group_id == group, Match.state.in_(event_access.AT_WORK))
    cohort_id = event.cohort_id
    if wanted.cohort is not None:
        named = session.scalar(
            select(Cohort.id).where(Cohort.programme_id == programme.id, Cohort.name == wanted.cohort)
        )
        if named is None:
            raise NotFound("There is no such cohort. Choose one of the list.")
        cohort_id = named
    if wanted.who == COHORT:
        return of_programme.where(Match.cohort_id == cohort_id, Match.state.in_(_OF_A_COHORT))
    if wanted.who == MISSING_ORIENTATION:
        scope = Scope(programme.id, clock.today(programme.timezone), cohort_id)
        return counting.without_orientation(session, scope, side)
    raise Invalid("Choose whom to invite.")
