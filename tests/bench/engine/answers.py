"""What a solver answers, and one evaluation for all answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tests.bench.engine.programmes import Group

#: For each group an array of two columns: the row of a mentee and the column of the mentor, a row for each pair.
Answer = list[np.ndarray]
#: An adapter gets the programme and gives what is timed, so that what it does before is not.
Adapter = Callable[[Sequence[Group]], Callable[[], Answer]]

NOBODY = np.empty((0, 2), dtype=np.int64)


@dataclass(frozen=True)
class Verdict:
    """What an answer is worth. Only allowed pairs count as matched and for fit."""

    matched: int
    fit: int
    #: Matched mentees of the longest waiting bands: two bands (180 days) and more; and how many have waited so long.
    oldest_matched: int
    oldest: int
    #: Pairs against the rules, places given beyond those a mentor has, mentees given more than one mentor.
    forbidden: int
    overfull: int
    doubled: int

    @property
    def broken(self) -> int:
        """All rules broken."""
        return self.forbidden + self.overfull + self.doubled


LONG_BANDS = 2


def judge(groups: Sequence[Group], answer: Answer) -> Verdict:
    """Count the answer over all groups."""
    each = [_judge(group, pairs) for group, pairs in zip(groups, answer, strict=True)]
    return Verdict(*(int(sum(column)) for column in zip(*each, strict=True)))


def _judge(group: Group, pairs: np.ndarray) -> tuple[int, ...]:
    rows, columns = np.asarray(pairs, dtype=np.int64).reshape(-1, 2).T
    allowed = group.ok[rows, columns]
    matched = np.unique(rows[allowed])
    long = group.band >= LONG_BANDS
    load = np.bincount(columns, minlength=len(group.mentors))
    return (
        len(matched),
        group.score[rows[allowed], columns[allowed]].sum(),
        long[matched].sum(),
        long.sum(),
        (~allowed).sum(),
        np.maximum(load - group.places, 0).sum(),
        len(rows) - len(np.unique(rows)),
    )


def by_group(solve: Callable[[Group], np.ndarray]) -> Adapter:
    """An adapter that asks for one group after another; a group without an allowed pair needs no solver."""

    def adapter(groups: Sequence[Group]) -> Callable[[], Answer]:
        return lambda: [solve(group) if group.ok.any() else NOBODY for group in groups]

    return adapter


def places_as_columns(group: Group) -> tuple[np.ndarray, np.ndarray, float]:
    """For solvers of square or rectangular costs: a column for each place, its mentor, and what a forbidden pair costs.

    A forbidden pair costs more than all others together, so the cheapest assignment matches most, with the highest fit.
    """
    mentor = np.repeat(np.arange(len(group.mentors)), group.places)
    forbidden = 1001.0 * (len(group.mentees) + 1)
    costs = np.where(group.ok, 1000.0 - group.score, forbidden)
    if (group.places != 1).any():
        costs = costs[:, mentor]
    return costs, mentor, forbidden


def pairs_of_places(
    rows: np.ndarray, columns: np.ndarray, costs: np.ndarray, mentor: np.ndarray, forbidden: float
) -> np.ndarray:
    """The allowed pairs of an assignment of mentees to places."""
    allowed = costs[rows, columns] < forbidden
    return np.column_stack([rows[allowed], mentor[columns[allowed]]])
