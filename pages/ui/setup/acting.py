"""What was done on a setup page, and forms that keep what was typed until it is stored."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.acts import Acts

_acts = Acts("setup")
_ROUND = "setup_round"
said, said_once = _acts.said, _acts.said_once


def key(name: str) -> str:
    """The key of a field: another after each act, so that a form begins anew once it is stored."""
    return f"{name} {st.session_state.get(_ROUND, 0)}"


def act(doing: Callable[[Any], str]) -> None:
    """Do it and draw the page anew; what was typed stays when it is refused."""
    if _acts.acted(doing):
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.rerun()
