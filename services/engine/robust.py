"""How much a proposal hangs on the weights: in how many of several nearby weightings it would be made as well."""

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from services.engine.fit import FitTable, Weights
from services.engine.plan import solve
from services.engine.problem import Integers, Problem

#: Each weight moves up to this share of itself, up or down: a fifth, as `Mark.sentence` says.
_SPREAD = 0.2
#: Weightings tried for a group of up to so many pairs; a larger group gets no marks: they would take minutes.
_TRIES = ((300_000, 40), (3_000_000, 10))
#: A proposal made in nine of ten weightings is solid; made in fewer than half, it hangs on the weights.
_SOLID, _SENSITIVE = 0.9, 0.5


@dataclasses.dataclass(frozen=True)
class Mark:
    """In how many of the weightings tried a proposal was made."""

    kept: int
    tried: int

    @property
    def sentence(self) -> str:
        """What was tried, and what came of it."""
        return f"Proposed in {self.kept} of {self.tried} plans in which each weight moved by up to a fifth."

    @property
    def is_solid(self) -> bool:
        """Whether nearby weights would hardly change it."""
        return self.kept >= _SOLID * self.tried

    @property
    def is_sensitive(self) -> bool:
        """Whether nearby weights would rather propose another mentor."""
        return self.kept < _SENSITIVE * self.tried


def marks(
    table: FitTable, weights: Weights, problem: Problem, match: Integers, allowed: NDArray[np.bool_], floor: int
) -> list[Mark]:
    """A mark for each mentee of a group; nothing is kept of those without a mentor, nor tried in a very large group.

    `allowed` are the pairs that rules allow, whatever their fit; those below `floor` are left out under each weighting.
    """
    kept = np.zeros(len(match), dtype=np.int64)
    tried = next((number for most, number in _TRIES if problem.ok.size <= most), 0)
    for nearby in _nearby(weights, tried):
        score = table.reweighted(nearby)
        kept += solve(dataclasses.replace(problem, score=score, ok=allowed & (score >= floor))) == match
    return [Mark(int(number) if mentor >= 0 else 0, tried) for number, mentor in zip(kept, match, strict=True)]


def _nearby(weights: Weights, number: int) -> Iterator[Weights]:
    """The same ones each time, so that a mark does not change by itself."""
    keys = [field.name for field in dataclasses.fields(weights) if field.name != "version"]
    factors = np.random.default_rng(0).uniform(1 - _SPREAD, 1 + _SPREAD, (number, len(keys)))
    for row in factors:
        # Tenths of a weight count, so that small weights move as well.
        moved = {key: round(10 * getattr(weights, key) * factor) for key, factor in zip(keys, row, strict=True)}
        yield dataclasses.replace(weights, **moved)
