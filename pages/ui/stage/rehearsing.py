"""A rehearsal, as the presenter sees it: chosen, clearly marked, and ended. The room sees nothing of it."""

import streamlit as st

from pages.ui import words
from services import milestones
from services.stage.rehearsal import BETWEEN, STEPS
from services.stage.show import Show


def mark(found: Show) -> None:
    """While it runs: that the room's numbers are made up, what is true, and the way out."""
    if not found.rehearsal or not found.real:
        return
    real = found.real
    with st.container(key="rehearsal_mark"):
        st.error(
            f"**Rehearsal.** The room sees made-up numbers up to {found.rehearsal.number:,}. "
            f"Truly it is {real.total:,} {real.unit}; nothing is stored.",
            icon=":material/theater_comedy:",
        )
        st.button("End the rehearsal", key="rehearsal_end", width="stretch", on_click=found.rehearse, args=(None,))


def panel(found: Show) -> None:
    """Choose a milestone and begin."""
    if found.rehearsal or not found.real:
        return
    reached, following = milestones.around(found.real.total, ())
    numbers = sorted({*(n for n in reached if n > STEPS), following, found.real.goal}, reverse=True)
    st.header("Rehearse", anchor=False)
    st.markdown(
        f":gray[{words.spelled(STEPS).capitalize()} made-up approvals, one every {words.spelled(BETWEEN)} seconds, and "
        "the celebration of a milestone. Nothing is stored, and it ends by itself.]"
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="rehearsal"):
        number = st.selectbox("Up to", numbers, format_func=lambda n: f"{n:,}", key="rehearsal_number", width=160)
        st.button("Begin the rehearsal", key="rehearsal_begin", on_click=found.rehearse, args=(number,))
