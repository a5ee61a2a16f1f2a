"""Today: what needs this person now."""

import streamlit as st

from pages.ui import first, identity, manager, scope, today
from pages.ui.needs import whole
from services import reading
from services import today as services_today
from services.access import Permission

actor = identity.require()
reviews = actor.may(Permission.REVIEW_MATCHES)
if first.greets(actor):
    st.stop()

if actor.may(Permission.SEE_OWN_AGENCY):  # a coach's own people, who are those of this day
    st.title("Today", anchor=False)
    today.standing(actor, None)
    today.own_people(actor)
    st.stop()

is_managing = actor.may(Permission.SEE_FIGURES) and not reviews
with (
    scope.header(actor, with_cohort=is_managing) as chosen,
    st.container(horizontal=True, vertical_alignment="center"),
):
    st.title("Today", anchor=False, width="content")
    if reviews:
        st.markdown(f":gray[{chosen.as_of:%A} {chosen.day}]", width="content")

if reviews:
    if chosen.is_today:
        with reading() as session:
            found = services_today.needs(session, by=actor, programme_id=chosen.programme.id)
        whole.whole(found)
        today.standing(actor, chosen)
    else:
        today.standing(actor, chosen)
        today.as_of(actor, chosen)
elif is_managing:
    if actor.may(Permission.MANAGE_ACCOUNTS):
        first.steps_left(actor)
    manager.overview(actor, chosen)
else:
    today.standing(actor, chosen)
    if actor.may(Permission.OPEN_STAGE_LINKS):
        st.page_link("pages/story/milestones.py", label="Open the stage", icon=":material/tv:")
