"""Whom to propose to whom: our plan beside what a careful person or a simpler program does, on the same people.

`python -m tests.bench.plans` prints the table of the README.
"""

import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
from scipy.optimize import linear_sum_assignment

from services.engine.plan import solve
from services.engine.problem import NOBODY, Problem

MENTEES, MENTORS, GROUPS, ROUNDS = 1_000, 600, 16, 5


def problems(seed: int) -> list[Problem]:
    """Sixteen unequal groups; three pairs in five are allowed, mentors have one to three places."""
    chance = np.random.default_rng(seed)
    share = chance.dirichlet(np.full(GROUPS, 2.0))
    made = []
    for number, part in enumerate(share):
        n, m = max(1, round(MENTEES * part)), max(1, round(MENTORS * part * chance.uniform(0.8, 1.2)))
        made.append(
            Problem(
                mentees=[f"e{number}-{i}" for i in range(n)],
                mentors=[f"m{number}-{j}" for j in range(m)],
                score=chance.integers(300, 1000, (n, m)),
                ok=chance.random((n, m)) < 0.6,
                places=chance.choice([1, 2, 3], m, p=[0.55, 0.3, 0.15]),
                band=chance.integers(0, 4, n),
            )
        )
    return made


def ours(problem: Problem) -> np.ndarray:
    """The exact plan."""
    return solve(problem)


def oldest_first(problem: Problem) -> np.ndarray:
    """A careful person with a list: the longest wait takes the best mentor that is left."""
    return _one_by_one(problem, np.argsort(-problem.band, kind="stable"))


def best_pair_first(problem: Problem) -> np.ndarray:
    """A program that sorts all pairs by score, which is also what stable matching gives here."""
    match, free = np.full(len(problem.mentees), NOBODY), problem.places.copy()
    for flat in np.argsort(-np.where(problem.ok, problem.score, -1), axis=None, kind="stable"):
        i, j = divmod(int(flat), len(problem.mentors))
        if problem.ok[i, j] and free[j] and match[i] == NOBODY:
            match[i], free[j] = j, free[j] - 1
    return match


def most_fit(problem: Problem) -> np.ndarray:
    """scipy's assignment on the scores alone, which knows nothing of waiting."""
    slots = np.repeat(np.arange(len(problem.mentors)), problem.places)
    worth = np.where(problem.ok, problem.score, 0)[:, slots]
    rows, columns = linear_sum_assignment(worth, maximize=True)
    match = np.full(len(problem.mentees), NOBODY)
    taken = worth[rows, columns] > 0
    match[rows[taken]] = slots[columns[taken]]
    return match


def _one_by_one(problem: Problem, order: np.ndarray) -> np.ndarray:
    match, free = np.full(len(problem.mentees), NOBODY), problem.places.copy()
    for i in order:
        left = np.where(problem.ok[i] & (free > 0), problem.score[i], -1)
        j = int(left.argmax())
        if left[j] >= 0:
            match[i], free[j] = j, free[j] - 1
    return match


WAYS: dict[str, Callable[[Problem], np.ndarray]] = {
    "Match Desk": ours,
    "oldest first, best mentor left": oldest_first,
    "best pair first": best_pair_first,
    "scipy on fit alone": most_fit,
}


def main() -> None:
    """Print the table."""
    seen: dict[str, list[tuple[float, int, int, float]]] = {way: [] for way in WAYS}
    for seed in range(ROUNDS):
        made = problems(seed)
        oldest = sum(int((p.band == p.band.max()).sum()) for p in made)
        for way, plan in WAYS.items():
            start = time.perf_counter()
            plans = [plan(problem) for problem in made]
            took = time.perf_counter() - start
            pairs = list(zip(made, plans, strict=True))
            matched = sum(int((match != NOBODY).sum()) for _, match in pairs)
            fit = sum(int(p.score[match != NOBODY, match[match != NOBODY]].sum()) for p, match in pairs)
            waited = sum(int(((match != NOBODY) & (p.band == p.band.max())).sum()) for p, match in pairs)
            seen[way].append((took, matched, fit, waited / oldest))
    say = sys.stdout.write
    say(f"{MENTEES} mentees, {MENTORS} mentors, {GROUPS} groups, median of {ROUNDS} rosters; ")
    say(f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}, ")
    say(f"numpy {version('numpy')}, scipy {version('scipy')}\n\n")
    say("| way | matched | fit in all | of the longest waiting | time |\n|---|---|---|---|---|\n")
    base = statistics.median(row[0] for row in seen["Match Desk"])
    for way, rows in seen.items():
        took, matched, fit, waited = (statistics.median(column) for column in zip(*rows, strict=True))
        say(f"| {way} | {matched:.0f} | {fit:,.0f} | {waited:.1%} | {took / base:.2f} × ({took * 1000:.0f} ms) |\n")


if __name__ == "__main__":
    main()
