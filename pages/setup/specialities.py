"""Specialities: each group's list, the people whose words no entry stands for yet, and places with coordinates."""

import streamlit as st

from pages.ui import identity, places, specialities
from services import programmes, reading
from services.errors import NotFound

SPECIALITIES, PLACES = "Specialities", "Places"

actor = identity.require()

with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    title = st.container(width="content")
    view = st.segmented_control(
        "View", [SPECIALITIES, PLACES], default=SPECIALITIES, required=True, key="view", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
    title.title(view, anchor=False, width="content")

if view == PLACES:
    places.desk(actor)
    st.stop()
try:
    with reading() as session:
        programme = programmes.main(session).id
except NotFound as nothing:
    st.info(str(nothing))
    st.stop()
st.markdown(
    "Only a speciality that is on the list and confirmed counts in the fit. Words of files and titles are laid beside "
    "the list here; what they mean is for you to say, and nothing is stored before you do.",
    width=820,
)
specialities.desk(actor, programme)
