"""The years: a bar for each cohort, those that reached a milestone named."""

import streamlit as st

from pages.ui import look
from pages.ui.charts.stage import bars_spec
from pages.ui.stage import head
from services.stage.board import Board
from services.stage.show import Shown


def draw(shown: Shown, where: str) -> None:
    """The chart fills what the title leaves."""
    board = shown.board
    marks = tuple((mark.number, mark.cohort) for mark in board.marks)
    bars = tuple((ring.cohort, ring.matches) for ring in board.cohorts)
    if not bars:
        head.alone(headline(board), "Each cohort will have its bar here.", where=where)
        return
    head.draw(
        headline(board),
        f"{board.title} by cohort" + (", and the milestones they reached" if marks else ""),
        where=where,
    )
    with st.container(key=f"stage_chart{where}", gap=None):
        told = ", ".join(f"{cohort} {count:,}" for cohort, count in bars)
        spec = bars_spec(bars, marks, look.tokens(), tiny=bool(where))
        alt = f"{board.title} by cohort: {told}."
        st.vega_lite_chart(spec, theme=None, width="stretch", height="stretch", key=f"stage_bars{where}", alt=alt)


def headline(board: Board) -> str:
    """From where to where."""
    if not board.total:
        return f"The first {board.one} is still to come"
    if len(board.cohorts) == 1:
        return f"{board.total:,} {board.one if board.total == 1 else board.unit} in the first cohort"
    first, last = board.cohorts[0], board.cohorts[-1]
    unit = board.one if first.matches == 1 else board.unit
    if first.cohort.isdecimal() and last.cohort.isdecimal():
        return f"From {first.matches:,} {unit} a year to {last.matches:,}"
    return f"{first.matches:,} {unit} in {first.cohort}, {last.matches:,} in {last.cohort}"
