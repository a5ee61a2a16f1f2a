"""Whether matching treats alike: counted a second time, said only when it is more than chance, and for whom."""

from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.models import Role
from services import fairness, programmes
from services.access import OPERATOR
from services.counting import fairness as counting
from services.counting.fairness import By, Divided, Part
from services.counting.figure import Scope
from services.errors import NotAllowed, NotFound
from tests import make, reference_fairness
from tests.reference_rows import Asked, Rows
from tests.worlds import ASKED, World, build, worlds

WORLDS = settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate])
SETTINGS = settings(max_examples=200, deadline=None, derandomize=True)


def part(label: str, matched: int, ready: int) -> Part:
    return Part(label, ready, matched, ())


def of(*parts: Part, least: int = 20) -> Divided:
    return Divided(part("", sum(p.matched for p in parts), sum(p.ready for p in parts)), parts, least)


@WORLDS
@given(world=worlds())
def test_each_part_is_what_a_plain_count_over_the_rows_is(drafting_engine: Engine, world: World) -> None:
    with Session(drafting_engine) as session:
        build(session, world)
        rows, day = Rows.of(session), world.days[-1]
        for cohort in world.cohorts(ASKED):
            found = counting.divided(session, Scope(ASKED, day, cohort))
            for by, mine in found.items():
                told = reference_fairness.divided(Asked(rows, ASKED, day, cohort), by)
                assert {p.label: (p.ready, p.matched, list(p.waits), p.wait) for p in mine.parts} == told, by
                assert [p.label for p in mine.parts] == sorted(told)
            assert sum(p.ready for p in found[By.AGENCY].parts) == found[By.AGENCY].whole.ready


def test_a_large_difference_stands_apart_and_a_small_one_does_not() -> None:
    wide = of(part("A", 36, 50), part("B", 10, 50), part("C", 25, 50))
    assert wide.furthest() == wide.parts[1]
    assert wide.is_more_than_chance(wide.parts[1])
    near = of(part("A", 26, 50), part("B", 24, 50))
    assert not near.is_more_than_chance(near.furthest())


def test_of_many_parts_one_looks_odd_by_chance_alone() -> None:
    odd, others = part("Odd", 6, 20), [part(f"P{n}", 10, 20) for n in range(15)]
    assert not of(odd, *others).is_more_than_chance(odd)
    assert of(odd, part("All others", 150, 300)).whole.ready == 320


@pytest.mark.parametrize("parts", [(), (part("A", 5, 19), part("B", 9, 15)), (part("All", 5, 90),)])
def test_small_bases_are_too_few_to_tell(parts: tuple[Part, ...]) -> None:
    assert of(*parts).furthest() is None


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=6))
def test_what_is_told_is_large_enough_on_both_sides(numbers: list[tuple[int, int]]) -> None:
    found = of(*(part(f"P{n}", min(pair), max(pair)) for n, pair in enumerate(numbers)))
    told = found.furthest()
    if told is not None:
        assert min(told.ready, found.rest(told).ready) >= found.least
        assert isinstance(found.is_more_than_chance(told), bool)


def test_the_page_says_what_it_is_of_and_names_no_share_of_a_few(demo: Session) -> None:
    programme = programmes.main(demo)
    cohort = programmes.cohort(demo, programme.id)
    seen = fairness.fairness_of(demo, Scope(programme.id, make.DEMO_DAY, cohort.id), by=OPERATOR)
    assert "mentees ready in this cohort" in seen.basis
    assert [view.title for view in seen.views] == ["By agency", "By country of education", "By language"]
    for view in seen.views:
        assert list(view.rows["label"]) == sorted(view.rows["label"])
        assert all((row.share == fairness.TOO_FEW) == (row.ready < 20) for row in view.rows.itertuples())
        assert view.finding.startswith(("No difference", "Too few")) or "stands apart" in view.finding
    assert "once in each" in seen.views[2].note
    assert "no criterion" in seen.views[1].note


def test_the_wait_is_the_middle_one(session: Session) -> None:
    assert Part("", 3, 2, (4, 9)).wait == Decimal("6.5")
    assert Part("", 0, 0, ()).share is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_see_it(session: Session, role: Role) -> None:
    cohort = make.cohort(session)
    with pytest.raises(NotAllowed):
        fairness.fairness_of(session, Scope(cohort.programme_id, make.today(), cohort.id), by=make.actor(session, role))


def test_it_is_of_one_cohort(session: Session) -> None:
    cohort = make.cohort(session)
    with pytest.raises(NotFound, match="Choose a cohort"):
        fairness.fairness_of(session, Scope(cohort.programme_id, make.today()), by=OPERATOR)
    empty = fairness.fairness_of(session, Scope(cohort.programme_id, make.today(), cohort.id), by=OPERATOR)
    assert empty.basis == "Nobody is ready in this cohort yet."
    assert all(view.finding.startswith("Too few") for view in empty.views)
