"""The title of a scene, and the line below it: as large as they fit."""

import streamlit as st

from pages.ui import typeface
from pages.ui.stage import fit
from pages.ui.text import md

#: Sizes of titles, in the style a, b and c, and of the line below them.
_SIZES = {fit.WIDE: {"a": 5.2, "b": 4.2, "c": 3.3}, fit.NARROW: {"a": 6.2, "b": 4.8, "c": 3.6}}
_BELOW = {fit.WIDE: 2.3, fit.NARROW: 2.9}
#: Large letters stand closer, by so many ems each.
_CLOSER = 0.02


def draw(title: str, below: str = "", *, where: str) -> None:
    """The title letter by letter, whoever wrote its words."""
    sizes = "_".join(frame.name + _size(frame, title) for frame in fit.FRAMES)
    with st.container(key=f"stage_head_{sizes}_{where}", gap=None):
        st.title(md(title, 400), anchor=False)
        if below:
            st.text(below)


def alone(title: str, sentence: str, *, where: str) -> None:
    """The title of a scene that has nothing to show yet, and why."""
    draw(title, where=where)
    with st.container(key=f"stage_sentence{where}", gap=None):
        st.text(sentence)


def height(frame: fit.Frame, title: str, below: str = "") -> float:
    """In u, without the air below it."""
    size, small = _SIZES[frame][_size(frame, title)], _BELOW[frame]
    taken = typeface.lines(title, fit.BROAD / size, fit.BOLD) * size * 1.1
    if below:
        taken += 1.5 + typeface.lines(below, fit.BROAD / small) * small * 1.35
    return taken


def _size(frame: fit.Frame, title: str) -> str:
    broad = typeface.ems(title, fit.BOLD) - _CLOSER * len(title)
    return next((name for name, size in _SIZES[frame].items() if broad * size <= fit.BROAD), "c")
