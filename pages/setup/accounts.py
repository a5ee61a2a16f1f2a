"""Accounts: who may sign in, as what; a password is shown once, to whoever hands it out."""

import streamlit as st

from pages.ui import identity
from pages.ui.setup import accounts as parts
from pages.ui.setup import acting
from services import accounts, reading
from services.setup import agencies

actor = identity.require()

st.title("Accounts", anchor=False)
with reading() as session:
    known = accounts.accounts(session, actor)
    homes = agencies.agencies(session, by=actor).set_index("name")["agreement_on"].notna().to_dict()
parts.password_once()
acting.said_once()
listed, form = st.columns([2.4, 1], gap="large")
with listed, st.container(key="panel_accounts"):
    st.header("One account" if len(known) == 1 else f"{len(known)} accounts", anchor=False)
    parts.listed(known)
with form, st.container(key="panel_account"):
    st.header("Add or change", anchor=False)
    parts.form(actor, known, homes)
