"""The balanced plan is the best there is, tried against every plan of small cases, and nobody gets too much."""

from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.balance import NOWHERE, Carrier, Load, balance, share

SETTINGS = settings(max_examples=150, deadline=None, derandomize=True)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Load], list[Carrier], bool]:
    agencies = st.integers(1, 2)
    carriers = [
        Carrier(draw(agencies), capacity := draw(st.integers(1, 4)), draw(st.integers(0, capacity + 1)))
        for _ in range(draw(st.integers(1, 3)))
    ]
    stays = st.sampled_from([NOWHERE, *range(len(carriers))])
    loads = [
        Load(draw(st.one_of(st.none(), agencies)), draw(stays), draw(st.integers(0, 3)))
        for _ in range(draw(st.integers(0, 5)))
    ]
    return loads, carriers, draw(st.booleans())


def is_allowed(plan: tuple[int, ...], loads: list[Load], carriers: list[Carrier], *, across: bool) -> bool:
    taken = Counter(k for k in plan if k != NOWHERE)
    fits = all(carriers[k].held + many <= carriers[k].capacity for k, many in taken.items())
    at_home = (
        across or k in (NOWHERE, load.stays) or carriers[k].agency == load.agency
        for k, load in zip(plan, loads, strict=True)
    )
    return fits and all(at_home)


def worth(plan: tuple[int, ...], loads: list[Load], carriers: list[Carrier]) -> tuple[int, ...]:
    """What is weighed, in its order; the least is the best."""
    moved = [(k, load) for k, load in zip(plan, loads, strict=True) if k not in (NOWHERE, load.stays)]
    ranks = {days: rank for rank, days in enumerate(sorted({load.days for load in loads}))}
    taken = Counter(k for k in plan if k != NOWHERE)
    return (
        plan.count(NOWHERE),
        len(moved),
        sum(carriers[k].agency != load.agency for k, load in moved),
        sum(share(carriers[k], carriers[k].held + n) for k, many in taken.items() for n in range(1, many + 1)),
        sum(ranks[load.days] for _, load in moved),
    )


@SETTINGS
@given(case=cases())
def test_no_other_plan_is_better_and_every_capacity_is_kept(case: tuple[list[Load], list[Carrier], bool]) -> None:
    loads, carriers, across = case
    found = tuple(balance(loads, carriers, across=across))
    every = product([NOWHERE, *range(len(carriers))], repeat=len(loads))
    allowed = [plan for plan in every if is_allowed(plan, loads, carriers, across=across)]
    assert found in allowed
    assert worth(found, loads, carriers) == min(worth(plan, loads, carriers) for plan in allowed)


def test_forty_matches_are_spread_evenly_by_the_places_of_each() -> None:
    carriers = [Carrier(1, 20, 5), Carrier(1, 20, 15), Carrier(1, 40, 10), Carrier(2, 50, 0)]
    found = Counter(balance([Load(1)] * 40, carriers))
    after = [carrier.held + found[k] for k, carrier in enumerate(carriers)]
    assert sorted(after[:2]) == [17, 18]
    assert after[2:] == [35, 0]


def test_without_a_coach_there_is_no_place() -> None:
    assert balance([Load(1), Load(None)], []) == [NOWHERE, NOWHERE]
    assert balance([], [Carrier(1, 3, 0)]) == []
