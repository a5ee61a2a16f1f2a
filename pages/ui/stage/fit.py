"""Type as large as the room lets it be: sizes are chosen from measured words and named in keys that the style reads.

Lengths are in u, 1 % of the width of the frame: the scene is 90 u broad. The frame may be 16:9 or 4:3, which the
server does not know, so each choice is made for both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from pages.ui import typeface

BROAD = 90.0
BOLD = 750


@dataclass(frozen=True)
class Frame:
    """A shape of screen: the height of its scene, and its sizes of type from large to the smallest allowed."""

    name: str
    height: float
    sizes: tuple[float, ...]


WIDE = Frame("w", 45.6, (4.0, 3.4, 3.0, 2.7, 2.4, 2.1, 1.9, 1.7))
NARROW = Frame("n", 59.5, (4.6, 4.0, 3.6, 3.2, 2.9, 2.6, 2.4, 2.2))
FRAMES = (WIDE, NARROW)
#: Sizes of great figures, their names in keys, and their likes at 4:3.
GREAT = (26.0, 22.0, 18.0, 15.0, 13.0, 11.0, 9.0, 7.5, 6.3, 5.0, 3.6)

#: The height that a content needs in a frame, in a size of its type.
Height = Callable[[Frame, float], float]


def key(height: Height, largest: int = 0) -> str:
    """Such as "w3_n2": for each frame the place of the largest size in which the content fits, or of the smallest."""
    return "_".join(f"{frame.name}{_place(frame, height, largest)}" for frame in FRAMES)


def fits(height: Height) -> bool:
    """Whether the content fits both frames in their smallest type."""
    return all(height(frame, frame.sizes[-1]) <= frame.height for frame in FRAMES)


def great(words: str, room: float, largest: float = GREAT[0]) -> float:
    """The size in which great figures fit a breadth."""
    broad = typeface.ems(words, BOLD)
    return next((size for size in GREAT if size <= largest and size * broad <= room), GREAT[-1])


def great_key(size: float) -> str:
    """Such as "g3"."""
    return f"g{GREAT.index(size)}"


def column(frame: Frame, size: float, items: Sequence[str], room: float, *, leading: float, weight: int = 400) -> float:
    """The height of names one below the other, without air.

    No room holds them as long as smaller type would leave all of them in one line.
    """
    broadest = max((typeface.ems(item, weight) for item in items), default=0)
    whole = next((smaller for smaller in frame.sizes if broadest * smaller <= room), 0)
    return inf if 0 < whole < size else prose(frame, size, items, room, leading=leading, weight=weight)


def prose(frame: Frame, size: float, items: Sequence[str], room: float, *, leading: float, weight: int = 400) -> float:
    """The same of sentences, which may be broken, though not inside a word that smaller type would leave whole."""
    longest = max((typeface.ems(word, weight) for item in items for word in item.split()), default=0)
    if longest * size > room and size > frame.sizes[-1]:
        return inf
    return sum(typeface.lines(item, room / size, weight) for item in items) * size * leading


def _place(frame: Frame, height: Height, largest: int) -> int:
    last = len(frame.sizes) - 1
    return next((i for i in range(largest, last) if height(frame, frame.sizes[i]) <= frame.height), last)
