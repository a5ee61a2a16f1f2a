"""Doing one thing in one transaction, and telling what came of it; and the ways between the views of the page."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.text import md
from services import transaction
from services.errors import ServiceError

#: What the address holds: the event, and that its door is kept.
EVENT, DOOR = "event", "door"
_SAID, _REFUSED = "events_said", "events_refused"


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


def said() -> None:
    """What the last click did, or could not do."""
    if sentence := st.session_state.pop(_SAID, None):
        st.markdown(f":green[:material/check:] {md(sentence, 400)}")
    refused()


def refused() -> None:
    """What the last click could not do, and why."""
    if sentence := st.session_state.pop(_REFUSED, None):
        st.warning(md(sentence, 400), icon=":material/error:")


def go(ref: str = "", *, door: bool = False) -> None:
    """Show an event, its door, or without a ref the list."""
    for name, value in ((EVENT, ref), (DOOR, "1" if door else "")):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)
