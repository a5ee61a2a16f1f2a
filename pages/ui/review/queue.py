"""The left side: counts that are the filter, and the queue."""

from collections.abc import Callable, Iterable

import pandas as pd
import streamlit as st

from pages.ui import look
from pages.ui.review import pick
from pages.ui.text import md, plain

_AGES = {
    "all": "All",
    "overdue": ":red[●] Overdue",
    "due": ":orange[◐] Due",
    "fresh": ":gray[○] Fresh",
    "held": ":gray[:material/pause:] On hold",
}
#: Rows that fill the pane of a small screen.
_FILLS = 14
_MOVES = ("Anyone", "You", "Mentor")
_MARK = {"overdue": "●", "due": "◐", "fresh": "○", "held": "‖"}


def filters(rows: pd.DataFrame) -> pd.DataFrame:
    """Draw the filters; give back the rows that pass. Held matches stand only under their own heading."""
    counts = {**rows["age"].value_counts(), "all": int((rows["age"] != "held").sum())}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="review_filters"):
        age = _choice("Age", "age", _AGES, lambda a: f"{_AGES[a]} **{counts.get(a, 0)}**")
        move = _choice("Whose move", "move", _MOVES, str)
        with st.popover("Filter", icon=":material/filter_list:", type="tertiary"):
            groups = st.multiselect("Occupation", sorted(rows["group"].unique()), key="occupation", format_func=plain)
            agencies = st.multiselect("Agency", sorted(set(rows["agency"]) - {""}), key="agency", format_func=plain)
    kept = rows[rows["age"] != "held"] if age == "all" else rows[rows["age"] == age]
    if move != "Anyone":
        kept = kept[kept["move"] == move]
    if groups:
        kept = kept[kept["group"].isin(groups)]
    if agencies:
        kept = kept[kept["agency"].isin(agencies)]
    return kept.reset_index(drop=True)


def _choice(label: str, name: str, options: Iterable[str], said: Callable[[str], str]) -> str:
    """One of several, kept in the URL by its own word; Streamlit's binding would keep the label with its counts."""
    known = list(options)
    wanted = st.query_params.get(name)
    st.session_state[name] = wanted if wanted in known else known[0]
    st.segmented_control(
        label,
        known,
        required=True,
        key=name,
        format_func=said,
        label_visibility="collapsed",
        on_change=_keep,
        args=(name, known[0]),
    )
    return st.session_state[name]


def _keep(name: str, usual: str) -> None:
    st.query_params.pop(name, None)
    if st.session_state[name] != usual:
        st.query_params[name] = st.session_state[name]


def table(rows: pd.DataFrame) -> None:
    """The queue as a table, longest wait first; the chosen row is marked."""
    shown = pd.DataFrame(
        {
            "Mentee, mentor": rows["mentee"] + ", " + rows["mentor"],
            "Waiting": [f"{_MARK[age]} {days} d" for age, days in zip(rows["age"], rows["days"], strict=True)],
            "Move": rows["move"],
            "Fit": rows["fit"].astype("Int64"),
            "Occupation": rows["group"],
            "Agency": rows["agency"],
        }
    )
    t = look.tokens()
    colour = {"●": f"color:{t.red.text};font-weight:600", "◐": f"color:{t.orange.text}"}
    styled = shown.style.apply(lambda column: [colour.get(text[0], "") for text in column], subset=["Waiting"])
    column = st.column_config
    st.dataframe(
        styled,
        hide_index=True,
        height="stretch" if len(shown) > _FILLS else "content",  # a short table would be filled up with empty rows
        row_height=33,
        key=pick.TABLE,
        on_select=pick.clicked,
        selection_mode=["single-row-required", "single-cell"],
        alt="Queue of pending matches, longest wait first",
        column_config={
            "Mentee, mentor": column.TextColumn(width=200),
            "Waiting": column.TextColumn(
                width=62, help="● overdue, beyond 28 days. ◐ due, from the 15th. ○ fresh, up to 14. ‖ on hold"
            ),
            "Move": column.TextColumn(width=60, help="Whose move it is"),
            "Fit": column.NumberColumn(width=44, help="Fit out of 100"),
            "Occupation": column.TextColumn(width=150),
            "Agency": column.TextColumn(width=150),
        },
    )


def phone(rows: pd.DataFrame) -> None:
    """The queue as one line, for narrow screens; the stylesheet shows either this or the table."""
    order = list(rows["ref"])
    names = {row.ref: f"{row.mentee}, {row.mentor}, {row.days} d" for row in rows.itertuples()}
    wanted = st.query_params.get("match")
    with (
        st.container(key="queue_line"),
        st.popover(
            f"Queue, {order.index(wanted) + 1 if wanted in order else '–'} of {len(order)}", icon=":material/list:"
        ),
    ):
        for ref in order[:30]:
            st.button(md(names[ref]), key=f"line_{ref}", type="tertiary", on_click=_choose, args=(ref,))


def _choose(ref: str) -> None:
    st.query_params["match"] = ref
