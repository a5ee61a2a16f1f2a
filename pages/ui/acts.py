"""Doing one thing in one transaction, and telling what came of it: the same on every page.

A second click starts a run beside the first one's, which breaks off wherever it next looks into the session's state or
draws. It has often done its work by then, and has not said so.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from pages.ui.text import md
from services import transaction
from services.errors import ServiceError

_LONGEST = 400
#: Seconds after a button has done its work and the page is drawn, for which another click on it means the same.
ECHO = 0.7
#: Seconds within which the page begins to be drawn that follows an act, on the busiest machine.
_SLOW = 5.0
_KEPT = "acts"

_T = TypeVar("_T")


@dataclass
class _Kept:
    """What this viewer did last. Plain fields: to note them after the work is stored breaks no run off."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    button: Hashable = None
    seen: Hashable = None
    result: Any = None
    at: float = 0.0
    is_undrawn: bool = False
    is_drawing: bool = False
    #: What was shown once, by its key.
    shown: dict[str, object] = field(default_factory=dict)

    def is_fresh(self) -> bool:
        """Whether nobody can have read yet what was done."""
        return self.is_drawing or time.monotonic() - self.at < ECHO

    def follows(self) -> bool:
        """Whether what is drawn now is the first page after an act."""
        return self.is_undrawn and time.monotonic() - self.at < _SLOW

    def stands(self) -> None:
        """The page that tells what was done is drawn."""
        if self.is_undrawn:
            self.at = time.monotonic()
        self.is_undrawn = self.is_drawing = False

    def knows(self, button: Hashable, seen: Hashable) -> bool:
        """Whether a click is an echo of the one before."""
        return (button == self.button and self.is_fresh()) or (seen is not None and seen == self.seen)


def _kept() -> _Kept:
    kept: _Kept = st.session_state.setdefault(_KEPT, _Kept())
    return kept


@contextmanager
def drawing() -> Iterator[None]:
    """A page is drawn; what was clicked until it stood there has waited, and is not late for that."""
    kept = _kept()
    kept.is_drawing = kept.follows()
    try:
        yield
    except BaseException:  # it breaks off, for a second click or to be drawn anew
        if kept.is_drawing:
            kept.stands()
        raise
    kept.stands()


def leave() -> None:
    """Close a dialog that was drawn once more after its act, and draw the page."""
    kept = _kept()
    if kept.follows():
        kept.at = time.monotonic()
    st.rerun()


def once(button: Hashable, act: Callable[[Any], _T], *, seen: Hashable = None) -> _T:
    """Do it in a transaction; of a second click, what the first one gave.

    `button` tells what was clicked, whatever it is of; `seen`, where given, what stood on the screen, with its version.
    """
    kept = _kept()
    with kept.lock:  # while the first is at work the second waits
        if not kept.knows(button, seen):
            for key in [*kept.shown]:
                st.session_state.pop(key, None)
            kept.shown = {}
            with transaction() as session:
                result = act(session)
            kept.button, kept.seen, kept.result = button, seen, result
        kept.at, kept.is_undrawn = time.monotonic(), True
        given: _T = kept.result
    return given


def shown_once(key: str) -> Any:
    """What the session keeps under a key, until anything else is clicked; None when that has happened."""
    kept, value = _kept(), st.session_state.get(key)
    if value is not None and kept.shown.get(key) is value and not kept.is_fresh():
        st.session_state.pop(key, None)
        value = None
    kept.shown[key] = value
    return value


class Acts:
    """What a page did last, or could not do; held by the viewer's session alone, under the page's name."""

    def __init__(self, page: str) -> None:
        self.said_key, self._refused_key = f"{page}_said", f"{page}_refused"

    def acted(self, act: Any) -> bool:
        """Do it and keep what it said; whether it was done, by this click or the one that it repeats."""
        st.session_state.pop(self.said_key, None)
        try:
            done = once((act.__code__, act.__defaults__), act)  # its own lines, and of a list its own row
        except ServiceError as refused:
            st.session_state[self._refused_key] = str(refused)
            return False
        st.session_state[self.said_key] = done
        return True

    def said(self, otherwise: str = "") -> None:
        """What the last click did, or could not do; where there was none, something else."""
        self._tell(st.session_state.get(self.said_key), otherwise)

    def said_once(self) -> None:
        """The same, until anything else is clicked."""
        self._tell(shown_once(self.said_key))

    def _tell(self, sentence: str | None, otherwise: str = "") -> None:
        if sentence:
            st.markdown(f":green[:material/check:] {md(sentence, _LONGEST)}", width="content")
        elif otherwise:
            st.markdown(f":gray[{md(otherwise, _LONGEST)}]", width="content")
        self.refused()

    def refused(self) -> None:
        """What the last click could not do, and why."""
        if sentence := st.session_state.pop(self._refused_key, None):
            st.warning(md(sentence, _LONGEST), icon=":material/group:")
