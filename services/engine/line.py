"""Those whom the best plan of a group leaves without a mentor, in the order in which new places would reach them."""

from functools import cached_property

import numpy as np

from services.engine.problem import NOBODY, Integers, Problem
from services.engine.standing import Standing

#: No further than this is the line followed.
AHEAD = 40
_NEW = "~"  # behind every reference


class Line:
    """What one more place, or several, would do for those without a mentor."""

    def __init__(self, problem: Problem) -> None:
        """Plan the group together with a new mentor, whom everyone can have and who has no place yet."""
        self._new = len(problem.mentors)
        reached = problem.ok.any(axis=1, keepdims=True) | (self._new == 0)
        joined = Problem(
            problem.mentees,
            [*problem.mentors, _NEW],
            np.pad(problem.score, ((0, 0), (0, 1))),
            np.hstack([problem.ok, reached]),
            np.append(np.maximum(problem.places, 0), 0),
            problem.band,
        )
        self._standing = Standing(joined)
        match = self._standing.match
        self.unmatched: list[int] = [int(i) for i in np.flatnonzero(match == NOBODY)]
        #: Whom one more place at each mentor of the problem would bring in, -1 for nobody.
        self.entrants: Integers = self._standing.entrants()[: self._new]
        #: Places that the plan leaves free.
        self.spare: Integers = np.maximum(problem.places, 0) - np.bincount(match[match >= 0], minlength=self._new)

    def needs(self, i: int) -> int | None:
        """How many places with a mentor who suits everyone would bring this mentee in; None beyond `AHEAD`."""
        return self._order.get(i)

    @cached_property
    def _order(self) -> dict[int, int]:
        order: dict[int, int] = {}
        for number in range(1, min(len(self.unmatched), AHEAD) + 1):
            moves = self._standing.add_place(self._new)
            entered = [move.mentee for move in moves if move.before == NOBODY]
            if not entered:
                break
            order[entered[0]] = number
        return order
