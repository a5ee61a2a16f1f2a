"""The screen of the stage: a frame with one scene and its foot. Words are real text, and pictures carry none.

Whoever shows it calls `dress` once and `draw` for each frame: one that fills the window, or small ones on a page.
"""

from pathlib import Path

import streamlit as st

from pages.ui import typeface, words
from pages.ui.stage import celebrate, count, motion, outcomes, partners, professions, thanks, years
from services.stage.board import Board
from services.stage.show import CELEBRATE, Shown, pages_of

CSS = Path(__file__).with_name("stage.css")
_SCENES = {
    "count": count.draw,
    "years": years.draw,
    "professions": professions.draw,
    "outcomes": outcomes.draw,
    "partners": partners.draw,
    "thanks": thanks.draw,
    CELEBRATE: celebrate.draw,
}
#: What changes while the room looks on.
_LIVE = ("count", CELEBRATE)
#: Ems of a line at the left of the foot, where it has least.
_FOOT = 23.0


def dress() -> None:
    """The style of every frame of the page. No data is ever put in it."""
    st.html(CSS)


def draw(shown: Shown, *, where: str = "") -> None:
    """One frame. `where` is empty where it fills the window, and otherwise a word that names a small one."""
    motion.forget_others(shown, where)
    kind = "still" if shown.is_still else "calm"
    turn = f"_p{thanks.page(shown) % 2}_" if shown.scene == "thanks" else "_"
    with (
        st.container(key=f"stage_frame{where}", gap=None),
        st.container(key=f"stage_body_{kind}{where}", gap=None),
    ):
        with st.container(key=f"stage_scene_{shown.scene}{turn}{where}", gap=None):
            _SCENES[shown.scene](shown, where)
        _foot(shown, where)


def headline(shown: Shown) -> str:
    """What is seen, in plain words: "2,988 matches of 3,000: twelve to go"."""
    if shown.scene == "thanks":
        return thanks.headline(shown)
    if shown.scene == CELEBRATE:
        return celebrate.headline(shown)
    of_board = {
        "count": count.headline,
        "years": years.headline,
        "professions": professions.headline,
        "outcomes": outcomes.headline,
        "partners": partners.headline,
    }
    return of_board[shown.scene](shown.board)


def _foot(shown: Shown, where: str) -> None:
    """Whose programme it is, and of when the figures are; a lost connection is told by the browser, by style alone."""
    board = shown.board
    last = f"ast figures from {words.clock_time(board.as_of)}"
    with st.container(key=f"stage_foot{where}", horizontal=True, wrap=False, gap=None):
        st.text(_whose(board))
        with st.container(key=f"stage_state{where}", gap=None):
            with st.container(key=f"foot_live{where}", gap=None):
                st.text(_state(shown) if shown.is_live else f"L{last}")
            with st.container(key=f"foot_lost{where}", gap=None):
                st.text(f"Connection lost, l{last}")


def _whose(board: Board) -> str:
    """Programme and organisation in at most two lines: where they are longer the organisation gives way."""
    for told in (", ".join(name for name in (board.programme, board.organisation) if name), board.programme):
        if typeface.lines(told, _FOOT) <= 2:  # noqa: PLR2004
            return told
    kept = next(i for i in range(len(board.programme), 0, -1) if typeface.ems(board.programme[:i]) < 1.8 * _FOOT)
    return f"{board.programme[:kept].rstrip()} …"


def _state(shown: Shown) -> str:
    day = words.day(shown.board.as_of)
    if shown.scene == "thanks" and (many := pages_of(shown.board, shown.scene)) > 1:
        return f"{thanks.page(shown) + 1} of {many}"
    return f"Live, {day}, {words.clock_time(shown.board.as_of)}" if shown.scene in _LIVE else f"As of {day}"
