"""Events: all of them, one with whom it invites, or its door, as the address says."""

import streamlit as st

from pages.ui import identity
from pages.ui.events import acting, detail, keeping, listed
from services.errors import NotFound

actor = identity.require()

ref = st.query_params.get(acting.EVENT)
if not ref:
    listed.show(actor)
    st.stop()
try:
    if st.query_params.get(acting.DOOR):
        keeping.show(actor, ref)
    else:
        detail.show(actor, ref)
except NotFound as nothing:
    st.title("Events", anchor=False)
    st.warning(str(nothing), icon=":material/search_off:")
    st.button("All events", icon=":material/arrow_back:", on_click=acting.go)
