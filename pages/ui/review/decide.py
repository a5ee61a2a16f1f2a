"""The decision bar: every decision one or two keys, each a callback, so that the next card is there at once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.review import pick
from pages.ui.text import md
from services import review, transaction
from services.access import Actor
from services.card import Card
from services.errors import Invalid, ServiceError

_MODE, _SAID, _REFUSED = "review_mode", "review_said", "review_refused"
_HOLDS = (("A week", 7), ("Two weeks", 14), ("A month", 30))


def mode() -> str | None:
    """The question that is open: hold, decline, other, or none."""
    return st.session_state.get(_MODE)


def refused() -> None:
    """What the last click could not do, and why; shown until the next one."""
    if sentence := st.session_state.get(_REFUSED):
        st.warning(md(sentence, 400), icon=":material/group:")


def said() -> None:
    """What the last click did, or where in the queue this card stands."""
    order, wanted = st.session_state.get(pick.ORDER, []), st.query_params.get("match")
    place = f"Match {order.index(wanted) + 1} of {len(order)}" if wanted in order else ""
    done = st.session_state.get(_SAID)
    st.markdown(f":green[:material/check:] {md(done)}" if done else f":gray[{place}]", width="content")


def bar(card: Card | None, *, by: Actor, undoable: str | None) -> None:
    """The buttons under the card."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="decision_bar"):
        if card and mode():
            st.button("Back", shortcut="Esc", icon=":material/arrow_back:", key="back", on_click=_ask, args=(None,))
        elif card and card.state.value in ("proposed", "on_hold"):
            st.button(
                "Approve",
                type="primary",
                icon=":material/check:",
                shortcut="A",
                key="approve",
                on_click=_decide,
                args=(review.approve, card, by),
            )
            st.button("Hold", shortcut="H", key="hold", on_click=_ask, args=("hold",))
            st.button("Decline", shortcut="D", key="decline", on_click=_ask, args=("decline",))
            st.button("Other mentor", shortcut="O", key="other", on_click=_ask, args=("other",))
        elif card and card.state.value == "approved":
            st.button(
                "Mentor agreed",
                type="primary",
                icon=":material/check:",
                shortcut="A",
                key="mentor_agreed",
                on_click=_decide,
                args=(review.mentor_agreed, card, by),
            )
            st.button("Mentor declined", shortcut="D", key="mentor_declined", on_click=_ask, args=("mentor declined",))
        st.button(
            "Undo",
            shortcut="Z",
            key="undo",
            disabled=undoable is None,
            help=f"Take back: {md(undoable)}" if undoable else "Nothing of yours to take back",
            on_click=_undo,
            args=(by,),
        )


def question(card: Card, reasons: tuple[str, ...], *, by: Actor, today: dt.date) -> None:
    """What a hold or a decline still asks: one key answers it."""
    if mode() not in ("hold", "decline", "mentor declined"):
        return
    with st.container(border=True, gap="small", key="question"):
        if mode() == "hold":
            _ask_until(card, by, today)
        else:
            _ask_why(card, reasons, by)


def _ask_until(card: Card, by: Actor, today: dt.date) -> None:
    st.markdown(f"**Hold {md(card.mentee.name)} with {md(card.mentor.name)} until when?**")
    with st.container(horizontal=True, gap="xsmall"):
        for number, (words, days) in enumerate(_HOLDS, start=1):
            until = today + dt.timedelta(days=days)
            st.button(
                f"{words}, {until.day} {until:%B}",
                shortcut=str(number),
                key=f"hold_{days}",
                on_click=_decide,
                args=(review.hold, card, by),
                kwargs={"until": until},
            )


def _ask_why(card: Card, reasons: tuple[str, ...], by: Actor) -> None:
    by_mentor = mode() == "mentor declined"
    who = f"did {md(card.mentor.first_name)} decline" if by_mentor else "decline"
    st.markdown(f"**Why {who} {md(card.mentee.name)} with {md(card.mentor.name)}?**".replace("Why decline", "Decline"))
    if not by_mentor:
        st.segmented_control(
            "This pair",
            ["May be proposed again", "Never again"],
            default="May be proposed again",
            required=True,
            key="review_again",
            label_visibility="collapsed",
        )
    with st.container(horizontal=True, gap="xsmall"):
        for number, reason in enumerate(reasons[:9], start=1):
            st.button(
                md(reason),
                shortcut=str(number),
                key=f"reason_{number}",
                on_click=_decline,
                args=(card, by, reason),
            )


def _ask(what: str | None) -> None:
    _forget()
    st.session_state[_MODE] = what


def _decline(card: Card, by: Actor, reason: str) -> None:
    if mode() == "mentor declined":
        _decide(review.mentor_declined, card, by, reason=reason)
    else:
        never = st.session_state.get("review_again") == "Never again"
        _decide(review.decline, card, by, reason=reason, never_again=never)


def _decide(what: Callable[..., review.Decision], card: Card, by: Actor, **given: Any) -> None:
    """Run one decision; on success the next card, on a refusal its sentence."""
    if attempt(what, card.ref, card.version, by=by, **given):
        pick.go_on(card.ref)


def _undo(by: Actor) -> None:
    if decision := attempt(review.undo, by=by):
        st.query_params["match"] = decision.match_ref


def attempt(what: Callable[..., review.Decision], *on: Any, **given: Any) -> review.Decision | None:
    """Run one command and keep what is to be said of it: what was decided, or why it was refused."""
    stays = mode()
    _forget()
    try:
        with transaction() as session:
            decision = what(session, *on, **given)
    except Invalid as error:
        st.session_state[_MODE], st.session_state[_REFUSED] = stays, str(error)
        return None
    except ServiceError as error:
        st.session_state[_REFUSED] = str(error)
        return None
    st.session_state[_SAID] = decision.sentence
    return decision


def _forget() -> None:
    for key in (_MODE, _SAID, _REFUSED):
        st.session_state.pop(key, None)
