"""Numbers and days as they are spoken of on screen."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from services.counting.figure import NOTHING, rounded

__all__ = ["NOTHING", "clock_time", "day", "listed", "number", "ordinal", "per_cent", "spelled"]

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def ordinal(number: int) -> str:
    """1st, 12th, 1,000th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def spelled(number: int) -> str:
    """Twelve and below as a word, as good print does; above in digits."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def day(when: dt.date) -> str:
    """22 November 2026, without the year's own comma and with no locale of the machine in it."""
    return f"{when.day} {when:%B %Y}"


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
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last
