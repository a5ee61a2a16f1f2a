"""Pictures without words, as SVG: a word in them could neither use the page's typeface nor be read aloud."""

from collections.abc import Iterable
from functools import lru_cache
from math import ceil, cos, log10, pi, sin, sqrt

import numpy as np
from PIL import Image, ImageDraw

from pages.ui import typeface
from pages.ui.theme import Tokens

_GOLDEN = pi * (3 - sqrt(5))
_SIZE, _EDGE = 1000, 488
#: A hair of air between cohorts, as between the rings of a tree.
_AIR = 2.6
#: More dots than this are dust from the back of a room, and heavy to draw.
_MOST_DOTS = 6000
_FEW = 60
#: Fewer dots to a figure write nothing that can be read.
_LEGIBLE = 16
#: The figures of dots: their weight, the units to their em, and the air around them.
_WEIGHT, _EM, _MARGIN = 800, 600, 20
#: Shades from the first match to the last.
_STROKES = 24


def matches_per_dot(goal: int) -> int:
    """1, 10, 100: how many matches one dot of the disc stands for."""
    return int(10 ** max(0, ceil(log10(max(goal, 1) / _MOST_DOTS))))


@lru_cache(maxsize=64)
def disc(cohorts: tuple[int, ...], goal: int, t: Tokens) -> str:
    """One dot, one match: the first cohort in the middle, the last in gold, what the goal lacks hollow at the rim."""
    plan = _Plan(cohorts, goal)
    layers, begun = [], 0
    for cohort, size in enumerate(cohorts):
        ends = begun + size
        last = cohort == len(cohorts) - 1
        colour = t.gold if last else _between(t.context, t.chosen, 0.25 if cohort % 2 else 0.95)
        places = range(begun // plan.per, ends // plan.per)
        layers.append(_dots((plan.at(i, cohort) for i in places), colour, plan.dot * (1.23 if last else 1)))
        begun = ends
    missing = [plan.at(i, len(cohorts)) for i in range(begun // plan.per, plan.places)]
    layers += [_dots(missing, t.ink, plan.dot * plan.ring), _dots(missing, t.paper, plan.dot * plan.hole)]
    return _round(f'<g fill="none" stroke-linecap="round">{"".join(layers)}</g>')


@lru_cache(maxsize=64)
def newest(cohorts: tuple[int, ...], goal: int, t: Tokens) -> str:
    """A ring around the newest dot of the same disc, to be laid upon it."""
    plan = _Plan(cohorts, goal)
    last = sum(cohorts) // plan.per - 1
    if last < 0:
        return _round("")
    x, y = plan.at(last, len(cohorts) - 1)
    return _round(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{max(plan.dot * 1.1, 24):.1f}" fill="none" stroke="{t.ink}" '
        f'stroke-width="{max(plan.dot * 0.3, 6):.1f}"/>'
    )


class _Plan:
    """Where the dots of a disc stand, like the seeds of a sunflower, and how large they are."""

    def __init__(self, cohorts: tuple[int, ...], goal: int) -> None:
        self.per = matches_per_dot(goal)
        self.places = max(goal, sum(cohorts)) // self.per
        # A few open places are drawn large, to be seen from the back; many would lie over each other.
        few = self.places - sum(cohorts) // self.per < min(_FEW, self.places / 8)
        self.ring, self.hole = (1.95, 1.15) if few else (1.23, 0.75)
        self.scale = (_EDGE - _AIR * (len(cohorts) + 1)) / (sqrt(self.places) + 0.7 * self.ring)
        self.dot = 1.4 * self.scale

    def at(self, place: int, cohort: int) -> tuple[float, float]:
        radius = self.scale * sqrt(place + 0.5) + _AIR * cohort
        return _SIZE / 2 + radius * cos(place * _GOLDEN), _SIZE / 2 + radius * sin(place * _GOLDEN)


def _round(content: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIZE} {_SIZE}">{content}</svg>'


@lru_cache(maxsize=64)
def dotted_number(number: int, t: Tokens) -> str:
    """The number written with as many dots as it says; see `matches_per_dot`. Too few to write it are a disc."""
    count = number // matches_per_dot(number)
    if count < _LEGIBLE * len(f"{number}"):
        return disc((number,), number, t)
    points, breadth, height, step = _lattice(f"{number:,}", count)
    strokes = [
        _dots(points[i * count // _STROKES : (i + 1) * count // _STROKES], _of_time(i / (_STROKES - 1), t), step * 0.94)
        for i in range(_STROKES)
    ]
    x, y = points[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {breadth} {height}">'
        f'<g fill="none" stroke-linecap="round">{"".join(strokes)}</g>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{step * 0.66:.1f}" fill="{t.ink}"/></svg>'
    )


@lru_cache(maxsize=16)
def _lattice(text: str, count: int) -> tuple[list[tuple[float, float]], int, int, float]:
    """Exactly so many points of a honeycomb inside the figures, from left to right; breadth, height, and their step.

    A honeycomb that is shifted a little holds some more or fewer points, so one of exactly the number is soon found.
    """
    font = typeface.face(_WEIGHT, _EM)
    left, top, right, bottom = font.getbbox(text)
    breadth, height = int(right - left) + 2 * _MARGIN, int(bottom - top) + 2 * _MARGIN
    image = Image.new("L", (breadth, height))
    ImageDraw.Draw(image).text((_MARGIN - left, _MARGIN - top), text, 255, font=font)
    inside = np.asarray(image) > 127  # noqa: PLR2004
    step = sqrt(2 / sqrt(3) * float(inside.sum()) / count)
    best: tuple[np.ndarray, float] | None = None
    for wider in (*np.linspace(0, 0.01, 41), *np.linspace(0.01, 0.15, 57)):
        for sign in (1, -1):
            for shift in range(16):
                tried = step * (1 + sign * wider)
                found = _honeycomb(inside, tried, (shift % 4) / 4, (shift // 4) / 4)
                if len(found) == count:
                    return _in_time(found), breadth, height, tried
                if len(found) > count and (best is None or len(found) < len(best[0])):
                    best = found, tried
    found, step = best or (_honeycomb(inside, step / 2, 0, 0), step / 2)
    points = _in_time(found)
    kept = [points[i * len(points) // count] for i in range(count)]
    return kept, breadth, height, step


def _honeycomb(inside: np.ndarray, step: float, right: float, down: float) -> np.ndarray:
    height, breadth = inside.shape
    rows = np.arange(down * step, height, step * sqrt(3) / 2)
    columns = np.arange(right * step, breadth, step)
    x = columns[None, :] + np.where(np.arange(len(rows)) % 2, step / 2, 0)[:, None]
    y = np.repeat(rows[:, None], len(columns), axis=1)
    within = x < breadth
    x, y = x[within], y[within]
    held = inside[y.astype(int), x.astype(int)]
    return np.column_stack((x[held], y[held]))


def _in_time(points: np.ndarray) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in sorted(points.tolist(), key=lambda at: at[0] + at[1] * 0.12)]


def _of_time(part: float, t: Tokens) -> str:
    """From the first match to today: blue, ink, gold. Ink between the two keeps the mixture from turning grey."""
    half = 0.5
    return _between(t.chosen, t.ink, part / half) if part < half else _between(t.ink, t.gold, part / half - 1)


def _dots(points: Iterable[tuple[float, float]], colour: str, width: float) -> str:
    # Round caps make a dot of a stroke without length: 12 bytes a match, where a circle takes 40.
    path = "".join(f"M{x:.1f} {y:.1f}h0" for x, y in points)
    return f'<path d="{path}" stroke="{colour}" stroke-width="{width:.1f}"/>' if path else ""


def _between(one: str, other: str, part: float) -> str:
    a, b = ([int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (one, other))
    return "#" + "".join(f"{round(x + (y - x) * part):02x}" for x, y in zip(a, b, strict=True))
