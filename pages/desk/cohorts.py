"""Cohorts: one in full, or all of them side by side."""

import streamlit as st

from pages.ui import cohort as parts
from pages.ui import first, identity, panels, placing, scope
from pages.ui.text import md, said
from services import cohorts, placements, reading
from services.access import Permission
from services.errors import NotFound
from services.setup.steps import Lack

ONE, ALL = "One cohort", "All cohorts"

actor = identity.require()

try:
    with scope.header(actor, kinds=("mentoring", "placement")) as chosen:
        is_mentoring = chosen.programme.kind.value == "mentoring"
        view = ONE
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            title = st.container(width="content")
            if is_mentoring and chosen.cohort:
                view = st.segmented_control(
                    "View", [ONE, ALL], default=ONE, required=True, key="view", bind="query-params",
                    label_visibility="collapsed",
                )  # fmt: skip
        name = f"{md(chosen.cohort.name)} cohort" if chosen.cohort else md(chosen.programme.name)
        title.title(name if view == ONE else ALL, anchor=False, width="content")
except NotFound as nothing:
    st.title("Cohorts", anchor=False)
    st.info(str(nothing))
    st.stop()

if chosen.cohort is None:
    first.what_next(actor, Lack.COHORT)
    st.stop()
if is_mentoring and first.instead(actor):
    st.stop()

if not is_mentoring:
    with reading() as session:
        placed = placements.placed(session, chosen.of_cohort, by=actor)
    st.markdown(said(placed.lead), width=820)
    parts.placed(placed)
    if actor.may(Permission.EDIT_PEOPLE) and chosen.is_today:
        placing.desk(actor, chosen.cohort)
elif view == ALL:
    with reading() as session:
        beside = cohorts.side_by_side(session, chosen.of_programme, by=actor)
    st.markdown(f":gray[{md(chosen.programme.name)}, as of {chosen.day}.]")
    parts.all_of_them(beside)
else:
    with reading() as session:
        found = cohorts.one(session, chosen.of_cohort, by=actor)
    st.markdown(said(found.lead), width=820)
    parts.band(found)
    parts.care(found.care, opens=found.opens)
    parts.pictures(found)
panels.rows_behind(actor, chosen.of_cohort)
