"""Today: what needs this person now."""

import streamlit as st

from pages.ui import identity, manager, scope, today
from services.access import Permission
from services.errors import NotFound

actor = identity.require()

if actor.may(Permission.SEE_OWN_AGENCY):  # a coach's own people, who are those of this day
    st.title("Today", anchor=False)
    today.standing(actor, None)
    today.own_people(actor)
    st.stop()

try:
    with scope.header(actor, with_cohort=not actor.may(Permission.REVIEW_MATCHES)) as chosen:
        st.title("Today", anchor=False, width="content")
except NotFound as nothing:
    st.title("Today", anchor=False)
    st.info(str(nothing))
    st.stop()

if actor.may(Permission.REVIEW_MATCHES):
    today.standing(actor, chosen)
    today.decisions(actor, chosen)
elif actor.may(Permission.SEE_FIGURES):
    manager.overview(actor, chosen)
else:
    today.standing(actor, chosen)
