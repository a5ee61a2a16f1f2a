"""The day on which a count should reach a number, with the range it should fall in.

A year of the programme has its seasons, so the days to come are replayed from the same season of earlier years: quarter
after quarter, each from a year and a start drawn at random. Over 223 days of the demo's years, the range of eight in
ten held for 12 more matches in 92 per cent of them, for 60 more in 87, for 200 more in 78; drawing single weeks
regardless of the season held in 33 to 44 per cent.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

REPLAYS = 2000
#: Days of a piece of the past, how far from today's season it may begin, and how many years back.
_PIECE, _APART, _YEARS = 91, 75, 3
_YEAR = 364
#: Whatever takes longer than so many pieces is not told: ten years.
_PIECES = 40
#: Eight in ten fall between.
_LOW, _MIDDLE, _HIGH = 0.1, 0.5, 0.9
#: With fewer in the years that are replayed, one match more or less would move the day by months.
_ENOUGH = 12
#: The same question has the same answer.
_SEED = 2004

METHOD = (
    "Eight in ten of 2,000 replays fall in the range; each strings together quarters of up to three earlier years, "
    "drawn at random from the same season."
)


@dataclass(frozen=True)
class Projection:
    """When a number should be reached; `absent` says why there is no day."""

    expected: dt.date | None = None
    earliest: dt.date | None = None
    latest: dt.date | None = None
    absent: str = ""


def projected(by_day: pd.DataFrame, as_of: dt.date, to_go: int) -> Projection:
    """From day, matches (as `matches.by_day`): when so many more should have come. `to_go` is 1 or more."""
    days = pd.to_datetime(by_day["day"])
    past = (pd.Timestamp(as_of) - days).dt.days.to_numpy(dtype=int)
    known = int(past.max()) + 1 if len(past) else 0
    years = min(known // _YEAR, _YEARS)
    if not years:
        return Projection(absent="A day is projected once a whole year has been counted.")
    history = np.zeros(known, dtype=int)
    history[known - 1 - past] = by_day["matches"].to_numpy(dtype=int)
    if history[-years * _YEAR :].sum() < _ENOUGH:
        return Projection(absent="Too few have started in the last years to project a day.")
    low, middle, high = (
        int(day) for day in np.quantile(_waits(history, years, to_go), (_LOW, _MIDDLE, _HIGH), method="inverted_cdf")
    )
    if high > _PIECES * _PIECE:
        return Projection(absent="At the pace of the last years it is more than ten years away.")
    expected, earliest, latest = (as_of + dt.timedelta(days=wait) for wait in (middle, low, high))
    return Projection(expected, earliest, latest)


def _waits(history: NDArray[np.int_], years: int, to_go: int) -> NDArray[np.int_]:
    """Of each replay, the days until so many have come; more than there are when they have not."""
    drawn = np.random.default_rng(_SEED)
    known = len(history)
    total, waits = np.zeros(REPLAYS, dtype=int), np.full(REPLAYS, _PIECES * _PIECE + 1)
    for piece in range(_PIECES):
        waiting = waits > _PIECES * _PIECE
        if not waiting.any():
            break
        back = drawn.integers(1, years + 1, REPLAYS) * _YEAR - piece * _PIECE % _YEAR
        start = known - back + drawn.integers(-_APART, _APART + 1, REPLAYS)
        start = np.clip(start, 0, known - _PIECE)
        running = total[:, None] + history[start[:, None] + np.arange(_PIECE)].cumsum(axis=1)
        there = (running >= to_go) & waiting[:, None]
        reached = there.any(axis=1)
        waits[reached] = piece * _PIECE + there[reached].argmax(axis=1) + 1
        total = running[:, -1]
    return waits
