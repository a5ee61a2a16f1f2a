"""The plan that stands for one group, kept the best there is while decisions change what is asked.

A decision moves one chain of people at most. Where it leads is the cheapest chain between mentors, found exactly in
whole numbers, so that a repaired plan is worth what a plan made anew is worth (`tests/test_engine_standing.py`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.engine.chains import FAR, FORBIDDEN, chain, settle
from services.engine.plan import solve, total_fit
from services.engine.problem import NOBODY, Integers, Problem, worth


@dataclass(frozen=True)
class Move:
    """A mentee who gets another mentor, or none (-1)."""

    mentee: int
    before: int
    after: int


@dataclass(frozen=True)
class Effect:
    """What it does to the whole plan to give a mentee this mentor."""

    mentor: int
    #: The mentee's fit with this mentor.
    score: int
    matched_change: int
    fit_change: int
    #: Everyone else who moves.
    moved: tuple[Move, ...]


def moves(before: Integers, after: Integers) -> list[Move]:
    """Who has another mentor in one plan than in another."""
    return [Move(int(i), int(before[i]), int(after[i])) for i in np.flatnonzero(before != after)]


class Standing:
    """The best plan for one group, and what each decision makes of it. Rows and columns are those of the problem."""

    def __init__(self, problem: Problem, *, keep: Integers | None = None, stay: int = 0) -> None:
        """Make the plan; `keep` and `stay` as `services.engine.plan.solve` says."""
        value = worth(problem, keep, stay)
        self._problem, self._person = problem, value.person
        self._pair = np.where(problem.ok, value.pair, FORBIDDEN)
        self._places = np.maximum(problem.places, 0)
        self._asked = np.ones(len(problem.mentees), dtype=bool)
        self._match = solve(problem, keep=keep, stay=stay)
        self._load = np.bincount(self._match[self._match >= 0], minlength=len(problem.mentors))
        shape = (len(problem.mentors), len(problem.mentors))
        #: What it costs to move someone from one mentor (row) to another, and the same the other way round.
        self._onward, self._back = np.empty(shape, dtype=np.int64), np.empty(shape, dtype=np.int64)
        self._leave = np.full(len(problem.mentors), FAR, dtype=np.int64)
        self._refresh(range(len(problem.mentors)))
        #: What was found last: a good guess of what comes next.
        self._gains = np.zeros(len(problem.mentors), dtype=np.int64)
        self._prices = self._gains

    @property
    def match(self) -> Integers:
        """The mentor of each mentee whose question is still open, -1 for none."""
        return self._match.copy()

    def approve(self, i: int) -> None:
        """Mentee `i` gets the mentor of the plan: the rest of the plan stays the best as it is."""
        j = int(self._match[i])
        self._asked[i] = False
        if j != NOBODY:
            self._match[i] = NOBODY
            self._load[j] -= 1
            self._places[j] -= 1
            self._refresh([j])

    def hold(self, i: int) -> list[Move]:
        """Mentee `i` is no longer asked for; their place goes to whoever gains most by it."""
        self._asked[i] = False
        return self._vacate(i)

    def give(self, i: int, j: int) -> list[Move]:
        """Mentee `i` gets mentor `j` against the plan, allowed or not. Raises `ValueError` when `j` has no place."""
        moves = self.hold(i)
        return moves + self.drop_place(j)

    def decline(self, i: int, j: int) -> list[Move]:
        """The pair is not to be proposed; when it stood, both are planned anew."""
        stood = self._match[i] == j
        moves = self.hold(i) if stood else []
        self._pair[i, j] = FORBIDDEN
        if stood:
            return moves + self.back(i)
        if self._match[i] != NOBODY:
            self._refresh([int(self._match[i])])
        return []

    def back(self, i: int) -> list[Move]:
        """Mentee `i` is asked for again."""
        self._asked[i] = True
        price, onto = self._dear()
        gain = self._person[i] + self._pair[i] - price
        j = int(gain.argmax()) if len(gain) else NOBODY
        if j == NOBODY or gain[j] <= 0:
            return []
        return self._carry_out([*self._freeing(j, onto), Move(i, NOBODY, j)])

    def add_place(self, j: int) -> list[Move]:
        """Mentor `j` takes one more."""
        self._places[j] += 1
        return self._fill(j)

    def drop_place(self, j: int) -> list[Move]:
        """Mentor `j` takes one fewer. Raises `ValueError` when there is no place left to drop."""
        if self._places[j] == 0:
            message = "This mentor has no place."
            raise ValueError(message)
        moves = [] if self._load[j] < self._places[j] else self._carry_out(self._freeing(j, self._dear()[1]))
        self._places[j] -= 1
        return moves

    def around(self, i: int, mentors: list[int]) -> list[Integers | None]:
        """For each mentor the best plan in which mentee `i` has them, allowed or not; -1: in which they are left aside.

        None for a mentor without a place.
        """
        with self._set_aside(i):
            price, onto = self._dear()
            return [None if j != NOBODY and price[j] >= FAR else self._around(i, j, onto) for j in mentors]

    def effects(self, i: int, mentors: list[int], *, instead_of: int | None = None) -> list[Effect]:
        """What it does to give mentee `i` each of these mentors, allowed or not; those without a place are left out.

        Against the best plan, or against the best one in which the mentee has the mentor `instead_of`.
        """
        now, *plans = self.around(i, [NOBODY if instead_of is None else instead_of, *mentors])
        before = self.match if instead_of is None or now is None else now
        return [self._effect(i, j, before, after) for j, after in zip(mentors, plans, strict=True) if after is not None]

    def alternatives(self, i: int, *, limit: int, instead_of: int | None = None) -> list[Effect]:
        """The best fitting other mentors that mentee `i` may have, each with what the whole plan would lose."""
        mine = int(self._match[i]) if instead_of is None else instead_of
        open_to = (self._pair[i] != FORBIDDEN) & (self._places > 0)
        possible = np.flatnonzero(open_to & (np.arange(len(open_to)) != mine))
        best = possible[np.lexsort((possible, -self._pair[i, possible]))][:limit]
        return self.effects(i, [int(j) for j in best], instead_of=instead_of)

    def losses(self, i: int) -> Integers:
        """What the whole plan loses in worth when mentee `i` gets each mentor; `FAR` for those who cannot be given.

        Whole numbers that only compare: a lower one leaves a better plan.
        """
        with self._set_aside(i) as worth_of:
            price, _ = self._dear()
        can = (price < FAR) & (self._pair[i] != FORBIDDEN)
        return np.where(can, worth_of + price - self._person[i] - self._pair[i], FAR)

    def is_proven_best(self) -> bool:
        """Whether no other plan can be worth more, by the duality of linear programmes.

        Let each place have a price. Nobody can add more than their best pair less its price, so no plan is worth more
        than all that and all prices together; the plan that reaches this bound is the best.
        """
        price, _ = self._dear()
        profit = (self._person[:, None] + self._pair - price).max(axis=1, initial=0)
        here = np.flatnonzero(self._match >= 0)
        reached = (self._person[here] + self._pair[here, self._match[here]]).sum(dtype=object)
        paid = np.where(self._places > 0, price * self._places, 0).sum(dtype=object)
        bound = profit[self._asked].sum(dtype=object) + paid
        return bool(reached == bound)

    def entrants(self) -> Integers:
        """Who would be matched if each mentor took one more: a mentee of each mentor, -1 when nobody would."""
        _, onto = self._cheap()
        rows, enters = self._unmatched(), self._entering()
        who = np.full(len(self._load), NOBODY, dtype=np.int64)
        for j in range(len(who)):
            first = chain(j, onto)[-1]
            if len(rows) and enters[:, first].max() > 0:
                who[j] = rows[enters[:, first].argmax()]
        return who

    @contextmanager
    def _set_aside(self, i: int) -> Iterator[int]:
        """The plan without mentee `i`, and what it is worth to the plan to have them; afterwards all is as before."""
        match, load, j = self._match.copy(), self._load.copy(), int(self._match[i])
        self._asked[i] = False
        moves = self._vacate(i)
        try:
            yield self._worth(i, j) - sum(self._gain(move) for move in moves)
        finally:
            touched = {mentor for move in moves for mentor in (move.before, move.after)} | {j}
            self._asked[i], self._match, self._load = True, match, load
            self._refresh(touched - {NOBODY})

    def _worth(self, i: int, j: int) -> int:
        return 0 if j == NOBODY else int(self._person[i] + self._pair[i, j])

    def _around(self, i: int, j: int, onto: Integers) -> Integers:
        """The plan that gives mentee `i`, who is set aside, mentor `j`, or none."""
        match = self.match
        for move in self._freeing(j, onto) if j != NOBODY else []:
            match[move.mentee] = move.after
        match[i] = j
        return match

    def _gain(self, move: Move) -> int:
        return self._worth(move.mentee, move.after) - self._worth(move.mentee, move.before)

    def _effect(self, i: int, j: int, before: Integers, after: Integers) -> Effect:
        return Effect(
            mentor=j,
            score=int(self._problem.score[i, j]),
            matched_change=int((after >= 0).sum() - (before >= 0).sum()),
            fit_change=total_fit(self._problem, after) - total_fit(self._problem, before),
            moved=tuple(move for move in moves(before, after) if move.mentee != i),
        )

    def _vacate(self, i: int) -> list[Move]:
        j = int(self._match[i])
        if j == NOBODY:
            return []
        self._carry_out([Move(i, j, NOBODY)])
        return self._fill(j)

    def _fill(self, j: int) -> list[Move]:
        """Use a free place of mentor `j` as well as possible."""
        cost, onto = self._cheap()
        if cost[j] >= 0:
            return []
        mentors = chain(j, onto)
        moves = [self._mover(x, y) for y, x in pairwise(mentors)]
        first, enters = mentors[-1], self._entering()
        if len(enters) and enters[:, first].max() > 0:
            moves.append(Move(int(self._unmatched()[enters[:, first].argmax()]), NOBODY, first))
        return self._carry_out(moves)

    def _freeing(self, j: int, onto: Integers) -> list[Move]:
        """The cheapest chain that makes a place free at mentor `j`."""
        mentors = chain(j, onto)
        moves = [self._mover(x, y) for x, y in pairwise(mentors)]
        last = mentors[-1]
        if self._load[last] >= self._places[last]:
            here = np.flatnonzero(self._match == last)
            moves.append(Move(int(here[(self._person[here] + self._pair[here, last]).argmin()]), last, NOBODY))
        return moves

    def _mover(self, x: int, y: int) -> Move:
        here = np.flatnonzero(self._match == x)
        return Move(int(here[(self._pair[here, x] - self._pair[here, y]).argmin()]), x, y)

    def _cheap(self) -> tuple[Integers, Integers]:
        """What a further place at each mentor costs (a gain is below 0), and the chains that use it."""
        enters = self._entering()
        self._gains, onto = settle(-enters.max(axis=0, initial=0), self._onward, self._gains)
        return self._gains, onto

    def _dear(self) -> tuple[Integers, Integers]:
        """What the others lose when a place at each mentor is taken, and the chains that free it."""
        start = np.where(self._load < self._places, 0, self._leave)
        self._prices, onto = settle(start, self._back, self._prices)
        return self._prices, onto

    def _unmatched(self) -> Integers:
        return np.flatnonzero(self._asked & (self._match == NOBODY))

    def _entering(self) -> Integers:
        """What each unmatched mentee (rows) adds at each mentor."""
        rows = self._unmatched()
        return self._person[rows, None] + self._pair[rows]

    def _carry_out(self, moves: list[Move]) -> list[Move]:
        touched = set()
        for move in moves:
            self._match[move.mentee] = move.after
            for mentor, by in ((move.before, -1), (move.after, 1)):
                if mentor != NOBODY:
                    self._load[mentor] += by
                    touched.add(mentor)
        self._refresh(touched)
        return moves

    def _refresh(self, mentors: Iterable[int]) -> None:
        """What it costs to move or leave, for mentors whose mentees have changed."""
        for x in mentors:
            here = np.flatnonzero(self._match == x)
            pairs = self._pair[here]
            onward = (pairs[:, x, None] - pairs).min(axis=0, initial=-FORBIDDEN)
            onward[x] = -FORBIDDEN
            self._onward[x], self._back[:, x] = onward, onward
            self._leave[x] = (self._person[here] + pairs[:, x]).min(initial=FAR)
