"""Numbers that may leave the desk: classes of at least three values, and shares made of nothing but these.

Every class is decided by what is public: the exact total and the programme's settings (decision 0008).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.counting.figure import Figure, per_cent

#: A class, and whatever can be worked out from all classes together, keeps at least so many values possible.
VALUES = 3
#: Counts are printed as multiples of it.
STEP = 5

#: Units of a median, whose value is no number of people.
_MEASURES = ("days", "hours")

WHOLE_PROGRAMME = (
    "A split of the whole programme, less the splits of its cohorts, would tell of single people. Choose one cohort."
)


@dataclass(frozen=True)
class Cell:
    """A count as it is printed: `low` to `high` are the counts that print alike; `value` is None for the small ones."""

    low: int
    high: int
    value: int | None
    text: str


@lru_cache(maxsize=1024)
def classes(limit: int, smallest: int = 11) -> tuple[Cell, ...]:
    """The counts 0 to `limit`, cut into runs that print alike.

    Below `smallest` they print "<11"; then as the nearest multiple of 5. A run that would hold fewer than three values
    joins the one above it at the small end, and the one below it where the limit cuts it off, as does one that would
    print more than the limit. `limit` is an exact total that is public on that day. Raises `ValueError` for a negative
    one.
    """
    if limit < 0:
        raise ValueError(f"a limit of {limit}")
    first = max(smallest, VALUES)
    starts = [0]
    low = first
    while low <= limit:
        high = _nearest(low) + STEP // 2
        if high - low + 1 < VALUES:
            high += STEP
        if min(high, limit) - low + 1 >= VALUES and limit >= high - STEP // 2:
            starts.append(low)
        low = high + 1
    ends = [*(start - 1 for start in starts[1:]), limit]
    return tuple(_cell(low, high, first) for low, high in zip(starts, ends, strict=True))


def printed(count: int, limit: int, smallest: int = 11) -> Cell:
    """How a count prints that cannot exceed `limit`. Raises `ValueError` when it does, or is negative."""
    if not 0 <= count <= limit:
        raise ValueError(f"a count of {count} outside 0 to {limit}")
    cells = classes(limit, smallest)
    return cells[bisect_right([cell.low for cell in cells], count) - 1]


@dataclass(frozen=True)
class Rate:
    """A share as it is printed; both its numbers come from one partition, so that neither bounds the other."""

    numerator: Cell
    base: Cell
    #: False when there are too few; `absent` says so.
    shown: bool
    absent: str
    #: The part prints like the whole: 18 of 22 would read 100 per cent, which says of everybody what is not so.
    is_nearly_all: bool = False


def rate(
    numerator: int, base: int, limit: int, *, smallest: int = 11, percent_base: int = 20, base_unit: str = ""
) -> Rate:
    """A part of a base. `limit` is the lowest public total that the base cannot exceed: numerator <= base <= limit.

    Raises `ValueError` when they are not in this order.
    """
    if numerator > base:
        raise ValueError(f"{numerator} out of {base}")
    part, whole = printed(numerator, limit, smallest), printed(base, limit, smallest)
    unit = f" {base_unit}" if base_unit else ""
    if not median_allowed(whole, percent_base):
        return Rate(part, whole, shown=False, absent=f"Fewer than {whole.high + 1}{unit}: too few to show a share.")
    if part.value is None:
        return Rate(part, whole, shown=False, absent=f"{part.text} of {whole.text}{unit}: too few to show a share.")
    if part.value == whole.value:
        nearly = f"Nearly all of about {whole.text}{unit}; rounded, no share can be told."
        return Rate(part, whole, shown=False, absent=nearly, is_nearly_all=True)
    return Rate(part, whole, shown=True, absent="")


def median_allowed(base: Cell, percent_base: int = 20) -> bool:
    """Whether a median, or a share, of so many may be shown: its printed base is large enough."""
    return base.value is not None and base.value >= percent_base


def protect_figure(figure: Figure, limit: int, *, smallest: int = 11, percent_base: int = 20) -> Figure:
    """A cohort's figure as managers and the public sheet may see it, asked as of a publication day.

    `limit` is the lowest public exact total that its base (a count: its value) cannot exceed. That there is nothing to
    count reads like a small number. A whole programme's figure is made with `together`.
    """
    base = printed(figure.base or 0, limit, smallest)
    if figure.unit == "%":
        return _share(
            figure,
            rate(
                figure.numerator or 0,
                figure.base or 0,
                limit,
                smallest=smallest,
                percent_base=percent_base,
                base_unit=figure.base_unit,
            ),
        )
    if figure.unit in _MEASURES:
        if figure.value is not None and median_allowed(base, percent_base):
            return replace(figure, base=base.value, protected=True)
        few = f"Fewer than {base.high + 1} {figure.base_unit}".rstrip()
        return replace(figure, value=None, base=base.value, protected=True, absent=f"{few}: too few to show.")
    value = printed(int(figure.value or 0), limit, smallest)
    return replace(
        figure,
        value=value.value,
        numerator=None if figure.numerator is None else value.value,
        base=None if figure.base is None else base.value,
        protected=True,
        absent="" if value.value is not None else f"Fewer than {value.high + 1} {figure.unit}: too few to show.",
    )


def together(cohorts: Sequence[Figure]) -> Figure:
    """The share of a whole programme, from the protected shares of its cohorts; the last one gives rule and words.

    Counted anew, it would tell of single people: two cohorts that print 15 each, and 35 together, hold 16 or 17 each.
    Cohorts with too few are left out. Raises `ValueError` for a figure that is not protected or no share.
    """
    if not cohorts or any(not one.protected or one.unit != "%" for one in cohorts):
        raise ValueError("the protected shares of cohorts")
    last = cohorts[-1]
    shown = [(one.numerator, one.base) for one in cohorts if one.numerator is not None and one.base is not None]
    numerator, base = sum(part for part, _ in shown), sum(whole for _, whole in shown)
    if not base:
        return replace(last, value=None, numerator=None, base=None, absent="Too few in every cohort to show a share.")
    return replace(last, value=per_cent(numerator, base), numerator=numerator, base=base, absent="")


def _share(figure: Figure, shown: Rate) -> Figure:
    numerator, base = shown.numerator.value, shown.base.value
    value = per_cent(numerator, base) if shown.shown and numerator is not None and base is not None else None
    return replace(
        figure,
        value=value,
        numerator=numerator,
        base=base,
        protected=True,
        absent=shown.absent,
        is_nearly_all=shown.is_nearly_all,
    )


def _nearest(count: int) -> int:
    return (count + STEP // 2) // STEP * STEP


def _cell(low: int, high: int, first: int) -> Cell:
    if low == 0:
        # Where the limit cuts the next run short, this one reaches further, and says so: "<13".
        return Cell(low, high, None, f"<{max(high + 1, first)}")
    # The first run above the small ones is lengthened at its lower end, the last one at its upper end.
    value = _nearest(max(low, first + VALUES - 1))
    return Cell(low, high, value, f"{value:,}")
