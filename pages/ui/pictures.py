"""Pictures without words, as SVG: a word in them could neither use the page's typeface nor be read aloud."""

from collections.abc import Iterable
from functools import lru_cache
from math import ceil, cos, log10, pi, sin, sqrt

from pages.ui.theme import Tokens

_GOLDEN = pi * (3 - sqrt(5))
_SIZE, _EDGE = 1000, 488
#: A hair of air between cohorts, as between the rings of a tree.
_AIR = 2.6
#: More dots than this are dust from the back of a room, and heavy to draw.
_MOST_DOTS = 6000


def matches_per_dot(goal: int) -> int:
    """1, 10, 100: how many matches one dot of the disc stands for."""
    return int(10 ** max(0, ceil(log10(max(goal, 1) / _MOST_DOTS))))


@lru_cache(maxsize=64)
def disc(cohorts: tuple[int, ...], goal: int, t: Tokens) -> str:
    """One dot, one match: the first cohort in the middle, the last in gold, what the goal lacks hollow at the rim."""
    per = matches_per_dot(goal)
    places = max(goal, sum(cohorts)) // per
    scale = (_EDGE - _AIR * (len(cohorts) + 1)) / sqrt(places + 1)
    dot = 1.4 * scale

    def at(place: int, ring: int) -> tuple[float, float]:
        radius = scale * sqrt(place + 0.5) + _AIR * ring
        return _SIZE / 2 + radius * cos(place * _GOLDEN), _SIZE / 2 + radius * sin(place * _GOLDEN)

    layers, begun = [], 0
    for ring, size in enumerate(cohorts):
        ends = begun + size
        last = ring == len(cohorts) - 1
        colour = t.gold if last else _between(t.context, t.chosen, 0.25 if ring % 2 else 0.95)
        layers.append(
            _dots((at(i, ring) for i in range(begun // per, ends // per)), colour, dot * (1.23 if last else 1))
        )
        begun = ends
    missing = [at(i, len(cohorts)) for i in range(begun // per, places)]
    layers += [_dots(missing, t.ink, dot * 1.7), _dots(missing, t.paper, dot * 1.1)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}">'
        f'<g fill="none" stroke-linecap="round">{"".join(layers)}</g></svg>'
    )


def _dots(points: Iterable[tuple[float, float]], colour: str, width: float) -> str:
    # Round caps make a dot of a stroke without length: 12 bytes a match, where a circle takes 40.
    path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in points)
    return f'<path d="{path}" stroke="{colour}" stroke-width="{width:.1f}"/>' if path else ""


def _between(one: str, other: str, part: float) -> str:
    a, b = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (one, other))
    return "#" + "".join(f"{round(x + (y - x) * part):02x}" for x, y in zip(a, b, strict=True))
