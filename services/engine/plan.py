"""The best plan for one occupational group: exact, and the same whatever the order of the rows.

Most mentees matched; among those plans the longest waiting bands first; among those the highest total fit; what is
then still equal is settled by a hash of both people's permanent references.
"""

from collections.abc import Mapping

import lap
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from services.engine.problem import NOBODY, Integers, Problem, places_of

#: Pairs of a group up to which lapx is quicker with several bands and fewer places than mentees (`tests/bench/engine`).
_SMALL = 1_000_000
Costs = NDArray[np.float64]


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
        i, k = _assign(problem, _losses(problem, keep, stay), problem.scale(stay).person, ok, slots)
        j = slots[k]
        answer[i] = np.where(ok[i, j], j, NOBODY)
    if fixed:
        answer[list(fixed)] = list(fixed.values())
    return answer


def total_fit(problem: Problem, match: Integers) -> int:
    """The sum of the fit of all matched pairs."""
    i = np.flatnonzero(match >= 0)
    return int(problem.score[i, match[i]].sum())


def _losses(problem: Problem, keep: Integers | None, stay: int) -> Costs:
    """What each pair loses, below 0: `services.engine.problem.worth` turned round, for solvers of floats."""
    scale = problem.scale(stay)
    losses = np.multiply(problem.score, -float(scale.point))
    if scale.bits:
        losses -= problem.ties(scale.bits)
    if keep is not None:
        kept = np.flatnonzero(keep >= 0)
        losses[kept, keep[kept]] -= stay * scale.point
    return losses


def _assign(
    problem: Problem, losses: Costs, person: int, ok: NDArray[np.bool_], slots: Integers
) -> tuple[Integers, Integers]:
    """Mentee and place of each pair, by whichever exact solver was measured to be the quickest for such a group.

    The worth of being matched can stand with the pairs, or as a price on being left: the best plans are the same,
    and times differ up to tenfold. `losses` is used up.
    """
    mentees, places = len(problem.mentees), len(slots)
    if not problem.oldest:
        losses -= person
        losses *= ok
        return _lapx(problem, _of_places(problem, losses, slots))
    persons = ((problem.rank + 1) * person)[:, None]
    if places >= mentees or mentees * places <= _SMALL:
        np.copyto(losses, persons, where=~ok)
        nowhere = np.broadcast_to(persons, (mentees, max(mentees - places, 0)))
        i, k = _lapx(
            problem,
            np.hstack([_of_places(problem, losses, slots), nowhere])
            if nowhere.size
            else _of_places(problem, losses, slots),
        )
        real = k < places
        return i[real], k[real]
    losses -= persons
    losses *= ok
    i, k = linear_sum_assignment(_in_order(problem, _of_places(problem, losses, slots)))
    return problem.rows[i], k


def _of_places(problem: Problem, losses: Costs, slots: Integers) -> Costs:
    return losses if slots is problem.slots and problem.one_place_each else losses.take(slots, axis=1)


def _in_order(problem: Problem, losses: Costs) -> Costs:
    return losses if problem.in_order else losses[problem.rows]


def _lapx(problem: Problem, losses: Costs) -> tuple[Integers, Integers]:
    i, k = lap.lapjvr(_in_order(problem, losses), extend_cost=True, return_cost=False, precision="float64")
    return (i, k) if problem.in_order else (problem.rows[i], k)
