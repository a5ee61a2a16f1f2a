"""Outcomes: who is to be asked next what became of them, and the surveys of a cohort."""

import streamlit as st

from pages.ui import identity, scope
from pages.ui.outcomes import follow_ups, surveys
from services import programmes, reading
from services.access import Permission
from services.errors import NotFound

VIEW, VIEWS = "outcomes_view", ["Follow-ups", "Surveys"]

actor = identity.require()

try:
    if not actor.may(Permission.KEEP_SURVEYS):  # a coach's own people, who are those of this day
        st.title("Outcomes", anchor=False)
        with reading() as session:
            programme_id = programmes.main(session).id
        follow_ups.show(actor, programme_id)
        st.stop()
    is_surveys = (st.session_state.get(VIEW) or st.query_params.get(VIEW)) == VIEWS[1]
    with (
        scope.header(actor, with_cohort=is_surveys) as chosen,
        st.container(horizontal=True, vertical_alignment="center", gap="medium"),
    ):
        st.title("Outcomes", anchor=False, width="content")
        view = st.segmented_control(
            "View", VIEWS, default=VIEWS[0], required=True, key=VIEW, label_visibility="collapsed",
            bind="query-params",
        )  # fmt: skip
except NotFound as nothing:
    st.title("Outcomes", anchor=False)
    st.info(str(nothing))
    st.stop()

if view == VIEWS[1]:
    surveys.show(actor, chosen)
elif chosen.is_today:
    follow_ups.show(actor, chosen.programme.id)
else:
    st.markdown(
        ":gray[Follow-ups are made today. Choose today to see who is due; rates of past days stand on Cohorts.]"
    )
