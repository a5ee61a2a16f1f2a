"""What came of it: outcomes, surveys, attendance, placements."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import and_, case, func, select

from db.models import (
    Attendance,
    Cohort,
    Event,
    EventKind,
    Finding,
    Match,
    MatchState,
    Outcome,
    Placement,
    Survey,
    SurveyQuestion,
    SurveyResponse,
)
from services.counting.days import days_after
from services.counting.definition import Asked, Definition, Kind, Rows, flag, has_ended, started, takes_place

EMPLOYED = (Finding.EMPLOYED_IN_FIELD, Finding.EMPLOYED_ELSEWHERE)
_YEAR = 365
_REACHED = "mentees reached"
_NOBODY_REACHED = "Nobody has been reached at a follow-up by this day."


def _of_programme(asked: Asked) -> list[Any]:
    return [Cohort.programme_id == asked.scope.programme_id, *asked.here(Cohort.id)]


def _followed_up(asked: Asked, hits: tuple[Finding, ...]) -> Rows:
    """Each mentee reached, with the latest finding by the day; "unknown" is no finding."""
    within = [Outcome.mentee_id, *([Outcome.cohort_id] if asked.per_cohort else [])]
    turn = func.row_number().over(partition_by=within, order_by=(Outcome.on_day.desc(), Outcome.id.desc()))
    known = (
        select(Outcome.mentee_id, Outcome.cohort_id, Outcome.on_day, Outcome.finding, turn.label("turn"))
        .join(Cohort, Cohort.id == Outcome.cohort_id)
        .where(*_of_programme(asked), Outcome.on_day <= asked.as_of, Outcome.finding != Finding.UNKNOWN)
        .subquery()
    )
    return select(
        known.c.mentee_id,
        known.c.cohort_id,
        known.c.on_day.label("day"),
        known.c.finding,
        flag(known.c.finding.in_(hits)).label("hit"),
    ).where(known.c.turn == 1)


def _employed(asked: Asked) -> Rows:
    return _followed_up(asked, EMPLOYED)


def _in_field(asked: Asked) -> Rows:
    return _followed_up(asked, (Finding.EMPLOYED_IN_FIELD,))


def _in_field_within_a_year(asked: Asked) -> Rows:
    place = [Match.cohort_id] if asked.per_cohort else []
    of_programme = select(Cohort.id).where(Cohort.programme_id == asked.scope.programme_id)
    in_time = and_(
        Outcome.mentee_id == Match.mentee_id,
        Outcome.cohort_id == Match.cohort_id if asked.per_cohort else Outcome.cohort_id.in_(of_programme),
        Outcome.finding != Finding.UNKNOWN,
        Outcome.on_day >= Match.ended_on,
        Outcome.on_day <= days_after(Match.ended_on, _YEAR),
        Outcome.on_day <= asked.as_of,
    )
    hit = func.max(case((Outcome.finding == Finding.EMPLOYED_IN_FIELD, 1), else_=0))
    return (
        select(Match.mentee_id, func.min(Outcome.on_day).label("day"), hit.label("hit"), *place)
        .join(Outcome, in_time)
        .where(*started(asked), has_ended(asked, MatchState.COMPLETED))
        .group_by(Match.mentee_id, *place)
    )


def survey(code: str) -> Definition:
    """The share of those who answered a question and agree, for a question's code."""

    def rows(asked: Asked) -> Rows:
        return (
            select(
                SurveyResponse.question_id,
                SurveyResponse.mentor_id,
                SurveyResponse.mentee_id,
                SurveyResponse.question_id,
                Survey.cohort_id,
                SurveyResponse.on_day.label("day"),
                flag(SurveyResponse.agrees.is_(True)).label("hit"),
            )
            .join(SurveyQuestion, SurveyQuestion.id == SurveyResponse.question_id)
            .join(Survey, Survey.id == SurveyQuestion.survey_id)
            .join(Cohort, Cohort.id == Survey.cohort_id)
            .where(
                *_of_programme(asked),
                SurveyQuestion.code == code,
                SurveyResponse.on_day <= asked.as_of,
                SurveyResponse.agrees.is_not(None),
            )
        )

    return Definition(
        SURVEYS.get(code, code.replace("_", " ").capitalize()),
        Kind.RATE,
        "%",
        "Those who agree, of those who answered the question.",
        rows,
        "answers",
        "Nobody has answered this question by this day.",
    )


#: The questions that every programme is published with; others are asked for by their code.
SURVEYS = {
    "positive": "Mentees: rated it positive",
    "mentor_again": "Mentors: would do it again",
    "better_prepared": "Mentees: felt better prepared for employment",
    "more_confidence": "Mentees: felt more confident about their skills",
}


def _gathering(kind: EventKind) -> Callable[[Asked], Rows]:
    def rows(asked: Asked) -> Rows:
        return (
            select(
                Attendance.event_id,
                Attendance.mentor_id,
                Attendance.mentee_id,
                Attendance.event_id,
                Event.cohort_id,
                Event.starts_at.label("day"),
                case((Attendance.mentor_id.is_not(None), "mentors"), else_="mentees").label("side"),
                flag(Attendance.attended.is_(True)).label("hit"),
            )
            .join(Event, Event.id == Attendance.event_id)
            .join(Cohort, Cohort.id == Event.cohort_id)
            .where(
                *_of_programme(asked),
                Event.kind == kind,
                takes_place(),
                Event.starts_at < asked.day_is_over,
                Attendance.attended.is_not(None),
                Attendance.walked_in.is_(False),
            )
        )

    return rows


GATHERINGS = {
    EventKind.ORIENTATION: "Orientation",
    EventKind.NETWORKING: "Networking session",
    EventKind.WORKSHOP: "Workshop",
    EventKind.PROFESSIONAL_DEVELOPMENT: "Professional development session",
    EventKind.RECOGNITION: "Recognition event",
}


def _placements(asked: Asked, *more: Any) -> Rows:
    return (
        select(
            Placement.id.label("placement_id"),
            Placement.mentee_id,
            Placement.cohort_id,
            Placement.hired_on.label("day"),
            *more,
        )
        .join(Cohort, Cohort.id == Placement.cohort_id)
        .where(*_of_programme(asked), Placement.hired_on <= asked.as_of)
    )


def _committed(asked: Asked) -> Rows:
    """Of cohorts for which a number was committed to."""
    return _placements(asked).where(Cohort.target.is_not(None))


def _permanent(asked: Asked) -> Rows:
    return _placements(asked, flag(Placement.permanent_on <= asked.as_of).label("hit"))


FIGURES: dict[str, Definition] = {
    "employed": Definition(
        "Employed",
        Kind.RATE,
        "%",
        "Mentees in work at their latest follow-up, of those reached; not of the cohort.",
        _employed,
        _REACHED,
        _NOBODY_REACHED,
        objective=lambda _asked, cohort: cohort.objective_employed if cohort else None,
    ),
    "employed_in_field": Definition(
        "Employed in field",
        Kind.RATE,
        "%",
        "Mentees in work directly related to their field at their latest follow-up, of those reached.",
        _in_field,
        _REACHED,
        _NOBODY_REACHED,
    ),
    "employed_in_field_12m": Definition(
        "Employed in field within a year",
        Kind.RATE,
        "%",
        "Mentees found in work of their field within 12 months of completing, of those who completed and were reached.",
        _in_field_within_a_year,
        _REACHED,
        "Nobody who completed a match has been reached within a year of it by this day.",
    ),
    **{
        kind.value: Definition(
            label,
            Kind.RATE,
            "%",
            "Those who came, of those invited whose attendance was taken.",
            _gathering(kind),
            "invited",
            f"No attendance of this kind of event was taken by this day: {label.lower()}.",
        )
        for kind, label in GATHERINGS.items()
    },
    "placed": Definition("Hired", Kind.COUNT, "people", "Everyone hired through the programme.", _placements),
    "placed_of_committed": Definition(
        "Hired, of those committed to",
        Kind.AGAINST,
        "people",
        "Everyone hired, against the number the organisation committed to hire.",
        _committed,
        "committed",
        "The organisation committed to no number.",
    ),
    "permanent": Definition(
        "Permanent employment",
        Kind.RATE,
        "%",
        "Those who obtained permanent employment, of those hired.",
        _permanent,
        "hired",
        "Nobody has been hired by this day.",
    ),
    **{f"survey:{code}": survey(code) for code in SURVEYS},
}
