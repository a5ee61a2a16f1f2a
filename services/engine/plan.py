"""The best plan for one occupational group: exact, and the same whatever the order of the rows.

Most mentees matched; among those plans the longest waiting bands first; among those the highest total fit; what is
then still equal is settled by a hash of both people's permanent references.
"""

from collections.abc import Mapping

import lap
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from services.engine.problem import NOBODY, Integers, Problem, Worth, places_of, worth

#: Pairs of a group up to which lapx is quicker with several bands and fewer places than mentees (`tests/bench/engine`).
_SMALL = 1_000_000


def solve(
    problem: Problem, *, keep: Integers | None = None, stay: int = 0, fixed: Mapping[int, int] | None = None
) -> Integers:
    """The mentor of each mentee, -1 for none.

    `keep` is the mentor each mentee is proposed to now; `stay` points of fit are added to that pair, so that a plan
    made again does not move people for nothing. `fixed` pairs are taken as given; their mentors must have a place.
    """
    ok, slots = problem.ok, problem.slots
    if fixed:
        ok, places = ok.copy(), problem.places.copy()
        ok[list(fixed)] = False
        np.subtract.at(places, list(fixed.values()), 1)
        slots = places_of(problem.columns, places, ok)
    answer = np.full(len(problem.mentees), NOBODY, dtype=np.int64)
    if len(slots):
        i, k = _assign(problem, worth(problem, keep, stay), ok, slots)
        j = slots[k]
        answer[i] = np.where(ok[i, j], j, NOBODY)
    if fixed:
        answer[list(fixed)] = list(fixed.values())
    return answer


def total_fit(problem: Problem, match: Integers) -> int:
    """The sum of the fit of all matched pairs."""
    i = np.flatnonzero(match >= 0)
    return int(problem.score[i, match[i]].sum())


def _assign(problem: Problem, value: Worth, ok: NDArray[np.bool_], slots: Integers) -> tuple[Integers, Integers]:
    """Mentee and place of each pair, by whichever exact solver was measured to be the quickest for such a group.

    The worth of being matched can stand with the pairs, or as a price on being left: the best plans are the same,
    and times differ up to tenfold.
    """
    mentees, places = len(problem.mentees), len(slots)
    if problem.oldest and (places >= mentees or mentees * places <= _SMALL):
        left = value.person[:, None]
        costs = np.where(ok, -value.pair, left)
        places_and_none = np.broadcast_to(left, (mentees, max(mentees - places, 0)))
        i, k = _lapx(problem, np.hstack([costs.take(slots, axis=1), places_and_none]))
        real = k < places
        return i[real], k[real]
    # everyone waits alike: one number will do
    gains = value.pair + (value.person[:, None] if problem.oldest else value.person[0])
    gains *= ok
    costs = np.negative(gains, out=gains).take(slots, axis=1)
    if not problem.oldest:
        return _lapx(problem, costs)
    i, k = linear_sum_assignment(costs if problem.in_order else costs[problem.rows])
    return problem.rows[i], k


def _lapx(problem: Problem, costs: Integers) -> tuple[Integers, Integers]:
    if problem.in_order:
        i, k = lap.lapjvr(costs, extend_cost=True, return_cost=False, precision="float64")
        return i, k
    i, k = lap.lapjvr(costs[problem.rows], extend_cost=True, return_cost=False, precision="float64")
    return problem.rows[i], k
