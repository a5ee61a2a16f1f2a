"""The waitlist: supply against demand by occupation; each line opens its list."""

import streamlit as st

from pages.ui import words
from pages.ui.people import pick
from pages.ui.text import plain, said
from services import reading, waitlist
from services.access import Actor

_TABLE, _ORDER = "waitlist_table", "waitlist_order"


def view(*, by: Actor) -> None:
    """One sentence, and a line for each occupation, where most places are lacking first."""
    with reading() as session:
        found = waitlist.waitlist(session, by=by)
    st.markdown(said(found.lead), width=820)
    rows = found.rows
    if rows.empty:
        return
    st.session_state[_ORDER] = list(rows["group"])
    st.session_state[_TABLE] = {"selection": {"rows": [], "columns": [], "cells": []}}
    shown = rows.assign(group=rows["group"].map(plain), median_days=rows["median_days"].map(_number))
    shown["places_each"] = rows["places_each"].map(_number)
    number = st.column_config.NumberColumn
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        placeholder=words.NOTHING,
        key=_TABLE,
        on_select=_clicked,
        selection_mode=["single-row", "single-cell"],
        alt="Waiting mentees and free places by occupation, where most places are lacking first",
        column_config={
            "group": st.column_config.TextColumn("Occupation", width=206),
            "waiting": number("Waiting", width=70, help="Ready, not withdrawn, without an open match, not served yet"),
            "median_days": number("Median, days", width=92, format="%g", help="Since they were ready"),
            "longest_days": number("Longest, days", width=98),
            "mentors": number("Mentors with room", width=132, help="Available today, with a place that is free"),
            "places": number("Places free", width=82),
            "places_each": number("Places per mentee", width=128, format="%g", help="Of those who wait"),
        },
    )
    st.markdown(
        f":small[:gray[As of {words.day(found.day)}. A figure under mentors or places opens the mentors with room, "
        "any other the mentees who wait.]]"
    )


def _number(value: object) -> float | None:
    return None if value is None or value != value else float(words.number(float(str(value))).replace(",", ""))  # noqa: PLR0124


def _clicked() -> None:
    selection = st.session_state[_TABLE]["selection"]
    cell = selection["cells"][0] if selection["cells"] else None
    at = cell[0] if cell else next(iter(selection["rows"]), None)
    order = st.session_state.get(_ORDER, [])
    if at is None or at >= len(order):
        return
    supply = cell is not None and cell[1] in ("mentors", "places", "places_each")
    pick.put(
        occupation=order[at],
        kind="mentor" if supply else "mentee",
        standing="free" if supply else "waiting",
        **{pick.VIEW: None, pick.PAGE: None, pick.PERSON: None},
    )
    st.session_state.pop(pick.SEARCH, None)
