"""What everything printed so far leaves open, as somebody works it out who has read it all and can count.

The unknown counts of one series are a flow: each label's count runs along the days and is fed by what joins it, and
what joins on a day adds up to that day's total. So every whole number between a cell's lowest and highest is possible.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations_with_replacement

import numpy as np
from scipy.optimize import LinearConstraint, brentq, milp
from scipy.sparse import coo_array

from services.counting.protect import VALUES, Cell

#: Arrays of whole numbers and of real ones.
Ints = np.ndarray
Floats = np.ndarray

#: How often bounds are drawn in; more would change little.
#: Corners looked at before single cells are; each costs a millisecond or two and settles many cells at once.
_CORNERS = 4
_CLOSE = 1e-6
_ROUNDS = 3


@dataclass(frozen=True)
class Sum:
    """Labels whose sum is known on a day to lie between two numbers; the same number twice: exactly."""

    labels: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True)
class Layer:
    """What is known of one day: how each label prints, and sums. The first sum is that of all labels."""

    cells: tuple[Cell, ...]
    sums: tuple[Sum, ...]

    @property
    def lows(self) -> Ints:
        """The lowest count of each label."""
        return np.array([cell.low for cell in self.cells])

    @property
    def highs(self) -> Ints:
        """The highest count of each label."""
        return np.array([cell.high for cell in self.cells])


def is_wide(layers: Sequence[Layer]) -> bool:
    """Whether every label keeps at least three possible counts on each of these days, and so does every sum.

    Counts do not fall from one layer to the next. Sums of some labels only may be given for one layer alone.
    """
    lows, highs = _tightened(layers)
    if (highs - lows + 1 < VALUES).any():
        return False
    if len(layers) == 1 and len(layers[0].sums) == 1:
        total = layers[0].sums[0]
        return total.low == total.high or _spans(max(total.low, lows.sum()), min(total.high, highs.sum()))
    return _has_room(layers, lows, highs) or _Corners(layers, lows, highs).all_wide()


def _tightened(layers: Sequence[Layer]) -> tuple[Ints, Ints]:
    """Bounds of each day and label that follow from one total or one step of the days at a time."""
    lows, highs = np.array([layer.lows for layer in layers]), np.array([layer.highs for layer in layers])
    least, most = (np.array([[getattr(layer.sums[0], end)] for layer in layers]) for end in ("low", "high"))
    for _ in range(_ROUNDS):
        lows = np.maximum(lows, least - (highs.sum(axis=1, keepdims=True) - highs))
        highs = np.minimum(highs, most - (lows.sum(axis=1, keepdims=True) - lows))
        for day in range(1, len(layers)):
            highs[day] = np.minimum(highs[day], highs[day - 1] + most[day] - least[day - 1])
            lows[day] = np.maximum(lows[day], lows[day - 1])
        for day in range(len(layers) - 1, 0, -1):
            highs[day - 1] = np.minimum(highs[day - 1], highs[day])
            lows[day - 1] = np.maximum(lows[day - 1], lows[day] - (most[day] - least[day - 1]))
    return lows, highs


def _has_room(layers: Sequence[Layer], lows: Ints, highs: Ints) -> bool:
    """Whether one history, amid what is possible, proves them wide by what its labels can exchange.

    True is certain; False says nothing.
    """
    if any(len(layer.sums) > 1 or layer.sums[0].low != layer.sums[0].high for layer in layers):
        return False
    history: list[Floats] = []
    for layer, low, high in zip(layers, lows, highs, strict=True):
        level = partial(_level, np.maximum(low, history[-1]) if history else low, low, high - low)
        total = layer.sums[0].low
        if not level(0).sum() <= total <= level(1).sum():
            return False
        history.append(level(brentq(lambda share, at=level, to=total: at(share).sum() - to, 0, 1)))
    return _can_exchange(np.array(history), lows, highs)


def _can_exchange(history: Floats, lows: Ints, highs: Ints) -> bool:
    """Whether each label can give to and take from the others enough on some run of days around each day."""
    rise = np.diff(history, axis=0, prepend=-np.inf, append=np.inf)
    most, least = np.zeros(history.shape), np.zeros(history.shape)
    for first, last in combinations_with_replacement(range(len(history)), 2):
        run = slice(first, last + 1)
        up = np.minimum((highs - history)[run].min(axis=0), rise[last + 1])
        down = np.minimum((history - lows)[run].min(axis=0), rise[first])
        most[run] = np.maximum(most[run], np.minimum(up, down.sum() - down))
        least[run] = np.maximum(least[run], np.minimum(down, up.sum() - up))
    return bool((most + least >= VALUES - 1 + _CLOSE).all())


def _level(least: Floats, low: Ints, width: Ints, share: float) -> Floats:
    """Each label's count that far between its bounds, and not below the day before."""
    level: Floats = np.maximum(least, low + share * width)
    return level


def _spans(low: float, high: float) -> bool:
    return high - low + 1 >= VALUES - _CLOSE


class _Corners:
    """The possible counts of all layers as a polytope; its corners are whole numbers."""

    def __init__(self, layers: Sequence[Layer], lows: Ints, highs: Ints) -> None:
        width = len(layers[0].cells)
        rows = [
            (one.low, one.high, [day * width + label for label in one.labels])
            for day, layer in enumerate(layers)
            for one in layer.sums
        ]
        sums = _matrix([columns for _, _, columns in rows], lows.size)
        count = lows.size - width
        rising = coo_array(
            (np.repeat([-1.0, 1.0], count), (np.tile(np.arange(count), 2), np.r_[:count, width : lows.size])),
            shape=(count, lows.size),
        )
        self._bounds = (lows.ravel().astype(float), highs.ravel().astype(float))
        self._constraints = [LinearConstraint(sums, [low for low, _, _ in rows], [high for _, high, _ in rows])]
        if count:
            self._constraints.append(LinearConstraint(rising.tocsr(), 0, np.inf))
        # Sums that are public exactly are no secret.
        open_sums = [columns for low, high, columns in rows if low < high]
        cells = [[cell] for cell in range(lows.size)]
        self._watched = _matrix(cells + open_sums, lows.size)

    def all_wide(self) -> bool:
        """Whether each cell and each open sum spans three values; False too when the layers contradict each other."""
        least = np.full(self._watched.shape[0], np.inf)
        most = -least
        chance = np.random.default_rng(0)  # only to look at corners far apart; what comes out does not hang on it
        pulls = [chance.choice([-1.0, 1.0], self._watched.shape[1]) for _ in range(_CORNERS)]
        for pull in [way * pull for pull in pulls for way in (1, -1)]:
            if not self._look(pull, least, most):
                return False
        for row in range(len(least)):
            pull = self._watched[[row]].toarray()[0]
            for way in (1, -1):
                if not _spans(least[row], most[row]):
                    self._look(way * pull, least, most)
            if not _spans(least[row], most[row]):
                return False
        return True

    def _look(self, pull: Floats, least: Floats, most: Floats) -> bool:
        found = milp(pull, bounds=self._bounds, constraints=self._constraints)
        if found.x is None:
            return False
        seen = self._watched @ found.x
        np.minimum(least, np.ceil(seen - _CLOSE), out=least)
        np.maximum(most, np.floor(seen + _CLOSE), out=most)
        return True


def _matrix(rows: Sequence[Sequence[int]], width: int) -> coo_array:
    """One row of ones for each group of columns."""
    columns = [column for row in rows for column in row]
    places = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return coo_array((np.ones(len(columns)), (places, columns)), shape=(len(rows), width)).tocsr()
