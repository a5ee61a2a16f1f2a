"""A name that a list keeps: clean, short, and different from every other however it is written."""

from collections.abc import Iterable

from services.errors import Conflict, Invalid
from services.imports.words import clean, fold

LONGEST = 120


def kept(name: str, what: str, others: Iterable[str]) -> str:
    """The name as it is stored. Raises `Invalid` for none and for a long one, `Conflict` for one that is taken."""
    name = clean(name)
    if not fold(name):
        raise Invalid(f"{what} needs a name. Write one.")
    if len(name) > LONGEST:
        raise Invalid(f"The name has more than {LONGEST} characters. Shorten it.")
    if there := next((other for other in others if fold(other) == fold(name)), None):
        raise Conflict(f"«{there}» is on the list already. Change that one.")
    return name
