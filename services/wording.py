"""How findings are said: numbers and days as good print has them."""

import datetime as dt
from decimal import Decimal

from services.counting.figure import Figure, rounded

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
#: Shares that are said as fractions, when the exact per cent is no further off than `_NEAR`.
_SHARES = (
    (Decimal(10), "one in ten"),
    (Decimal(20), "one in five"),
    (Decimal(25), "one in four"),
    (Decimal(100) / 3, "one in three"),
    (Decimal(50), "half"),
    (Decimal(60), "six in ten"),
    (Decimal(200) / 3, "two in three"),
    (Decimal(70), "seven in ten"),
    (Decimal(75), "three in four"),
    (Decimal(80), "eight in ten"),
    (Decimal(90), "nine in ten"),
)
_NEAR = Decimal("1.5")


def day(when: dt.date) -> str:
    """21 September 2006."""
    return f"{when.day} {when:%B %Y}"


def spelled(number: int) -> str:
    """Twelve and below as a word, above in digits."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def ordinal(number: int) -> str:
    """1st, 12th, 1,000th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def first_upper(text: str) -> str:
    """The same with a capital."""
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str) -> str:
    """Ten occupational groups, one occupational group."""
    return f"{spelled(number)} {one if number == 1 else many}"


def part_of(number: int, whole: int) -> str:
    """Six of the eight, 12 of the 16: both as words or both in digits."""
    if whole < len(_SMALL):
        return f"{spelled(number)} of the {spelled(whole)}"
    return f"{number:,} of the {whole:,}"


def fraction(per_cent: Decimal | int) -> str:
    """Two in three, eight in ten, or the per cent itself; goes before "of". Only nobody is none, only everybody all."""
    value = Decimal(per_cent)
    if value in (0, 100):
        return "all" if value else "none"
    nearest, said = min(_SHARES, key=lambda known: abs(known[0] - value))
    if abs(nearest - value) <= _NEAR:
        return said
    printed = rounded(value)
    return {Decimal(0): "hardly any", Decimal(100): "nearly all"}.get(printed, f"{printed} %")


def points(figure: Figure, objective: int) -> str:
    """Eight points above the objective, one point below it, just at it; as printed. The figure has a value."""
    apart = int(rounded(figure.value or 0)) - objective
    if not apart:
        return "just at the objective"
    return f"{counted(abs(apart), 'point', 'points')} {'above' if apart > 0 else 'below'} the objective"


def joined(words: list[str]) -> str:
    """One, two and three."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
