"""The bar of steps: each one click with its day; and putting a match right, with a reason."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.acts import once
from pages.ui.text import md
from services import life, life_undo
from services.access import Actor
from services.errors import Invalid, ServiceError
from services.life import ENDINGS, Which
from services.match_view import MatchView, Stage

_MODE, _SAID, _REFUSED = "life_mode", "life_said", "life_refused"
#: Whether the last step left a mentee without a mentor.
_FREES = "life_frees"
_END, _MEND = "end", "mend"
#: What the button of a step says.
_DONE = {"orientation": "Orientation attended", "first_meeting": "They have met", "agreement": "Agreement signed"}


@dataclass(frozen=True)
class _Mending:
    """Something that can be put right: what is done, with what."""

    do: Callable[..., life.Decision]
    args: tuple[Any, ...] = ()
    with_day: bool = False
    was: dt.date | None = None


def refused() -> None:
    """What the last click could not do, and why; or what it did."""
    if sentence := st.session_state.get(_REFUSED):
        st.warning(md(sentence, 400), icon=":material/group:")
    elif sentence := st.session_state.get(_SAID):
        st.markdown(f":green[:material/check:] {md(sentence, 300)}")
        if st.session_state.get(_FREES):
            st.page_link(
                "pages/desk/match_review.py", label="Propose matches", icon=":material/auto_awesome:",
                query_params={"propose": "all"},
            )  # fmt: skip


def bar(view: MatchView, *, by: Actor) -> None:
    """The next step with its day, the ends, and what puts a match right."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="decision_bar"):
        state = view.state.value
        if state in ("approved", "active"):
            _day_input(view)
        if mode():
            st.button(
                "Back", shortcut="Esc", icon=":material/arrow_back:", key="back_step", on_click=_ask, args=(None,)
            )
            return
        if state == "approved":
            _step("Mentor agreed: started", life.start, view, by, primary=True)
        if state == "active":
            _of_running(view, by)
        if state in ("active", "completed", "ended_early", "approved"):
            st.button("Put right", shortcut="M", key="mend", on_click=_ask, args=(_MEND,))
        help_text = "Take back your last step of this match" if view.can_undo else "Nothing of yours to take back"
        st.button(
            "Undo",
            shortcut="Z",
            key="undo_step",
            disabled=not view.can_undo,
            help=help_text,
            on_click=attempt,
            args=(life_undo.undo, view.ref, view.version),
            kwargs={"by": by},
        )


def _of_running(view: MatchView, by: Actor) -> None:
    due = view.stages[-1].due
    closing = view.next_step == "closing" and due is not None and due <= view.today
    if view.next_step in _DONE:
        _step(_DONE[view.next_step], life.record, view, by, view.next_step, primary=True)
    _step("Completed", life.complete, view, by, primary=closing, shortcut="A" if closing else "F")
    st.button("Ended early", shortcut="E", key="end_early", on_click=_ask, args=(_END,))


def _step(
    label: str,
    do: Callable[..., life.Decision],
    view: MatchView,
    by: Actor,
    *args: Any,
    primary: bool = False,
    shortcut: str = "A",
) -> None:
    st.button(
        label,
        type="primary" if primary else "secondary",
        icon=":material/check:" if primary else None,
        shortcut=shortcut,
        key=f"do_{label}",
        on_click=_with_day,
        args=(do, view, by, *args),
    )


def _day_input(view: MatchView) -> None:
    st.date_input(
        "Day of the step",
        view.today,
        max_value=view.today,
        format="YYYY-MM-DD",
        key=_day_key(view),
        label_visibility="collapsed",
        width=128,
        help="The day it holds from; today unless you choose an earlier one",
    )


def _day_key(view: MatchView) -> str:
    return f"step_day_{view.ref}_{view.version}"


def _day(view: MatchView) -> dt.date:
    return st.session_state.get(_day_key(view)) or view.today


def question(view: MatchView, *, by: Actor) -> None:
    """What an early end or a correction still asks."""
    if mode() == _END and view.state.value == "active":
        with st.container(border=True, gap="small", key="question"):
            st.markdown(f"**Why did {md(view.mentee)} with {md(view.mentor)} end early?**")
            with st.container(horizontal=True, gap="xsmall"):
                for place, (code, words) in enumerate(ENDINGS.items(), start=1):
                    label = f":green[:material/work:] {words}" if code.startswith("hired") else words
                    st.button(label, shortcut=str(place), key=f"ending_{code}", on_click=_end, args=(view, by, code))
            st.text_input("Note, if it needs one", key=f"ending_note_{view.ref}", max_chars=300)
            st.markdown(":small[:gray[Hired is a success and counted apart. The day is the one in the bar below.]]")
    elif mode() == _MEND:
        with st.container(border=True, gap="small", key="question"):
            _ask_mending(view, by)


def _ask_mending(view: MatchView, by: Actor) -> None:
    options = _mendings(view)
    st.markdown(f"**Put {md(view.mentee)} with {md(view.mentor)} right**")
    what = st.selectbox(
        "What", list(options), index=None, placeholder="What is to be put right", key=f"mend_{view.ref}",
        label_visibility="collapsed",
    )  # fmt: skip
    if not what:
        return
    mending = options[what]
    key = f"mend_day_{view.ref}_{what}"
    if mending.with_day:
        st.date_input("Day", mending.was or view.today, max_value=view.today, format="YYYY-MM-DD", key=key, width=150)
    if (mending.do is not life.start and mending.do is not life.record) or mending.was:
        st.text_input("Why", key=f"mend_why_{view.ref}", max_chars=300)
    if mending.do is life.void:
        st.markdown(":small[:gray[This cannot be undone: the match is kept in its history and counts nowhere.]]")
    st.button(
        what, type="primary", icon=":material/check:", key="mend_now", on_click=_mend, args=(view, by, mending, key)
    )


def _mendings(view: MatchView) -> dict[str, _Mending]:
    """What can be put right of a match as it stands, by its words."""
    found: dict[str, _Mending] = {}
    state = view.state.value
    for stage in view.stages:
        if stage.key in _DONE and state != "approved":
            found |= _of_step(stage, is_next=stage.key == view.next_step)
    if state == "active":
        found["Change the day it started"] = _Mending(life.redate, (Which.START,), with_day=True, was=view.started_on)
    if state in ("completed", "ended_early"):
        found["Change the day it ended"] = _Mending(life.redate, (Which.END,), with_day=True, was=view.ended_on)
        found["Reopen it"] = _Mending(life.reopen)
    found["Void it: entered in error"] = _Mending(life.void)
    return found


def _of_step(stage: Stage, *, is_next: bool) -> dict[str, _Mending]:
    if stage.is_recorded and stage.day:
        return {
            f"Change the day: {stage.label.lower()}": _Mending(life.record, (stage.key,), with_day=True, was=stage.day),
            f"Take back: {stage.label.lower()}": _Mending(life.take_back, (stage.key,), was=stage.day),
        }
    if stage.day or is_next:
        return {}
    return {_DONE[stage.key]: _Mending(life.record, (stage.key,), with_day=True)}


def mode() -> str | None:
    """The question that is open: end, mend, or none."""
    return st.session_state.get(_MODE)


def _ask(what: str | None) -> None:
    _forget()
    st.session_state[_MODE] = what


def _with_day(do: Callable[..., life.Decision], view: MatchView, by: Actor, *args: Any) -> None:
    attempt(do, view.ref, view.version, *args, by=by, on=_day(view))


def _end(view: MatchView, by: Actor, code: str) -> None:
    note = st.session_state.get(f"ending_note_{view.ref}") or ""
    attempt(life.end_early, view.ref, view.version, by=by, reason=code, on=_day(view), note=note)


def _mend(view: MatchView, by: Actor, mending: _Mending, key: str) -> None:
    why = st.session_state.get(f"mend_why_{view.ref}") or ""
    given: dict[str, Any] = {"on": st.session_state.get(key) or view.today} if mending.with_day else {}
    if mending.do in (life.record, life.take_back):
        given["was"] = mending.was
    attempt(mending.do, view.ref, view.version, *mending.args, by=by, why=why, **given)


def attempt(do: Callable[..., life.Decision], ref: str, version: int, *on: Any, **given: Any) -> None:
    """Run one command and keep what is to be said of it: what was done, or why it was refused.

    A key pressed twice on one card does it once: the second press is of a version that this viewer changed.
    """
    stays = mode()
    _forget()
    try:
        decision = once(do, lambda session: do(session, ref, version, *on, **given), seen=(ref, version))
    except Invalid as error:
        st.session_state[_MODE], st.session_state[_REFUSED] = stays, str(error)
    except ServiceError as error:
        st.session_state[_REFUSED] = str(error)
    else:
        st.session_state[_SAID], st.session_state[_FREES] = decision.sentence, decision.frees


def _forget() -> None:
    for key in (_MODE, _SAID, _REFUSED, _FREES):
        st.session_state.pop(key, None)
