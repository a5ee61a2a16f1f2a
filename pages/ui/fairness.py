"""The fairness view: who is matched and how soon, by what is no criterion."""

import streamlit as st

from pages.ui.text import plain, said
from services import fairness, reading
from services.access import Actor
from services.counting.figure import Scope

_COLUMNS = {"ready": "Mentees ready", "matched": "Matched", "share": "Share matched", "wait": "Median wait"}


def view(actor: Actor, scope: Scope) -> None:
    """A sentence for each way to divide the mentees, with its numbers by name below."""
    with reading() as session:
        found = fairness.fairness_of(session, scope, by=actor)
    st.markdown(said(found.basis), width=820)
    st.markdown(
        ":small[:gray[For coordinators only: beside the public totals, these shares would tell who still waits. "
        "The wait is counted from ready to approval, over matches that started.]]",
        width=820,
    )
    for number, one in enumerate(found.views):
        with st.container(key=f"panel_fairness_{number}", gap="xsmall"):
            st.header(said(one.finding), anchor=False)
            if one.note:
                st.markdown(f":small[:gray[{said(one.note)}]]")
            if one.rows.empty:
                continue
            name = one.title.removeprefix("By ").capitalize()
            shown = one.rows.assign(label=one.rows["label"].map(plain)).rename(columns={"label": name, **_COLUMNS})
            with st.expander(f"{one.title}, in the order of names"):
                st.dataframe(shown, hide_index=True, height="content", alt=f"Mentees {one.title.lower()}")
