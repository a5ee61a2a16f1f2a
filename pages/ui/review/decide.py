"""The decision bar: every decision one or two keys, each a callback, so that the next card is there at once."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import streamlit as st

from pages.ui.review import offer, pick
from pages.ui.text import md
from services import review, transaction
from services.access import Actor
from services.card import Card
from services.errors import Invalid, ServiceError, SignedOut
from services.queue import Queue

_MODE, _SAID, _REFUSED = "review_mode", "review_said", "review_refused"
#: Ref and version that this viewer decided last, and the match that followed it.
_LAST = "review_last"
#: Several matches are answered at once, in place of the card.
SEVERAL = "several"
_PENDING, _AWAITING = ("proposed", "on_hold"), "approved"
#: Which state a question is about; it closes by itself when the match has left that state.
_ASKED_OF = {"hold": _PENDING, "decline": _PENDING, "other": _PENDING, "mentor declined": (_AWAITING,)}


class Told(Protocol):
    """What a command gives back: what was done, as a sentence."""

    @property
    def sentence(self) -> str:
        """For the line that tells it."""
        ...


_T = TypeVar("_T", bound=Told)


def mode() -> str | None:
    """The question that is open: hold, decline, mentor declined, other, several, or none."""
    return st.session_state.get(_MODE)


def settle(card: Card | None) -> None:
    """Close a question that can no longer be asked, as when another coordinator decided the match meanwhile."""
    wanted = mode()
    if wanted and wanted != SEVERAL and (card is None or card.state.value not in _ASKED_OF[wanted]):
        st.session_state.pop(_MODE)


def refused() -> bool:
    """Show what the last click could not do, and why, until the next one; whether there was anything."""
    if sentence := st.session_state.get(_REFUSED):
        st.warning(md(sentence, 900), icon=":material/group:")
    return bool(sentence)


def said(waiting: Queue) -> None:
    """What the last click did, or where in the queue this card stands."""
    order, wanted = list(st.session_state.get(pick.ORDER, {})), st.query_params.get("match")
    if mode() == SEVERAL:
        wanted = None
    place = f"{waiting.first + order.index(wanted) + 1:,} of {waiting.total:,}" if wanted in order else ""
    done = st.session_state.get(_SAID)
    st.markdown(f":green[:material/check:] {md(done)}" if done else f":gray[{place}]", width="content")


def bar(card: Card | None, *, by: Actor, undoable: str | None) -> None:
    """The buttons under the card."""
    if mode():
        st.button("Back", shortcut="Esc", icon=":material/arrow_back:", key="back", on_click=ask, args=(None,))
    elif card and card.state.value in _PENDING:
        _first("Approve", "approve", review.approve, card, by)
        st.button("Hold", shortcut="H", key="hold", on_click=ask, args=("hold", card))
        st.button("Decline", shortcut="D", key="decline", on_click=ask, args=("decline", card))
        st.button("Other mentor", shortcut="O", key="other", on_click=ask, args=("other", card))
    elif card and card.state.value == _AWAITING:
        _first("Mentor agreed", "mentor_agreed", review.mentor_agreed, card, by)
        st.button("Mentor declined", shortcut="D", key="mentor_declined", on_click=ask, args=("mentor declined", card))
        back = "Pending again, as if nobody had approved it"
        st.button(
            "Send back", shortcut="B", key="send_back", help=back, on_click=_send_back, args=(card, by)
        )  # fmt: skip
    st.button(
        "Undo",
        shortcut="Z",
        key="undo",
        disabled=undoable is None,
        help=f"Take back: {md(undoable)}" if undoable else "Nothing of yours to take back",
        on_click=_undo,
        args=(by,),
    )


def _first(words: str, key: str, what: Callable[..., review.Decision], card: Card, by: Actor) -> None:
    st.button(
        words, type="primary", icon=":material/check:", shortcut="A", key=key, on_click=decide, args=(what, card, by)
    )


def ask(what: str | None, card: Card | None = None) -> None:
    """Open a question, or close it."""
    if card and _is_behind(card):
        return
    _forget()
    st.session_state[_MODE] = what


def decide(what: Callable[..., review.Decision], card: Card, by: Actor, **given: Any) -> None:
    """Run one decision; on success the next card, on a refusal its sentence."""
    if _is_behind(card):
        return
    if attempt(what, card.ref, card.version, by=by, **given):
        if what is not review.approve and what is not review.mentor_agreed:
            offer.wanted(card.group, card.group_id, card.cohort)
        pick.go_on(card.ref)
        st.session_state[_LAST] = (card.ref, card.version, st.query_params.get("match"))


def _is_behind(card: Card) -> bool:
    """Whether a key was pressed on a card that this viewer had just decided, before the next one stood there."""
    ref, version, follows = st.session_state.get(_LAST, (None, None, None))
    if (ref, version) != (card.ref, card.version):
        return False
    st.query_params.pop("match", None)  # the browser still names the match before
    if follows:
        st.query_params["match"] = follows
    return True


def _send_back(card: Card, by: Actor) -> None:
    attempt(review.send_back, card.ref, card.version, by=by)


def _undo(by: Actor) -> None:
    if decision := attempt(review.undo, by=by):
        st.query_params["match"] = decision.match_ref


def attempt(what: Callable[..., _T], *on: Any, **given: Any) -> _T | None:
    """Run one command and keep what is to be said of it: what was decided, or why it was refused."""
    stays = mode()
    _forget()
    try:
        with transaction() as session:
            decision = what(session, *on, **given)
    except SignedOut:
        return None  # the run that follows asks to sign in
    except Invalid as error:
        st.session_state[_MODE], st.session_state[_REFUSED] = stays, str(error)
        return None
    except ServiceError as error:
        st.session_state[_REFUSED] = str(error)
        return None
    st.session_state[_SAID] = decision.sentence
    return decision


def tell(sentence: str) -> None:
    """Say what was done by other hands than `attempt`."""
    _forget()
    st.session_state[_SAID] = sentence


def warn(sentence: str) -> None:
    """Say something that one line could cut off."""
    st.session_state.pop(_SAID, None)
    st.session_state[_REFUSED] = sentence


def _forget() -> None:
    for key in (_MODE, _SAID, _REFUSED):
        st.session_state.pop(key, None)
    offer.forget()
