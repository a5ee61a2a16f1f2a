"""The header, the counts that are the filter, and the table of agencies or coaches."""

import pandas as pd
import streamlit as st

from pages.ui import look, panels, words
from pages.ui.text import plain
from services.caseload import Caseload

_ROWS, _SHOW, _TABLE, _OPEN = "rows_of", "show", "caseload_rows", "caseload_open"
_FILTERS = {
    "all": "All",
    "over": ":red[●] Over capacity",
    "overdue": ":red[●] Overdue",
    "uncovered": ":red[●] Uncovered",
    "free": "Free",
}


def lead(found: Caseload) -> None:
    """How full the programme is, in one line."""
    number = {name: figure.count for name, figure in found.figures.items()}
    parts = [f"**{number['active']:,}** active of **{found.places:,}** places, **{found.free:,}** free."]
    parts.append(f"{words.overdue(number['contacts_overdue'], 'check-ins overdue')},")
    parts.append(f"{words.due(number['contacts_due'], 'due this week')}.")
    if number["uncovered"]:
        parts.append(f"{words.overdue(number['uncovered'], 'without a coach')}.")
    st.markdown(" ".join(parts))


def filters(found: Caseload) -> pd.DataFrame:
    """Draw the choices; give back the rows that pass."""
    counts = {"Agencies": len(found.agencies), "Coaches": int(found.coaches["coaches"].sum())}
    kind = st.segmented_control(
        "Rows",
        list(counts),
        default="Agencies",
        required=True,
        key=_ROWS,
        format_func=lambda kind: f"{kind} {counts[kind]}",
        label_visibility="collapsed",
        on_change=_forget,
    )
    rows = found.coaches if kind == "Coaches" else found.agencies
    passing = {
        "all": rows,
        "over": rows[rows["over"] > 0],
        "overdue": rows[rows["overdue"] > 0],
        "uncovered": rows[rows["uncovered"] > 0],
        "free": rows[rows["free"] > 0],
    }
    asked = st.query_params.get(_SHOW)
    show = st.segmented_control(
        "Show",
        list(_FILTERS),
        default=asked if asked in _FILTERS else "all",
        required=True,
        key=_SHOW,
        format_func=lambda name: _FILTERS[name] + ("" if name == "all" else f" {len(passing[name])}"),
        label_visibility="collapsed",
        on_change=_into_address,
    )
    return passing[show].reset_index(drop=True)


def show(rows: pd.DataFrame, found: Caseload) -> pd.Series:
    """The table; gives the row that is chosen."""
    is_coach = rows["coach_id"].notna().any()
    shown = pd.DataFrame({"Coach" if is_coach else "Agency": rows["name"]})
    shown = shown.assign(
        Active=rows["active"], Places=rows["places"], Load=rows["load"].fillna(0).astype(float), Free=rows["free"],
        Due=rows["due"], Overdue=rows["overdue"], Quiet=rows["quiet"], Kept=rows["kept_percent"],
    )  # fmt: skip
    t = look.tokens()
    red = f"color:{t.red.text};font-weight:600"
    styled = (
        panels.cells(shown)
        .style.apply(
            lambda column: [red if many > 0 else f"color:{t.gray.text}" for many in column], subset=["Overdue"]
        )
        .apply(lambda column: [red if many < 0 else "" for many in column], subset=["Free"])
        .apply(lambda column: [red if pd.notna(n) and n < found.objective else "" for n in column], subset=["Kept"])
    )
    column = st.column_config
    at = _chosen(rows)
    st.dataframe(
        styled,
        hide_index=True,
        height="content",
        row_height=36,
        key=_TABLE,
        on_select=_pick,
        selection_mode=["single-row-required", "single-cell"],
        alt="Coaches, the fullest first" if is_coach else "Agencies, the fullest first",
        column_config={
            "Agency": column.TextColumn(width=200),
            "Coach": column.TextColumn(width=200),
            "Active": column.NumberColumn(width=48),
            "Places": column.NumberColumn(width=50, help="Matches that coaches can carry at once"),
            "Load": column.ProgressColumn(width=58, format=" ", min_value=0, max_value=100, color="primary"),
            "Free": column.NumberColumn(width=42),
            "Due": column.NumberColumn(width=40, help=found.figures["contacts_due"].rule),
            "Overdue": column.NumberColumn(width=60, help=found.figures["contacts_overdue"].rule),
            "Quiet": column.NumberColumn(width=44, help=found.figures["quiet"].rule),
            "Kept": column.NumberColumn(
                "Kept %",
                width=54,
                help=f"Support contacts kept, cohort {plain(found.cohort)}, objective {found.objective} %",
            ),
        },
    )
    st.session_state[_OPEN] = [_name(row) for row in rows.to_dict("records")]
    return rows.iloc[at]


def _name(row: dict[str, object]) -> str:
    return f"{row['agency_id']}:{'' if pd.isna(row['coach_id']) else row['coach_id']}"


def _chosen(rows: pd.DataFrame) -> int:
    """The place of the row that was picked, or of the first; its mark follows it."""
    wanted = st.session_state.get("caseload_picked")
    names = [_name(row) for row in rows.to_dict("records")]
    at = names.index(wanted) if wanted in names else 0
    st.session_state[_TABLE] = {"selection": {"rows": [at], "columns": [], "cells": []}}
    return at


def _pick() -> None:
    """A click anywhere in a row chooses it."""
    selection = st.session_state[_TABLE]["selection"]
    at = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), None)
    names = st.session_state.get(_OPEN, [])
    if at is not None and at < len(names):
        st.session_state["caseload_picked"] = names[at]
    _forget()


def _into_address() -> None:
    """The address says what is shown, so that it can be sent."""
    st.query_params[_SHOW] = st.session_state[_SHOW]
    _forget()


def _forget() -> None:
    st.session_state.pop("caseload_said", None)
