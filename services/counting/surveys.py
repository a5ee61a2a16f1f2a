"""Who is asked by a survey, who has answered, and the share that has."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, aliased

from db.models import Match, MatchState, Side, Survey, SurveyQuestion, SurveyResponse
from services.counting.figure import Figure, Period, per_cent
from services.errors import NotFound

_ENDED = (MatchState.COMPLETED, MatchState.ENDED_EARLY)
RULE = (
    "Those who answered, of those whose match in the cohort has ended and who have none there that runs, "
    "and of anybody else who answered."
)


@dataclass(frozen=True)
class Asked:
    """Ids of the people of a survey's side, as of a day."""

    #: Their match in the cohort has ended, and none there runs.
    ended: frozenset[int]
    answered: frozenset[int]
    first: dt.date | None

    @property
    def everyone(self) -> frozenset[int]:
        """The base of the response rate."""
        return self.ended | self.answered


def asked(session: Session, survey_id: int, as_of: dt.date) -> Asked:
    """Who is to be asked and who has answered by a day. Raises `NotFound`."""
    survey = session.get(Survey, survey_id)
    if survey is None:
        raise NotFound("There is no such survey. Choose one of the list.")
    is_mentor = survey.side is Side.MENTOR
    whose = Match.mentor_id if is_mentor else Match.mentee_id
    running = aliased(Match)
    runs = exists().where(
        (running.mentor_id if is_mentor else running.mentee_id) == whose,
        running.cohort_id == survey.cohort_id,
        running.state != MatchState.VOID,
        running.started_on <= as_of,
        or_(running.ended_on.is_(None), running.ended_on > as_of),
    )
    ended = select(whose).where(
        Match.cohort_id == survey.cohort_id, Match.state.in_(_ENDED), Match.ended_on <= as_of, ~runs
    )
    who = SurveyResponse.mentor_id if is_mentor else SurveyResponse.mentee_id
    answers = session.execute(
        select(who, SurveyResponse.on_day)
        .join(SurveyQuestion, SurveyQuestion.id == SurveyResponse.question_id)
        .where(SurveyQuestion.survey_id == survey_id, SurveyResponse.on_day <= as_of, who.is_not(None))
    ).all()
    return Asked(
        frozenset(session.scalars(ended)),
        frozenset(person for person, _ in answers if person is not None),
        min((on_day for _, on_day in answers), default=None),
    )


def response_rate(session: Session, survey_id: int, as_of: dt.date) -> Figure:
    """The share of those to be asked who answered, as of a day. Raises `NotFound`."""
    who = asked(session, survey_id, as_of)
    numerator, base = len(who.answered), len(who.everyone)
    return Figure(
        value=per_cent(numerator, base) if base else None,
        unit="%",
        rule=RULE,
        period=Period(who.first, as_of),
        as_of=as_of,
        numerator=numerator if base else None,
        base=base or None,
        base_unit="to be asked",
        name="response_rate",
        label="Answered",
        absent="" if base else "No match of this cohort has ended by this day.",
    )
