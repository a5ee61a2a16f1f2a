"""Who is to be asked next: everyone who is due, and beside them one card with a click for each finding."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import look, panels, words
from pages.ui.outcomes import acting
from pages.ui.text import md
from services import follow_up, reading
from services.access import Actor
from services.follow_up import FINDINGS, Due
from services.wording import day

_PICKED, _TABLE, _ROWS, _DAY = "follow_up_picked", "follow_up_table", "follow_up_rows", "follow_up_day"
#: What the address says of a mentee.
_ASKED = "mentee"
_ICONS = {
    "employed_in_field": ":material/work:",
    "employed_elsewhere": ":material/badge:",
    "studying": ":material/school:",
    "looking": ":material/search:",
    "unknown": ":material/phone_missed:",
}
_ROW, _MOST = 35, 14


def show(actor: Actor, programme_id: int) -> None:
    """All of it, as of today: follow-ups are made, not looked back at."""
    with reading() as session:
        found = follow_up.due(session, by=actor, programme_id=programme_id)
        last = follow_up.last(session, by=actor)
    overdue, to_come = found.overdue, len(found.rows) - found.overdue
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="follow_up_said"):
        st.markdown(
            f"{words.overdue(overdue)}, {words.due(to_come, 'due within four weeks')}", help=found.rule, width="content"
        )
        acting.follow_ups.said(f"Last record: {last}" if last else "")
        if last:
            st.button(
                "Undo",
                icon=":material/undo:",
                key="undo_follow_up",
                help=f"Take back: {md(last)}",
                on_click=acting.follow_ups.acted,
                args=(lambda session: follow_up.take_back(session, by=actor),),
            )
    if found.rows.empty:
        st.markdown(":green[:material/task_alt:] Nobody is to be asked now.")
        return
    everyone, card = st.columns([66, 34], gap="medium")
    at = _chosen(found.rows)
    with everyone:
        _everyone(found.rows, at)
    with card, st.container(border=True, gap="small", key="follow_up_card"):
        _card(found.rows.iloc[at], found, actor, programme_id)


def _chosen(rows: pd.DataFrame) -> int:
    """The place of whoever was picked or the address names, or of the worst."""
    refs = list(rows["ref"])
    wanted = st.session_state.get(_PICKED) or st.query_params.get(_ASKED)
    return refs.index(wanted) if wanted in refs else 0


def _card(who: Any, found: Due, actor: Actor, programme_id: int) -> None:
    st.header(md(who["mentee"]), anchor=False)
    before = f" Last found: {FINDINGS[who['finding']].lower()}." if who["finding"] else ""
    tried = f" Not reached on {day(who['tried_on'])}." if pd.notna(who["tried_on"]) else ""
    st.markdown(
        f"{_badge(int(who['days']))} {who['months']}-month follow-up of a match that ended {day(who['ended_on'])}. "
        f":gray[{md(who['group'])}, {md(who['agency'] or 'no agency')}, cohort {md(who['cohort'])}.]{before}{tried}"
    )
    reach = [f":material/call: {md(who['phone'])}"] if who["phone"] else []
    st.markdown("  \n".join([*reach, f":material/mail: {md(who['email'])}"]))
    st.date_input(
        "Day of the talk", found.today, min_value=who["ended_on"], max_value=found.today, format="YYYY-MM-DD", key=_DAY,
        width=150,
    )  # fmt: skip
    for finding, label in FINDINGS.items():
        st.button(
            label,
            icon=_ICONS[finding],
            key=f"found_{finding}",
            width="stretch",
            on_click=_record,
            args=(who["ref"], finding, actor, programme_id),
        )


def _record(ref: str, finding: str, actor: Actor, programme_id: int) -> None:
    on_day = st.session_state.get(_DAY)
    if acting.follow_ups.acted(
        lambda session: follow_up.record(session, ref, finding, by=actor, programme_id=programme_id, on_day=on_day)
    ):
        for kept in (_PICKED, _DAY):
            st.session_state.pop(kept, None)
        st.query_params.pop(_ASKED, None)


def _badge(days: int) -> str:
    if days > 0:
        return f":red-badge[:material/error: {days} day{'' if days == 1 else 's'} late]"
    return f":orange-badge[Due {'today' if not days else f'in {-days} day' + ('' if days == -1 else 's')}]"


def _everyone(rows: pd.DataFrame, at: int) -> None:
    t = look.tokens()
    late = [days > 0 for days in rows["days"]]
    shown = pd.DataFrame(
        {
            "Due": [f"● {days} d late" if days > 0 else f"◐ in {-days} d" for days in rows["days"]],
            "Mentee": rows["mentee"],
            "Follow-up": [f"{months} mo" for months in rows["months"]],
            "Agency": rows["agency"],
            "Last found": [FINDINGS.get(finding, "") for finding in rows["finding"]],
            "Occupation": rows["group"],
        }
    )
    if len(set(rows["agency"])) == 1:  # as of a coach, whose own it is
        shown = shown.drop(columns=["Agency"])
    colours = [f"color:{t.red.text};font-weight:600" if one else f"color:{t.orange.text}" for one in late]
    st.session_state[_ROWS] = list(rows["ref"])
    st.session_state[_TABLE] = {"selection": {"rows": [at], "columns": [], "cells": []}}
    column = st.column_config
    st.dataframe(
        panels.cells(shown).style.apply(lambda _: colours, subset=["Due"]),
        hide_index=True,
        height=min(len(shown), _MOST) * _ROW + _ROW + 3,
        row_height=_ROW,
        key=_TABLE,
        on_select=_pick,
        selection_mode=["single-row-required", "single-cell"],
        alt="Mentees to be asked what became of them, the longest overdue first",
        column_config={
            "Due": column.TextColumn(width=86),
            "Mentee": column.TextColumn(width=150),
            "Follow-up": column.TextColumn(width=72, help="Months after the match ended"),
            "Occupation": column.TextColumn(width=200),
            "Agency": column.TextColumn(width=218),
            "Last found": column.TextColumn(width=100, help="At a follow-up since the match ended"),
        },
    )


def _pick() -> None:
    """A click anywhere in a row chooses it."""
    selection = st.session_state[_TABLE]["selection"]
    at = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), None)
    refs = st.session_state.get(_ROWS, [])
    if at is not None and at < len(refs):
        st.session_state[_PICKED] = refs[at]
        st.session_state.pop(_DAY, None)
