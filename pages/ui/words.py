"""Numbers and days as they are spoken of on screen."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from services.counting.figure import NOTHING, rounded
from services.wording import day, joined, ordinal, spelled

__all__ = ["NOTHING", "clock_time", "day", "listed", "number", "ordinal", "per_cent", "spelled"]


def clock_time(moment: dt.datetime) -> str:
    """19:42, on the clocks that the moment carries."""
    return f"{moment:%H:%M}"


def number(value: float) -> str:
    """2,988 or 21.5, one place at most and none where it is a nought."""
    place = rounded(Decimal(str(value)), 1)
    return f"{rounded(place):,}" if place == place.to_integral_value() else f"{place:,}"


def per_cent(value: float) -> str:
    """66 %, rounded as figures are."""
    return f"{rounded(Decimal(str(value)))} %"


def listed(words: Iterable[str]) -> str:
    """One, two and three."""
    return joined([*words])


def overdue(many: int, what: str = "overdue") -> str:
    """A count that is red, with its mark, once there is any."""
    return f":red[● **{many:,}** {what}]" if many else f"**0** {what}"


def due(many: int, what: str = "due") -> str:
    """A count that is orange, with its mark, once there is any."""
    return f":orange[◐ **{many:,}** {what}]" if many else f"**0** {what}"


def short(names: Iterable[str], most: int = 22) -> list[str]:
    """Names for a narrow column: of a long one what stands before its «and», where no other begins like it."""
    whole = list(names)
    heads = {name: name.partition(" and ")[0] if len(name) > most else name for name in whole}
    shared = Counter(heads.values())
    return [heads[name] if shared[heads[name]] == 1 else name for name in whole]
