"""Chains of moves between mentors: who makes room, who moves up, and what the cheapest chain costs."""

import numpy as np
from numpy.typing import NDArray

from services.engine.problem import Integers

#: No chain at all. A pair that is not allowed is worth `FORBIDDEN`: a chain through one costs more than no chain.
FAR = 2**57
FORBIDDEN = -(2**58)
#: A chain that begins with itself.
START = -1
#: Mentors settled at a time: enough to keep numpy busy, few enough to keep the order.
_AT_A_TIME = 64


def settle(start: Integers, arcs: Integers, hint: Integers) -> tuple[Integers, NDArray[np.int64]]:
    """The cheapest chain to each mentor, and the mentor before in it (`START` for none).

    `start` is what a chain of one costs, `arcs[x, y]` what it costs to go on from x to y, of any sign; there is no
    round trip that gains, as the plan is the best one. `hint` is about what is expected: the nearer, the quicker.
    """
    cost, before = start.copy(), np.full(len(start), START, dtype=np.int64)
    waiting = cost < FAR
    while True:
        left = np.flatnonzero(waiting)
        if not len(left):
            return cost, before
        if len(left) > _AT_A_TIME:
            left = left[np.argpartition(cost[left] - hint[left], _AT_A_TIME)[:_AT_A_TIME]]
        waiting[left] = False
        onward = arcs[left] + cost[left, None]
        found = onward.min(axis=0)
        better = np.flatnonzero(found < cost)
        cost[better] = found[better]
        before[better] = left[onward[:, better].argmin(axis=0)]
        waiting[better] = True


def chain(end: int, before: NDArray[np.int64]) -> list[int]:
    """The mentors of the cheapest chain, from its end to its start."""
    mentors = [end]
    while (mentor := int(before[mentors[-1]])) != START:
        mentors.append(mentor)
    return mentors
