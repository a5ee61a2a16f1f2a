"""The right side: two people side by side, why they fit, what speaks against it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages.ui import look
from pages.ui.review import choose
from pages.ui.text import md
from services.access import Actor
from services.card import Card
from services.engine.fit import Part, why

_BADGE = {
    "overdue": ("Overdue", ":material/error:", "red"),
    "due": ("Due", ":material/schedule:", "orange"),
    "fresh": ("Fresh", ":material/circle:", "gray"),
    "held": ("On hold", ":material/pause:", "gray"),
}
_WEIGHED = (
    "The weighted mean of the criteria below, out of 100. A criterion whose facts are missing is left out; "
    "what each counts for is the programme’s policy."
)

#: States in which somebody is waited for.
_WAITS = ("proposed", "on_hold", "approved")
#: By whether a proposal is solid.
_MARK = {
    True: ("Solid", ":material/anchor:", "green"),
    False: ("Hangs on the weights", ":material/balance:", "orange"),
}


def strength(fit: int) -> str:
    """A fit out of 100, in one word."""
    return "strong" if fit >= 75 else "good" if fit >= 60 else "fair" if fit >= 45 else "weak"  # noqa: PLR2004


def head(card: Card) -> None:
    """Who with whom, how long, how well."""
    label, icon, colour = _BADGE[card.age]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header(f"{md(card.mentee.name)} with {md(card.mentor.name)}", anchor=False, width="content")
        if card.state.value in _WAITS:
            st.badge(f"{label}, {card.days} days", icon=icon, color=colour)
        if card.fit is not None:
            st.markdown(
                f"{look.bar(card.fit, f'{card.fit} of 100')}  Fit **{card.fit}**, {strength(card.fit)}",
                width="content",
                help=_WEIGHED,  # also what the keyboard can reach, so that it can scroll the card
            )
        if card.mark and (card.mark.is_solid or card.mark.is_sensitive):
            words, icon, colour = _MARK[card.mark.is_solid]
            st.badge(words, icon=icon, color=colour, help=card.mark.sentence)
    st.markdown(f":gray[{md(card.standing)} {md(card.group)}, cohort {md(card.cohort)}.]")


def side_by_side(card: Card, parts: Sequence[Part]) -> None:
    """One table: criteria down, both people and the fit across; criteria without facts are one line below."""
    if reasons := why(parts):
        st.markdown(md(reasons, 400))
    told = [part for part in parts if not part.silent]
    lines = [(f"**{part.name}**", md(part.mentee), md(part.mentor), _fit(part.score, part.verdict)) for part in told]
    lines += [(f"**{label}**", md(mentee), md(mentor), "") for label, mentee, mentor in card.facts if mentee or mentor]
    columns = ["Criterion", f"{md(card.mentee.name)}, mentee", f"{md(card.mentor.name)}, mentor", "Fit"]
    st.table(pd.DataFrame(lines, columns=columns), border="horizontal", hide_index=True)
    if silent := [part.name for part in parts if part.silent]:
        st.markdown(f":gray[Left out, as nothing is stated or sought: {', '.join(silent).lower()}.]")


def _fit(score: int | None, verdict: str) -> str:
    words = md(verdict)
    return words if score is None else f"{look.bar(score, f'{score} of 100')}\\\n{words}"


def warnings(card: Card) -> None:
    """What speaks against it, a line each."""
    icons = {"orange": ":material/warning:", "red": ":material/error:", "gray": ":material/history:"}
    lines = [f":{w.weight}-badge[{icons[w.weight]} {w.label}]  {md(w.sentence)}" for w in card.warnings]
    if lines:
        st.markdown("\\\n".join(lines))


def others(card: Card, mentors: pd.DataFrame, *, by: Actor) -> None:
    """Other mentors for this mentee, with what the whole plan would lose. `mentors`: mentor_ref, mentor, fit, cost."""
    st.markdown(f"**Other mentors for {md(card.mentee.first_name)}**")
    if mentors.empty:
        st.markdown(f":gray[No other mentor of {md(card.group)} has a free place.]")
        return
    for row in mentors.itertuples():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{md(row.mentor)}, fit **{row.fit}**\\\n:gray[{md(row.cost)}]", width="stretch")
            choose.button(card, str(row.mentor_ref), by=by)


def history(card: Card) -> None:
    """What happened with this pair, newest first."""
    st.markdown("**History of this pair**")
    lines = [(day, md(what)) for day, what in card.history]
    st.table(pd.DataFrame(lines, columns=["Day", "What happened"]), border="horizontal", hide_index=True)
