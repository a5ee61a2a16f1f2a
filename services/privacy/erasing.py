"""Erasing a person: what goes, what stays and what is in the way is said first; then all of it at once, for good."""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, null, select, update
from sqlalchemy.orm import Session

from db.models import Attendance, Erasure, Event, Ground, Match, Mentee, Mentor, Programme
from db.session import ERASES
from services import audit, clock, people_fields, person, programmes
from services.access import Actor, Permission, authorise
from services.counting.people import many
from services.errors import Conflict, Invalid
from services.kinds import TABLES, Kind
from services.people_edit import Saved
from services.people_fields import LABELS
from services.privacy import holds
from services.privacy.columns import PEOPLE, about, column_of, filled, parts
from services.stage import consents
from services.wording import counted, day, first_upper, joined

#: Columns of a person that no form has.
_UNNAMED = {"coach_id": "coach", "withdrawn_reason": "reason of the withdrawal", "withdrawn_note": "note of it"}
#: Rows in the session are read anew after all statements.
_AS_STORED = {"synchronize_session": False}
#: What stays of the entry itself.
_COUNTED = {
    Kind.MENTOR: "The reference, occupation, division, places and the day of the withdrawal.",
    Kind.MENTEE: "The reference, occupation, agency, country of education, the day they were ready and that of the "
    "withdrawal.",
}


@dataclass(frozen=True)
class Erasing:
    """What an erasure would do."""

    ref: str
    kind: Kind
    name: str
    today: dt.date
    #: What goes, what stays because figures count it, and what else is to be known; a sentence each.
    goes: tuple[str, ...]
    stays: tuple[str, ...]
    also: tuple[str, ...]
    #: What must end first, whatever they agreed to.
    barred: str
    #: Why it is kept unless they agreed; empty when a year has passed.
    held: str
    #: What it looked like.
    seen: str


def preview(session: Session, ref: str, *, by: Actor) -> Erasing:
    """What erasing this person would do. Raises `NotFound`, `NotAllowed`, `Conflict` for one who is erased already."""
    authorise(session, by, Permission.ERASE_PEOPLE)
    return _look(session, person.kept(session, ref))


def erase(session: Session, ref: str, *, by: Actor, seen: str, agreed_on: dt.date | None = None) -> Saved:
    """Erase all that is kept of a person but what is counted; it cannot be taken back.

    `agreed_on`: the day on which they agreed that it goes before a year is over. Raises `NotFound`; `Invalid` for a
    day ahead; `Conflict` when something is in the way, or changed since it was `seen`.
    """
    by = authorise(session, by, Permission.ERASE_PEOPLE)
    (who,) = person.hold(session, ref)
    found = _look(session, who)
    if found.seen != seen:
        raise Conflict(f"What is kept of {found.name} has changed since you looked. Look at it again.")
    if agreed_on and agreed_on > found.today:
        raise Invalid("The day on which they agreed lies in the future. Choose today or an earlier day.")
    if found.barred or (found.held and not agreed_on):
        raise Conflict(found.barred or f"{found.held} Or record the day on which they agreed to be erased earlier.")
    carry_out(session, who, by=by, on=found.today, agreed_on=agreed_on)
    return Saved(who.ref, f"Everything that named this {found.kind} is erased. What is counted stays.", ())


def carry_out(session: Session, who: Mentor | Mentee, *, by: Actor, on: dt.date, agreed_on: dt.date | None) -> None:
    """Erase a person who is locked and may be erased. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.ERASE_PEOPLE)
    kind, gone = person.kind_of(who), {}
    if isinstance(who, Mentor):
        consents.follow(session, consents.called(people_fields.values(session, who)), None, by=by)
    session.execute(delete(Attendance).where(_to_come(who)))
    for part in parts(who):
        table = part.table
        if part.goes:
            gone[table.__tablename__] = many(session, select(table).where(about(part, who)))
            session.execute(delete(table).where(about(part, who)))
        for column, value in part.erased.items():
            has = [about(part, who), getattr(table, column).is_not(null())]
            gone[f"{table.__tablename__}.{column}"] = many(session, select(table.id).where(*has))
            session.execute(update(table).where(*has).values({column: value}), execution_options=_AS_STORED)
    for column, value in PEOPLE[type(who)].erased.items():
        said = value.format(kind=kind.value, ref=who.ref) if isinstance(value, str) else value
        setattr(who, column, said)
    who.withdrawn_on = who.withdrawn_on or on
    session.flush()
    ground = Ground.CONSENT if agreed_on else Ground.YEAR
    session.add(Erasure(ref=who.ref, kind=kind.value, on_day=on, ground=ground, agreed_on=agreed_on))
    session.flush()
    session.expire_all()
    session.info[ERASES] = True
    audit.record(
        session, by, "person erased", kind.value, who.id, ground=ground.value, **{k: n for k, n in gone.items() if n}
    )


def _to_come(who: Mentor | Mentee) -> Any:
    to_come = select(Event.id).where(Event.starts_at > clock.now())
    return (getattr(Attendance, column_of(who)) == who.id) & Attendance.event_id.in_(to_come)


def _look(session: Session, who: Mentor | Mentee) -> Erasing:
    kind, programme = person.kind_of(who), programmes.main(session)
    goes = [f"{first_upper(joined(_known(who)))}."]
    stays = [_COUNTED[kind]]
    to_come = many(session, select(Attendance.id).where(_to_come(who)))
    for part in parts(who):
        rows = many(session, select(part.table).where(about(part, who)))
        rows -= to_come if part.table is Attendance else 0
        words = many(session, select(part.table).where(filled(part, who))) if part.erased else 0
        if part.goes and rows:
            goes.append(f"{first_upper(counted(rows, part.one, part.many))}.")
        elif rows:
            stays.append(f"{first_upper(counted(rows, part.one, part.many))}: {part.kept}.")
        if words:
            goes.append(f"{first_upper(counted(words, *part.said))}.")
    if to_come:
        goes.append(f"{first_upper(counted(to_come, 'invitation', 'invitations'))} to events to come.")
    return Erasing(
        ref=who.ref,
        kind=kind,
        name=person.name(who),
        today=programmes.today(session, programme.id),
        goes=tuple(goes),
        stays=tuple(stays),
        also=_also(session, who, kind),
        barred=holds.barred(session, who),
        held=holds.held(session, who, programme.id, programme.timezone),
        seen=_fingerprint(session, who, programme, [*goes, *stays]),
    )


def _known(who: Mentor | Mentee) -> list[str]:
    """What is kept of them that would go, as parts of a sentence."""
    columns = ["name", *(column for column in PEOPLE[type(who)].erased if getattr(who, column))]
    unsaid = {"first_name", "last_name", "email_key", "no_speciality_on"}
    said = [_UNNAMED.get(column, LABELS.get(column, column)) for column in columns if column not in unsaid]
    return [words if words.isupper() else words[:1].lower() + words[1:] for words in said]


def _also(session: Session, who: Mentor | Mentee, kind: Kind) -> tuple[str, ...]:
    found = []
    other = Kind.MENTEE if kind is Kind.MENTOR else Kind.MENTOR
    if session.scalar(select(TABLES[other].id).where(TABLES[other].email_key == who.email_key)):
        found.append(f"There is a {other} with the same address, who is an entry of their own and stays.")
    if session.scalar(select(Match.id).where(getattr(Match, column_of(who)) == who.id).limit(1)):
        found.append("Notes on matches are of both people, so the other one loses them too.")
    programme = programmes.main(session)
    clocks = programmes.clocks(session, programme.id)
    years = holds.years_of(clocks, clocks.keep_years)
    use = holds.last_use(session, who, programme.id, programme.timezone)
    if years and use and not holds.barred(session, who):
        on = holds.years_after(use.day, years)
        when = f"on {day(on)}" if on > programmes.today(session, programme.id) else "with the next night"
        found.append(f"Unless it is used again, it goes by itself {when}.")
    found.append("Copies of the database still hold everything until they are deleted.")
    return tuple(found)


def _fingerprint(session: Session, who: Mentor | Mentee, programme: Programme, told: list[str]) -> str:
    values = people_fields.values(session, who)
    last = person.last_change(session, who, programme.timezone)
    return hashlib.sha256(repr((values, who.withdrawn_on, told, last)).encode()).hexdigest()
