"""What the demo's mentees found and people answered: as published on its days, believable on others."""

import datetime as dt

from sqlalchemy import func, or_, select

from db.models import (
    Finding,
    Match,
    MatchState,
    Outcome,
    Survey,
    SurveyQuestion,
    SurveyResponse,
)
from services.counting.figure import per_cent, rounded
from tests import make

TODAY = make.DEMO_DAY
LAST_OF_2016 = dt.date(2016, 12, 31)
EMPLOYED = (Finding.EMPLOYED_IN_FIELD, Finding.EMPLOYED_ELSEWHERE)
STARTED = Match.started_on.is_not(None)


def days(many):
    return dt.timedelta(days=many)


def found(session, cohort, day):
    """What was known of each mentee reached by a day."""
    rows = session.execute(
        select(Outcome.mentee_id, Outcome.finding)
        .where(Outcome.cohort_id == cohort.id, Outcome.on_day <= day, Outcome.finding != Finding.UNKNOWN)
        .order_by(Outcome.on_day, Outcome.id)
    )
    return dict(rows.all())


def employed(session, cohort, day):
    """Mentees reached, employed, employed in their field."""
    latest = list(found(session, cohort, day).values())
    return len(latest), sum(f in EMPLOYED for f in latest), latest.count(Finding.EMPLOYED_IN_FIELD)


def in_field_within_a_year(session, day, *which):
    rows = session.execute(
        select(Outcome.mentee_id, Outcome.finding, Outcome.on_day, Match.ended_on)
        .join(Match, Match.mentee_id == Outcome.mentee_id)
        .where(Match.state == MatchState.COMPLETED, Match.ended_on <= day, Outcome.on_day <= day, *which)
        .where(Outcome.finding != Finding.UNKNOWN)
    ).all()
    rows = [row for row in rows if row.ended_on <= row.on_day <= row.ended_on + days(365)]
    reached = {row.mentee_id for row in rows}
    return per_cent(len({r.mentee_id for r in rows if r.finding is Finding.EMPLOYED_IN_FIELD}), len(reached))


def answers(session, cohort, day):
    """By code of question: who agreed, and who answered."""
    rows = session.execute(
        select(SurveyQuestion.code, func.count().filter(SurveyResponse.agrees), func.count())
        .join(SurveyResponse, SurveyResponse.question_id == SurveyQuestion.id)
        .join(Survey, Survey.id == SurveyQuestion.survey_id)
        .where(Survey.cohort_id == cohort.id, SurveyResponse.on_day <= day, SurveyResponse.agrees.is_not(None))
        .group_by(SurveyQuestion.code)
    )
    return {code: (agreed, answered) for code, agreed, answered in rows}


def test_outcomes_of_the_first_cohorts_are_those_published_on_their_days(demo, cohorts):
    assert employed(demo, cohorts[2004], dt.date(2004, 12, 31)) == (28, 22, 20)
    assert employed(demo, cohorts[2005], dt.date(2006, 4, 30)) == (38, 25, 21)
    assert (
        demo.scalar(select(func.count(Outcome.mentee_id.distinct())).where(Outcome.cohort_id == cohorts[2005].id)) >= 38
    )


def test_later_follow_ups_change_them_so_the_day_matters(demo, cohorts):
    assert employed(demo, cohorts[2004], TODAY) != (28, 22, 20)
    assert employed(demo, cohorts[2005], TODAY) != (38, 25, 21)


def test_employment_within_a_year_is_what_the_2017_notice_says(demo, cohorts):
    cohort = cohorts[2015]
    assert rounded(in_field_within_a_year(demo, LAST_OF_2016, Match.cohort_id == cohort.id)) == 73
    assert abs(in_field_within_a_year(demo, LAST_OF_2016) - 73) <= 73 * 5 / 100


def test_every_later_cohort_has_believable_outcomes(demo, cohorts):
    for year, cohort in cohorts.items():
        due = set(
            demo.scalars(
                select(Match.mentee_id).where(Match.cohort_id == cohort.id, Match.ended_on < TODAY - days(200))
            )
        )
        if not due:
            continue
        reached, at_work, in_field = employed(demo, cohort, TODAY)
        assert 55 < per_cent(at_work, reached) < 80, year
        assert 45 < per_cent(in_field, reached) < per_cent(at_work, reached), year
        assert cohort.objective_employed == 60
        if year > 2005:
            assert 70 <= per_cent(len(due & set(found(demo, cohort, TODAY))), len(due)) <= 92, year


def test_who_was_hired_early_is_found_employed_ever_after(demo):
    rows = demo.execute(
        select(Match.reason, Outcome.finding)
        .join(Outcome, Outcome.mentee_id == Match.mentee_id)
        .where(Match.reason.like("hired%"), Outcome.finding != Finding.UNKNOWN)
        .distinct()
    )
    assert {tuple(row) for row in rows} == {
        ("hired_in_field", Finding.EMPLOYED_IN_FIELD),
        ("hired_elsewhere", Finding.EMPLOYED_ELSEWHERE),
    }


def test_some_mentees_are_found_unknown_and_some_not_at_all(demo):
    ended = set(demo.scalars(select(Match.mentee_id).where(Match.ended_on < TODAY - days(400))))
    tried = set(demo.scalars(select(Outcome.mentee_id)))
    reached = set(demo.scalars(select(Outcome.mentee_id).where(Outcome.finding != Finding.UNKNOWN)))
    assert len(ended - tried) > 20
    assert len(ended & tried - reached) > 20


def test_surveys_say_what_was_published(demo, cohorts):
    pilot = answers(demo, cohorts[2004], dt.date(2004, 12, 31))
    assert {code: rounded(per_cent(*pair)) for code, pair in pilot.items()} == {"positive": 91, "mentor_again": 90}
    assert all(answered <= 29 for _, answered in pilot.values())
    later = {code: rounded(per_cent(*pair)) for code, pair in answers(demo, cohorts[2016], LAST_OF_2016).items()}
    assert (later["better_prepared"], later["more_confidence"]) == (88, 94)


def test_every_cohort_was_asked(demo, cohorts):
    for year, cohort in cohorts.items():
        asked = answers(demo, cohort, TODAY)
        assert {"positive", "mentor_again"} <= set(asked)
        assert len(asked) == (4 if year >= 2016 else 2), year
        assert all(84 <= per_cent(*pair) <= 97 for pair in asked.values()), year


def test_people_answer_when_their_match_ends(demo):
    ended = (
        select(func.max(Match.ended_on))
        .where(
            Match.cohort_id == Survey.cohort_id,
            STARTED,
            or_(Match.mentor_id == SurveyResponse.mentor_id, Match.mentee_id == SurveyResponse.mentee_id),
        )
        .correlate(Survey, SurveyResponse)
        .scalar_subquery()
    )
    rows = demo.execute(
        select(SurveyResponse.on_day, ended)
        .join(SurveyQuestion, SurveyQuestion.id == SurveyResponse.question_id)
        .join(Survey, Survey.id == SurveyQuestion.survey_id)
    )
    assert {-7 <= (day - end).days <= 30 for day, end in rows} == {True}
