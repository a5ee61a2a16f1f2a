"""How a sheet speaks: findings computed from figures, true for any cohort and any day."""

from decimal import Decimal

from services.counting.figure import Figure, rounded
from services.wording import counted, first_upper, fraction, spelled

#: What a fraction needs before people: half of mentees, none of the mentees.
_BEFORE_PEOPLE = {"half": "half of", "none": "none of the"}


def cohort_named(name: str) -> str:
    """A cohort as it stands after a preposition: 2005, the 2004 pilot, Autumn 2025."""
    return f"the {name}" if name[:1].isdigit() and not name.isdigit() else name


def growth(figure: Figure, before: str, *, is_over: bool = True) -> str:
    """A clause to follow a count: 93 per cent more than in 2005. Empty when there is nothing to compare with."""
    if figure.value is None:
        return ""
    change = int(rounded(abs(Decimal(figure.value))))
    than = f"in {cohort_named(before)}"
    if figure.value == 0:
        return f", as many as {than}"
    if change == 0:
        return f", about as many as {than}"
    so_far = "" if is_over or figure.value > 0 else "so far "
    return f", {so_far}{change:,} per cent {'more' if figure.value > 0 else 'fewer'} than {than}"


def groups(number: int, new: int | None) -> str:
    """Ten occupational groups, four of them new; `new` is None when there is no cohort before."""
    said = first_upper(counted(number, "occupational group", "occupational groups"))
    if new is None or number == 0:
        return said
    if number == 1:
        return f"{said}, {'a new one' if new else 'not a new one'}"
    return f"{said}, {'all' if new == number else spelled(new) if new else 'none'} of them new"


def share(figure: Figure) -> str:
    """Two in three, all, 61 % of: goes before the people. The figure is a rate with a value."""
    if figure.protected:
        return f"about {figure.text} of"
    said = fraction(Decimal(figure.value or 0))
    return f"{said} of" if said.endswith("%") else _BEFORE_PEOPLE.get(said, said)


def outcome(figure: Figure, cohort: str, objective: int | None) -> str:
    """Two in three 2005 mentees reached had found work, above the objective."""
    said = f"{first_upper(share(figure))} {cohort} mentees reached had found work"
    if objective is None or figure.value is None:
        return said
    if figure.protected:  # too coarse to say on which side of it they are
        return f"{said}; the objective is {objective} %"
    printed = int(rounded(figure.value))
    place = "above" if printed > objective else "below" if printed < objective else "just at"
    return f"{said}, {place} the objective"
