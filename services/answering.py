"""What a person without an account does with their own link: see the questions, and answer them once."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from db.models import (
    AnswerKind,
    Cohort,
    LoginAttempt,
    Mentee,
    Mentor,
    Programme,
    Survey,
    SurveyLink,
    SurveyQuestion,
    SurveyResponse,
)
from services import audit, clock, programmes
from services.access import Actor
from services.errors import Conflict, Invalid
from services.exports.letters import plain
from services.sign_in import digest, key_of
from services.surveys import Question

#: Read alike for a token that is wrong, used, ended or out of time, and for too many tries.
NOT_OPEN = (
    "This link is not open. It may have been used, have ended, or not have been copied whole. "
    "Whoever sent it to you can send another."
)
LONGEST = 2000
#: Wrong tokens from one address within a time. One for all addresses would let anybody shut everyone out.
_TRIES, _WITHIN = 30, dt.timedelta(minutes=15)
_DOOR = Actor(name="survey link")


@dataclass(frozen=True)
class Form:
    """All that a link shows: whose survey it is, and the questions. Nothing of a person."""

    programme: str
    organisation: str
    questions: tuple[Question, ...]


def look(session: Session, token: str | None, *, address: str | None) -> Form | None:
    """The questions behind a token; None for `NOT_OPEN`. Looking does not use the link up; a wrong try is counted."""
    found = _open(session, token, address)
    if found is None:
        return None
    survey = session.get_one(Survey, found.survey_id)
    programme = _programme(session, survey)
    return Form(programme.name, programme.organisation, tuple(_questions(session, survey.id)))


def answer(session: Session, token: str | None, answers: Mapping[str, bool | str], *, address: str | None) -> bool:
    """Store the answers by code and use the link up; False for `NOT_OPEN`. Of two at once, one is stored.

    Raises `Invalid` for no answer or words too long, `Conflict` when the questions are not the ones that were shown.
    """
    found = _open(session, token, address)
    if found is None:
        return False
    questions = _questions(session, found.survey_id)
    by_code = {question.code: (number, question.kind) for question, number in questions.items()}
    if not set(answers) <= set(by_code):
        raise Conflict("The questions were changed while you answered. Load the page again.")
    said = {code: _seen(given) if isinstance(given, str) else given for code, given in answers.items()}
    said = {code: given for code, given in said.items() if given != ""}
    if not said:
        raise Invalid("Answer at least one question.")
    still_open = _links().where(SurveyLink.id == found.id, _is_open(clock.now())).with_for_update(of=SurveyLink)
    if session.scalar(still_open.execution_options(populate_existing=True)) is None:
        return False
    found.used_at = clock.now()
    on_day = programmes.today(session, _programme(session, session.get_one(Survey, found.survey_id)).id)
    for code, given in said.items():
        number, kind = by_code[code]
        if isinstance(given, str) != (kind == AnswerKind.WORDS):
            raise Invalid("Answer each question in its own way.")
        if isinstance(given, str) and len(given) > LONGEST:
            raise Invalid(f"An answer has room for {LONGEST:,} letters. Shorten it.")
        session.add(
            SurveyResponse(
                question_id=number,
                mentor_id=found.mentor_id,
                mentee_id=found.mentee_id,
                on_day=on_day,
                agrees=None if isinstance(given, str) else given,
                words=given if isinstance(given, str) else None,
            )
        )
    session.flush()
    audit.record(session, _DOOR, "survey answered", "survey_link", found.id, survey=found.survey_id, answers=len(said))
    return True


def _seen(words: str) -> str:
    """Words without letters that nobody can see, which no PostgreSQL stores; lines stay lines."""
    return "\n".join(plain(line) for line in words.splitlines()).strip()


def _open(session: Session, token: str | None, address: str | None) -> SurveyLink | None:
    """The link of a token that opens now. Even a right one opens nothing while there were too many wrong ones."""
    now = clock.now()
    key = key_of("answer", address or "")
    recent = select(LoginAttempt.id).where(LoginAttempt.key == key, LoginAttempt.at > now - _WITHIN).limit(_TRIES)
    if len(session.scalars(recent).all()) >= _TRIES:
        return None
    found = session.scalar(_links().where(SurveyLink.token_hash == digest(token or ""), _is_open(now)))
    if found is None and address:  # without one, the tries of anybody would be those of everybody
        session.execute(delete(LoginAttempt).where(LoginAttempt.key == key, LoginAttempt.at < now - _WITHIN))
        session.add(LoginAttempt(key=key, at=now))
        session.flush()
    return found


def _links() -> Select[SurveyLink]:
    """Links of people who have not answered in another way, and have not withdrawn."""
    answered = exists().where(
        SurveyQuestion.survey_id == SurveyLink.survey_id,
        SurveyResponse.question_id == SurveyQuestion.id,
        or_(SurveyResponse.mentor_id == SurveyLink.mentor_id, SurveyResponse.mentee_id == SurveyLink.mentee_id),
    )
    has_left = or_(
        exists().where(Mentor.id == SurveyLink.mentor_id, Mentor.withdrawn_on.is_not(None)),
        exists().where(Mentee.id == SurveyLink.mentee_id, Mentee.withdrawn_on.is_not(None)),
    )
    return select(SurveyLink).where(~answered, ~has_left)


def _is_open(now: dt.datetime) -> ColumnElement[bool]:
    return SurveyLink.used_at.is_(None) & SurveyLink.revoked_at.is_(None) & (SurveyLink.expires_at > now)


def _questions(session: Session, survey_id: int) -> dict[Question, int]:
    rows = session.scalars(
        select(SurveyQuestion).where(SurveyQuestion.survey_id == survey_id).order_by(SurveyQuestion.id)
    )
    return {Question(row.code, row.wording, row.kind.value): row.id for row in rows}


def _programme(session: Session, survey: Survey) -> Programme:
    return session.get_one(Programme, session.get_one(Cohort, survey.cohort_id).programme_id)
