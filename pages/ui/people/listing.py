"""The left side: search, filters, and the list."""

import pandas as pd
import streamlit as st

from pages.ui.people import pick
from pages.ui.text import md, plain
from pages.ui.words import short
from services import people_list, reading
from services.access import Actor
from services.counting.people import Standing
from services.kinds import Kind
from services.people_list import Choices, Page, Wanted

TABLE, _ORDER = "people_table", "people_order"
_KINDS = {"all": "Everyone", "mentee": "Mentees", "mentor": "Mentors"}
_STANDINGS = {
    Standing.WAITING: "Waiting",
    Standing.PENDING: "Pending",
    Standing.MATCHED: "Matched",
    Standing.COMPLETED: "Completed",
    Standing.WITHDRAWN: "Withdrawn",
    Standing.FREE: "Free places",
}


def filters(choices: Choices) -> tuple[Wanted, str]:
    """Draw search and filters; give back whom they ask for, and what was searched."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="people_filters"):
        text = st.text_input(
            "Search",
            key=pick.SEARCH,
            placeholder="Name, e-mail or phone",
            icon=":material/search:",
            label_visibility="collapsed",
            width=250,
        )
        kind = pick.choice(
            st.segmented_control, "Who", "kind", _KINDS, required=True, format_func=_KINDS.get,
            label_visibility="collapsed",
        )  # fmt: skip
        names = [standing.value for standing in _STANDINGS]
        standing = pick.choice(
            st.selectbox, "Standing", "standing", names, format_func=lambda name: _STANDINGS[Standing(name)],
            placeholder="Any standing", label_visibility="collapsed", width=150,
        )  # fmt: skip
        with st.popover("Filter", icon=":material/filter_list:", type="tertiary"):
            group = pick.choice(st.selectbox, "Occupation", "occupation", choices.groups, format_func=plain)
            homes = sorted({*choices.agencies, *choices.divisions})
            home = pick.choice(st.selectbox, "Agency or division", "home", homes, format_func=plain)
        if chosen := [words for words in (group, home) if words]:
            st.button(
                md(", ".join(chosen)), icon=":material/close:", type="tertiary", key="people_open",
                help="Take these two filters off", on_click=pick.put,
                kwargs={"occupation": None, "home": None, pick.PAGE: None},
            )  # fmt: skip
    asked = Wanted(
        kind=Kind(kind) if kind in set(Kind) else None,
        standing=Standing(standing) if standing else None,
        group=group,
        home=home,
    )
    return asked, text or ""


def found(asked: Wanted, text: str, *, by: Actor) -> Page:
    """The page of the list that the address asks for."""
    number = pick.value(pick.PAGE) or ""
    with reading() as session:
        return people_list.people(session, asked, by=by, text=text, page=int(number) if number.isdecimal() else 1)


def table(page: Page, text: str) -> None:
    """The list; a click anywhere in a row opens the person beside it."""
    st.session_state[_ORDER] = list(page.rows["ref"])
    wanted = pick.value(pick.PERSON)
    at = [n for n, ref in enumerate(page.rows["ref"]) if ref == wanted]
    st.session_state[TABLE] = {"selection": {"rows": at, "columns": [], "cells": []}}
    rows = page.rows
    shown = pd.DataFrame(
        {
            "Name": rows["name"].map(plain),
            "Role": rows["kind"].str.capitalize(),
            "Standing": rows["standing"],
            "Occupation": [plain(name) for name in short(rows["group"])],
            **({"Found by": rows["matched"]} if text.strip() else {}),
            "Agency, division": rows["home"].map(plain),
        }
    )
    column = st.column_config
    st.dataframe(
        shown,
        hide_index=True,
        height="stretch" if len(shown) > 14 else "content",  # noqa: PLR2004 - a short table would be filled up
        row_height=33,
        key=TABLE,
        on_select=_clicked,
        selection_mode=["single-row-required" if at else "single-row", "single-cell"],
        alt="People, by name" if not text.strip() else "People found, the best first",
        column_config={
            "Name": column.TextColumn(width=156, help="In the order of last names"),
            "Role": column.TextColumn(width=64),
            "Standing": column.TextColumn(width=96, help="Where they stand now; of mentors, places that are free"),
            "Found by": column.TextColumn(width=90),
            "Occupation": column.TextColumn(width=150),
            "Agency, division": column.TextColumn(width=170),
        },
    )


def walk(page: Page) -> None:
    """How many there are, and the way to the other pages."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="people_walk"):
        many = "The best 100; type more to narrow them" if page.is_cut else _many(page.total)
        st.markdown(f":gray[{many}]", width="content")
        if page.pages > 1:
            for icon, label, to, off in (
                (":material/chevron_left:", "Page before", page.page - 1, page.page == 1),
                (":material/chevron_right:", "Next page", page.page + 1, page.page == page.pages),
            ):
                st.button(
                    label, icon=icon, type="tertiary", key=f"people_{label}", disabled=off, on_click=pick.put,
                    kwargs={pick.PAGE: to},
                )  # fmt: skip
            st.markdown(f":gray[Page {page.page:,} of {page.pages:,}]", width="content")


def _many(total: int) -> str:
    return "1 person" if total == 1 else f"{total:,} people"


def _clicked() -> None:
    selection = st.session_state[TABLE]["selection"]
    at = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), None)
    order = st.session_state.get(_ORDER, [])
    if at is not None and at < len(order):
        pick.put(**{pick.PERSON: order[at]})
