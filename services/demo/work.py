"""Storing what follows from the demo's matches: contacts, sessions, events, surveys and outcomes."""

import datetime as dt

from sqlalchemy.orm import Session

from db.models import (
    Attendance,
    CheckIn,
    Event,
    MatchMark,
    MentoringSession,
    Outcome,
    Survey,
    SurveyQuestion,
    SurveyResponse,
)
from services.demo import agreements, contacts, events, outcomes, surveys
from services.demo.lives import Year
from services.demo.store import rows


def store(session: Session, years: list[Year], today: dt.date) -> None:
    """The work around the matches of stored cohorts, to today; events may still come."""
    number = asked = questions = 0
    for year in years:
        check_ins, sessions = contacts.of(year, today)
        rows(session, CheckIn, check_ins)
        rows(session, MentoringSession, sessions)
        rows(session, MatchMark, agreements.of(year, today))
        gatherings, attendance = events.of(year, today, number)
        number += len(gatherings)
        rows(session, Event, gatherings)
        rows(session, Attendance, attendance)
        survey = surveys.of(year, today, asked, questions)
        asked += len(survey.surveys)
        questions += len(survey.questions)
        rows(session, Survey, survey.surveys)
        rows(session, SurveyQuestion, survey.questions)
        rows(session, SurveyResponse, survey.responses)
        rows(session, Outcome, outcomes.of(year, today))
