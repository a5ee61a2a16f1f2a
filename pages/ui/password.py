"""Changing one's own password."""

import streamlit as st

from pages.ui.acts import once, shown_once
from pages.ui.text import md
from services import own_password, transaction
from services.access import Actor
from services.errors import ServiceError, SignedOut

_ASKED, _SAID = "password_asked", "password_said"


def is_asked() -> bool:
    """Whether the question is open."""
    return bool(st.session_state.get(_ASKED))


def ask() -> None:
    """Open the question with the next run."""
    st.session_state[_ASKED] = True


def question(actor: Actor) -> None:
    """The question over whatever page, and once what came of it."""
    if is_asked():
        _dialog(actor)
    if sentence := shown_once(_SAID):
        st.toast(sentence, icon=":material/check:")


def _close() -> None:
    st.session_state.pop(_ASKED, None)


@st.dialog("Change your password", icon=":material/key:", on_dismiss=_close)
def _dialog(actor: Actor) -> None:
    with st.form("own_password", border=False):
        present = st.text_input(
            "Present password", type="password", autocomplete="current-password", key="password_present"
        )
        new = st.text_input(
            "New password", type="password", autocomplete="new-password", key="password_new",
            placeholder="15 characters or more", help="Several words that only you would put together do well",
        )  # fmt: skip
        again = st.text_input("The new one again", type="password", autocomplete="new-password", key="password_again")
        told = st.empty()
        wanted = st.form_submit_button("Change it", type="primary", icon=":material/check:")
    if wanted:
        try:
            st.session_state[_SAID] = _change(actor, present, new, again)
        except SignedOut:  # the form to sign in takes the page's place
            _close()
            st.rerun()
        except ServiceError as refused:
            told.warning(md(refused, 300), icon=":material/error:")
            return
        _close()
        st.rerun()


def _change(actor: Actor, present: str, new: str, again: str) -> str:
    new_hash = own_password.wanted(present, new, again)
    with transaction() as session:  # stored whatever comes of it, so that every try is counted
        tried = own_password.knock(session, by=actor, address=st.context.ip_address)
    proven = own_password.prove(tried, present)
    return once(own_password.change, lambda session: own_password.change(session, proven, new_hash, by=actor))
