"""Counting matches: every rule against a plain count over rows, and what must never be counted."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from db.models import CountingRule, Match
from db.settings import settings as desk_settings
from services import clock, reading, transaction
from services.counting import matches
from tests import make
from tests.databases import sqlite_copy
from tests.story import CLOSED, FIRST, STATES, tell, told


def by_hand(rows: list[Match], rule: CountingRule, as_of: dt.date) -> int:
    counted = [m for m in rows if m.started_on and m.started_on <= as_of and m.state is not STATES.VOID]
    if rule is CountingRule.DISTINCT_MENTEES:
        return len({m.mentee_id for m in counted})
    if rule is CountingRule.COMPLETED_MATCHES:
        return sum(m.state is STATES.COMPLETED and m.ended_on <= as_of for m in rows)
    return len(counted)


@pytest.fixture(scope="module")
def one_desk(sqlite_template: Path, folder_of_desks: Path) -> Iterator[None]:
    """All examples share a database; each makes a programme of its own in it."""
    with sqlite_copy(sqlite_template, folder_of_desks) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        desk_settings.cache_clear()
        yield
    desk_settings.cache_clear()


stories = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 1), st.sampled_from(sorted(CLOSED)), st.integers(0, 40), st.integers(0, 40)
    ),
    max_size=10,
)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(stories=stories, day=st.integers(0, 80))
def test_each_rule_counts_what_a_count_over_the_rows_counts(one_desk: None, stories, day: int) -> None:
    with transaction() as session:
        group = make.group(session)
        cohorts = [make.cohort(session, starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=99))]
        cohorts.append(make.cohort(session, session.get(make.Programme, cohorts[0].programme_id), starts_on=FIRST))
        people = [make.mentee(session, group) for _ in range(4)]
        for person, cohort, end, start, days in stories:
            mentor = make.mentor(session, group)
            tell(session, cohorts[cohort], mentor, people[person], end, FIRST + dt.timedelta(days=start), days)
        make_noise(session, group)
        rows = session.query(Match).filter_by(programme_id=cohorts[0].programme_id).all()
    as_of = FIRST + dt.timedelta(days=day)
    with reading() as session:
        for rule in CountingRule:
            figure = matches.matches_to_date(session, cohorts[0].programme_id, as_of, rule)
            frame = matches.matches_by_cohort(session, cohorts[0].programme_id, as_of, rule)
            expected = by_hand(rows, rule, as_of)
            assert (figure.value, frame["matches"].sum()) == (expected, expected)
            reached = matches.nth(session, cohorts[0].programme_id, range(1, 30), as_of, rule)
            assert [n.number for n in reached] == list(range(1, expected + 1))
            assert [n.day for n in reached] == sorted(n.day for n in reached)


def make_noise(session: Session, group) -> None:
    """A match of another programme, which no count of this one may see."""
    cohort = make.cohort(session, starts_on=FIRST)
    tell(session, cohort, make.mentor(session, group), make.mentee(session, group), STATES.COMPLETED, FIRST, 5)


@pytest.fixture
def story(any_desk: str) -> int:
    with transaction() as session:
        return told(session)


@pytest.mark.parametrize(
    ("rule", "day", "expected"),
    [
        (CountingRule.STARTED_MATCHES, 0, 1),
        (CountingRule.STARTED_MATCHES, 19, 1),
        (CountingRule.STARTED_MATCHES, 20, 3),
        (CountingRule.DISTINCT_MENTEES, 20, 2),
        (CountingRule.COMPLETED_MATCHES, 49, 0),
        (CountingRule.COMPLETED_MATCHES, 50, 1),
    ],
)
def test_a_rule_counts_from_its_own_day_on_both_engines(story: int, rule, day: int, expected: int) -> None:
    as_of = FIRST + dt.timedelta(days=day)
    with reading() as session:
        figure = matches.matches_to_date(session, story, as_of, rule)
        assert figure.value == matches.matches_by_cohort(session, story, as_of, rule)["matches"].sum() == expected
        assert figure.as_of == figure.period.last == as_of


def test_an_approval_taken_back_is_counted_no_more(story: int) -> None:
    today = clock.now().date()
    with transaction() as session:
        active = session.query(Match).filter_by(programme_id=story, state=STATES.ACTIVE).one()
        assert matches.matches_to_date(session, story, today).value == 3
        make.step(session, active, STATES.PROPOSED, undoes_seq=3)
        assert matches.matches_to_date(session, story, today).value == 2


def test_the_nth_of_one_day_is_the_one_entered_first(story: int) -> None:
    with reading() as session:
        second, third = matches.nth(session, story, [2, 3, 4], clock.now().date())
    assert (second.number, second.day, third.day) == (2, FIRST + dt.timedelta(days=20), second.day)
    assert third.cohort == "2020"


def test_a_programme_without_matches_counts_nothing_and_lists_its_cohorts(any_desk: str) -> None:
    with transaction() as session:
        cohort = make.cohort(session)
        figure = matches.matches_to_date(session, cohort.programme_id, clock.now().date())
        frame = matches.matches_by_cohort(session, cohort.programme_id, clock.now().date())
    assert (figure.value, figure.period.first, list(frame["matches"])) == (0, None, [0])
