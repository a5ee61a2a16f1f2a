"""The count: one large number, and a disc with a dot for each match."""

import streamlit as st

from pages.ui import look, pictures, typeface, words
from pages.ui.stage import fit, motion
from services.stage.board import Board
from services.stage.show import Shown

#: Ems that the latest match has on one line beside the disc.
_LATEST = 17.0


def draw(shown: Shown, where: str) -> None:
    """The number as real text; when it changes it rises once, and its newest dot pulses."""
    board, move = shown.board, motion.of_count(shown, where)
    goal = max(board.celebrated or board.goal, board.total)
    with st.container(key=f"stage_say_d{len(f'{board.total:,}')}{where}", gap=None):
        st.text(f"{board.title} since {board.since}" if board.since else f"{board.title} to date")
        with st.container(key=f"stage_number_{move}{where}", gap=None):
            st.title(f"{board.total:,}", anchor=False)
        st.header(_goal(board), anchor=False)
    with st.container(key=f"stage_disc{where}", gap=None):
        sizes = tuple(ring.matches for ring in board.cohorts)
        st.image(pictures.disc(sizes, goal, look.tokens()), width="stretch", alt=_disc(board, goal))
        with st.container(key=f"stage_newest_{move}{where}", gap=None):
            st.image(pictures.newest(sizes, goal, look.tokens()), width="stretch", alt=f"The newest {board.one}")
    latest = _latest(board)
    is_long = typeface.ems(latest[-1], fit.BOLD) > _LATEST
    with st.container(key=f"stage_latest_{'long' if is_long else 'short'}{where}", gap=None):
        for line in latest:
            st.text(line)


def headline(board: Board) -> str:
    """The number and what it is on the way to."""
    unit = board.one if board.total == 1 else board.unit
    if board.celebrated:
        return f"{board.total:,} {unit}: {_first_lower(_reached(board))}"
    return f"{board.total:,} {unit} of {board.goal:,}: {words.spelled(board.to_go)} to go"


def _goal(board: Board) -> str:
    if board.celebrated:
        return f":yellow[{_reached(board)}]"
    return f"of {board.goal:,}: :yellow[{words.spelled(board.to_go)} to go]"


def _reached(board: Board) -> str:
    number = board.celebrated or 0
    return f"The {words.ordinal(number)} {board.one}" + ("" if number == board.total else ", today")


def _first_lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _latest(board: Board) -> tuple[str, ...]:
    if not board.latest_on:
        return (f"The first {board.one} is still to come",)
    when = words.day(board.latest_on)
    if board.latest_at:
        at = words.clock_time(board.latest_at)
        when = f"{board.latest_in}, at {at}" if board.latest_in else f"Today at {at}"
    return f"Latest {board.one}", when


def _disc(board: Board, goal: int) -> str:
    dot = pictures.matches_per_dot(goal)
    each = f"one for each {board.one}" if dot == 1 else f"one for every {words.spelled(dot)} {board.unit}"
    if not board.total:
        return f"An empty disc with a place for each of {goal:,} {board.unit}."
    missing = goal - board.total
    rim = f"{words.spelled(missing)} at the rim are still open" if missing else "the disc is full"
    first, last = board.cohorts[0].cohort, board.cohorts[-1].cohort
    unit = board.one if board.total == 1 else board.unit
    return (
        f"{board.total:,} {unit} as dots, {each}, laid in rings from the cohort {first} in the middle outwards; "
        f"those of {last} are gold, and {rim}."
    )
