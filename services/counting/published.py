"""Splits of a cohort for managers and the public sheet: what is published, and when (decision 0008)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd

from services.counting.narrowing import Layer, Sum, is_wide
from services.counting.protect import Cell, classes, printed

TOO_FEW = "There are too few in this cohort to show how they divide."


def publication_days(first: dt.date, as_of: dt.date) -> list[dt.date]:
    """The ends of calendar quarters from the first day to the as-of day, both included: the days that are published.

    Between them nothing protected changes, so yesterday less today shows nobody.
    """
    ends = (quarter.end_time.date() for quarter in pd.period_range(first, as_of, freq="Q"))
    return [day for day in ends if day <= as_of]


@dataclass(frozen=True)
class Snapshot:
    """One split of one cohort as of the end of a publication day."""

    day: dt.date
    total: int
    #: Every label of the public list, those that nobody has with 0; they add up to `total`.
    counts: Mapping[str, int]
    #: None: `total` itself is public. Else it is protected too, and this is the public total that it cannot exceed.
    limit: int | None = None
    #: Labels whose sum is printed elsewhere on that day, by its class under the same limit: "hired early" beside the
    #: endings. Of two such sets one lies within the other; sets that do not are a split of their own.
    also: tuple[tuple[str, ...], ...] = field(default=())
    #: Public totals that single labels cannot exceed: of mentees who completed, those who started.
    at_most: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Publication:
    """A split as it may be shown."""

    day: dt.date
    #: How the total prints, and its number: exact where it is public, None where it is small.
    total: int | None
    total_text: str
    #: label, value (Int64, NA when small), text; in the order of the labels.
    rows: pd.DataFrame


def table(history: Sequence[Snapshot], *, smallest: int = 11, rising: bool = True) -> Publication | None:
    """The latest publication among these snapshots of one split, oldest first; None says `TOO_FEW`.

    `rising`: counts never fall (occupations of started matches); False: they may (outcomes), and days stand alone. A
    snapshot is held back when, with all that was published before, some cell would keep fewer than three possible
    values, and when every cell is small; then the earlier publication stays. Labels are a public list that does not
    depend on the counts (all groups of the programme), so no label appears with its first person.
    Raises `ValueError` when labels change, counts do not add up, fall, or exceed their limit.
    """
    _check(history, rising=rising)
    latest: Publication | None = None
    known: list[Layer] = []
    for snapshot in history:
        limit = snapshot.total if snapshot.limit is None else snapshot.limit
        stands_still = bool(known) and snapshot.total == known[-1].sums[0].low
        if limit < smallest or stands_still or not snapshot.counts:
            continue  # decided by what is public: too few, nobody has joined, or nothing to divide by
        shown = _layer(snapshot, limit, smallest)
        # From here on the printed classes decide, never the counts: whoever sees what was refused could otherwise work
        # out the counts for which that happens. A refusal still tells that the classes were unfit, so one fit table,
        # the decoy, is refused too: counts behind it would have led to all that is seen, and they stay wide open.
        decoy = next(_decoys(known, shown.sums, classes(limit, smallest), len(shown.cells)), None)
        if decoy is None:
            continue  # nor do the classes decide this: a decoy hangs on what was published before
        nothing = all(cell.value is None for cell in shown.cells)
        refused = nothing or shown.cells == decoy.cells or not is_wide([*known, shown])
        known = [*known, decoy if refused else shown] if rising else []
        latest = latest if refused else _publication(snapshot, limit, smallest, shown)
    return latest


def _layer(snapshot: Snapshot, limit: int, smallest: int) -> Layer:
    labels = list(snapshot.counts)
    whole = printed(snapshot.total, limit, smallest)
    exact = snapshot.limit is None
    sums = [Sum(tuple(range(len(labels))), *((snapshot.total,) * 2 if exact else (whole.low, whole.high)))]
    for names in snapshot.also:
        part = printed(sum(snapshot.counts[name] for name in names), limit, smallest)
        sums.append(Sum(tuple(labels.index(name) for name in names), part.low, part.high))
    sums += [Sum((labels.index(name),), 0, most) for name, most in snapshot.at_most.items()]
    return Layer(tuple(printed(count, limit, smallest) for count in snapshot.counts.values()), tuple(sums))


def _decoys(known: Sequence[Layer], sums: tuple[Sum, ...], partition: Sequence[Cell], width: int) -> Iterator[Layer]:
    """Tables fit to be published with what is known; the first of them is refused.

    First the one that would tell nothing new, then those in which all who joined bear one label. The counts have no
    part in it: sums are public, or printed elsewhere.
    """
    still = [int(low) for low in known[-1].lows] if known else [0] * width
    full = _filled(known[-1]) if known else still
    joined = (sums[0].low + sums[0].high) // 2 - sum(full)
    alone = ([*full[:one], full[one] + joined, *full[one + 1 :]] for one in reversed(range(width)))
    for counts in (still, *alone):
        if max(counts) <= partition[-1].high:
            cells = tuple(next(cell for cell in partition if count <= cell.high) for count in counts)
            if is_wide([*known, Layer(cells, sums)]):
                yield Layer(cells, sums)


def _filled(layer: Layer) -> list[int]:
    """Counts that agree with a layer: the lowest, and what its total lacks in the first labels that have room."""
    left = layer.sums[0].low - int(layer.lows.sum())
    counts = []
    for cell in layer.cells:
        more = max(0, min(left, cell.high - cell.low))
        counts.append(cell.low + more)
        left -= more
    return counts


def _publication(snapshot: Snapshot, limit: int, smallest: int, shown: Layer) -> Publication:
    rows = pd.DataFrame(
        {
            "label": pd.Series(list(snapshot.counts), dtype="str"),
            "value": pd.array([cell.value for cell in shown.cells], dtype="Int64"),
            "text": pd.Series([cell.text for cell in shown.cells], dtype="str"),
        }
    )
    if snapshot.limit is None:
        return Publication(snapshot.day, snapshot.total, f"{snapshot.total:,}", rows)
    total = printed(snapshot.total, limit, smallest)
    return Publication(snapshot.day, total.value, total.text, rows)


def _check(history: Sequence[Snapshot], *, rising: bool) -> None:
    for one in history:
        if sum(one.counts.values()) != one.total:
            raise ValueError(f"counts on {one.day} do not add up to {one.total}")
        if rising and (one.also or one.at_most or one.limit is not None):
            raise ValueError("a rising split has a public total")
    for before, after in pairwise(history):
        if before.day >= after.day or list(before.counts) != list(after.counts):
            raise ValueError(f"days or labels change their order on {after.day}")
        if rising and any(after.counts[label] < count for label, count in before.counts.items()):
            raise ValueError(f"counts fall on {after.day}")
