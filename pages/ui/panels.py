"""What pages of figures are made of: a figure that opens to its rows, and a finding with its chart or its table."""

from collections.abc import Callable

import altair as alt
import pandas as pd
import streamlit as st

from pages.ui import words
from pages.ui.text import md, plain
from services import behind, reading
from services.access import Actor
from services.counting.figure import Figure, Scope

#: Opens the rows behind a figure: its name in the address, so that it can be sent and survives a reload.
ROWS = "rows"


def figure(found: Figure, beside: str, objective: str = "", *, opens: str = "") -> None:
    """A number with its unit, what it is of, its objective in the objective's colour, and the way to its rows."""
    with st.container(gap="xsmall", height="stretch"):
        st.metric(md(found.label), found.text, help=found.rule)
        lines = [f":small[:gray[{md(beside)}]]"] if beside else []
        lines += [f":small[:orange[{md(objective)}]]"] if objective else []
        if lines:
            st.markdown("  \n".join(lines))
        st.space("stretch")
        if opens and found.value is not None:
            st.button(
                opens,
                key=f"open_{found.name}",
                type="tertiary",
                icon=":material/table_rows:",
                on_click=_open,
                args=(found.name,),
            )


def _open(name: str) -> None:
    st.query_params[ROWS] = name


def close() -> None:
    """The rows are shut, and leave the address."""
    st.query_params.pop(ROWS, None)


def panel(
    finding: str,
    draw: Callable[[], alt.LayerChart],
    table: pd.DataFrame,
    *,
    alt: str,
    note: str,
    key: str,
    absent: str = "",
) -> None:
    """A finding as the heading, the chart or its table in one place, and below it what they are of."""
    with st.container(key=f"panel_{key}", gap="xsmall"):
        st.header(md(finding, 300), anchor=False)
        if absent:
            st.markdown(md(absent, 300))
            return
        place = st.container()
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", wrap=False):
            st.markdown(f":small[:gray[{md(note, 400)}]]", width="stretch")
            as_table = st.toggle("Show as table", key=f"table_{key}", width="content")
        with place:
            if as_table:
                st.dataframe(table, hide_index=True, height="content", alt=alt)
            else:
                st.altair_chart(draw(), theme=None, width="stretch", alt=alt, key=f"chart_{key}")


def rows_behind(actor: Actor, scope: Scope) -> None:
    """The rows of the figure that the address names, over the page."""
    name = st.query_params.get(ROWS)
    if not name:
        return
    with reading() as session:
        found = behind.behind(session, scope, name, by=actor)

    @st.dialog(f"{found.figure.label}: {found.figure.text}", width="large", on_dismiss=close)
    def opened() -> None:
        st.markdown(f":gray[{md(found.note, 300)} As of {words.day(scope.as_of)}.]")
        if found.rows.empty:
            st.markdown("There is nothing behind it on this day.")
            return
        st.markdown(f"**{len(found.rows):,}** {'rows' if len(found.rows) != 1 else 'row'}" if found.is_people else "")
        days = {"Day": st.column_config.DateColumn(format="D MMM YYYY")} if "Day" in found.rows else {}
        st.dataframe(
            found.rows.map(lambda cell: plain(cell) if isinstance(cell, str) else cell),
            hide_index=True,
            column_config=days,
            alt=f"The rows behind {found.figure.label.lower()}",
        )

    opened()
