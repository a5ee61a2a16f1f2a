"""The roll of thanks: mentors who agreed to be named at this event, twelve a screen."""

from collections.abc import Sequence

import streamlit as st

from pages.ui import look, pictures, typeface
from pages.ui.stage import fit, head
from services.stage.board import Board, Thanked
from services.stage.show import NAMES_A_PAGE, Shown, pages_of

_COLUMNS, _GAP = 3, 2.4
_TITLE = "Thank you"
#: Between rows, in ems.
_AIR = {fit.WIDE: 0.7, fit.NARROW: 1.3}


def page(shown: Shown) -> int:
    """From 0 on; names that were withdrawn meanwhile leave no empty screen."""
    return min(max(shown.page, 0), pages_of(shown.board, shown.scene) - 1)


def draw(shown: Shown, where: str) -> None:
    """Names with their occupations; with none yet, a disc with a dot for each mentor."""
    board, below = shown.board, _below(shown.board)
    if not board.names:
        _everybody(board, below, where)
        return
    head.draw(_TITLE, below, where=where)
    first = page(shown) * NAMES_A_PAGE
    people = board.names[first : first + NAMES_A_PAGE]
    is_tight = not fit.fits(lambda frame, size: _height(frame, size, below, people))
    sizes = fit.key(lambda frame, size: _height(frame, size, below, people, is_tight=is_tight), largest=3)
    with st.container(key=f"stage_roll_{sizes}_{'tight' if is_tight else 'airy'}_{where}", gap=None):
        for place, person in enumerate(people):
            with st.container(key=f"stage_person{place}{where}", gap=None):
                st.text(person.name)
                st.text(person.occupation)


def headline(shown: Shown) -> str:
    """Thank you, and to whom."""
    below = _below(shown.board)
    many = pages_of(shown.board, shown.scene)
    return f"{_TITLE} {below}" + (f", {page(shown) + 1} of {many}" if many > 1 else "")


def _everybody(board: Board, below: str, where: str) -> None:
    with st.container(key=f"stage_gratitude{where}", gap=None):
        st.title(_TITLE, anchor=False)
        st.text(below)
    if board.mentors:
        with st.container(key=f"stage_mentors{where}", gap=None):
            sizes = (board.mentors - board.mentors_now, board.mentors_now)
            dot = pictures.matches_per_dot(board.mentors)
            each = "each mentor" if dot == 1 else f"every {dot} mentors"
            st.image(
                pictures.disc(sizes, board.mentors, look.tokens()),
                width="stretch",
                alt=f"A disc of dots, one for {each}; the newest are gold.",
            )


def _below(board: Board) -> str:
    if not board.mentors:
        return "to everybody who makes a first match possible"
    if board.mentors == 1:
        return "to our first mentor"
    since = f" since {board.since}" if board.since else ""
    if not board.mentors_now or board.mentors_now == board.mentors or not board.cohorts:
        return f"to all {board.mentors:,} mentors{since}"
    newest = "the one mentor" if board.mentors_now == 1 else f"the {board.mentors_now:,} mentors"
    return f"to {newest} of {board.cohorts[-1].cohort}, and to all {board.mentors:,}{since}"


def _height(frame: fit.Frame, size: float, below: str, people: Sequence[Thanked], *, is_tight: bool = False) -> float:
    """Rows are as high as their tallest."""
    room, small = (fit.BROAD - _GAP * (_COLUMNS - 1)) / _COLUMNS, max(size * 0.75, frame.sizes[-1])
    heights = [
        fit.column(frame, size, (one.name,), room, leading=1.2, weight=fit.BOLD)
        + typeface.lines(one.occupation, room / small) * small * 1.25
        for one in people
    ]
    rows = [max(heights[i : i + _COLUMNS]) for i in range(0, len(heights), _COLUMNS)]
    above, between = (0.6, 0.4) if is_tight else (2.8, _AIR[frame])
    return head.height(frame, _TITLE, below) + above + sum(rows) + between * size * (len(rows) - 1)
