"""Handing matches to coaches: one exact assignment of matches to places, most placed first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

#: A match that no coach has a place for.
NOWHERE = -1
#: Loads are compared in so many parts of a coach's capacity.
_PARTS = 1000


@dataclass(frozen=True)
class Carrier:
    """A coach who may take matches."""

    agency: int
    capacity: int
    #: Places held by matches that are not to be handed over.
    held: int


@dataclass(frozen=True)
class Load:
    """A match to be handed over."""

    agency: int | None
    #: The place of its coach in the list of carriers, when it may stay; else `NOWHERE`.
    stays: int = NOWHERE
    #: Days it has run: of two that could move, the one that started last does.
    days: int = 0


def share(carrier: Carrier, number: int) -> int:
    """What the next match weighs for a coach who then has `number`: full and small coaches feel it more.

    Added up it is the square of the load per place, so that the least sum is the fairest.
    """
    return _PARTS * (2 * number - 1) // carrier.capacity


def balance(loads: Sequence[Load], carriers: Sequence[Carrier], *, across: bool = False) -> list[int]:
    """The carrier of each match, or `NOWHERE`.

    In this order: as many placed as can be; as few moved; as few to another agency, none unless `across`; loads even;
    those moved that started last. Nobody gets more than their capacity.
    """
    places = [(k, c.held + n) for k, c in enumerate(carriers) for n in range(1, max(c.capacity - c.held, 0) + 1)]
    if not loads:
        return []
    small = _small(loads, carriers, places)
    foreign = 1 + int(small.max(initial=0)) * len(loads)
    moved = foreign * (len(loads) + 1)
    unplaced = moved * (len(loads) + 1)
    costs = np.full((len(loads), len(places) + len(loads)), float(unplaced))
    for i, load in enumerate(loads):
        for j, (k, _) in enumerate(places):
            if k == load.stays:
                costs[i, j] = small[i, j]
            elif carriers[k].agency == load.agency:
                costs[i, j] = small[i, j] + moved
            else:
                costs[i, j] = small[i, j] + moved + foreign if across else np.inf
    rows, columns = linear_sum_assignment(costs)
    found = [NOWHERE] * len(loads)
    for i, j in zip(rows, columns, strict=True):
        if j < len(places):
            found[i] = places[j][0]
    return found


def _small(
    loads: Sequence[Load], carriers: Sequence[Carrier], places: Sequence[tuple[int, int]]
) -> npt.NDArray[np.int64]:
    """What is weighed last: how even the loads are, then the days of those that move."""
    ranks = {days: rank for rank, days in enumerate(sorted({load.days for load in loads}))}
    step = len(loads) * len(ranks) + 1
    even = np.array([share(carriers[k], number) * step for k, number in places], dtype=np.int64)
    late = np.array([ranks[load.days] for load in loads], dtype=np.int64)
    stays = np.array([[k == load.stays for k, _ in places] for load in loads], dtype=bool).reshape(
        len(loads), len(places)
    )
    return np.where(stays, even, even + late[:, None]).reshape(len(loads), len(places))
