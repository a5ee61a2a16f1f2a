"""One decision in a programme whose plan stands: half of them take at most p50 seconds, 95 of 100 at most p95.

    python -m tests.bench.engine.decisions PROGRAMME

A random proposal that stands is declined; its group is repaired, exactly; the exact cost of every other mentor is
found, and the best fitting of them are explained with who would move, as the screen shows them. Then the next, in the
plan that has come of it. `every_p50` and `every_p95` are with every other mentor explained so.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from services.engine.standing import Standing
from tests.bench.engine.programmes import Group, load
from tests.bench.engine.solvers.ours import problem

DECISIONS, SEED = 200, 1
#: As many mentors are explained as a screen shows.
EXPLAINED, EVERY = 5, 1_000_000


def seconds(groups: Sequence[Group]) -> Iterator[tuple[float, float]]:
    """How long each decision took, and with every other mentor explained."""
    chance = np.random.default_rng(SEED)
    plans = [Standing(problem(group, bands=True)) for group in groups]
    for _ in range(DECISIONS):
        standing, i = _proposal(plans, chance)
        began = time.perf_counter()
        standing.decline(i, int(standing.match[i]))
        standing.losses(i)
        found = time.perf_counter()
        standing.alternatives(i, limit=EXPLAINED)
        told = time.perf_counter()
        standing.alternatives(i, limit=EVERY)
        yield told - began, found - began + time.perf_counter() - told


def _proposal(plans: Sequence[Standing], chance: np.random.Generator) -> tuple[Standing, int]:
    matched = [np.flatnonzero(standing.match >= 0) for standing in plans]
    k = int(chance.integers(sum(map(len, matched))))
    for standing, rows in zip(plans, matched, strict=True):
        if k < len(rows):
            return standing, int(rows[k])
        k -= len(rows)
    raise AssertionError


def main(path: str) -> None:
    """One line of JSON."""
    took = list(seconds(load(Path(path))))
    (p50, every_p50), (p95, every_p95) = np.percentile(took, [50, 95], axis=0).round(6).tolist()
    told = {"p50": p50, "p95": p95, "every_p50": every_p50, "every_p95": every_p95, "decisions": len(took)}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
