"""The left side: counts that are the filter, and the queue."""

from collections.abc import Callable, Iterable
from typing import Literal

import pandas as pd
import streamlit as st

from pages.ui import look
from pages.ui.review import pick
from pages.ui.text import plain
from pages.ui.words import short
from services.queue import MENTOR, YOU, Filter, Queue

_AGES = {
    "all": "All",
    "overdue": ":red[●] Overdue",
    "due": ":orange[◐] Due",
    "fresh": ":gray[○] Fresh",
    "held": ":gray[:material/pause:] On hold",
}
#: Rows that fill the pane of a small screen.
_FILLS = 14
_ANYONE = "Anyone"
_MOVES = (_ANYONE, YOU, MENTOR)
_MARK = {"overdue": "●", "due": "◐", "fresh": "○", "held": "‖"}


def asked() -> Filter:
    """What the address asks for."""
    known = st.query_params
    age, move, fit = known.get("age"), known.get("move"), known.get("fit", "")
    return Filter(
        age=age if age in _AGES else "all",
        move=move if move in _MOVES[1:] else None,
        groups=tuple(known.get_all("occupation")),
        agencies=tuple(known.get_all("agency")),
        fit_from=min(int(fit), 100) if fit.isdecimal() and len(fit) < 4 else 0,  # noqa: PLR2004
    )


def filters(waiting: Queue, only: Filter) -> None:
    """Draw the filters. Held matches stand only under their own heading."""
    _choice("Age", "age", _AGES, lambda a: f"{_AGES[a]} **{waiting.counts.get(a, 0)}**")
    _choice("Whose move", "move", _MOVES, str)
    set_too = len(only.groups) + len(only.agencies) + bool(only.fit_from)
    label = f"Filter **{set_too}**" if set_too else "Filter"
    with st.popover(label, icon=":material/filter_list:", type="tertiary", key="more_filters"):
        _several("Occupation", "occupation", waiting.groups, only.groups)
        _several("Agency", "agency", waiting.agencies, only.agencies)
        st.session_state["fit"] = only.fit_from
        st.number_input("Fit of at least", 0, 100, step=5, key="fit", on_change=_keep_fit)


def _choice(label: str, name: str, options: Iterable[str], said: Callable[[str], str]) -> None:
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


def _several(label: str, name: str, options: tuple[str, ...], chosen: tuple[str, ...]) -> None:
    known = sorted({*options, *chosen})  # what the address names can be taken away again, though nothing has it now
    st.session_state[name] = list(chosen)
    st.multiselect(label, known, key=name, format_func=plain, on_change=_keep_several, args=(name,))


def _keep(name: str, usual: str) -> None:
    st.query_params.pop(name, None)
    if st.session_state[name] != usual:
        st.query_params[name] = st.session_state[name]
    pick.to_head()


def _keep_several(name: str) -> None:
    st.query_params[name] = st.session_state[name]
    pick.to_head()


def _keep_fit() -> None:
    st.query_params.pop("fit", None)
    if least := st.session_state["fit"]:
        st.query_params["fit"] = str(least)
    pick.to_head()


def table(waiting: Queue, *, several: bool) -> None:
    """The queue as a table, longest wait first; the chosen row is marked, or rows can be ticked."""
    rows = waiting.rows
    shown = pd.DataFrame(
        {
            "Mentee, mentor": rows["mentee"] + ", " + rows["mentor"],
            "Waiting": [
                f"{_MARK[row.age]} {row.days} d" + (", mentor" if row.move == MENTOR else "")
                for row in rows.itertuples()
            ],
            "Fit": rows["fit"].astype("Int64"),
            "Occupation": short(rows["group"]),
            "Agency": rows["agency"],
        }
    )
    t = look.tokens()
    colour = {"●": f"color:{t.red.text};font-weight:600", "◐": f"color:{t.orange.text}"}
    styled = shown.style.apply(lambda column: [colour.get(text[0], "") for text in column], subset=["Waiting"])
    column = st.column_config
    on_card = st.query_params.get("match") in set(rows["ref"])  # or decided meanwhile, so that no row is the card's
    row: Literal["single-row-required", "single-row"] = "single-row-required" if on_card else "single-row"
    st.dataframe(
        styled,
        hide_index=True,
        height="stretch" if len(shown) > _FILLS else "content",  # a short table would be filled up with empty rows
        row_height=33,
        key=pick.TICKS if several else pick.TABLE,
        on_select=pick.tick if several else pick.clicked,
        selection_mode="multi-row" if several else [row, "single-cell"],
        alt="Queue of pending matches, longest wait first",
        column_config={
            "Mentee, mentor": column.TextColumn(width=201),
            "Waiting": column.TextColumn(
                width=98,
                help="● overdue, beyond 28 days. ◐ due, from the 15th. ○ fresh, up to 14. ‖ on hold. "
                "“Mentor”: the mentor has not answered yet; else it is your move",
            ),
            "Fit": column.NumberColumn(width=38, help="Fit out of 100"),
            "Occupation": column.TextColumn(width=150),
            "Agency": column.TextColumn(width=190),
        },
    )
    if waiting.total > len(rows):
        _pages(waiting)


def _pages(waiting: Queue) -> None:
    """Which part of a long queue this is, and the parts before and after it."""
    last = waiting.first + len(waiting.rows)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        before, after = ("Page before", "left", waiting.before), ("Next page", "right", waiting.after)
        for words, side, ref in (before, after):
            icon = f":material/chevron_{side}:"
            st.button(words, icon=icon, type="tertiary", disabled=ref is None, on_click=pick.go_to, args=(ref,))
        st.markdown(f":gray[{waiting.first + 1:,} to {last:,} of {waiting.total:,}]", width="content")


def nothing(left: int) -> None:
    """There is no card: everything is decided, or hidden by the filter."""
    with st.container(border=True, gap="small", key="caught_up"):
        done = ":green[:material/task_alt:] All caught up"
        st.header(done if left == 0 else "Nothing under this filter", anchor=False)
        if left:
            st.markdown(f"**{left}** wait under other filters.")
            st.button("Show all", key="show_all", on_click=_show_all)
        else:
            st.markdown(
                "Nothing waits for a decision here. Use *Propose matches* above, or bring in new mentees and mentors."
            )


def _show_all() -> None:
    for name in ("age", "move", "occupation", "agency", "fit"):
        st.query_params.pop(name, None)
    pick.to_head()


def phone(waiting: Queue) -> None:
    """The queue as one line, for narrow screens; the stylesheet shows either this or the table."""
    names = {row.ref: plain(f"{row.mentee}, {row.mentor}, {row.days} d") for row in waiting.rows.itertuples()}
    wanted = st.query_params.get("match")
    with st.container(key="queue_line"):
        st.session_state["queue_line_choice"] = wanted if wanted in names else None
        st.selectbox(
            "Queue",
            list(names),
            format_func=lambda ref: names.get(ref, ""),
            key="queue_line_choice",
            placeholder=f"{len(names)} in the queue",
            label_visibility="collapsed",
            on_change=_chosen_on_phone,
        )


def _chosen_on_phone() -> None:
    if ref := st.session_state["queue_line_choice"]:
        pick.go_to(ref)
