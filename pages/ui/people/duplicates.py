"""Entries that may be of one person, and those that somebody said are of two."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from pages.ui.people import pick
from pages.ui.text import md, plain
from services import people_duplicates, people_list, reading
from services.access import Actor
from services.errors import NotFound
from services.people_list import Wanted
from services.wording import first_upper

_TABLE, _ORDER = "duplicates_table", "duplicates_order"
_MAY_BE, _TWO = "May be one", "Marked as two"
_ALT = "Pairs of entries that may be of one person, the likeliest first"
#: Beside an open pair; alone, the list has the whole page and each column takes what it needs.
_WIDTHS = {
    "Name": 134,
    "Alike in": 158,
    "One": 142,
    "Other": 142,
    "Agency, division": 200,
    "Occupation": 150,
    "Role": 64,
}


def pairs(*, by: Actor) -> None:
    """The list of likely pairs, of everybody or of the person in the address; a click lays two side by side."""
    ref = pick.value(pick.PERSON)
    try:
        with st.spinner("Comparing everybody", show_time=False), reading() as session:
            found = people_duplicates.likely(session, by=by, ref=ref if not pick.value(pick.WITH) else None)
            apart = people_duplicates.told_apart(session, by=by)
    except NotFound:
        pick.put(**{pick.PERSON: None})
        st.rerun()
    many = {_MAY_BE: f"{len(found)}" + ("+" if len(found) == people_duplicates.MOST else ""), _TWO: f"{len(apart)}"}
    is_apart = bool(len(apart)) and pick.choice(
        st.segmented_control, "Pairs", pick.PAIRS, [_MAY_BE, _TWO], required=True, label_visibility="collapsed",
        format_func=lambda pairs: f"{pairs} **{many[pairs]}**",
    ) == _TWO  # fmt: skip
    found = apart if is_apart else found
    st.session_state[_ORDER] = list(zip(found["ref"], found["other_ref"], strict=True))
    wanted = {pick.value(pick.PERSON), pick.value(pick.WITH)}
    is_narrow = None not in wanted
    at = [n for n, pair in enumerate(st.session_state[_ORDER]) if set(pair) == wanted]
    st.session_state[_TABLE] = {"selection": {"rows": at, "columns": [], "cells": []}}
    if found.empty:
        st.markdown(
            "Nobody else looks like this person." if ref else "No two entries look as if they were of one person."
        )
        return
    shown = pd.DataFrame(
        {
            "Name": [plain(one if one == two else f"{one}; {two}") for one, two in _names(found)],
            **({"Marked": found["marked"]} if is_apart else {"Alike in": found["why"].map(_alike)}),
            "One": found["mail"].map(plain),
            "Other": found["other_mail"].map(plain),
            "Since": found["since"],
            "Agency, division": found["home"].map(plain),
            "Occupation": found["group"].map(plain),
            "Role": found["kind"].str.capitalize(),
        }
    )
    if not is_narrow:
        st.markdown(":gray[Choose a pair: what stays of each and what moves is shown before anything is done.]")
    st.dataframe(
        shown,
        hide_index=True,
        height="stretch" if len(shown) > 14 else "content",  # noqa: PLR2004 - a short table would be filled up
        row_height=33,
        key=_TABLE,
        on_select=_clicked,
        selection_mode=["single-row-required" if at else "single-row", "single-cell"],
        alt="Pairs of entries that are marked as two people" if is_apart else _ALT,
        column_config={
            **{name: st.column_config.TextColumn(width=wide) for name, wide in _WIDTHS.items() if is_narrow},
            "Since": st.column_config.TextColumn(width=104, help="Since when they volunteer or are ready"),
            "Marked": st.column_config.DateColumn(width=96, format="D MMM YYYY"),
        },
    )


def _names(found: pd.DataFrame) -> Iterable[tuple[str, str]]:
    return zip(found["name"], found["other"], strict=True)


def _alike(why: str) -> str:
    return first_upper(why.removesuffix(".").removeprefix("Same "))


def other(*, by: Actor) -> None:
    """Somebody else to merge with the person in the address, found by name."""
    ref = pick.value(pick.PERSON)
    if not ref or pick.value(pick.WITH):
        return
    text = st.text_input(
        "Merge with somebody else", key="merge_search", placeholder="Name, e-mail or phone", icon=":material/search:",
        width=300,
    )  # fmt: skip
    if not text.strip():
        return
    with reading() as session:
        rows = people_list.people(session, Wanted(), by=by, text=text).rows
    for row in rows[rows["ref"] != ref].head(6).itertuples():
        st.button(
            f"{md(row.name)}, {row.kind}, {md(row.group)}", key=f"merge_with_{row.ref}", type="tertiary",
            icon=":material/merge:", on_click=pick.put, kwargs={pick.WITH: row.ref},
        )  # fmt: skip


def _clicked() -> None:
    selection = st.session_state[_TABLE]["selection"]
    at = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), None)
    order = st.session_state.get(_ORDER, [])
    if at is not None and at < len(order):
        pick.put(**{pick.PERSON: order[at][0], pick.WITH: order[at][1]})
