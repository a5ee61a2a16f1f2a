"""Propose matches: the plan before anything is stored."""

import pandas as pd
import streamlit as st

from pages.ui.review import pick
from pages.ui.text import md, plain
from services import proposals, reading, transaction
from services.access import Actor
from services.counting.figure import out_of_100
from services.errors import ServiceError
from services.proposals import Plan


@st.dialog("Propose matches", width="large", icon=":material/auto_awesome:")
def dialog(actor: Actor) -> None:
    """Show the plan; store it only on the second click."""
    try:
        with st.spinner("Planning every occupational group"), reading() as session:
            plan = proposals.propose(session, by=actor)
    except ServiceError as error:
        st.warning(md(error, 400))
        return
    found, without = len(plan.pairs), len(plan.unmatched)
    st.markdown(
        f"Cohort **{md(plan.cohort)}**: **{found}** new proposals, **{without}** mentees without a mentor, "
        f"**{int(plan.left['places'].sum())}** places left. The most mentees that can be matched, "
        "longest wait first, then the best fit. Nothing is stored yet."
    )
    _pairs(plan)
    _unmatched(plan)
    words = f"Put {found} proposals in the queue" if found else "Nothing to propose"
    if st.button(words, type="primary", icon=":material/check:", key="apply_plan", disabled=not found):
        try:
            with st.spinner("Storing the proposals"), transaction() as session:
                proposals.apply(session, by=actor)
        except ServiceError as error:
            st.warning(md(error, 400))
            return
        st.query_params.pop("match", None)
        st.session_state.pop(pick.ORDER, None)
        st.rerun()


def _pairs(plan: Plan) -> None:
    if plan.pairs.empty:
        return
    shown = pd.DataFrame(
        {
            "Mentee": plan.pairs["mentee"].map(plain),
            "Mentor": plan.pairs["mentor"].map(plain),
            "Fit": plan.pairs["fit"].map(out_of_100),
            "Waiting": plan.pairs["waiting_days"],
            "Occupation": plan.pairs["group"],
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        height=min(36 * (len(shown) + 1), 250),
        alt="Proposed pairs, best fit first",
        column_config={"Waiting": st.column_config.NumberColumn(format="%d d")},
    )


def _unmatched(plan: Plan) -> None:
    if plan.unmatched.empty:
        return
    with st.expander(f"{len(plan.unmatched)} without a mentor, and what would change it"):
        lines = plan.unmatched.groupby(["group", "reason", "change"], sort=False).size().reset_index(name="mentees")
        lines = lines.sort_values("mentees", ascending=False)
        shown = pd.DataFrame(
            {
                "Mentees": lines["mentees"].astype(str),
                "Occupation": lines["group"].map(md),
                "Why, and what would change it": lines["reason"].map(lambda t: md(t, 300))
                + " "
                + lines["change"].map(lambda t: md(t, 300)),
            }
        )
        st.table(shown, border="horizontal", hide_index=True)
