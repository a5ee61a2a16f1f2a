"""What other coordinators did: seen within two seconds, without anybody pressing anything."""

from typing import Any

import streamlit as st

from pages.ui.text import md
from services import reading, watch
from services.access import Actor
from services.card import Card
from services.errors import ServiceError, SignedOut
from services.watch import Pulse

_SEEN, _NEWS = "review_seen", "review_news"


@st.fragment(run_every=2)
def follow(actor: Actor, programme_id: int, match_ref: str | None, drawn: Pulse) -> None:
    """Draw the page again when anything changed since it was drawn."""
    try:
        with reading() as session:
            now = watch.pulse(session, by=actor, programme_id=programme_id, match_ref=match_ref)
    except SignedOut:
        st.rerun()
    except ServiceError:
        return  # the page stays as it is until the database answers again
    if now != drawn:
        st.rerun()


def of_card(session: Any, card: Card, *, by: Actor) -> None:
    """Note who took this card on while it was on the screen; asked only when its version changed."""
    seen_ref, seen_version = st.session_state.get(_SEEN, (card.ref, card.version))
    if seen_ref != card.ref:
        st.session_state.pop(_NEWS, None)
    elif seen_version != card.version:
        st.session_state[_NEWS] = watch.news(session, card.ref, seen_version, by=by)
    st.session_state[_SEEN] = (card.ref, card.version)


def line() -> None:
    """Who was faster, what and when."""
    if sentence := st.session_state.get(_NEWS):
        st.warning(md(sentence, 300), icon=":material/group:")
