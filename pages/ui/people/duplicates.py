"""Entries that may be of one person, and making two of them one."""

import pandas as pd
import streamlit as st

from pages.ui.people import pick
from pages.ui.text import md, plain
from services import people_duplicates, people_list, people_merge, reading
from services.access import Actor
from services.errors import NotFound, ServiceError, SignedOut
from services.kinds import Kind
from services.people_list import Wanted
from services.people_merge import BOTH, KEEP, OTHER, Both, Choice

_TABLE, _ORDER = "duplicates_table", "duplicates_order"


def pairs(*, by: Actor) -> None:
    """The list of likely pairs, of everybody or of the person in the address; a click lays two side by side."""
    ref = pick.value(pick.PERSON)
    try:
        with st.spinner("Comparing everybody", show_time=False), reading() as session:
            found = people_duplicates.likely(session, by=by, ref=ref if not pick.value(pick.WITH) else None)
    except NotFound:
        pick.put(**{pick.PERSON: None})
        st.rerun()
    st.session_state[_ORDER] = list(zip(found["ref"], found["other_ref"], strict=True))
    wanted = {pick.value(pick.PERSON), pick.value(pick.WITH)}
    at = [n for n, pair in enumerate(st.session_state[_ORDER]) if set(pair) == wanted]
    st.session_state[_TABLE] = {"selection": {"rows": at, "columns": [], "cells": []}}
    if found.empty:
        st.markdown(
            "Nobody else looks like this person." if ref else "No two entries look as if they were of one person."
        )
        return
    shown = pd.DataFrame(
        {
            "One": found["name"].map(plain),
            "Other": found["other"].map(plain),
            "Why": found["why"],
            "Role": found["kind"].str.capitalize(),
            "Occupation": found["group"].map(plain),
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        height="stretch" if len(shown) > 14 else "content",  # noqa: PLR2004 - a short table would be filled up
        row_height=33,
        key=_TABLE,
        on_select=_clicked,
        selection_mode=["single-row-required" if at else "single-row", "single-cell"],
        alt="Pairs of entries that may be of one person, the likeliest first",
        column_config={
            name: st.column_config.TextColumn(width=wide)
            for name, wide in {"One": 140, "Other": 140, "Why": 330, "Role": 64}.items()
        },
    )


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


def side_by_side(*, by: Actor) -> None:
    """Two entries, field by field, with the choice of what stays; nothing is stored before the button."""
    ref, other_ref = pick.value(pick.PERSON), pick.value(pick.WITH)
    if not (ref and other_ref):
        st.markdown(":gray[Choose two entries: what stays of each and what moves stands here before anything is done.]")
        return
    try:
        with reading() as session:
            both = people_merge.preview(session, ref, other_ref, by=by)
    except SignedOut:
        raise
    except ServiceError as refused:
        st.warning(md(refused, 500))
        st.button("Back to the list", key="merge_back", on_click=pick.put, kwargs={pick.WITH: None})
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header(f"{md(both.name)} and {md(both.other)}", anchor=False, width="content")
        st.badge(both.kind.value.capitalize(), color="gray")
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Keep the other one", icon=":material/swap_horiz:", type="tertiary", key="merge_swap", on_click=pick.put,
            kwargs={pick.PERSON: both.other_ref, pick.WITH: both.ref},
        )  # fmt: skip
        st.button(
            "Back to the list", icon=":material/arrow_back:", type="tertiary", key="merge_back", on_click=pick.put,
            kwargs={pick.PERSON: None, pick.WITH: None},
        )  # fmt: skip
    _merge(both, by)


def _merge(both: Both, by: Actor) -> None:
    key = f"merge_{both.ref}_{both.other_ref}"
    with st.form(key, border=False, enter_to_submit=False):
        if both.choices:
            st.markdown("**What stays**")
        stays = {choice.field: _choose(choice, key) for choice in both.choices}
        capacity = 0
        if both.kind is Kind.MENTOR:
            capacity = st.number_input(
                f"Places, of which {both.places} are held", 1, 1000, max(both.capacity, 1), key=f"{key}_places",
                width=220,
            )  # fmt: skip
        st.markdown("**What moves**  \n" + ("  \n".join(md(line, 200) for line in both.moves) or "Nothing."))
        if both.same:
            told = "; ".join(f"{label.lower()} {md(value)}" for label, value in both.same)
            st.markdown(f":small[:gray[The same in both: {told}.]]")
        st.markdown(":small[:gray[This cannot be undone. Links to either entry lead to the one that stays.]]")
        wanted = st.form_submit_button("Merge the two", type="primary", icon=":material/merge:")
    if wanted and pick.attempt(
        people_merge.merge, both.ref, both.other_ref, by=by, stays=stays, capacity=int(capacity), seen=both.seen
    ):
        pick.put(**{pick.VIEW: None, pick.WITH: None, pick.PERSON: both.ref})
        st.rerun()


def _choose(choice: Choice, key: str) -> str:
    words = {KEEP: choice.keep or "empty", OTHER: choice.other or "empty", BOTH: "Both"}
    options = [KEEP, OTHER, BOTH] if choice.is_list else [KEEP, OTHER]
    return str(
        st.radio(
            choice.label,
            options,
            index=options.index(choice.suggested),
            horizontal=True,
            key=f"{key}_{choice.field}",
            format_func=lambda whose: md(words[whose], 120),
        )
    )
