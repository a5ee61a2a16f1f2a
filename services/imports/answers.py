"""Answers to a survey in a file: a person a row by e-mail, a question a column by its code or its wording."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.models import (
    AnswerKind,
    Cohort,
    Match,
    MatchState,
    Mentee,
    Mentor,
    Side,
    Survey,
    SurveyLink,
    SurveyQuestion,
    SurveyResponse,
)
from services.errors import Invalid
from services.imports.columns import Column, Field, Table
from services.imports.people import Change, chunks
from services.imports.rows import Reading
from services.imports.words import clean, email_key, fold

#: How the key of a field begins that is a question.
ASKS = "asks "
_YES = {"yes", "y", "true", "1", "agree", "agrees", "agreed", "strongly agree", "positive", "oui", "vrai"}
_NO = {"no", "n", "false", "0", "disagree", "disagrees", "disagreed", "strongly disagree", "negative", "non", "faux"}
_AGREEMENT: dict[object, str] = {True: "agrees", False: "does not agree", None: ""}
_BY_LINK = "This person answered by their own link, and that stays. Leave the cell empty."
_UNKNOWN = "Nobody of the survey’s cohort has this address. Write the address that the desk knows."


@dataclass(frozen=True)
class Asked:
    """The survey that a file's answers belong to."""

    survey_id: int
    side: Side
    cohort_id: int
    #: Field key -> the question's number, kind and label.
    questions: Mapping[str, tuple[int, AnswerKind, str]]
    surveys: Mapping[int, str]

    @property
    def fields(self) -> dict[str, Field]:
        """The questions as fields that a column can hold."""
        return {
            key: Field(key, f"{key.removeprefix(ASKS)}: {label}", ()) for key, (_, _, label) in self.questions.items()
        }

    @property
    def warnings(self) -> list[str]:
        """Which survey it is."""
        return [f"The answers are taken for the survey «{self.surveys[self.survey_id]}»."]

    def is_in(self, tables: Sequence[Table]) -> bool:
        """Whether any column holds a question."""
        return any(column.field in self.questions for table in tables for column in table.columns)


@dataclass(frozen=True)
class Answer:
    """What a row says of one person."""

    row: str
    mentor_id: int | None
    mentee_id: int | None
    on_day: dt.date
    #: Number of the question -> yes, no, or words.
    said: Mapping[int, bool | str]
    changes: tuple[Change, ...] = ()

    @property
    def person(self) -> int:
        """The mentor's or the mentee's number."""
        return self.mentor_id or self.mentee_id or 0


@dataclass(frozen=True)
class Known:
    """What the desk knows of those whom a survey asks."""

    #: Who started a match in the cohort, by folded address.
    people: Mapping[str, int]
    #: Person -> number of the question -> the day and the answer.
    answers: Mapping[int, Mapping[int, tuple[dt.date, bool | str | None]]]
    #: Who answered by their own link.
    by_link: Collection[int]


@dataclass
class Answers:
    """Good rows by what they would do."""

    new: list[Answer] = field(default_factory=list)
    changed: list[Answer] = field(default_factory=list)
    unchanged: list[Answer] = field(default_factory=list)


def asked(session: Session, tables: Sequence[Table], wanted: int | None) -> Asked:
    """The survey of that number, else the latest of those that ask most of the columns. Raises `Invalid` for none."""
    surveys = {
        row.id: row for row in session.execute(
            select(Survey.id, Survey.name, Survey.side, Survey.cohort_id, Cohort.name.label("cohort"))
            .join(Cohort, Cohort.id == Survey.cohort_id)
            .order_by(Cohort.starts_on.desc(), Survey.id.desc())
        )
    }  # fmt: skip
    if not surveys or (wanted is not None and wanted not in surveys):
        raise Invalid("There is no survey to which the answers belong. Open one under Outcomes first.")
    questions: dict[int, list[SurveyQuestion]] = {number: [] for number in surveys}
    for question in session.scalars(select(SurveyQuestion).order_by(SurveyQuestion.id)):
        questions[question.survey_id].append(question)
    headers = {fold(column.header) for table in tables for column in table.columns}

    def named(number: int) -> int:
        return sum(not headers.isdisjoint(_names(question)) for question in questions[number])

    chosen = wanted if wanted is not None else max(surveys, key=named)  # of equals the first: the latest
    survey = surveys[chosen]
    return Asked(
        chosen,
        survey.side,
        survey.cohort_id,
        {f"{ASKS}{one.code}": (one.id, one.kind, one.wording) for one in questions[chosen]},
        {number: f"{row.name}, {row.cohort}" for number, row in surveys.items()},
    )


def _names(question: SurveyQuestion) -> set[str]:
    return {fold(question.code), fold(question.wording)}


def recognised(tables: Sequence[Table], of: Asked, mapping: Mapping[str, str]) -> list[Table]:
    """The tables with their columns of questions named: by hand, else by code or wording, each question once."""
    names = {
        name: key
        for key, (_, _, wording) in of.questions.items()
        for name in (fold(key.removeprefix(ASKS)), fold(wording))
    }
    by_hand = {fold(header): key for header, key in mapping.items()}
    found = []
    for table in tables:
        taken = {by_hand[fold(column.header)] for column in table.columns if fold(column.header) in by_hand}
        columns = []
        for column in table.columns:
            key, how = by_hand.get(fold(column.header)), "hand"
            if key is None:
                key, how = names.get(fold(column.header), ""), "name"
                key = "" if key in taken else key
            if key in of.questions:
                taken.add(key)
                columns.append(Column(column.sheet, column.index, column.header, key, how))
            else:
                columns.append(column)
        found.append(replace(table, columns=tuple(columns)))
    return found


def sort(
    session: Session,
    of: Asked,
    readings: Sequence[Reading],
    refuse: Callable[[Reading], None],
    repeats: dict[str, str],
) -> Answers:
    """Read every row, and lay the good ones beside what is known. A repeated person's first row is taken."""
    known = Known(_people(session, of), _answered(session, of), _by_link(session, of))
    found = Answers()
    seen: dict[int, str] = {}
    for reading in readings:
        one = _read(of, known, reading)
        if one is None:
            refuse(reading)
        elif earlier := seen.get(one.person):
            repeats[one.row] = earlier
        else:
            seen[one.person] = one.row
            is_new = one.said and one.person not in known.answers
            (found.new if is_new else found.changed if one.changes else found.unchanged).append(one)
    return found


def _read(of: Asked, known: Known, reading: Reading) -> Answer | None:
    """What a row says, beside what is known; None when something in it is wrong."""
    reading.check_formulas()
    reading.check_width()
    address, on_day, said = reading.email("email", "The row"), reading.day("answered_on"), _said(of, reading)
    if reading.cell("answered_on") is None:
        reading.refuse("missing day", "The day of the answers is missing. Write one.", "answered_on")
    person = known.people.get(email_key(address)) if address else None
    if address and person is None:
        reading.refuse("unknown person", _UNKNOWN, "email")
    if reading.problems or on_day is None or person is None:
        return None
    before = known.answers.get(person, {})
    keys = {number: key for key, (number, _, _) in of.questions.items()}
    differing = [number for number in said if said[number] != before.get(number, (None, None))[1]]
    if person in known.by_link:
        for number in differing:
            reading.refuse("answered by link", _BY_LINK, keys[number])
    elif before and any(before[number][0] != on_day for number in said if number in before):
        differing = [*differing, 0]
    if reading.problems:
        return None
    changes = [
        Change(keys[number], _told(before.get(number, (None, None))[1]), _told(said[number]))
        if number
        else Change("answered_on", next(before[number][0] for number in said if number in before), on_day)
        for number in differing
    ]
    who = (person, None) if of.side is Side.MENTOR else (None, person)
    return Answer(reading.label, who[0], who[1], on_day, said, tuple(changes) if before else ())


def store(session: Session, answers: Answers) -> None:
    """Add and change what good rows say; the caller notes it in the trail."""
    for one in [*answers.new, *answers.changed]:
        whose = _whose(one)
        there = {
            row.question_id: row
            for row in session.scalars(
                select(SurveyResponse).where(whose, SurveyResponse.question_id.in_(list(one.said)))
            )
        }
        for number, given in one.said.items():
            row = there.get(number) or SurveyResponse(
                question_id=number, mentor_id=one.mentor_id, mentee_id=one.mentee_id
            )
            row.on_day = one.on_day
            row.agrees, row.words = (None, given) if isinstance(given, str) else (given, None)
            session.add(row)
    session.flush()


def _whose(one: Answer) -> ColumnElement[bool]:
    if one.mentor_id is not None:
        return SurveyResponse.mentor_id == one.mentor_id
    return SurveyResponse.mentee_id == one.mentee_id


def _said(of: Asked, reading: Reading) -> dict[int, bool | str]:
    said: dict[int, bool | str] = {}
    for key, (number, kind, _) in of.questions.items():
        value = reading.cell(key)
        if value is None:
            continue
        if kind is AnswerKind.WORDS:
            if words := reading.text(key):
                said[number] = words
        elif (answer := fold(value)) in _YES or answer in _NO:
            said[number] = answer in _YES
        else:
            sentence = f"«{clean(value)[:40]}» is neither yes nor no. Write one of them, or leave the cell empty."
            reading.refuse("neither yes nor no", sentence, key)
    return said


def _told(value: object) -> str:
    return value if isinstance(value, str) else _AGREEMENT[value]


def _people(session: Session, of: Asked) -> dict[str, int]:
    person, whose = (Mentor, Match.mentor_id) if of.side is Side.MENTOR else (Mentee, Match.mentee_id)
    rows = session.execute(
        select(person.email_key, person.id).where(
            person.id.in_(
                select(whose).where(
                    Match.cohort_id == of.cohort_id, Match.state != MatchState.VOID, Match.started_on.is_not(None)
                )
            )
        )
    )
    return {key: number for key, number in rows}  # noqa: C416 - rows are no pairs to mypy


def _answered(session: Session, of: Asked) -> dict[int, dict[int, tuple[dt.date, bool | str | None]]]:
    known: dict[int, dict[int, tuple[dt.date, bool | str | None]]] = {}
    numbers = [number for number, _, _ in of.questions.values()]
    for chunk in chunks(numbers):
        for row in session.scalars(select(SurveyResponse).where(SurveyResponse.question_id.in_(chunk))):
            person = row.mentor_id if of.side is Side.MENTOR else row.mentee_id
            if person is not None:
                known.setdefault(person, {})[row.question_id] = (row.on_day, row.words or row.agrees)
    return known


def _by_link(session: Session, of: Asked) -> set[int]:
    rows = session.scalars(
        select(SurveyLink).where(SurveyLink.survey_id == of.survey_id, SurveyLink.used_at.is_not(None))
    )
    return {number for row in rows if (number := row.mentor_id or row.mentee_id) is not None}
