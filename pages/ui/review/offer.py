"""What the plan can propose now that a decision freed a place or a mentee: asked once, after the decision."""

from dataclasses import dataclass

import streamlit as st

from pages.ui.acts import once
from pages.ui.text import md
from services import proposals, reading
from services.access import Actor
from services.errors import ServiceError

_WANTED, _FOUND, _PUT = "review_offer_wanted", "review_offer", "review_offer_put"


@dataclass(frozen=True)
class _Asked:
    """For which group and cohort; several groups are asked as one."""

    group: str | None
    group_id: int | None
    cohort: str


def wanted(group: str | None, group_id: int | None, cohort: str) -> None:
    """Ask the plan in the run that follows."""
    st.session_state[_WANTED] = _Asked(group, group_id, cohort)


def forget() -> None:
    """Another decision is made: what the last one offered no longer stands."""
    for key in (_WANTED, _FOUND, _PUT):
        st.session_state.pop(key, None)


def line(actor: Actor) -> None:
    """What can be proposed, and the key that proposes it; nothing when there is nothing."""
    if asked := st.session_state.pop(_WANTED, None):
        try:
            with reading() as session:
                plan = proposals.propose(session, by=actor, cohort=asked.cohort, group_id=asked.group_id)
        except ServiceError:
            return  # an offer, no more: the decision is made and said
        st.session_state[_FOUND] = (asked, len(plan.pairs))
    if put := st.session_state.get(_PUT):
        st.markdown(put)
    elif (found := st.session_state.get(_FOUND)) and found[1]:
        asked, many = found
        where = f" in {md(asked.group)}" if asked.group else ""
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False, key="offer"):
            st.markdown(f":blue[:material/auto_awesome:] **{many}** more can be proposed{where}.", width="stretch")
            st.button("Propose", shortcut="P", key="propose_offer", on_click=_propose, args=(actor, asked))


def _propose(actor: Actor, asked: _Asked) -> None:
    forget()
    try:
        many = once(
            proposals.apply,
            lambda session: proposals.apply(session, by=actor, cohort=asked.cohort, group_id=asked.group_id),
        )
    except ServiceError as error:
        st.session_state[_PUT] = f":orange[:material/warning:] {md(error, 300)}"
        return
    proposals_are = "1 proposal is" if many == 1 else f"{many} proposals are"
    st.session_state[_PUT] = f":green[:material/check:] {proposals_are} put at the end of the queue."
