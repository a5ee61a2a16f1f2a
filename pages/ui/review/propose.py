"""Propose matches: the plan before anything is stored."""

import streamlit as st

from pages.ui.text import md
from services import proposals, reading, transaction
from services.access import Actor
from services.errors import ServiceError


@st.dialog("Propose matches", width="large", icon=":material/auto_awesome:")
def dialog(actor: Actor) -> None:
    """Plan, show, and store only on the second click."""
    try:
        with st.spinner("Planning"), reading() as session:
            plan = proposals.propose(session, by=actor)
    except ServiceError as error:
        st.warning(md(error, 400))
        return
    st.write(plan)
    if st.button("Put them in the queue", type="primary", key="apply_plan"):
        try:
            with transaction() as session:
                proposals.apply(session, by=actor)
        except ServiceError as error:
            st.warning(md(error, 400))
            return
        st.rerun()
