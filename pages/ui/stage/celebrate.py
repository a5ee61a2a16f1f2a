"""The celebration: a milestone written with exactly as many dots as it has matches."""

import streamlit as st

from pages.ui import look, pictures, words
from pages.ui.stage import motion
from services.stage.show import Shown


def draw(shown: Shown, where: str) -> None:
    """The dots arrive over five seconds; a screen that joins late starts where the others are."""
    board, number = shown.board, _number(shown)
    with st.container(key=f"stage_dotted_{motion.of_celebration(shown, where)}_{where}", gap=None):
        picture = pictures.dotted_number(number, look.tokens())
        alt = f"{number:,} as dots: every dot is {_each(shown)}."
        st.image(picture, width="stretch", alt=alt)
    with st.container(key=f"stage_moment{where}", gap=None):
        st.title(headline(shown), anchor=False)
        day = words.day(board.latest_on or board.as_of.date())
        # Which match was the milestone is known while it is the latest.
        occupation = board.latest_in if board.total == number else None
        st.text(f"{occupation}, {day}" if occupation else day)
        st.text(
            f"Every dot is {_each(shown)}: a mentor and a mentee"
            if _dot(shown) == 1
            else f"Every dot is {_each(shown)}"
        )


def headline(shown: Shown) -> str:
    """The 3,000th match."""
    return f"The {words.ordinal(_number(shown))} {shown.board.one}"


def _number(shown: Shown) -> int:
    return shown.celebrated or shown.board.celebrated or shown.board.total


def _dot(shown: Shown) -> int:
    return pictures.matches_per_dot(_number(shown))


def _each(shown: Shown) -> str:
    dot = _dot(shown)
    return f"one {shown.board.one}" if dot == 1 else f"{words.spelled(dot)} {shown.board.unit}"
