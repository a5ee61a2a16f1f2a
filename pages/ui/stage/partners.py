"""The partner agencies, by name."""

from collections.abc import Sequence
from functools import lru_cache
from math import ceil

import streamlit as st

from pages.ui import typeface, words
from pages.ui.stage import fit, head
from services.stage.board import Board
from services.stage.show import Shown
from services.wording import first_upper

_GAP, _WEIGHT = 3.0, 600
#: More than these have no room on any screen.
_MOST = 60
#: Between names, in ems.
_AIR = {fit.WIDE: 0.6, fit.NARROW: 1.0}
_TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty")
_FIRST_TEEN = 13


def draw(shown: Shown, where: str) -> None:
    """Two or three columns, read downwards."""
    title, names = headline(shown.board), shown.board.partners
    if not names:
        head.alone(title, "They will be named here.", where=where)
        return
    head.draw(title, where=where)
    parts = _fitting(title, names)
    sizes = fit.key(lambda frame, size: _height(frame, size, title, parts))
    with st.container(key=f"stage_partners_{sizes}_{where}", gap=None):
        for place, (column, part) in enumerate(zip(st.columns(len(parts), gap=None), parts, strict=True)):
            with column, st.container(key=f"stage_agencies{place}{where}", gap=None):
                for name in part:
                    st.text(name)


def headline(board: Board) -> str:
    """Fifteen partner agencies."""
    number = len(board.partners)
    if not number:
        return "Partner agencies are still to come"
    teen = number - _FIRST_TEEN
    told = _TEENS[teen] if 0 <= teen < len(_TEENS) else words.spelled(number)
    return f"{first_upper(told)} partner {'agency' if number == 1 else 'agencies'}"


@lru_cache(maxsize=16)
def _fitting(title: str, names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """As many as have room, in the columns that leave them the largest type, if possible without broken names."""
    for most in range(min(len(names), _MOST), 0, -1):
        shown = names if most == len(names) else (*names[:most], f"and {len(names) - most} more")
        for is_whole in (True, False):
            ways = [_columns(shown, columns) for columns in (3, 2, 1) if len(shown) >= columns]
            fitting = [(_largest(title, parts, is_whole=is_whole), parts) for parts in ways]
            if size := max(size for size, _ in fitting):
                return next(parts for found, parts in fitting if found == size)
    return (names[:1],)


def _columns(names: tuple[str, ...], columns: int) -> tuple[tuple[str, ...], ...]:
    part = ceil(len(names) / columns)
    return tuple(names[i : i + part] for i in range(0, len(names), part))


def _largest(title: str, parts: Sequence[Sequence[str]], *, is_whole: bool) -> float:
    """The largest type in which both frames hold them, at 16:9; 0 where there is none."""
    if not fit.fits(lambda frame, size: _height(frame, size, title, parts)):
        return 0
    room = _breadth(parts)
    broadest = max(typeface.ems(name, _WEIGHT) for part in parts for name in part)
    return next(
        (
            size
            for size in fit.WIDE.sizes
            if _height(fit.WIDE, size, title, parts) <= fit.WIDE.height and (not is_whole or broadest * size <= room)
        ),
        0,
    )


def _breadth(parts: Sequence[Sequence[str]]) -> float:
    return (fit.BROAD - _GAP * (len(parts) - 1)) / len(parts)


def _height(frame: fit.Frame, size: float, title: str, parts: Sequence[Sequence[str]]) -> float:
    lines = [fit.column(frame, size, part, _breadth(parts), leading=1.25, weight=_WEIGHT) for part in parts]
    air = _AIR[frame] * size * (max(len(part) for part in parts) - 1)
    return head.height(frame, title) + 3.4 + max(lines) + air
