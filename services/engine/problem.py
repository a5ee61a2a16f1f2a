"""What a plan is asked for: one occupational group, and what each pair is worth to it as one whole number."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
NOBODY = -1
#: Highest fit of a pair.
_BEST = 1000
#: Whole numbers above this are not exact in the floating point of a solver.
_EXACT = 2**53
#: A solver adds and subtracts a few worths at a time: no price of a place is above the worth of the best pair.
_SUMS = 8
_TIE_BITS = 16
#: Odd, so that different pairs of numbers stay different, and half of the bits are ones.
_MIX = np.uint16(0x9E37)
#: Pairs of a group above which ties are settled by the order of the references instead: numbers so large would take the
#: solver twice the time.
_TIED = 10_000_000


class Scale(NamedTuple):
    """The objective as whole numbers: what a point of fit, a tie and a person weigh.

    Whoever can be matched together forms a matroid, so that waiting bands never cost a match, and one sum says all:
    a person outweighs all fit, an older band a younger one, one point of fit all ties.
    """

    #: Worth of one point of fit.
    point: int
    #: A tie is a number of so many bits, and all ties together are less than a point.
    bits: int
    #: What it is worth that a mentee of the youngest band is matched at all; twice as much for the next, and so on.
    person: int


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
    #: Waiting band of each mentee; the higher, the longer. All equal: everyone waits alike.
    band: Integers

    def __post_init__(self) -> None:
        """Read the references, bands and places once: a problem is solved many times."""
        _ = self.in_order, self.numbers, self.oldest, self.one_place_each, self.most

    @cached_property
    def rows(self) -> Integers:
        """The mentees in the order of their references: with it the order of the rows changes nothing."""
        return _order(self.mentees)

    @cached_property
    def in_order(self) -> bool:
        """Whether the mentees stand in the order of their references as they are."""
        return bool((self.rows == np.arange(len(self.rows))).all())

    @cached_property
    def columns(self) -> Integers:
        """The mentors in the order of their references."""
        return _order(self.mentors)

    @cached_property
    def slots(self) -> Integers:
        """The mentor of each place, in the order of the references; no more places than anyone could take."""
        return places_of(self.columns, self.places, self.ok)

    @cached_property
    def one_place_each(self) -> bool:
        """Whether the places are the mentors as they stand."""
        return len(self.slots) == len(self.mentors) and bool((self.slots == np.arange(len(self.slots))).all())

    @cached_property
    def rank(self) -> Integers:
        """The bands as 0, 1, 2 …: only their order counts, and small numbers keep the sums exact."""
        return np.unique(self.band, return_inverse=True)[1].astype(np.int64)

    @cached_property
    def oldest(self) -> int:
        """The highest rank."""
        return int(self.rank.max(initial=0))

    @cached_property
    def most(self) -> int:
        """No more mentees than this can be matched; at least 1."""
        return max(min(len(self.mentees), int(np.maximum(self.places, 0).sum())), 1)

    def scale(self, stay: int) -> Scale:
        """What counts for how much, when a pair that stays gets so many points."""
        return _scale(self.most, self.oldest, stay, _TIE_BITS if self.score.size <= _TIED else 0)

    def ties(self, bits: int) -> NDArray[np.uint16]:
        """A number of so many bits for each pair, from the references alone."""
        mentees, mentors = self.numbers
        mixed = mentees[:, None] ^ mentors
        mixed *= _MIX
        if bits < _TIE_BITS:
            mixed >>= np.uint16(_TIE_BITS - bits)
        return mixed

    @cached_property
    def numbers(self) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
        """A number for each mentee and each mentor, from the references alone."""
        return _numbers(self.mentees), _numbers(self.mentors)


@dataclass(frozen=True, eq=False)
class Worth:
    """A plan's worth is the sum over its pairs of `pair` and the mentee's `person`."""

    #: Fit, the bonus for staying, and a tie below one point, of each pair; of pairs that are not allowed too.
    pair: Integers
    #: What it is worth that a mentee is matched at all.
    person: Integers


def worth(problem: Problem, keep: Integers | None = None, stay: int = 0) -> Worth:
    """What each pair of a problem is worth; `keep` and `stay` as `services.engine.plan.solve` says."""
    scale = problem.scale(stay)
    pair = problem.score * scale.point
    if scale.bits:
        pair += problem.ties(scale.bits)
    if keep is not None:
        kept = np.flatnonzero(keep >= 0)
        pair[kept, keep[kept]] += stay * scale.point
    return Worth(pair, (problem.rank + 1) * scale.person)


@cache
def _scale(most: int, oldest: int, stay: int, tie_bits: int) -> Scale:
    points = _BEST + 1 + stay
    spare = _EXACT // (_SUMS * (oldest + 3) * most * points << most.bit_length())
    bits = max(min(spare.bit_length() - 1, tie_bits), 0)
    point = 1 << (bits + most.bit_length()) if bits else 1
    return Scale(point, bits, most * points * point + 1)


def places_of(mentors: Integers, places: Integers, ok: NDArray[np.bool_]) -> Integers:
    """The mentor of each place, in the order of `mentors`; no more places than anyone could take."""
    open_places = np.minimum(np.maximum(places, 0), ok.sum(axis=0))
    return np.repeat(mentors, open_places[mentors])


def _order(refs: Sequence[str]) -> Integers:
    return np.argsort(np.asarray(refs, dtype=object), kind="stable")


def _numbers(refs: Sequence[str]) -> NDArray[np.uint16]:
    digests = (hashlib.blake2b(ref.encode(), digest_size=2).digest() for ref in refs)
    return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint16)
