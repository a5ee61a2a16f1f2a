"""Doing one thing in one transaction, and telling what came of it: the same on every page."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.text import md
from services import transaction
from services.errors import ServiceError

_LONGEST = 400


class Acts:
    """What a page did last, or could not do; held by the viewer's session alone, under the page's name."""

    def __init__(self, page: str) -> None:
        self.said_key, self._refused_key = f"{page}_said", f"{page}_refused"

    def acted(self, act: Callable[[Any], str]) -> bool:
        """Do it and keep what it said; whether it was done."""
        st.session_state.pop(self.said_key, None)
        try:
            with transaction() as session:
                done = act(session)
        except ServiceError as refused:
            st.session_state[self._refused_key] = str(refused)
            return False
        st.session_state[self.said_key] = done
        return True

    def said(self, otherwise: str = "") -> None:
        """What the last click did, or could not do; where there was none, something else."""
        if sentence := st.session_state.get(self.said_key):
            st.markdown(f":green[:material/check:] {md(sentence, _LONGEST)}", width="content")
        elif otherwise:
            st.markdown(f":gray[{md(otherwise, _LONGEST)}]", width="content")
        self.refused()

    def said_once(self) -> None:
        """The same, until anything else is clicked."""
        self.said()
        st.session_state.pop(self.said_key, None)

    def refused(self) -> None:
        """What the last click could not do, and why."""
        if sentence := st.session_state.pop(self._refused_key, None):
            st.warning(md(sentence, _LONGEST), icon=":material/group:")
