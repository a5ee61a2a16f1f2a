"""Which dialog stands open: remembered, because what other coordinators do draws the page again behind it."""

import streamlit as st

_OPEN = "review_dialog"


def show(name: str) -> None:
    """Open a dialog, or leave it open."""
    st.session_state[_OPEN] = name


def close() -> None:
    """None is open any more."""
    st.session_state.pop(_OPEN, None)


def is_open(name: str) -> bool:
    """Whether this one is."""
    return st.session_state.get(_OPEN) == name
