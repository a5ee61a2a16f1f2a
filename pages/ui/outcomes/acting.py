"""Doing one thing in one transaction, and telling what came of it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.text import md
from services import transaction
from services.errors import ServiceError

_SAID, _REFUSED = "outcomes_said", "outcomes_refused"


def acted(act: Callable[[Any], str]) -> bool:
    """Do it and keep what it said; whether it was done."""
    st.session_state.pop(_SAID, None)
    try:
        with transaction() as session:
            done = act(session)
    except ServiceError as refused:
        st.session_state[_REFUSED] = str(refused)
        return False
    st.session_state[_SAID] = done
    return True


def said(otherwise: str = "") -> None:
    """What the last click did, or could not do; where there was none, something else."""
    if sentence := st.session_state.get(_SAID):
        st.markdown(f":green[:material/check:] {md(sentence, 400)}", width="content")
    elif otherwise:
        st.markdown(f":gray[{md(otherwise, 400)}]", width="content")
    if sentence := st.session_state.pop(_REFUSED, None):
        st.warning(md(sentence, 400), icon=":material/group:")
