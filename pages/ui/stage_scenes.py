"""The scenes of the stage. Totals only; what others named (a cohort, a programme) is shown letter by letter."""

import streamlit as st

from pages.ui import look, pictures, words
from pages.ui.charts.cohorts import stage_spec
from pages.ui.text import md
from services.stage import Board, Mark

#: From here a number has five figures, and smaller type.
_LONG = 10_000


def count(board: Board) -> None:
    """The number as real text, and a disc with a dot for each match."""
    goal = board.celebrated or board.goal
    with st.container(key="say" if board.total < _LONG else "say-long", gap=None):
        st.text(f"{board.title} since {board.since}" if board.since else f"{board.title} to date")
        st.title(f"{board.total:,}", anchor=False)
        st.header(_goal_words(board), anchor=False)
    with st.container(key="disc", gap=None):
        sizes = tuple(ring.matches for ring in board.cohorts)
        picture = pictures.disc(sizes, max(goal, board.total), look.tokens())
        st.image(picture, width="stretch", alt=_disc_words(board, goal))
    with st.container(key="latest", gap=None):
        st.text(f"Latest {board.one}" if board.latest_on else f"The first {board.one} is still to come")
        if board.latest_at:
            st.text(f"Today at {words.clock_time(board.latest_at)}")
        else:
            st.text(words.day(board.latest_on) if board.latest_on else " ")


def years(board: Board, reached: tuple[Mark, ...]) -> None:
    """A bar for each cohort, those that reached a milestone named."""
    bars = tuple((ring.cohort, ring.matches) for ring in board.cohorts)
    marks = tuple((mark.number, mark.cohort) for mark in reached)
    with st.container(key="top", gap=None):
        if len(bars) > 1:
            (first, few), (last, many) = bars[0], bars[-1]
            st.title(
                f"{few:,} {board.one if few == 1 else board.unit} in {md(first)}, {many:,} in {md(last)}", anchor=False
            )
        else:
            st.title(f"{board.total:,} {board.unit} in the first cohort", anchor=False)
        st.text(f"{board.title} by cohort" + (", and the milestones they reached" if marks else ""))
    with st.container(key="chart", gap=None):
        told = ", ".join(f"{cohort} {count:,}" for cohort, count in bars)
        spec = stage_spec(bars, marks, look.tokens())
        st.vega_lite_chart(
            spec, theme=None, width="stretch", height="stretch", key="years", alt=f"{board.title} by cohort: {told}."
        )


def _goal_words(board: Board) -> str:
    if board.celebrated == board.total:
        return f":yellow[The {words.ordinal(board.total)} {board.one}]"
    if board.celebrated:
        return f":yellow[The {words.ordinal(board.celebrated)}, today]"
    return f"of {board.goal:,}: :yellow[{words.spelled(board.to_go)} to go]"


def _disc_words(board: Board, goal: int) -> str:
    dot = pictures.matches_per_dot(max(goal, board.total))
    each = f"one for each {board.one}" if dot == 1 else f"one for every {dot} {board.unit}"
    missing = max(goal - board.total, 0)
    rim = f"{words.spelled(missing)} at the rim are still open" if missing else "the disc is full"
    if not board.cohorts:
        return f"An empty disc with a place for each of {goal:,} {board.unit}."
    first, last = board.cohorts[0].cohort, board.cohorts[-1].cohort
    return (
        f"{board.total:,} {board.unit} as dots, {each}, laid in rings from the cohort {first} in the middle outwards; "
        f"those of {last} are gold, and {rim}."
    )
