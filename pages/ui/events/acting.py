"""What was done with events, and what could not be; and the ways between the views of the page."""

import streamlit as st

from pages.ui.acts import Acts

#: What the address holds: the event, and that its door is kept.
EVENT, DOOR = "event", "door"
_acts = Acts("events")
acted, said, refused = _acts.acted, _acts.said_once, _acts.refused


def go(ref: str = "", *, door: bool = False) -> None:
    """Show an event, its door, or without a ref the list."""
    for name, value in ((EVENT, ref), (DOOR, "1" if door else "")):
        if value:
            st.query_params[name] = value
        else:
            st.query_params.pop(name, None)
