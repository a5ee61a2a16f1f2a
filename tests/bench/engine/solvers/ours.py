"""Match Desk's own engine, with the objective of all others and with its own."""

from collections.abc import Callable, Sequence

import numpy as np

from services.engine.plan import solve
from services.engine.problem import Problem
from tests.bench.engine.answers import Answer
from tests.bench.engine.programmes import Group


def problem(group: Group, *, bands: bool) -> Problem:
    """The group as our engine takes it; without bands everybody has waited the same."""
    return Problem(
        mentees=group.mentees.tolist(),
        mentors=group.mentors.tolist(),
        score=group.score,
        ok=group.ok,
        places=group.places,
        band=group.band if bands else np.zeros_like(group.band),
    )


def most_fit(groups: Sequence[Group]) -> Callable[[], Answer]:
    """Most matched, then the highest fit."""
    return _solved([problem(group, bands=False) for group in groups])


def longest_wait_first(groups: Sequence[Group]) -> Callable[[], Answer]:
    """Most matched, then the longest waiting bands, then the highest fit: what the product proposes."""
    return _solved([problem(group, bands=True) for group in groups])


def _solved(problems: list[Problem]) -> Callable[[], Answer]:
    return lambda: [_pairs(solve(each)) for each in problems]


def _pairs(match: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero(match >= 0)
    return np.column_stack([rows, match[rows]])
