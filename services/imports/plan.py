"""What a file would do: read, recognised, checked and laid beside the database. Preview and apply share it."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Cohort, Division, ImportRun, Mentee, Mentor, Programme
from services import clock, programmes
from services.errors import Invalid, NotFound
from services.imports import answers, columns, groups, history, lists, matches, people, placements, rows
from services.imports import open as opening
from services.imports.answers import Answers, Asked
from services.imports.columns import Kind, Table
from services.imports.history import History
from services.imports.matches import Historic
from services.imports.people import Sorted
from services.imports.placements import Placed, Placements
from services.imports.rows import Context, Problem, Reading
from services.imports.sheets import Row
from services.imports.words import clean, fold


@dataclass
class Plan:
    """Everything known about a file; holds people's data and stays inside one transaction."""

    kind: Kind
    sha256: str
    tables: list[Table]
    groups: groups.Groups
    programme: Programme | None
    today: dt.date
    missing: list[str]
    applied_before: dt.datetime | None = None
    warnings: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused_rows: list[tuple[str, Table, Row]] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    #: Row -> the earlier row that it repeats.
    repeats: dict[str, str] = field(default_factory=dict)
    guesses: Counter[tuple[str, str]] = field(default_factory=Counter)
    people: Sorted = field(default_factory=Sorted)
    #: Folded name -> name of an agency or division that the desk does not know.
    new_homes: dict[str, str] = field(default_factory=dict)
    matches: History = field(default_factory=History)
    #: The survey that the rows of answers belong to.
    asked: Asked | None = None
    answers: Answers = field(default_factory=Answers)
    placements: Placements = field(default_factory=Placements)

    def refuse(self, reading: Reading) -> None:
        """Keep a refused row with all its faults."""
        self.problems += reading.problems
        self.refused_rows.append((reading.label, reading.table, reading.row))


def make(
    session: Session,
    data: bytes,
    filename: str,
    *,
    kind: Kind | None,
    mapping: Mapping[str, str] | None,
    today: dt.date | None,
    survey: int | None = None,
) -> Plan:
    """Read and check a whole file against this transaction's state of the database. Raises `Invalid`."""
    sheets, notes = opening.read(data, filename)
    known = groups.load(session)
    kind = kind or columns.kind_of(sheets, filename)
    if kind is None:
        known_kinds = "mentors, mentees, matches, answers or placements"
        message = f"It is not clear what the file holds. Say whether its rows are {known_kinds}."
        raise Invalid(message)
    sheets, others = columns.apart(sheets, kind)
    notes += [
        f"The sheet «{name}» holds {other}; bring in the file once more for them." for name, other in others.items()
    ]
    mapping = mapping or {}
    theirs = {header: field for header, field in mapping.items() if not field.startswith(answers.ASKS)}
    tables = columns.tables(sheets, kind, theirs, lambda cell: known.find(cell) is not None)
    asked = None
    if kind is Kind.ANSWERS:
        asked = answers.asked(session, tables, survey)
        tables = answers.recognised(tables, asked, mapping)
    if not any(table.rows for table in tables):
        named = "e-mail and day" if kind is Kind.ANSWERS else "name, e-mail and occupation"
        message = f"The file holds no table of {kind}: no header row with {named} was found."
        raise Invalid(message)
    programme = _programme(session)
    day = today or clock.today(programme.timezone if programme else programmes.TIMEZONE)
    sha256 = hashlib.sha256(data).hexdigest()
    plan = Plan(kind, sha256, tables, known, programme, day, columns.missing(kind, tables), warnings=list(notes))
    if asked is not None:
        plan.asked = asked
        plan.warnings += asked.warnings
        plan.missing += [] if asked.is_in(tables) else ["a question"]
    plan.applied_before = session.scalar(
        select(ImportRun.applied_at)
        .where(ImportRun.sha256 == sha256, ImportRun.kind == kind.value)
        .order_by(ImportRun.id.desc())
        .limit(1)
    )
    if not plan.missing:
        _check_rows(session, plan)
    return plan


def _programme(session: Session) -> Programme | None:
    try:
        return programmes.main(session)
    except NotFound:
        return None


def _check_rows(session: Session, plan: Plan) -> None:
    orders, warnings = rows.date_orders(plan.tables)
    plan.warnings += warnings
    context = Context(plan.groups, lists.load(session, plan.programme), plan.today, orders)
    remarks: Counter[str] = Counter()
    if plan.kind is Kind.MATCHES:
        _check_matches(session, plan, context, remarks)
    elif plan.asked is not None:
        readings = _readings(plan, context, "email")
        plan.answers = answers.sort(session, plan.asked, readings, plan.refuse, plan.repeats)
    elif plan.kind is Kind.PLACEMENTS:
        _check_placements(session, plan, context, remarks)
    else:
        _check_people(session, plan, context, remarks)
    plan.warnings += [f"In {_rows(count)} {remark}." for remark, count in remarks.items()]


def _rows(count: int) -> str:
    return "one row" if count == 1 else f"{count} rows"


def _readings(plan: Plan, context: Context, *emails: str) -> list[Reading]:
    several = len(plan.tables) > 1
    readings = []
    for table in plan.tables:
        for row, is_anybody in rows.people(table, *emails):
            label = f"{table.sheet}!{row.number}" if several else str(row.number)
            if is_anybody:
                readings.append(Reading(table, row, label, context))
            else:
                plan.passed_over.append(label)
    return readings


def _note_guess(plan: Plan, reading: Reading) -> None:
    written = reading.cell("group")
    found = plan.groups.find(written) if written is not None else None
    if found and found.guessed:
        plan.guesses[clean(written), found.name] += 1


def _check_people(session: Session, plan: Plan, context: Context, remarks: Counter[str]) -> None:
    kind = plan.kind
    checked: dict[str, tuple[people.Person, Reading]] = {}
    for reading in _readings(plan, context, "email"):
        person = people.read(reading, kind)
        _note_guess(plan, reading)
        if person is None:
            plan.refuse(reading)
        elif earlier := checked.get(person.key):
            plan.repeats[person.row] = earlier[0].row
            if fold(person.values["last_name"]) != fold(earlier[0].values["last_name"]):
                plan.warnings.append(
                    f"Rows {earlier[0].row} and {person.row} share an e-mail address but not a name; "
                    f"row {earlier[0].row} is taken."
                )
        else:
            checked[person.key] = person, reading
            remarks.update(reading.remarks)
    plan.warnings += people.lost_letters([person for person, _ in checked.values()])
    known = people.known(session, kind, checked.keys())
    homes = _homes(session, kind)
    for key, (person, reading) in checked.items():
        _sort(plan, person, reading, known.get(key))
        home = person.values.get(people.HOMES[kind][0])
        if home and fold(home) not in homes and not reading.problems:
            plan.new_homes.setdefault(fold(home), home)


def _homes(session: Session, kind: Kind) -> set[str]:
    table = Agency if kind is Kind.MENTEES else Division
    return set(map(fold, session.scalars(select(table.name))))


def _sort(plan: Plan, person: people.Person, reading: Reading, known: people.Known | None) -> None:
    if known is None:
        plan.people.new.append(person)
        return
    changes = people.differences(person, known, plan.kind, plan.today)
    if hindrance := people.hindrance(known, changes):
        reading.refuse(*hindrance)
        plan.refuse(reading)
    elif changes:
        plan.people.changed.append((person, known, changes))
    else:
        plan.people.unchanged.append(person)


def _check_matches(session: Session, plan: Plan, context: Context, remarks: Counter[str]) -> None:
    cohorts: list[str] = []
    if plan.programme:
        cohorts = list(session.scalars(select(Cohort.name).where(Cohort.programme_id == plan.programme.id)))
    spelled = {fold(name): name for name in cohorts}
    nameless = set(session.scalars(select(Mentor.email_key))) | set(session.scalars(select(Mentee.email_key)))
    checked: dict[tuple[str, str, dt.date], tuple[Historic, Reading]] = {}
    for reading in _readings(plan, context, "mentor_email", "mentee_email"):
        sheet = None if plan.tables[0].width else matches.cohort_named(reading.table.sheet, cohorts)
        match = matches.read(reading, sheet, nameless)
        _note_guess(plan, reading)
        if match is None:
            plan.refuse(reading)
        elif earlier := checked.get(match.pair):
            plan.repeats[match.row] = earlier[0].row
        else:
            match.cohort = spelled.setdefault(fold(match.cohort), match.cohort)
            checked[match.pair] = match, reading
            remarks.update(reading.remarks)
    plan.matches = history.sort(session, plan.programme, list(checked.values()), plan.refuse)
    plan.matches.new_cohorts = [name for name in plan.matches.cohorts() if name not in cohorts]


def _check_placements(session: Session, plan: Plan, context: Context, remarks: Counter[str]) -> None:
    known, people_known = placements.intakes(session), set(session.scalars(select(Mentee.email_key)))
    checked: dict[tuple[str, int], tuple[Placed, Reading]] = {}
    for reading in _readings(plan, context, "email"):
        placed = placements.read(reading, known, people_known)
        _note_guess(plan, reading)
        if placed is None:
            plan.refuse(reading)
        elif earlier := checked.get(placed.about):
            plan.repeats[placed.row] = earlier[0].row
        else:
            checked[placed.about] = placed, reading
            remarks.update(reading.remarks)
    plan.placements = placements.sort(session, list(checked.values()), plan.refuse)
    homes = _homes(session, plan.kind)
    for placed in (*plan.placements.new, *(row for row, _, _ in plan.placements.changed)):
        home = placed.said.get("division")
        if home and fold(home) not in homes:
            plan.new_homes.setdefault(fold(home), home)
