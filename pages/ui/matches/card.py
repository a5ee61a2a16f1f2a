"""The right side: where a match stands as a line of steps, both people, contacts and hours, history."""

import pandas as pd
import streamlit as st

from pages.ui import look
from pages.ui.matches.listed import SAID
from pages.ui.text import md
from pages.ui.words import day, number
from services.match_view import MatchView, Stage

_TONES = {"●": "red", "◐": "orange", "○": "gray", "✓": "green"}
_CONTACT = {
    "kept": ("green", ":material/check:", "kept"),
    "missed": ("red", ":material/close:", "missed"),
    "planned": ("gray", ":material/event:", ""),
}


def head(view: MatchView) -> None:
    """Who with whom, and how it goes."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header(f"{md(view.mentee)} with {md(view.mentor)}", anchor=False, width="content")
        if view.care in SAID:
            mark, word = SAID[view.care]
            st.badge(f"{mark} {word}", color=_TONES[mark])
        if view.why and view.care != "to_close":  # which the line below says too
            st.markdown(md(view.why), width="content")
    st.markdown(f":gray[{md(view.standing)} {md(view.group)}, cohort {md(view.cohort)}.]")


def line(view: MatchView) -> None:
    """The steps done and to do, in their order."""
    st.markdown("  ".join(_stage(stage, view) for stage in view.stages))


def _stage(stage: Stage, view: MatchView) -> str:
    if stage.day:
        return f":green-badge[:material/check: {stage.label} {_short(stage)}]"
    if stage.key == view.next_step:
        due = f" by {stage.due.day} {stage.due:%b}" if stage.due else ""
        return f":orange-badge[:material/arrow_forward: {stage.label}{due}]"
    return f":gray-badge[:material/radio_button_unchecked: {stage.label}]"


def _short(stage: Stage) -> str:
    return f"{stage.day.day} {stage.day:%b %Y}" if stage.day else ""


def people(view: MatchView) -> None:
    """Both people side by side."""
    lines = [(f"**{row.label}**", md(row.mentee), md(row.mentor)) for row in view.facts.itertuples()]
    columns = ["Who", f"{md(view.mentee)}, mentee", f"{md(view.mentor)}, mentor"]
    st.table(pd.DataFrame(lines, columns=columns), border="horizontal", hide_index=True)


def contacts(view: MatchView) -> None:
    """Planned check-ins, those made, and the hours together."""
    if view.contacts.empty and view.check_ins.empty and not view.sessions:
        return
    st.markdown("**Check-ins and hours**")
    if not view.contacts.empty:
        st.markdown("  ".join(_contact(row.day, row.on, row.state) for row in view.contacts.itertuples()))
    hours, met = number(float(view.hours)), "meeting" if view.sessions == 1 else "meetings"
    bar = look.bar(view.hours_share, f"{hours} of {view.hours_goal} hours")
    st.markdown(f"{bar}  **{hours}** of {view.hours_goal} hours together, in {view.sessions} {met}")
    if view.check_ins.empty:
        st.markdown(":gray[No check-in is on record.]")
    else:
        rows = view.check_ins.assign(Day=[day(one) for one in view.check_ins["Day"]])
        st.table(rows.head(4), border="horizontal", hide_index=True)


def _contact(planned: int, on: pd.Timestamp, state: str) -> str:
    tone, icon, word = _CONTACT[state]
    return f":{tone}-badge[{icon} Day {planned} {word or f'{on.day} {on:%b}'}]"


def history(view: MatchView) -> None:
    """What happened, the latest first, and how other matches of the mentee went."""
    st.markdown("**History**")
    lines = [(day(row.day), md(row.what), md(row.why)) for row in view.history.itertuples()]
    frame = pd.DataFrame(lines, columns=["Day", "What happened", "Why"])
    if not frame["Why"].any():
        frame = frame.drop(columns="Why")
    st.table(frame, border="horizontal", hide_index=True)
