"""Follow-ups that are due and rates of response, against a plain reading of the rows, over any history."""

import datetime as dt
from fractions import Fraction

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.models import Finding, Side
from services.counting import follow_up, surveys
from services.counting.figure import Scope
from services.programmes import Clocks
from tests import reference_follow_up as reference
from tests.reference_rows import Asked, Rows
from tests.worlds import ASKED, World, build, worlds

#: Around the days on which a follow-up opens, is due, is asked again, and is over.
OFFSETS = (0, 10, 152, 154, 156, 181, 184, 195, 271, 273, 336, 338, 350, 364, 366, 380, 394, 430, 454, 457)
CHOSEN = settings(max_examples=20, deadline=None, derandomize=True, phases=[Phase.generate])
more = st.lists(
    st.tuples(
        st.integers(0, 8), st.sampled_from(OFFSETS), st.sampled_from([*Finding, Finding.UNKNOWN, Finding.LOOKING])
    ),
    max_size=8,
)


def ends(world: World) -> list[tuple[int, int, dt.date]]:
    """Mentee, cohort and day of every end."""
    return [
        (life.match["mentee_id"], life.match["cohort_id"], life.steps[-1]["on_day"])
        for life in world.lives
        if life.steps and life.state.value in {"completed", "ended_early"}
    ]


@CHOSEN
@given(world=worlds(), more=more)
def test_who_is_to_be_asked_next_is_what_the_rule_says(one_engine: Engine, world: World, more) -> None:
    ended = ends(world)
    for which, offset, finding in more if ended else ():
        mentee, cohort, day = ended[which % len(ended)]
        world.add(
            "outcome", mentee_id=mentee, cohort_id=cohort, on_day=day + dt.timedelta(days=offset), finding=finding
        )
    days = {day + dt.timedelta(days=offset) for _, _, day in ended[:2] for offset in OFFSETS}
    with Session(one_engine) as session:
        build(session, world)
        rows = Rows.of(session)
        for day in sorted(days):
            found = follow_up.owed(session, Scope(ASKED, day))
            expected = reference.owed(Asked(rows, ASKED, day, None, None))
            assert {(r.mentee_id, r.match_id, r.months, r.due_on) for r in found.itertuples()} == expected, day
            assert list(found["days"]) == sorted(found["days"], reverse=True)
            assert not found["mentee_id"].duplicated().any()


@CHOSEN
@given(world=worlds(), sides=st.lists(st.sampled_from(Side), min_size=9, max_size=9))
def test_a_response_rate_is_those_who_answered_of_those_to_be_asked(one_engine: Engine, world: World, sides) -> None:
    for survey, side in zip(world.rows.get("survey", []), sides, strict=False):
        survey["side"] = side
    with Session(one_engine) as session:
        build(session, world)
        rows = Rows.of(session)
        for survey in rows["survey"]:
            for day in world.days:
                figure = surveys.response_rate(session, survey.id, day)
                answered, base = reference.response(rows, survey, day)
                if not base:
                    assert figure.value is None
                    assert figure.absent.endswith(".")
                    continue
                assert (figure.numerator, figure.base) == (answered, base)
                assert Fraction(figure.value).limit_denominator(10**6) == Fraction(100 * answered, base)


def test_windows_follow_each_other_and_months_end_where_months_end() -> None:
    six, twelve = follow_up.windows(dt.date(2025, 8, 31), Clocks())
    assert (six.due_on, twelve.due_on) == (dt.date(2026, 2, 28), dt.date(2026, 8, 31))
    assert six.first == dt.date(2026, 1, 31)
    assert six.last < twelve.first
    close = follow_up.windows(dt.date(2025, 8, 31), Clocks(follow_up_months=(1, 2)))
    assert close[0].last + dt.timedelta(days=1) == close[1].first
