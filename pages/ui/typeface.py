"""The measures of the typeface of all pages: how broad words will be, and the shapes of its figures."""

import unicodedata
from functools import lru_cache
from math import ceil
from pathlib import Path

from PIL import ImageFont

_FILE = Path(__file__).parents[2] / "static" / "hanken-latin.woff2"
#: Of letters that the typeface lacks and a font of the machine shows.
_FOREIGN, _FULL = 0.66, 1.05
#: Words a little broader than measured still fit: other machines, other hinting.
_ROOM = 1.015
_BMP_LATIN = 0x250


@lru_cache(maxsize=8)
def face(weight: int, size: int = 1000) -> ImageFont.FreeTypeFont:
    """The typeface in one weight, `size` units to the em."""
    font = ImageFont.truetype(_FILE, size)
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=4096)
def ems(words: str, weight: int = 400) -> float:
    """How broad words are in one line, in ems."""
    return _ROOM * sum(_letter(letter, weight) for letter in unicodedata.normalize("NFD", words))


def lines(words: str, room: float, weight: int = 400) -> int:
    """How many lines words take in a room of so many ems; a word broader than the room is broken."""
    taken, used, blank = 1, 0.0, ems(" ", weight)
    for word in words.split():
        broad = ems(word, weight)
        if used and used + blank + broad > room:
            taken, used = taken + 1, 0.0
        used += broad + (blank if used else 0)
        if used > room:
            more = ceil(used / room) - 1
            taken, used = taken + more, used - more * room
    return taken


@lru_cache(maxsize=4096)
def _letter(letter: str, weight: int) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if ord(letter) < _BMP_LATIN:
        return float(face(weight).getlength(letter)) / 1000
    return _FULL if unicodedata.east_asian_width(letter) in "WF" else _FOREIGN
