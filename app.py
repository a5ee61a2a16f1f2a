"""The frame around every page: who is there, the menu, and the gate. Served by serve.py, never alone."""

import streamlit as st

from pages.ui import first, identity, look, password, site
from pages.ui.acts import drawing
from services.errors import ServiceError, SignedOut

st.set_page_config(page_title="Match Desk", page_icon=site.ICON, layout="wide", initial_sidebar_state=200)
look.dress()

actor = identity.current()
pages = site.pages(actor)
has_menu = actor is not None and not site.is_bare()
page = st.navigation(list(pages), position="sidebar" if has_menu else "hidden", expanded=True)
place = pages[page]

opened_by_link = place is site.ANSWER  # the page judges the link itself
if actor is None and not opened_by_link:
    st.set_page_config(page_title="Sign in · Match Desk")
    identity.sign_in_form()
    st.stop()

if actor is not None and has_menu:
    st.logo(site.logo())
    with st.sidebar:
        identity.account_menu(actor)
    password.question(actor)

if not opened_by_link and not place.is_open_to(actor):
    site.nothing_here()
    st.stop()

st.set_page_config(page_title=f"{place.title} · Match Desk")
try:
    if actor is None or not first.stands_for(actor, place):
        with drawing():
            page.run()
except SignedOut:
    st.rerun()  # the form takes the page's place
except ServiceError as refused:
    st.error(str(refused), icon=":material/error:")
