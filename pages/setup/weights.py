"""Weights: what each criterion of the fit counts for, what others would change, and whether matching treats alike."""

import streamlit as st

from pages.ui import fairness, identity, scope
from pages.ui import weights as parts
from services.errors import NotFound

WEIGHTS, FAIRNESS = "Weights", "Fairness"

actor = identity.require()

try:
    with scope.header(actor) as chosen, st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        title = st.container(width="content")
        view = st.segmented_control(
            "View", [WEIGHTS, FAIRNESS], default=WEIGHTS, required=True, key="show", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
        title.title(view, anchor=False, width="content")
except NotFound as nothing:
    st.title(WEIGHTS, anchor=False)
    st.info(str(nothing))
    st.stop()

if chosen.cohort is None:
    st.info("There is no cohort yet. Weights are tried on the proposals of one.")
    st.stop()

if view == FAIRNESS:
    fairness.view(actor, chosen.of_cohort)
else:
    st.markdown(
        "A pair’s fit is the mean of what is known of these, each as heavy as its weight. "
        "Country, gender and age are no criteria. What is tried here is tried on the queue as it is now.",
        width=820,
    )
    parts.desk(actor, chosen.programme.id, chosen.cohort.name)
