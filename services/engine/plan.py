"""The best plan for one occupational group: exact, and the same whatever the order of the rows.

Most mentees matched; among those plans the longest waiting bands first; among those the highest total fit; what is
then still equal is settled by a hash of both people's permanent references. One assignment finds it: whoever can be
matched together forms a matroid, so the waiting bands never cost a match, and one person outweighs all fit.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Integers = NDArray[np.int64]
NOBODY = -1
#: Whole numbers above this are not exact in the solver's floating point.
_EXACT = 2**53
_TIE_BITS = 16


@dataclass(frozen=True, eq=False)
class Problem:
    """Mentees (rows) and mentors (columns) of one group."""

    #: Permanent references, in any order.
    mentees: Sequence[str]
    mentors: Sequence[str]
    #: 0 to 1000.
    score: Integers
    #: Pairs that rules and floor allow.
    ok: NDArray[np.bool_]
    #: Free places of each mentor.
    places: Integers
    #: Waiting band of each mentee; the higher, the longer.
    band: Integers


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


def solve(
    problem: Problem, *, keep: Integers | None = None, stay: int = 0, fixed: Mapping[int, int] | None = None
) -> Integers:
    """The mentor of each mentee, -1 for none.

    `keep` is the mentor each mentee is proposed to now; `stay` points of fit are added to that pair, so that a plan
    made again does not move people for nothing. `fixed` pairs are taken as given; their mentors must have a place.
    """
    if fixed:
        return _solve_around(problem, keep, stay, fixed)
    answer = np.full(len(problem.mentees), NOBODY, dtype=np.int64)
    rows, columns = _order(problem.mentees), _order(problem.mentors)
    slots = np.repeat(columns, np.maximum(problem.places[columns], 0))
    if not len(rows) or not len(slots):
        return answer
    worth = problem.score.astype(np.int64)
    if keep is not None:
        kept = np.flatnonzero(keep >= 0)
        worth[kept, keep[kept]] += stay
    gain = np.where(problem.ok, _gain(problem, worth, len(slots)), 0)
    of_slots = gain[np.ix_(rows, slots)]
    i, k = linear_sum_assignment(of_slots.astype(float), maximize=True)
    matched = of_slots[i, k] > 0
    answer[rows[i[matched]]] = slots[k[matched]]
    return answer


def total_fit(problem: Problem, match: Integers) -> int:
    """The sum of the fit of all matched pairs."""
    i = np.flatnonzero(match >= 0)
    return int(problem.score[i, match[i]].sum())


def why_not(problem: Problem, i: int, j: int, match: Integers, *, stay: int = 0) -> Effect:
    """What giving mentee `i` mentor `j` does to `match`, when everyone else is planned anew around it."""
    new = solve(problem, keep=match, stay=stay, fixed={i: j})
    moved = tuple(Move(int(k), int(match[k]), int(new[k])) for k in np.flatnonzero(match != new) if k != i)
    return Effect(
        mentor=j,
        score=int(problem.score[i, j]),
        matched_change=int((new >= 0).sum() - (match >= 0).sum()),
        fit_change=total_fit(problem, new) - total_fit(problem, match),
        moved=moved,
    )


def alternatives(problem: Problem, i: int, match: Integers, *, limit: int, stay: int = 0) -> list[Effect]:
    """The best fitting other mentors that mentee `i` may have, each with what the whole plan would lose."""
    possible = [int(j) for j in np.flatnonzero(problem.ok[i] & (problem.places > 0)) if j != match[i]]
    best = sorted(possible, key=lambda j: (-problem.score[i, j], problem.mentors[j]))[:limit]
    return [why_not(problem, i, j, match, stay=stay) for j in best]


def _solve_around(problem: Problem, keep: Integers | None, stay: int, fixed: Mapping[int, int]) -> Integers:
    rest = np.array([i for i in range(len(problem.mentees)) if i not in fixed], dtype=np.int64)
    places = problem.places.copy()
    np.subtract.at(places, list(fixed.values()), 1)
    smaller = replace(
        problem,
        mentees=[problem.mentees[i] for i in rest],
        score=problem.score[rest],
        ok=problem.ok[rest],
        places=places,
        band=problem.band[rest],
    )
    answer = np.full(len(problem.mentees), NOBODY, dtype=np.int64)
    answer[rest] = solve(smaller, keep=None if keep is None else keep[rest], stay=stay)
    answer[list(fixed)] = list(fixed.values())
    return answer


def _gain(problem: Problem, worth: Integers, slots: int) -> Integers:
    most = min(len(problem.mentees), slots)
    # Only the order of the bands counts, and small numbers keep the sums exact.
    rank = np.unique(problem.band, return_inverse=True)[1].astype(np.int64)
    bits = _TIE_BITS
    while bits > 0 and _largest(int(worth.max()), most, int(rank.max()), bits) >= _EXACT:
        bits -= 1
    scaled = worth * _scale(most, bits) + (_ties(problem) >> (_TIE_BITS - bits))
    person = most * int(scaled.max()) + 1
    return np.asarray((rank[:, None] + 1) * person + scaled)


def _scale(most: int, bits: int) -> int:
    return 1 << (bits + most.bit_length()) if bits else 1


def _largest(worth: int, most: int, rank: int, bits: int) -> int:
    """No path of the solver sums up to more than this."""
    scaled = (worth + 1) * _scale(most, bits)
    return (rank + 2) * (most + 1) * scaled * (most + 1)


def _order(refs: Sequence[str]) -> Integers:
    return np.argsort(np.asarray(refs, dtype=object), kind="stable")


def _ties(problem: Problem) -> Integers:
    """A number below 2**16 for each pair, from the references alone."""
    mentees, mentors = (np.array([_number(ref) for ref in refs]) for refs in (problem.mentees, problem.mentors))
    mixed = mentees[:, None] * np.uint64(0x9E3779B97F4A7C15) ^ mentors[None, :] * np.uint64(0xC2B2AE3D27D4EB4F)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return np.asarray(mixed & np.uint64((1 << _TIE_BITS) - 1)).astype(np.int64)


def _number(ref: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(ref.encode(), digest_size=8).digest(), "little"))
