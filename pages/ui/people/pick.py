"""Whom the page is about, and what it is narrowed to: kept in the address, never with what was searched for."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from pages.ui.acts import once, shown_once
from pages.ui.text import md
from services.errors import ServiceError, SignedOut
from services.people_edit import Saved

PERSON, WITH, PAGE, VIEW, PAIRS = "person", "with", "page", "view", "pairs"
#: The question that is open over a person.
ASKS, EDIT, WITHDRAW, ERASE = "asks", "edit", "withdraw", "erase"
PEOPLE, WAITLIST, DUPLICATES = "People", "Waitlist", "Duplicates"
SEARCH = "people_search"
_SAID = "people_said"


def value(name: str) -> str | None:
    """What the address says of something."""
    return st.query_params.get(name)


def put(**given: object) -> None:
    """Write these into the address; what is empty leaves it."""
    for name, what in given.items():
        st.query_params.pop(name, None)
        if what not in (None, "", 1):
            st.query_params[name] = str(what)


def choice(widget: Callable[..., Any], label: str, name: str, options: Iterable[str], **given: Any) -> str | None:
    """One of several, by the address; a change goes back to the first page."""
    known = list(options)
    wanted = value(name)
    key = f"people_{name}"
    usual = None if widget is st.selectbox else known[0]
    st.session_state[key] = wanted if wanted in known else usual
    widget(label, known, key=key, on_change=_chose, args=(name, key, usual), **given)
    chosen: str | None = st.session_state[key]
    return chosen


def _chose(name: str, key: str, usual: str | None) -> None:
    chosen = st.session_state[key]
    put(**{name: None if chosen == usual else chosen, PAGE: None})


def attempt(what: Callable[..., Saved], *on: Any, **given: Any) -> Saved | None:
    """Run one command in its own transaction; a refusal is told where the caller stands."""
    try:
        done = once(what, lambda session: what(session, *on, **given))
    except SignedOut:
        raise
    except ServiceError as refused:
        st.warning(md(refused, 900), icon=":material/error:")
        return None
    tell(done)
    return done


def tell(done: Saved) -> None:
    """Keep what was done for the next run to say."""
    st.session_state[_SAID] = done.sentence


def said() -> None:
    """What was done last, once."""
    if sentence := shown_once(_SAID):
        st.success(md(sentence, 500), icon=":material/check:")
