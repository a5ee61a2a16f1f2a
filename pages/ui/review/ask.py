"""What a hold or a decline still asks: one key answers it."""

import datetime as dt

import streamlit as st

from pages.ui.review import decide
from pages.ui.text import md
from services import review
from services.access import Actor
from services.card import Card

_HOLDS = (("A week", 7), ("Two weeks", 14), ("A month", 30))
AGAIN, NEVER = "May be proposed again", "Never again"


def question(card: Card, reasons: tuple[str, ...], *, by: Actor, today: dt.date) -> None:
    """What is asked of this card, if anything is."""
    if decide.mode() not in ("hold", "decline", "mentor declined"):
        return
    with st.container(border=True, gap="small", key="question"):
        if decide.mode() == "hold":
            _until(card, by, today)
        else:
            _why(card, reasons, by)


def _until(card: Card, by: Actor, today: dt.date) -> None:
    st.markdown(f"**Hold {md(card.mentee.name)} with {md(card.mentor.name)} until when?**")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for number, (words, days) in enumerate(_HOLDS, start=1):
            until = today + dt.timedelta(days=days)
            st.button(
                f"{words}, {until.day} {until:%B}",
                shortcut=str(number),
                key=f"hold_{days}",
                on_click=decide.decide,
                args=(review.hold, card, by),
                kwargs={"until": until},
            )
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        day = a_day(today, f"hold_until_{card.ref}")
        st.button(
            "Until that day",
            shortcut=str(len(_HOLDS) + 1),
            key="hold_day",
            on_click=_hold_until,
            args=(card, by, f"hold_until_{card.ref}"),
            disabled=day is None,
        )


def a_day(today: dt.date, key: str) -> dt.date | None:
    """A day after today, of one's own choice."""
    tomorrow = today + dt.timedelta(days=1)
    return st.date_input(
        "Until",
        today + dt.timedelta(days=_HOLDS[0][1]),
        min_value=tomorrow,
        format="YYYY-MM-DD",
        key=key,
        width=150,
        label_visibility="collapsed",
    )


def _hold_until(card: Card, by: Actor, key: str) -> None:
    decide.decide(review.hold, card, by, until=st.session_state[key])


def _why(card: Card, reasons: tuple[str, ...], by: Actor) -> None:
    by_mentor = decide.mode() == "mentor declined"
    pair = f"{md(card.mentee.name)} with {md(card.mentor.name)}"
    st.markdown(f"**Why did {md(card.mentor.first_name)} decline {pair}?**" if by_mentor else f"**Decline {pair}?**")
    if not by_mentor:
        again(f"again_{card.ref}")
    with st.container(horizontal=True, gap="xsmall"):
        for number, reason in enumerate(reasons, start=1):
            st.button(
                md(reason),
                shortcut=str(number),
                key=f"reason_{number}",
                on_click=_decline,
                args=(card, by, reason),
            )
    if not by_mentor:
        note(f"note_{card.ref}")


def again(key: str) -> None:
    """Whether a declined pair may be proposed again."""
    st.segmented_control(
        "This pair", [AGAIN, NEVER], default=AGAIN, required=True, key=key, label_visibility="collapsed"
    )  # fmt: skip


def note(key: str) -> None:
    """A note for the file, which no page shows."""
    st.text_input(
        "Note for the file",
        key=key,
        max_chars=300,
        placeholder="Note for the file, if it needs one",
        label_visibility="collapsed",
    )


def _decline(card: Card, by: Actor, reason: str) -> None:
    if decide.mode() == "mentor declined":
        decide.decide(review.mentor_declined, card, by, reason=reason)
        return
    never = st.session_state.get(f"again_{card.ref}") == NEVER
    said = st.session_state.get(f"note_{card.ref}") or ""
    decide.decide(review.decline, card, by, reason=reason, never_again=never, note=said)
