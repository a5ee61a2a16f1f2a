"""Every milestone reached."""

import pandas as pd
import streamlit as st

from pages.ui import words
from pages.ui.text import plain
from services.milestones import Standing


def ledger(reached: pd.DataFrame, standing: Standing) -> None:
    """The latest first; of which match, for those who may see the people behind a figure."""
    st.header("Milestones reached", anchor=False)
    if reached.empty:
        st.markdown(f"No milestone yet. The first is the {words.ordinal(standing.next_number)} {standing.one}.")
        return
    shown = pd.DataFrame(
        {
            "Milestone": [words.ordinal(number) for number in reached["number"]],
            "Reached": reached["day"],
            "Cohort": reached["cohort"].map(plain),
            "Days since the one before": reached["days"],
        }
    )
    if reached["match"].notna().any():
        shown["Occupation"], shown["Agency"] = reached["group"].map(plain), reached["agency"].map(plain)
        shown["Match"] = reached["match"]
        if reached["late"].gt(0).any():
            shown["Corrected"] = [_corrected(late) for late in reached["late"]]
    days = {
        "Reached": st.column_config.DateColumn(format="D MMM YYYY"),
        "Days since the one before": st.column_config.NumberColumn(format="localized"),
    }
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        column_config=days,
        placeholder=words.NOTHING,
        alt="Milestones reached, latest first",
    )
    st.markdown(f":small[:gray[{_rule(standing)}]]")


def _corrected(late: int) -> str:
    if not late:
        return ""
    one = "one match before it was" if late == 1 else f"{words.spelled(late)} matches before it were"
    return f"Moved: {one} entered in error"


def _rule(standing: Standing) -> str:
    return f"Counted by the rule: {standing.figure.rule} Of several on one day, the first entered counts first."
