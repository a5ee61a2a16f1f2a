"""Numbers and days as they are spoken of on screen."""

import datetime as dt

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
