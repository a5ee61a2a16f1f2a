"""What a programme asks its mentors and mentees: surveys of a cohort, their questions, and what came back."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.models import AnswerKind, Cohort, Side, Survey, SurveyQuestion, SurveyResponse
from services import audit, shown
from services.access import Actor, Permission, authorise
from services.counting import bounds
from services.counting import surveys as counting
from services.counting.figure import Figure, Scope
from services.errors import Conflict, Invalid, NotFound

GONE = "There is no such survey. Choose one of the list."
#: How a question is answered, as people say it.
KINDS = {AnswerKind.AGREES.value: "Agree or disagree", AnswerKind.WORDS.value: "In words"}
SIDES = {Side.MENTEE.value: "Mentees", Side.MENTOR.value: "Mentors"}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LONGEST_NAME, _LONGEST_WORDING, _MOST = 80, 300, 20


@dataclass(frozen=True)
class Question:
    """One question; `code` is what its rate is asked for by, from cohort to cohort."""

    code: str
    wording: str
    kind: str = AnswerKind.AGREES.value


#: What a new survey begins with: the questions that the programme has published rates of.
TEMPLATES: dict[str, tuple[Question, ...]] = {
    Side.MENTEE.value: (
        Question("positive", "My experience in the programme was positive."),
        Question("better_prepared", "My mentor helped me become better prepared for employment."),
        Question("more_confidence", "I have more confidence when I talk about my skills."),
    ),
    Side.MENTOR.value: (Question("mentor_again", "I would participate in the programme again."),),
}


@dataclass(frozen=True)
class Kept:
    """A survey and its questions, in their order."""

    id: int
    name: str
    cohort: str
    side: str
    questions: tuple[Question, ...]
    #: Somebody has answered, so that the questions stay as they are.
    is_answered: bool


@dataclass(frozen=True, eq=False)
class Results:
    """What came back, as of a day."""

    response: Figure
    #: Of the questions that are agreed with or not, in their order.
    rates: tuple[tuple[Question, Figure], ...]
    #: Of the questions in words, in their order: day and words, the latest first; whose they are is not told here.
    words: tuple[tuple[Question, pd.DataFrame], ...]


def of_cohort(session: Session, cohort_id: int, *, by: Actor) -> tuple[Kept, ...]:
    """The surveys of a cohort, in the order they were opened. Raises `NotAllowed`."""
    authorise(session, by, Permission.KEEP_SURVEYS)
    rows = session.scalars(select(Survey).where(Survey.cohort_id == cohort_id).order_by(Survey.id))
    return tuple(_kept(session, survey) for survey in rows)


def named(session: Session, name: str, *, by: Actor) -> int:
    """The number of the survey of that name, or of that name and cohort: "Mentees, at the end, 2026".

    Raises `Invalid` for no such survey, and for a name that several cohorts use.
    """
    authorise(session, by, Permission.KEEP_SURVEYS)
    wanted = " ".join(name.split())
    rows = session.execute(
        select(Survey.id, Survey.name, Cohort.name.label("cohort")).join(Cohort, Cohort.id == Survey.cohort_id)
    ).all()
    known = [(row.id, row.name, f"{row.name}, {row.cohort}") for row in rows]
    found = [one for one in known if wanted == one[2]] or [one for one in known if wanted == one[1]]
    if not found:
        raise Invalid(f"There is no survey «{wanted[:_LONGEST_NAME]}». Name one that stands under Outcomes.")
    if len(found) > 1:
        raise Invalid(f"Several cohorts have that survey. Name it with its cohort: «{found[-1][2]}».")
    return int(found[0][0])


def open_one(session: Session, cohort_id: int, side: str, name: str, *, by: Actor) -> Kept:
    """A new survey of a cohort's mentors or mentees, with the questions of the template.

    Raises `NotFound`, `Invalid` for a name too long or blank, `Conflict` for one that the cohort has, and for a
    question that another survey of it asks.
    """
    by = authorise(session, by, Permission.KEEP_SURVEYS)
    if side not in TEMPLATES:
        raise Invalid("A survey asks mentors or mentees. Choose one of them.")
    if session.get(Cohort, cohort_id) is None:
        raise NotFound("There is no such cohort in this programme. Choose one of the list.")
    survey = Survey(cohort_id=cohort_id, side=Side(side), name=_name(session, cohort_id, name))
    elsewhere = _asked_elsewhere(session, survey)
    session.add(survey)
    session.flush()
    _put(session, survey, [question for question in TEMPLATES[side] if question.code not in elsewhere])
    audit.record(session, by, "survey opened", "survey", survey.id, cohort=cohort_id, side=side)
    return _kept(session, survey)


def edit(session: Session, survey_id: int, name: str, questions: Sequence[Question], *, by: Actor) -> Kept:
    """Another name, and other questions while nobody has answered.

    Raises `NotFound`, `Invalid` for questions that cannot be asked, `Conflict` once somebody has answered.
    """
    by = authorise(session, by, Permission.KEEP_SURVEYS)
    survey = session.get(Survey, survey_id, with_for_update=True)
    if survey is None:
        raise NotFound(GONE)
    before = _kept(session, survey)
    wanted = _checked(session, survey, questions)
    if name.strip() != survey.name:
        survey.name = _name(session, survey.cohort_id, name)
    if wanted != before.questions:
        if before.is_answered:
            raise Conflict("Somebody has answered, so the questions stay as they are. Open another survey for others.")
        for row in session.scalars(select(SurveyQuestion).where(SurveyQuestion.survey_id == survey_id)):
            session.delete(row)
        session.flush()
        _put(session, survey, wanted)
    session.flush()
    audit.record(session, by, "survey changed", "survey", survey.id, questions=len(wanted))
    return _kept(session, survey)


def results(session: Session, survey_id: int, as_of: dt.date, *, by: Actor) -> Results:
    """The response rate, the rates and the words of a survey, as of a day. Raises `NotFound`."""
    authorise(session, by, Permission.KEEP_SURVEYS)
    survey = session.get(Survey, survey_id)
    if survey is None:
        raise NotFound(GONE)
    cohort = session.get_one(Cohort, survey.cohort_id)
    kept = _kept(session, survey)
    agreed = [question for question in kept.questions if question.kind == AnswerKind.AGREES]
    scope = Scope(cohort.programme_id, as_of, cohort.id)
    found = shown.several(session, scope, [f"{bounds.SURVEY}{question.code}" for question in agreed], by=by)
    return Results(
        counting.response_rate(session, survey_id, as_of),
        tuple(zip(agreed, found.values(), strict=True)),
        tuple(
            (question, _words(session, survey_id, question.code, as_of))
            for question in kept.questions
            if question.kind == AnswerKind.WORDS
        ),
    )


def _words(session: Session, survey_id: int, code: str, as_of: dt.date) -> pd.DataFrame:
    rows = session.execute(
        select(SurveyResponse.on_day, SurveyResponse.words)
        .join(SurveyQuestion, SurveyQuestion.id == SurveyResponse.question_id)
        .where(SurveyQuestion.survey_id == survey_id, SurveyQuestion.code == code)
        .where(SurveyResponse.words.is_not(None), SurveyResponse.on_day <= as_of)
        .order_by(SurveyResponse.on_day.desc(), SurveyResponse.words)
    )
    return pd.DataFrame([tuple(row) for row in rows], columns=["day", "words"])


def _kept(session: Session, survey: Survey) -> Kept:
    asked = session.scalars(
        select(SurveyQuestion).where(SurveyQuestion.survey_id == survey.id).order_by(SurveyQuestion.id)
    ).all()
    answered = select(exists().where(SurveyResponse.question_id.in_([row.id for row in asked])))
    return Kept(
        survey.id,
        survey.name,
        session.get_one(Cohort, survey.cohort_id).name,
        survey.side.value,
        tuple(Question(row.code, row.wording, row.kind.value) for row in asked),
        bool(session.scalar(answered)),
    )


def _put(session: Session, survey: Survey, questions: Sequence[Question]) -> None:
    for question in questions:
        session.add(
            SurveyQuestion(
                survey_id=survey.id,
                code=question.code,
                wording=question.wording,
                kind=AnswerKind(question.kind),
            )
        )
        session.flush()  # one by one, as their ids are their order


def _name(session: Session, cohort_id: int, name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise Invalid(f"Name the survey in 1 to {_LONGEST_NAME} letters, such as «Mentees, at the end».")
    if session.scalar(select(Survey.id).where(Survey.cohort_id == cohort_id, Survey.name == name)):
        raise Conflict(f"The cohort has a survey «{name}» already. Choose another name.")
    return name


def _asked_elsewhere(session: Session, survey: Survey) -> dict[str, str]:
    """By code, the other survey of the cohort that asks it: the rate of a code is counted over all of them."""
    rows = session.execute(
        select(SurveyQuestion.code, Survey.name)
        .join(Survey, Survey.id == SurveyQuestion.survey_id)
        .where(Survey.cohort_id == survey.cohort_id, Survey.id != (survey.id or 0))
    )
    return {row.code: row.name for row in rows}


def _checked(session: Session, survey: Survey, questions: Sequence[Question]) -> tuple[Question, ...]:
    clean = tuple(
        Question(question.code.strip().lower(), " ".join(question.wording.split()), question.kind)
        for question in questions
    )
    if not 1 <= len(clean) <= _MOST:
        raise Invalid(f"A survey has 1 to {_MOST} questions. Mend the list.")
    elsewhere = _asked_elsewhere(session, survey)
    for question in clean:
        if not _CODE.fullmatch(question.code):
            raise Invalid(
                f"«{question.code[:40]}» is no code. Write small letters, digits and _, such as better_prepared."
            )
        if not 0 < len(question.wording) <= _LONGEST_WORDING:
            raise Invalid(f"Word the question «{question.code}» in 1 to {_LONGEST_WORDING} letters.")
        if question.kind not in KINDS:
            raise Invalid(f"The question «{question.code}» is agreed with or not, or answered in words. Choose.")
        if other := elsewhere.get(question.code):
            raise Invalid(f"«{question.code}» is asked in «{other}» already, and would be counted with it. Rename it.")
    if len({question.code for question in clean}) < len(clean):
        raise Invalid("A code stands twice in the list. Give each question its own.")
    return clean
