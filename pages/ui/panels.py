"""What pages of figures are made of: a figure that opens to its rows, and a finding with its chart or its table."""

from collections.abc import Callable

import altair as alt
import pandas as pd
import streamlit as st

from pages.ui.text import md
from services.counting.figure import Figure

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
    words: str,
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
                st.dataframe(table, hide_index=True, height="content", alt=words)
            else:
                st.altair_chart(draw(), theme=None, width="stretch", alt=words, key=f"chart_{key}")
