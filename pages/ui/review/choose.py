"""Another mentor: any mentor there is, what stands against them or what they cost the plan, and choosing them."""

import pandas as pd
import streamlit as st

from pages.ui.review import decide
from pages.ui.text import md, plain
from services import alternatives, overrides, reading
from services.access import Actor
from services.card import Card
from services.errors import ServiceError


def button(card: Card, mentor_ref: str, *, by: Actor) -> None:
    """Choose a mentor who breaks no rule."""
    st.button("Choose", key=f"choose_{mentor_ref}", on_click=_choose, args=(card, mentor_ref, by))


def question(card: Card, *, by: Actor) -> None:
    """Whom to choose, while that is asked."""
    if decide.mode() != "other":
        return
    with st.container(border=True, gap="small", key="question"):
        st.markdown(f"**Another mentor for {md(card.mentee.name)}, instead of {md(card.mentor.name)}**")
        elsewhere = st.checkbox(f"From another group than {md(card.group)}", key=f"elsewhere_{card.ref}")
        try:
            with reading() as session:
                there = overrides.candidates(session, card.ref, by=by, other_groups=elsewhere).set_index("mentor_ref")
        except ServiceError as error:
            st.warning(md(error, 400))
            return
        chosen = st.selectbox(
            "Mentor",
            list(there.index),
            index=None,
            format_func=lambda ref: _line(there.loc[ref], elsewhere=elsewhere),
            placeholder=f"Any of {len(there)} mentors, the best fit first",
            key=f"other_mentor_{card.ref}_{elsewhere}",
            label_visibility="collapsed",
        )
        if chosen:
            _against(card, chosen, str(there.loc[chosen, "mentor"]), by)


def _line(mentor: pd.Series, *, elsewhere: bool) -> str:
    free = f"{mentor['free']} free" if mentor["free"] > 0 else "no free place"
    return plain(f"{mentor['mentor']}, fit {mentor['fit']}, {free}{', ' + mentor['group'] if elsewhere else ''}")


def _against(card: Card, mentor_ref: str, name: str, by: Actor) -> None:
    try:
        with reading() as session:
            against = overrides.objections(session, card.ref, mentor_ref, by=by)
            cost = alternatives.cost(session, card.ref, mentor_ref, by=by)
    except ServiceError as error:
        st.warning(md(error, 400))
        return
    for _, sentence, may in against:
        st.markdown(f":{'orange' if may else 'red'}[:material/{'warning' if may else 'block'}:] {md(sentence, 400)}")
    if not all(may for _, _, may in against):
        st.markdown(":gray[This cannot be set aside. Choose another mentor.]")
        return
    if not against:
        st.markdown(f"No rule stands against {md(name)}.")
    if cost:
        st.markdown(f"Cost to the plan: {md(cost.sentence, 300)}.")
    if against:
        st.text_input("Why this pair is right all the same", key=_reason(mentor_ref), max_chars=300)
    st.button(
        f"Choose {md(name)}",
        type="primary",
        icon=":material/swap_horiz:",
        key="choose",
        on_click=_choose,
        args=(card, mentor_ref, by),
    )


def _choose(card: Card, mentor_ref: str, by: Actor) -> None:
    reason = st.session_state.get(_reason(mentor_ref)) or ""
    decide.attempt(overrides.choose, card.ref, card.version, mentor_ref, by=by, leads=True, reason=reason)


def _reason(mentor_ref: str) -> str:
    return f"override_reason_{mentor_ref}"
