"""What columns are called: by their header, or by the letter of a spreadsheet."""

from collections.abc import Sequence
from string import ascii_uppercase


def letter(index: int) -> str:
    """The name a spreadsheet gives a column: A, B, … Z, AA."""
    before, place = divmod(index, len(ascii_uppercase))
    return (letter(before - 1) if before else "") + ascii_uppercase[place]


def unique(titles: Sequence[str]) -> list[str]:
    """The headers of a sheet, each once: one without words goes by its letter, one that repeats has it beside."""
    keys: list[str] = []
    for index, title in enumerate(titles):
        key = " ".join(title.split()) or f"Column {letter(index)}"
        while key in keys:
            key += f" ({letter(index)})"
        keys.append(key)
    return keys
