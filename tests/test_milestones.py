"""Where a programme stands: the next round number, what is to go, and the day the last one was reached."""

import datetime as dt

import pytest

from db.models import CountingRule, MatchState, Milestone, MilestoneKind, Programme, Role
from services import clock, milestones, reading, transaction
from services.access import OPERATOR, Actor
from services.errors import NotFound, SignedOut
from tests import make
from tests.story import FIRST, told


@pytest.fixture
def story(any_desk: str) -> int:
    with transaction() as session:
        return told(session)


@pytest.mark.parametrize(
    ("value", "named", "reached", "following"),
    [
        (0, (), [], 10),
        (10, (), [10], 25),
        (77, (), [10, 25, 50], 100),
        (2988, (), [*(10, 25, 50, 100, 250), *range(500, 3000, 500)], 3000),
        (2988, (1000, 2000, 3000), [1000, 2000], 3000),
        (3000, (1000, 2000, 3000), [1000, 2000, 3000], 3500),
        (12_000, (10_000,), [10_000], 15_000),
        (100_000, (90_000,), [90_000, 95_000, 100_000], 150_000),
    ],
)
def test_the_next_milestone_is_the_next_named_one_and_then_the_next_round_number(
    value, named, reached, following
) -> None:
    assert milestones.around(value, named) == (reached, following)


def name(session, programme_id: int, *numbers: int) -> None:
    for number in numbers:
        row = Milestone(programme_id=programme_id, kind=MilestoneKind.COUNT, name=f"No. {number}", number=number)
        make._keep(session, row)


def test_the_standing_names_the_day_on_which_the_rows_reached_the_last_milestone(story: int) -> None:
    with transaction() as session:
        name(session, story, 2, 5)
    with reading() as session:
        now = milestones.standing(session, by=OPERATOR)
        before = milestones.standing(session, by=OPERATOR, as_of=FIRST + dt.timedelta(days=19))
    assert (now.figure.value, now.next_number, now.to_go) == (3, 5, 2)
    assert (now.latest.number, now.latest.day, now.latest.cohort) == (2, FIRST + dt.timedelta(days=20), "2020")
    assert (before.figure.value, before.next_number, before.to_go, before.latest) == (1, 2, 1, None)


def test_the_rule_a_programme_chose_stands_beside_its_number(story: int) -> None:
    with transaction() as session:
        session.get(Programme, story).counting_rule = CountingRule.DISTINCT_MENTEES
        make.group(session)
    with reading() as session:
        now = milestones.standing(session, by=OPERATOR)
    assert (now.figure.value, now.figure.unit, now.one) == (2, "mentees", "mentee")
    assert "once" in now.figure.rule


def test_a_match_declared_an_error_takes_the_milestone_back(story: int) -> None:
    with transaction() as session:
        name(session, story, 3)
        assert milestones.standing(session, by=OPERATOR).latest.number == 3
        match = session.query(make.Match).filter_by(programme_id=story, state=MatchState.ACTIVE).one()
        make.step(session, match, MatchState.VOID)
        assert milestones.standing(session, by=OPERATOR).to_go == 1


@pytest.mark.parametrize("role", Role)
def test_every_role_may_see_the_total(desk: str, role: Role) -> None:
    with transaction() as session:
        make.cohort(session, starts_on=clock.now().date() - dt.timedelta(days=9))
        who = make.actor(session, role)
        assert milestones.standing(session, by=who).figure.value == 0
        assert list(milestones.cohorts(session, by=who)["matches"]) == [0]


def test_nobody_signed_in_sees_nothing(desk: str) -> None:
    with reading() as session, pytest.raises(SignedOut):
        milestones.standing(session, by=Actor("x", login_ref="0000"))


def test_a_programme_that_is_not_there_is_not_found(session) -> None:
    with pytest.raises(NotFound):
        milestones.standing(session, by=OPERATOR)
    with pytest.raises(NotFound):
        milestones.standing(session, by=OPERATOR, programme_id=99)
