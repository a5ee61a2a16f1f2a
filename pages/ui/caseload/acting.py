"""Doing one thing in one transaction, and telling what came of it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.text import md
from services import transaction
from services.errors import ServiceError

SAID, _REFUSED = "caseload_said", "caseload_refused"


def acted(act: Callable[[Any], str]) -> bool:
    """Do it and keep what it said; whether it was done."""
    st.session_state.pop(SAID, None)
    try:
        with transaction() as session:
            done = act(session)
    except ServiceError as refused:
        st.session_state[_REFUSED] = str(refused)
        return False
    st.session_state[SAID] = done
    return True


def said() -> None:
    """What the last click did, or could not do."""
    if sentence := st.session_state.get(SAID):
        st.markdown(f":green[:material/check:] {md(sentence, 400)}")
    refused()


def refused() -> None:
    """What the last click could not do, and why."""
    if sentence := st.session_state.pop(_REFUSED, None):
        st.warning(md(sentence, 400), icon=":material/group:")
