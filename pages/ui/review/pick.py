"""Which match is chosen: kept in the URL, moved by clicks, keys and decisions."""

import pandas as pd
import streamlit as st

#: The refs as they stood on the screen; a position in the table means nothing after the data changed.
ORDER = "review_order"
TABLE = "queue"


def chosen(rows: pd.DataFrame) -> str | None:
    """The ref of the chosen match: the URL's, or the first of the queue."""
    order = list(rows["ref"])
    st.session_state[ORDER] = order
    wanted = st.query_params.get("match")
    if wanted is None and order:
        wanted = order[0]
        st.query_params["match"] = wanted
    if wanted in order:
        _mark(order.index(wanted))
    return wanted


def go(step: int) -> None:
    """Move up or down the queue."""
    order = st.session_state.get(ORDER, [])
    if order:
        wanted = st.query_params.get("match")
        at = order.index(wanted) if wanted in order else -step
        st.query_params["match"] = order[min(max(at + step, 0), len(order) - 1)]


def go_on(decided: str) -> None:
    """Choose what follows a match that leaves the queue, or what stands before it at the end."""
    order = st.session_state.get(ORDER, [])
    st.query_params.pop("match", None)
    if decided in order and len(order) > 1:
        at = order.index(decided)
        st.query_params["match"] = order[at + 1] if at + 1 < len(order) else order[at - 1]


def forget(why: str) -> None:
    """Go to the head of the queue, because the match in the URL is not there."""
    st.query_params.pop("match", None)
    st.toast(why, icon=":material/search_off:")
    st.rerun()


def clicked() -> None:
    """A click anywhere in a row chooses the row: the table's own selection answers only to its marker column."""
    selection = st.session_state[TABLE]["selection"]
    at = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), None)
    order = st.session_state.get(ORDER, [])
    if at is not None and at < len(order):
        st.query_params["match"] = order[at]


def _mark(at: int) -> None:
    st.session_state[TABLE] = {"selection": {"rows": [at], "columns": [], "cells": []}}
