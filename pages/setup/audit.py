"""Audit: every change and every reading of a file, by whom and when, and whether the trail holds."""

import streamlit as st

from pages.ui import identity
from pages.ui import trail as parts
from pages.ui.text import md
from services import reading, trail
from services.errors import Invalid

actor = identity.require()

st.title("Audit", anchor=False)
st.markdown(
    "Every change leaves a row, and so does whoever reads a person’s profile or match, once a day. Each row is chained "
    "to the one before it. Rows hold references, counts and names of fields; none names a mentor or a mentee.",
    width=820,
)
parts.state(actor)
with reading() as session:
    choices = trail.choices(session, by=actor)
wanted, number = parts.filters(choices)
try:
    with reading() as session:
        page = trail.entries(session, wanted, by=actor, page=number)
except Invalid as refused:
    st.warning(md(refused))
    st.stop()
parts.rows(page)
