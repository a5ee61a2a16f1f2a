"""Which match is chosen, and which are ticked: kept by ref, because a position means nothing after the data changed."""

from collections.abc import Iterable

import streamlit as st

from services.queue import Queue

#: The refs as they stand on the screen, with their versions, and those that stand just outside of it.
ORDER, _BEFORE, _AFTER = "review_order", "review_before", "review_after"
#: What followed the chosen match when it was last in the queue.
_NEXT = "review_next"
#: Ref and version of each ticked match, while several are chosen.
TICKED = "review_ticked"
TABLE, TICKS = "queue", "queue_ticks"


def around() -> tuple[str, ...]:
    """Whose page of the queue is wanted: the chosen match's, or of what followed it."""
    return tuple(ref for ref in (st.query_params.get("match"), st.session_state.get(_NEXT)) if ref)


def chosen(waiting: Queue) -> str | None:
    """The ref of the chosen match: the URL's, or the first of the queue."""
    order = list(waiting.rows["ref"])
    st.session_state[ORDER] = dict(zip(order, map(int, waiting.rows["version"]), strict=True))
    st.session_state[_BEFORE], st.session_state[_AFTER] = waiting.before, waiting.after
    wanted = st.query_params.get("match")
    if wanted is None and order:
        wanted = order[0]
        st.query_params["match"] = wanted
    if wanted in order:
        at = order.index(wanted)
        st.session_state[_NEXT] = order[at + 1] if at + 1 < len(order) else waiting.after or order[at - 1]
        st.session_state[TABLE] = _selection([at])
    else:
        st.session_state[TABLE] = _selection([])
    st.session_state[TICKS] = _selection(order.index(ref) for ref in ticked() if ref in order)
    return wanted


def go(step: int) -> None:
    """Move up or down the queue."""
    wanted = st.query_params.get("match")
    order = _on_screen()
    if wanted in order:
        at = min(max(order.index(wanted) + step, 0), len(order) - 1)
        st.query_params["match"] = order[at]
    elif order:
        follows = st.session_state.get(_NEXT)
        st.query_params["match"] = follows if follows in order else order[0]


def go_to(ref: str | None) -> None:
    """Choose a match; None: the head of the queue."""
    st.query_params.pop("match", None)
    if ref:
        st.query_params["match"] = ref


def following(decided: str) -> str | None:
    """What follows a match that leaves the queue, or what stands before it at the end."""
    order = _on_screen()
    if decided not in order or len(order) == 1:
        return None
    at = order.index(decided)
    return order[at + 1] if at + 1 < len(order) else order[at - 1]


def to_head() -> None:
    """Begin at the head of the queue again."""
    st.query_params.pop("match", None)
    st.session_state.pop(_NEXT, None)


def forget(why: str) -> None:
    """Go to the head of the queue, because the match in the URL is not there."""
    to_head()
    st.toast(why, icon=":material/search_off:")
    st.rerun()


def clicked() -> None:
    """A click anywhere in a row chooses the row: the table's own selection answers only to its marker column."""
    selection = st.session_state[TABLE]["selection"]
    at = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), None)
    order = list(st.session_state.get(ORDER, {}))
    if at is not None and at < len(order):
        st.query_params["match"] = order[at]


def ticked() -> dict[str, int]:
    """Ref and version of each ticked match, as they stood when they were ticked."""
    kept: dict[str, int] = st.session_state.get(TICKED, {})
    return kept


def tick() -> None:
    """Keep what is ticked on this page, and what was on others."""
    order = st.session_state.get(ORDER, {})
    rows = st.session_state[TICKS]["selection"]["rows"]
    here = {ref: version for at, (ref, version) in enumerate(order.items()) if at in rows}
    there = {ref: version for ref, version in ticked().items() if ref not in order}
    st.session_state[TICKED] = {**there, **{ref: ticked().get(ref, version) for ref, version in here.items()}}


def _on_screen() -> list[str]:
    edges = st.session_state.get(_BEFORE), st.session_state.get(_AFTER)
    return [ref for ref in (edges[0], *st.session_state.get(ORDER, {}), edges[1]) if ref]


def _selection(rows: Iterable[int]) -> dict[str, dict[str, list[int]]]:
    return {"selection": {"rows": [*rows], "columns": [], "cells": []}}
