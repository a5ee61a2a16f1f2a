"""Milestones: where the programme stands on the way to its next round number, whom it thanks, and the stage's links."""

import streamlit as st

from pages.ui import identity, panels, scope, stage_links, stage_names, words
from pages.ui.milestones import ledger, standing, thanks
from services import course, milestones, reading, recognition, shown
from services.access import Permission
from services.errors import NotFound

_MENTORS = ("mentors", "repeat_mentors", "mentors_over_ten")

actor = identity.require()
may_see_rows, sees_figures = actor.may(Permission.SEE_ROWS), actor.may(Permission.SEE_FIGURES)
opens_stage = actor.may(Permission.OPEN_STAGE_LINKS)
try:
    with scope.header(actor, with_cohort=False) as chosen:
        of_all = chosen.of_programme
        with reading() as session:
            about = {"by": actor, "as_of": chosen.as_of, "programme_id": chosen.programme.id}
            now = milestones.standing(session, **about)
            begun = len(milestones.cohorts(session, **about)) > 0
            reached = milestones.ledger(session, **about)
            way = course.course(session, of_all, by=actor)
            if sees_figures:
                mentors = [*shown.several(session, of_all, _MENTORS, by=actor).values()]
                came_back = recognition.returning(session, of_all, by=actor)
                tiers = recognition.tiers(session, of_all, by=actor)
        to_go = f"{words.spelled(now.to_go)} {now.figure.unit if now.to_go != 1 else now.one}"
        title = f"{to_go[0].upper()}{to_go[1:]} to the {words.ordinal(now.next_number)}"
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.title(title, anchor=False, width="content")
            if opens_stage and sees_figures:
                st.markdown("[:material/tv: Open the stage](#stage)", width="content")
except NotFound as nothing:
    st.title("Milestones", anchor=False)
    st.info(str(nothing))
    st.stop()

if begun:
    standing.sentence(way, now)
standing.band(now, way, mentors if sees_figures else (), opens=may_see_rows)
if opens_stage and not sees_figures:  # it is what presenters come for
    with st.container(key="panel_stage"):
        stage_links.section()
if begun:
    standing.curve(way, now)
    if sees_figures:
        left, right = st.columns(2, gap="large")
        with left:
            standing.projection(way, now)
        with right:
            thanks.returning(came_back, chosen.as_of)
        if actor.may(Permission.SEE_PEOPLE):
            left, right = st.columns([5, 7], gap="large")
            with right, st.container(key="panel_people", gap="xsmall"):
                thanks.people(chosen)
            with left:
                thanks.tiers(tiers)
        else:
            thanks.tiers(tiers)
    else:
        standing.projection(way, now)
    with st.container(key="panel_ledger", gap="xsmall"):
        ledger.ledger(reached, now)
else:
    st.info("No cohort has begun yet. Its matches are counted here from the day the first one starts.")
if sees_figures or not opens_stage:
    with st.container(key="panel_stage"):
        stage_links.section() if opens_stage else stage_links.whose()
if actor.may(Permission.KEEP_CONSENTS):
    with st.container(key="panel_names"):
        stage_names.section(chosen.programme.today)
if sees_figures:
    panels.rows_behind(actor, of_all)
