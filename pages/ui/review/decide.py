"""The decision bar: every decision one or two keys, each a callback, so that the next card is there at once."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import streamlit as st

from pages.ui.acts import once
from pages.ui.review import offer, pick
from pages.ui.text import md
from services import review
from services.access import Actor
from services.card import Card
from services.errors import Invalid, ServiceError, SignedOut
from services.queue import Queue

_MODE, _REFUSED = "review_mode", "review_refused"
#: What was done, as a plain dictionary: a second key starts a run beside this one, which breaks off wherever it looks
#: into the session's state or changes the address; between a decision that is stored and its note it does neither.
_DONE = "review_done"
#: In it: the sentence that tells it; ref and version that this viewer decided last, and the match that followed it; and
#: the match that the next run is to show (None: the head of the queue).
_SAID, _LAST, _TO = "said", "last", "to"
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


def _done() -> dict[str, Any]:
    kept: dict[str, Any] = st.session_state.setdefault(_DONE, {})
    return kept


def arrive() -> None:
    """Bring the address to the match that the last decision led to, before anything is drawn."""
    done = _done()
    if _TO in done:
        pick.go_to(done[_TO])
        del done[_TO]  # only now: whatever breaks this run off, the next one comes back here


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
    done = _done().get(_SAID)
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
        args=(by, undoable),
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
    done, follows = _done(), pick.following(card.ref)
    if attempt(what, card.ref, card.version, by=by, **given):
        done[_LAST], done[_TO] = (card.ref, card.version, follows), follows
        if what is not review.approve and what is not review.mentor_agreed:
            offer.wanted(card.group, card.group_id, card.cohort)


def _is_behind(card: Card) -> bool:
    """Whether a key was pressed on a card that this viewer had just decided, before the next one stood there."""
    done = _done()
    ref, version, follows = done.get(_LAST, (None, None, None))
    if (ref, version) != (card.ref, card.version):
        return False
    done[_TO] = follows  # the browser still names the match before
    return True


def _send_back(card: Card, by: Actor) -> None:
    attempt(review.send_back, card.ref, card.version, by=by)


def _undo(by: Actor, undoable: str | None) -> None:
    attempt(review.undo, by=by, leads=True, of=undoable)  # pressed again for the step before, it is another act


def attempt(what: Callable[..., _T], *on: Any, leads: bool = False, of: str | None = None, **given: Any) -> _T | None:
    """Run one command and keep what is to be said of it: what was decided, or why it was refused.

    `leads`: the next run shows the match that the decision is of. `of`: what the button said it would do.
    """
    stays, done = mode(), _done()
    _forget()
    try:
        decision = once((what, on, of), lambda session: what(session, *on, **given))
    except SignedOut:
        return None  # the run that follows asks to sign in
    except Invalid as error:
        st.session_state[_MODE], st.session_state[_REFUSED] = stays, str(error)
        return None
    except ServiceError as error:
        st.session_state[_REFUSED] = str(error)
        return None
    done[_SAID] = decision.sentence
    if leads:
        done[_TO] = decision.match_ref
    return decision


def tell(sentence: str) -> None:
    """Say what was done by other hands than `attempt`."""
    _forget()
    _done()[_SAID] = sentence


def warn(sentence: str) -> None:
    """Say something that one line could cut off."""
    _done().pop(_SAID, None)
    st.session_state[_REFUSED] = sentence


def _forget() -> None:
    _done().pop(_SAID, None)
    for key in (_MODE, _REFUSED):
        st.session_state.pop(key, None)
    offer.forget()
