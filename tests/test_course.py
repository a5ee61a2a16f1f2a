"""How a count came about, how fast it grows, and the day on which it should be round."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from db.models import MatchState, Milestone, MilestoneKind
from services import course, milestones, programmes, transaction
from services.access import OPERATOR
from services.counting import matches
from services.counting.figure import Scope
from services.counting.projection import projected
from tests import make
from tests.story import FIRST, told

DAY = dt.date(2026, 11, 24)


def every(days: int, many: int, until: dt.date = DAY) -> pd.DataFrame:
    """One on each so manieth day up to and with a day, oldest first."""
    on = [until - dt.timedelta(days=days * place) for place in range(many)][::-1]
    return pd.DataFrame({"day": on, "matches": 1})


def test_what_comes_evenly_is_projected_to_the_day() -> None:
    found = projected(every(1, 1500), DAY, 20)
    assert found.expected == found.earliest == found.latest == DAY + dt.timedelta(days=20)
    weekly = projected(every(7, 300), DAY, 10)
    assert abs(weekly.expected - (DAY + dt.timedelta(days=70))) <= dt.timedelta(days=7)
    assert weekly.earliest <= weekly.expected <= weekly.latest


def test_a_season_without_matches_is_waited_out() -> None:
    spring = every(1, 1500)
    spring = spring[[day.month in (4, 5) for day in spring["day"]]]
    found = projected(spring, DAY, 5)
    assert dt.date(2027, 1, 1) < found.earliest <= found.expected <= found.latest < dt.date(2027, 7, 1)


def test_the_same_rows_have_the_same_day() -> None:
    assert projected(every(3, 400), DAY, 40) == projected(every(3, 400), DAY, 40)


@pytest.mark.parametrize(
    ("by_day", "to_go", "why"),
    [
        (every(1, 0), 10, "once a whole year"),
        (every(1, 300), 10, "once a whole year"),
        (every(200, 4), 10, "Too few"),
        (every(1, 30, DAY - dt.timedelta(days=2000)), 10, "Too few"),
        (every(20, 100), 5000, "more than ten years"),
    ],
)
def test_what_cannot_be_told_is_said_as_a_sentence(by_day: pd.DataFrame, to_go: int, why: str) -> None:
    found = projected(by_day, DAY, to_go)
    assert (found.expected, found.earliest, found.latest) == (None, None, None)
    assert why in found.absent
    assert found.absent.endswith(".")


def test_the_curve_ends_at_the_count_and_passes_every_milestone_on_its_day(demo: Session) -> None:
    programme = programmes.main(demo).id
    for day in (DAY, dt.date(2013, 10, 7), dt.date(2004, 5, 10)):
        found = course.course(demo, Scope(programme, day), by=OPERATOR)
        total = matches.matches_to_date(demo, programme, day).count
        assert found.curve["total"].iloc[-1] == found.recent["total"].iloc[-1] == total
        assert found.curve["total"].is_monotonic_increasing
        reached = milestones.ledger(demo, by=OPERATOR, as_of=day)
        marks = found.curve.dropna(subset="mark")
        assert dict(zip(marks["mark"], marks["day"], strict=True)) == dict(
            zip(reached["number"], reached["day"], strict=True)
        )
        before = matches.matches_to_date(demo, programme, day.replace(year=day.year - 1)).count
        assert found.last_year == total - before
        assert found.a_month == Decimal(total - before) / 12


def test_a_programme_with_nothing_and_one_with_one_match_are_told_without_a_day(session: Session) -> None:
    cohort = make.cohort(session)
    scope = Scope(cohort.programme_id, make.today())
    nothing = course.course(session, scope, by=OPERATOR)
    assert (len(nothing.curve), len(nothing.recent), nothing.last_year) == (0, 0, 0)
    group = make.group(session)
    match = make.match(session, cohort, make.mentor(session, group), make.mentee(session, group))
    for state in (MatchState.APPROVED, MatchState.ACTIVE):
        make.step(session, match, state)
    one = course.course(session, scope, by=OPERATOR)
    assert (one.curve["total"].iloc[-1], one.last_year, one.projection.expected) == (1, 1, None)


def test_a_milestone_moved_by_an_error_found_later_says_so(any_desk: str) -> None:
    with transaction() as session:
        programme = told(session)
        number = Milestone(programme_id=programme, kind=MilestoneKind.COUNT, name="No. 2", number=2)
        make._keep(session, number)
        before = milestones.ledger(session, by=OPERATOR)
        first = session.query(make.Match).filter_by(state=MatchState.ENDED_EARLY).one()
        make.step(session, first, MatchState.VOID, on_day=FIRST + dt.timedelta(days=60))
        after = milestones.ledger(session, by=OPERATOR)
        coach = make.actor(session, make.Role.COACH)
        hidden = milestones.ledger(session, by=coach)
    # Another one of the story was declared an error before the milestone was reached: it moved nothing.
    assert [*before["late"]] == [0]
    assert [*after["late"]] == [1]
    assert hidden["late"].isna().all()
