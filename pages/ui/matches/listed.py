"""The left side: counts that are the filter, one page of matches, and which of them is chosen; all in the address."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages.ui import look
from pages.ui.text import md, plain
from pages.ui.words import short
from services.matches import ALL, HEALTH, PAGE, STEPS, Matches, Wanted

MATCH = "match"
_CARE, _STEP, _HEALTH, _PAGE = "care", "next", "health", "page"
_GROUPS, _AGENCIES, _COHORTS = "occupations", "agencies", "cohorts"
#: The refs as they stood on the screen; a position in the table means nothing after the data changed.
_ORDER, _TABLE = "matches_order", "matches_table"
_WORDS = {
    ALL: "Running",
    "overdue": ":red[●] Overdue",
    "quiet": ":orange[◐] Quiet",
    "to_close": ":orange[◐] To close",
    "watched": ":gray[○] Watch",
    "due": ":gray[○] Due",
    "awaiting": "Awaiting",
    "ended": "Ended",
}
#: Of each word: its mark and how the table says it.
SAID = {
    "overdue": ("●", "Overdue"),
    "quiet": ("◐", "Quiet"),
    "to_close": ("◐", "To close"),
    "watched": ("○", "Watch"),
    "due": ("○", "Due"),
    "fine": ("✓", "Well"),
    "approved": ("◐", "Awaiting"),
    "completed": ("✓", "Completed"),
    "ended_early": ("○", "Ended early"),
    "void": ("○", "Void"),
}
NEXT = {
    "orientation": "Orientation",
    "first_meeting": "First meeting",
    "agreement": "Agreement",
    "closing": "Closing",
}
_HEALTH_SAID = {"good": "Good", "concern": "Concern", "at_risk": "At risk", "none": "No check-in yet"}
_FILLS = 14
#: Of the pair, its state and why, by what is listed: together what a screen of 1,280 pixels has.
_WIDTHS = {"": (216, 84, 172), "completed": (252, 98, 122), "ended_early": (196, 100, 176)}


def wanted() -> Wanted:
    """What the address asks for."""
    asked = st.query_params
    page = asked.get(_PAGE, "1")
    return Wanted(
        care=asked.get(_CARE, ALL) if asked.get(_CARE, ALL) in _WORDS else ALL,
        step=asked.get(_STEP, "") if asked.get(_STEP) in STEPS else "",
        health=asked.get(_HEALTH, "") if asked.get(_HEALTH) in HEALTH else "",
        groups=tuple(asked.get_all(_GROUPS)),
        agencies=tuple(asked.get_all(_AGENCIES)),
        cohorts=tuple(asked.get_all(_COHORTS)),
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,  # noqa: PLR2004 - more pages than there are
    )


def filters(found: Matches, asked: Wanted) -> None:
    """Counts that are the filter, and the rarer ones behind a button."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="matches_filters"):
        st.session_state[_CARE] = asked.care
        st.segmented_control(
            "How they are looked after",
            list(_WORDS),
            required=True,
            key=_CARE,
            format_func=lambda word: f"{_WORDS[word]} **{found.counts.get(word, 0):,}**",
            label_visibility="collapsed",
            on_change=_keep,
            args=(_CARE,),
        )
        many = sum(map(bool, (asked.step, asked.health, asked.groups, asked.agencies, asked.cohorts)))
        label = f"Filter **{many}**" if many else "Filter"
        with st.popover(label, icon=":material/filter_list:", type="tertiary"):
            _one("Next step", _STEP, STEPS, NEXT, asked.step)
            _one("Health at the last check-in", _HEALTH, HEALTH, _HEALTH_SAID, asked.health)
            _some("Occupation", _GROUPS, found.groups, asked.groups)
            _some("Agency", _AGENCIES, found.agencies, asked.agencies)
            _some("Cohort", _COHORTS, found.cohorts, asked.cohorts)


def _one(label: str, key: str, options: Sequence[str], words: Mapping[str, str], now: str) -> None:
    st.session_state[key] = now or None
    st.selectbox(
        label, options, key=key, format_func=words.__getitem__, placeholder="Any", on_change=_keep, args=(key,)
    )


def _some(label: str, key: str, options: Sequence[str], now: Sequence[str]) -> None:
    st.session_state[key] = [one for one in now if one in options]
    st.multiselect(label, options, key=key, format_func=plain, placeholder="Any", on_change=_keep, args=(key,))


def _keep(key: str) -> None:
    """Write what was chosen into the address, and begin at its first page and match."""
    for gone in (key, _PAGE, MATCH):
        st.query_params.pop(gone, None)
    value = st.session_state[key]
    if value and value != ALL:
        st.query_params[key] = value


def chosen(rows: pd.DataFrame) -> str | None:
    """The match of the address, or the first of the list."""
    order = list(rows["ref"])
    st.session_state[_ORDER] = order
    ref = st.query_params.get(MATCH)
    if ref is None and order:
        ref = st.query_params[MATCH] = order[0]
    marked = [order.index(ref)] if ref in order else []
    st.session_state[_TABLE] = {"selection": {"rows": marked, "columns": [], "cells": []}}
    return ref


def forget() -> None:
    """The match of the address is not there."""
    st.query_params.pop(MATCH, None)


def table(rows: pd.DataFrame) -> None:
    """One page as a table; the chosen row is marked."""
    shown = pd.DataFrame(
        {
            "Mentee, mentor": [plain(f"{row.mentee}, {row.mentor}") for row in rows.itertuples()],
            "State": [" ".join(SAID[care]) for care in rows["care"]],
            "Why": rows["why"],
            "Next": [NEXT.get(step, "") for step in rows["step"]],
            "Occupation": [plain(name) for name in short(rows["group"])],
            "Day": rows["day"],
            "Agency": rows["agency"].map(plain),
            "Cohort": rows["cohort"].map(plain),
        }
    )
    marked = st.query_params.get(MATCH) in set(rows["ref"])
    t = look.tokens()
    colour = {"●": f"color:{t.red.text};font-weight:600", "◐": f"color:{t.orange.text}"}
    column = st.column_config
    has = set(rows["care"])
    pair, state, why = _WIDTHS["ended_early" if "ended_early" in has else "completed" if "completed" in has else ""]
    st.dataframe(
        shown.style.apply(lambda words: [colour.get(word[0], "") for word in words], subset=["State"]),
        hide_index=True,
        height="stretch" if len(shown) > _FILLS else "content",
        row_height=33,
        key=_TABLE,
        on_select=_clicked,
        selection_mode=["single-row-required" if marked else "single-row", "single-cell"],
        alt="Matches, the worst first",
        column_config={
            "Mentee, mentor": column.TextColumn(width=pair),
            "State": column.TextColumn(width=state, help="● overdue ◐ quiet, to close ○ watch, due ✓ well"),
            "Why": column.TextColumn(width=why),
            "Day": column.NumberColumn(width=40, help="Days since the start; of ended matches, how many it ran"),
            "Next": column.TextColumn(width=92, help="The step that comes next"),
            "Occupation": column.TextColumn(width=150),
            "Agency": column.TextColumn(width=190),
        },
    )


def phone(rows: pd.DataFrame, found: Matches) -> None:
    """The list as one line, for narrow screens; the stylesheet shows either this or the table."""
    label = f"{found.total:,} {'match' if found.total == 1 else 'matches'}"
    with st.container(key="queue_line"), st.popover(label, icon=":material/list:"):
        for row in rows.head(20).itertuples():
            mark, word = SAID[row.care]
            line = f"{mark} {word}: **{md(row.mentee)}**, {md(row.mentor)}"
            st.button(line, key=f"line_{row.ref}", type="tertiary", on_click=_choose, args=(row.ref,))


def pages(found: Matches) -> None:
    """From page to page, where there are several."""
    if found.pages == 1:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="pages"):
        back, on = ":material/chevron_left:", ":material/chevron_right:"
        first, last = found.page == 1, found.page == found.pages
        turn = {"type": "tertiary", "on_click": _turn}
        st.button("Page before", icon=back, key="page_back", disabled=first, args=(found.page - 1,), **turn)
        st.button("Next page", icon=on, key="page_on", disabled=last, args=(found.page + 1,), **turn)
        st.markdown(f":gray[Page {found.page:,} of {found.pages:,}]", width="content")


def walk(found: Matches) -> None:
    """Up and down the list, and where in it the chosen match stands."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="walk"):
        up, down = ":material/keyboard_arrow_up:", ":material/keyboard_arrow_down:"
        st.button("Previous", icon=up, shortcut="K", key="previous", type="tertiary", on_click=_go, args=(-1,))
        st.button("Next", icon=down, shortcut="J", key="next_match", type="tertiary", on_click=_go, args=(1,))
        order, ref = st.session_state.get(_ORDER, []), st.query_params.get(MATCH)
        at = order.index(ref) + 1 + (found.page - 1) * PAGE if ref in order else None
        st.markdown(f":gray[{at:,} of {found.total:,}]" if at else "", width="content")


def _go(step: int) -> None:
    order = st.session_state.get(_ORDER, [])
    if order:
        ref = st.query_params.get(MATCH)
        at = order.index(ref) if ref in order else -step
        st.query_params[MATCH] = order[min(max(at + step, 0), len(order) - 1)]


def _turn(page: int) -> None:
    st.query_params.pop(MATCH, None)
    st.query_params[_PAGE] = str(max(page, 1))


def _clicked() -> None:
    """A click anywhere in a row chooses the row."""
    selection = st.session_state[_TABLE]["selection"]
    at = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), None)
    order = st.session_state.get(_ORDER, [])
    if at is not None and at < len(order):
        st.query_params[MATCH] = order[at]


def _choose(ref: str) -> None:
    st.query_params[MATCH] = ref
