"""What needs a coordinator on this day: counts that open their lists, the worst first, and what lies around it."""

import streamlit as st

from pages.ui.needs import around, cards, lines, ways
from pages.ui.text import md, said
from pages.ui.words import day, spelled
from services.today import Needs


def whole(found: Needs) -> None:
    """The page under its title."""
    if not found.total:
        _nothing(found)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lead"):
        st.markdown(f"**{needed(found.total, found.yours)}** {said(found.lead)}", width="stretch")
        if st.button("Start with the worst", type="primary", icon=":material/play_arrow:", shortcut="S", key="worst"):
            lines.go(found.lines.iloc[0])
    cards.cards(found)
    left, right = st.columns([69, 31], gap="small")
    with left:
        lines.worst_first(found.lines, found.total, found.yours)
    with right.container(key="around"):
        around.around(found)
    if st.query_params.get(ways.UNMATCHED):
        around.people(found)


def needed(total: int, yours: int) -> str:
    """12 things need someone today, nine of them you."""
    things = f"{total:,} thing needs" if total == 1 else f"{total:,} things need"
    if yours == total:
        return f"{things} you today."
    return f"{things} someone today, {spelled(yours) if yours else 'none'} of them you."


def _nothing(found: Needs) -> None:
    with st.container(border=True, horizontal_alignment="center", key="nothing_needs_you"):
        st.header(":green[:material/task_alt:] Nothing needs you now", anchor=False)
        st.markdown(md(_next(found)))
        around.proposable(found.proposable)
    if not found.coming.empty:
        around.coming(found.coming)
    around.follow_ups(*found.follow_ups)


def _next(found: Needs) -> str:
    if found.proposable:
        many = "mentee who waits" if found.proposable == 1 else "mentees who wait"
        return f"A mentor is free for {spelled(found.proposable)} {many}."
    if not found.coming.empty:
        first = found.coming.iloc[0]
        return f"Next comes {first['name']}, on {day(first['starts'].date())}."
    return "What comes due stands here on its day. New mentors and mentees come in with Import."
