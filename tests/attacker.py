"""Somebody who keeps every sheet, knows how counts are printed and can count: what can they work out?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

#: How a count prints where no more than a limit is possible.
Printing = Callable[[int, int], str]


@dataclass(frozen=True)
class Seen:
    """One day: the total (or from where to where it may lie) and, where a sheet gave it, each label's text."""

    total: tuple[int, int]
    texts: tuple[str, ...] | None = None


def plain(count: int, limit: int = 0) -> str:
    """What plain rounding prints."""
    return "<11" if count < 11 else str((count + 2) // 5 * 5)


def prints_as(text: str, limit: int, printing: Printing) -> list[int]:
    return [count for count in range(limit + 1) if printing(count, limit) == text]


def work_out(days: Sequence[Seen], labels: int, printing: Printing, *, rising: bool = True) -> np.ndarray:
    """Lowest and highest possible count: an array of days, labels and these two.

    Counts are whole and everything known adds up along days or labels, so all between are possible too.
    """
    bounds, above, limits, same, totals = [], [], [], [], []
    size = len(days) * labels
    for day, seen in enumerate(days):
        here = np.zeros(size)
        here[day * labels : (day + 1) * labels] = 1
        if seen.total[0] == seen.total[1]:
            same.append(here)
            totals.append(seen.total[0])
        else:
            above += [here, -here]
            limits += [seen.total[1], -seen.total[0]]
        for label in range(labels):
            alike = prints_as(seen.texts[label], seen.total[1], printing) if seen.texts else [0, seen.total[1]]
            bounds.append((min(alike), max(alike)))
            if rising and day:
                step = np.zeros(size)
                step[[(day - 1) * labels + label, day * labels + label]] = 1, -1
                above.append(step)
                limits.append(0)
    found = np.zeros((size, 2))
    for cell in range(size):
        for end, way in enumerate((1, -1)):
            wanted = np.zeros(size)
            wanted[cell] = way
            answer = linprog(
                wanted,
                np.array(above) if above else None,
                limits or None,
                np.array(same) if same else None,
                totals or None,
                bounds,
            )
            assert answer.success, "what was shown contradicts itself"
            found[cell, end] = round(way * answer.fun, 6)
    return found.reshape(len(days), labels, 2)


def fewest(found: np.ndarray) -> int:
    """How many values the best known count can still have."""
    return int((np.floor(found[..., 1]) - np.ceil(found[..., 0])).min()) + 1
