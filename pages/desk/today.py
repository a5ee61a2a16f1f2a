"""Today: what needs this person now."""

import streamlit as st

from pages.ui import identity, today
from services.access import Permission

actor = identity.require()

st.title("Today", anchor=False)
if actor.may(Permission.SEE_MILESTONES):
    today.standing(actor)
if actor.may(Permission.REVIEW_MATCHES):
    today.decisions(actor)
if actor.may(Permission.SEE_OWN_AGENCY):
    today.own_people(actor)
