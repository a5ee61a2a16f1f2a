"""Logging what a coach did for a match, and taking the last entry back."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Account, Attempt, CheckIn, Contact, Health, Match, Mentee, MentoringSession, Mode, TrailEntry
from services import audit, caseload_access, clock, programmes
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid
from services.wording import day

_LOGGED, _TAKEN_BACK = "logged", "taken back"
_TABLES: dict[str, type[CheckIn] | type[Attempt] | type[MentoringSession]] = {
    "check_in": CheckIn,
    "attempt": Attempt,
    "mentoring_session": MentoringSession,
}
#: An entry can be taken back for so long.
_WITHIN = dt.timedelta(hours=24)
#: No meeting is longer.
_LONGEST = 12 * 60
_NOTE = 2000


@dataclass(frozen=True)
class Entry:
    """What was logged or taken back, for the line that tells it."""

    match_ref: str
    sentence: str


@dataclass(frozen=True)
class CheckInEntry:
    """What a coach says about one contact."""

    #: phone, email, video or in_person.
    mode: str
    #: Whom they reached: mentee, mentor or both; None: nobody.
    contact: str | None
    #: good, concern or at_risk.
    health: str = Health.GOOD.value
    #: None: today.
    on_day: dt.date | None = None
    note: str = ""


def log(session: Session, ref: str, entry: CheckInEntry, *, by: Actor, programme_id: int) -> Entry:
    """Store a check-in, or an attempt that reached nobody: it counts as no contact.

    Raises `NotFound`, and `Invalid` for a day to come or on which the match did not run.
    """
    by = authorise(session, by, Permission.LOG_CONTACTS)
    match = caseload_access.one(session, ref, by, programme_id=programme_id)
    on_day = _day(session, match, entry.on_day)
    if not (entry.mode in set(Mode) and entry.contact in {None, *Contact} and entry.health in set(Health)):
        raise Invalid("Choose how, with whom and how it is going from the lists.")
    mode, note = Mode(entry.mode), entry.note.strip()[:_NOTE] or None
    coach_id = _coach(session, by)
    row: CheckIn | Attempt
    if entry.contact is None:
        row = Attempt(match_id=match.id, coach_id=coach_id, on_day=on_day, mode=mode, note=note)
        what = "Tried, and reached nobody"
    else:
        row = CheckIn(
            match_id=match.id,
            coach_id=coach_id,
            on_day=on_day,
            contact=Contact(entry.contact),
            mode=mode,
            health=Health(entry.health),
            note=note,
        )
        what = "Check-in"
    return _stored(session, by, match, row, f"{what}: {_mentee(session, match)}, {day(on_day)}.")


def log_meeting(
    session: Session, ref: str, minutes: int, *, by: Actor, programme_id: int, on_day: dt.date | None = None
) -> Entry:
    """Store a meeting of mentor and mentee. Raises as `log`, and `Invalid` for no time or more than twelve hours."""
    by = authorise(session, by, Permission.LOG_CONTACTS)
    match = caseload_access.one(session, ref, by, programme_id=programme_id)
    if not 0 < minutes <= _LONGEST:
        raise Invalid("A meeting takes a quarter of an hour to twelve hours. Mend the hours.")
    when = _day(session, match, on_day)
    row = MentoringSession(match_id=match.id, on_day=when, minutes=minutes)
    return _stored(session, by, match, row, f"Meeting: {_mentee(session, match)}, {day(when)}.")


def last_entry(session: Session, *, by: Actor) -> str | None:
    """What `take_back` would take back, in words; None when there is nothing."""
    by = authorise(session, by, Permission.LOG_CONTACTS)
    found = _last(session, by)
    return None if found is None else _told(session, found)


def take_back(session: Session, *, by: Actor, programme_id: int) -> Entry:
    """Remove this actor's last entry, of the last day. Raises `Conflict` when there is none, `NotFound`."""
    by = authorise(session, by, Permission.LOG_CONTACTS)
    row = _last(session, by)
    if row is None:
        raise Conflict("There is no entry of yours from the last day to take back.")
    ref = session.scalars(select(Match.ref).where(Match.id == row.match_id)).one()
    caseload_access.one(session, ref, by, programme_id=programme_id)
    told = _told(session, row)
    audit.record(session, by, _TAKEN_BACK, row.__tablename__, row.id, match=row.match_id)
    session.delete(row)
    session.flush()
    return Entry(ref, f"Taken back: {told}.")


def _stored(session: Session, by: Actor, match: Match, row: CheckIn | Attempt | MentoringSession, said: str) -> Entry:
    session.add(row)
    session.flush()
    audit.record(session, by, _LOGGED, row.__tablename__, row.id, match=match.id)
    return Entry(match.ref, said)


def _day(session: Session, match: Match, on_day: dt.date | None) -> dt.date:
    today = programmes.today(session, match.programme_id)
    when = on_day or today
    if when > today:
        raise Invalid("The day lies in the future. Choose today or an earlier day.")
    if match.started_on is None or when < match.started_on:
        started = match.started_on or today
        raise Invalid(f"The match started on {day(started)}. Choose that day or a later one.")
    if match.ended_on is not None and when > match.ended_on:
        raise Invalid(f"The match ended on {day(match.ended_on)}. Choose that day or an earlier one.")
    return when


def _coach(session: Session, by: Actor) -> int | None:
    return session.scalar(select(Account.coach_id).where(Account.id == by.account_id))


def _mentee(session: Session, match: Match) -> str:
    mentee = session.get_one(Mentee, match.mentee_id)
    return f"{mentee.first_name} {mentee.last_name}"


def _told(session: Session, row: CheckIn | Attempt | MentoringSession) -> str:
    match = session.get_one(Match, row.match_id)
    what = {"check_in": "check-in", "attempt": "attempt", "mentoring_session": "meeting"}[row.__tablename__]
    return f"{what} of {day(row.on_day)}, {_mentee(session, match)}"


def _last(session: Session, by: Actor) -> CheckIn | Attempt | MentoringSession | None:
    """The newest row that the trail says this account logged and did not take back; numbers may be used again."""
    acts = session.execute(
        select(TrailEntry.action, TrailEntry.entity, TrailEntry.entity_id)
        .where(
            TrailEntry.account_id == by.account_id,
            TrailEntry.at > clock.now() - _WITHIN,
            TrailEntry.action.in_((_LOGGED, _TAKEN_BACK)),
            TrailEntry.entity.in_(tuple(_TABLES)),
        )
        .order_by(TrailEntry.seq.desc())
    )
    gone: set[tuple[str, int | None]] = set()
    for action, entity, number in acts:
        if action == _TAKEN_BACK:
            gone.add((entity, number))
        elif (entity, number) not in gone:
            table: Any = _TABLES[entity]
            found: CheckIn | Attempt | MentoringSession | None = session.get(table, number)
            return found
    return None
