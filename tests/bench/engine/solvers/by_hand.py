"""What needs no solver: a program that sorts all pairs, and a careful person with a list."""

import numpy as np

from tests.bench.engine.answers import by_group
from tests.bench.engine.programmes import Group


def _best_pair(group: Group) -> np.ndarray:
    rows, columns = np.nonzero(group.ok)
    best = np.argsort(-group.score[rows, columns], kind="stable")
    free, waiting, pairs = group.places.tolist(), [True] * len(group.mentees), []
    for i, j in zip(rows[best].tolist(), columns[best].tolist(), strict=True):
        if waiting[i] and free[j]:
            waiting[i] = False
            free[j] -= 1
            pairs.append((i, j))
    return np.array(pairs, dtype=np.int64)


def _longest_wait(group: Group) -> np.ndarray:
    free, pairs = group.places.copy(), []
    for i in np.argsort(-group.band, kind="stable").tolist():
        left = np.where(group.ok[i] & (free > 0), group.score[i], -1)
        j = int(left.argmax())
        if left[j] >= 0:
            free[j] -= 1
            pairs.append((i, j))
    return np.array(pairs, dtype=np.int64)


#: The best pair of all first; with one score for both sides this is also the stable matching.
best_pair_first = by_group(_best_pair)
#: Who waits longest takes the best mentor that is left.
longest_wait_first = by_group(_longest_wait)
