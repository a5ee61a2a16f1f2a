"""What pages of figures are made of: a figure that opens to its rows, and a finding with its chart or its table."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import identity, look, words
from pages.ui.charts.style import Draw, spec
from pages.ui.text import md, plain, said
from services import behind, reading
from services.access import Actor
from services.behind import Behind
from services.counting.figure import Figure, Scope
from services.panel import Panel

#: Opens the rows behind a figure: its name in the address, so that it can be sent and survives a reload.
ROWS = "rows"


def figure(found: Figure, beside: str, objective: str = "", *, opens: str = "") -> None:
    """A number with its unit, what it is of, its objective in the objective's colour, and the way to its rows."""
    with st.container(gap="xsmall", height="stretch"):
        st.metric(md(found.label), found.text, help=found.rule)
        lines = [f":small[:gray[{said(beside)}]]"] if beside else []
        lines += [f":small[:orange[{said(objective)}]]"] if objective else []
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


@st.fragment
def panel(
    about: Panel,
    draw: Draw,
    table: pd.DataFrame,
    *,
    alt: str,
    key: str,
    columns: dict[str, Any] | None = None,
    **asked: Any,
) -> None:
    """A finding as the heading, the chart of its rows or its table in one place, and below it what they are of.

    `columns`: how those of the table are formatted; `asked`: what the chart is drawn with.
    """
    identity.require()  # the switch runs this alone, without the gate of the frame
    with st.container(key=f"panel_{key}", gap="xsmall"):
        st.header(said(about.finding), anchor=False)
        if about.absent:
            st.markdown(said(about.absent))
            return
        place = st.container()
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", wrap=False):
            st.markdown(f":small[:gray[{said(about.note, 1500)}]]", width="stretch")
            as_table = st.toggle("Show as table", key=f"table_{key}", width="content")
        with place:
            if as_table:
                st.dataframe(
                    cells(table), hide_index=True, height="content", column_config=columns, alt=plain(alt, 4000)
                )
            else:
                chart(draw, about.rows, alt=alt, key=f"chart_{key}", **asked)


def chart(draw: Draw, rows: pd.DataFrame, *, alt: str, key: str, **asked: Any) -> None:
    """A chart in this viewer's colours; `alt` says it in words."""
    st.vega_lite_chart(
        spec(draw, rows, look.tokens(), **asked), theme=None, width="stretch", alt=plain(alt, 4000), key=key
    )


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose words are one plain line each."""
    return table.map(lambda cell: plain(cell) if isinstance(cell, str) else cell)


def rows_behind(actor: Actor, scope: Scope) -> None:
    """The rows of the figure that the address names, over the page."""
    name = st.query_params.get(ROWS)
    if not name:
        return
    with reading() as session:
        found = behind.behind(session, scope, name, by=actor)

    @st.dialog(f"{found.figure.label}: {found.figure.text}", width="large", on_dismiss=close)
    def opened() -> None:
        st.markdown(f":gray[{said(found.note)} As of {words.day(found.day)}.]")
        if found.figure.absent:
            st.markdown(said(found.figure.absent))
        if found.title:
            st.markdown(f"**{said(found.title)}**")
        if found.rows.empty and found.is_people:
            st.markdown("There is nothing behind it on this day.")
        if not found.rows.empty:
            _rows(found)
        if found.whose:
            st.markdown(f":gray[{said(found.whose)}]")

    opened()


def _rows(found: Behind) -> None:
    days = {"Day": st.column_config.DateColumn(format="D MMM YYYY")} if "Day" in found.rows else {}
    st.dataframe(
        cells(found.rows), hide_index=True, column_config=days, alt=f"The rows behind {found.figure.label.lower()}"
    )
