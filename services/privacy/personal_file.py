"""One person's file: everything that is kept of them, as it is kept, from every table that is about people."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, select
from sqlalchemy.orm import Session

from db.models import (
    Absence,
    Account,
    Agency,
    Coach,
    Cohort,
    Division,
    Event,
    Match,
    MatchState,
    Mentee,
    Mentor,
    OccupationalGroup,
    Programme,
    Speciality,
    StageName,
    Survey,
    SurveyQuestion,
    TrailEntry,
)
from services import audit, clock, people_fields, person, programmes, trail
from services.access import Actor, Permission, authorise
from services.kinds import TABLES, Kind
from services.people_fields import LABELS
from services.privacy.columns import PEOPLE, about, matches_of, parts
from services.privacy.holds import TAKEN_OUT
from services.stage import consents
from services.wording import first_upper

#: Numbers and secrets of the desk's own, which say nothing of anybody.
_UNTOLD = frozenset({"id", "token_hash", "email_key", "undoes_seq", "version", "was_id"})
#: How a row that another one names is called.
_NAMED: dict[str, tuple[Any, ...]] = {
    "absence": (Absence.first_day, Absence.last_day),
    "account": (Account.name,),
    "agency": (Agency.name,),
    "coach": (Coach.name,),
    "cohort": (Cohort.name,),
    "division": (Division.name,),
    "event": (Event.name, Event.starts_at),
    "match": (Match.ref,),
    "mentee": (Mentee.ref,),
    "mentor": (Mentor.ref,),
    "occupational_group": (OccupationalGroup.name,),
    "programme": (Programme.name,),
    "speciality": (Speciality.name,),
    "survey": (Survey.name,),
    "survey_question": (SurveyQuestion.wording,),
}


@dataclass(frozen=True)
class Sheet:
    """Rows of one kind. Cells are text, numbers, yes or no, days, or nothing."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class PersonalFile:
    """Everything that is kept of a person as of a day."""

    kind: Kind
    day: dt.date
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class _Asked:
    session: Session
    who: Mentor | Mentee
    timezone: str


def take_out(session: Session, ref: str, *, by: Actor) -> PersonalFile:
    """Everything that is kept of a person; the trail says that it was taken out.

    The other person of a match is named when it has started, else a reference. Raises `NotFound`, `NotAllowed`, and
    `Conflict` for someone who has been erased.
    """
    by = authorise(session, by, Permission.TAKE_OUT_FILES)
    who, programme = person.kept(session, ref), programmes.main(session)
    kind, asked = person.kind_of(who), _Asked(session, who, programme.timezone)
    sheets = [_own(asked)]
    sheets += [_sheet(asked, first_upper(part.many), part.table, about(part, who)) for part in parts(who)]
    if isinstance(who, Mentor):
        name, occupation = consents.called(people_fields.values(session, who))
        theirs = and_(StageName.name == name, StageName.occupation == occupation)
        sheets.append(_sheet(asked, "Consents to be named", StageName, theirs))
    sheets.append(_trail(asked))
    kept = tuple(sheet for sheet in sheets if sheet.rows)
    audit.record(session, by, TAKEN_OUT, kind.value, who.id, rows=sum(len(sheet.rows) for sheet in kept))
    return PersonalFile(kind, programmes.today(session, programme.id), kept)


def _own(asked: _Asked) -> Sheet:
    """Their own entry, a line for each field."""
    table = PEOPLE[type(asked.who)].table
    made = _sheet(asked, "", table, table.id == asked.who.id)
    lines = zip(made.heads, made.rows[0], strict=True)
    return Sheet("The entry", ("Field", "As kept"), tuple((head, value) for head, value in lines))


def _sheet(asked: _Asked, name: str, table: type[Any], which: ColumnElement[bool]) -> Sheet:
    columns = [column for column in table.__table__.columns if column.name not in _UNTOLD]
    rows = asked.session.scalars(select(table).where(which).order_by(*table.__table__.primary_key)).all()
    told = []
    for column in columns:
        values, target = [getattr(row, column.name) for row in rows], _target(column)
        words = _words(asked, target, {value for value in values if value is not None}) if target else {}
        told.append([words.get(value) if target else _cell(value, asked.timezone) for value in values])
    return Sheet(name, tuple(_head(column.name) for column in columns), tuple(zip(*told, strict=True)))


def _target(column: Column[Any]) -> str | None:
    """The table whose row this column names."""
    return next((key.column.table.name for key in column.foreign_keys if key.column.name == "id"), None)


def _head(column: str) -> str:
    name = column.removesuffix("_id")
    words = name.replace("_", " ")
    return LABELS.get(name) or first_upper({"ref": "reference", "words": "in words"}.get(words, words))


def _words(asked: _Asked, table: str, wanted: set[int]) -> dict[int, str]:
    """By number, what the rows of a table are called."""
    said = _NAMED[table]
    number = said[0].class_.id
    rows = asked.session.execute(select(number, *said).where(number.in_(wanted)))
    found = {row[0]: ", ".join(str(_cell(value, asked.timezone)) for value in row[1:]) for row in rows}
    return found | (_known_people(asked, table, wanted) if table in set(Kind) else {})


def _known_people(asked: _Asked, table: str, wanted: set[int]) -> dict[int, str]:
    """Names of those with whom a match has started."""
    people, whose = TABLES[Kind(table)], Match.mentor_id if table == Kind.MENTOR else Match.mentee_id
    begun = select(whose).where(
        Match.id.in_(matches_of(asked.who)), Match.started_on.is_not(None), Match.state != MatchState.VOID
    )
    rows: Iterable[Any] = asked.session.scalars(select(people).where(people.id.in_(wanted), people.id.in_(begun)))
    return {who.id: person.name(who) for who in rows}


def _trail(asked: _Asked) -> Sheet:
    """Who did what with the entry and its matches, and who read of them, as far as the trail says."""
    rows = asked.session.execute(
        select(TrailEntry, Account.name)
        .outerjoin(Account, Account.id == TrailEntry.account_id)
        .where(trail.about(asked.who))
        .order_by(TrailEntry.seq)
    )
    lines = [
        (_cell(row.at, asked.timezone), name or row.by_name, row.action, row.entity, _cell(row.detail, asked.timezone))
        for row, name in rows
    ]
    return Sheet("Acts in the trail", ("At", "Who", "Deed", "About", "Detail"), tuple(lines))


def _cell(value: Any, timezone: str) -> Any:
    if isinstance(value, Enum):
        return str(value.value).replace("_", " ")
    if isinstance(value, dt.datetime):
        return f"{clock.local(value, timezone):%Y-%m-%d %H:%M}"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
