"""One agency or coach: how full, who is away, and the balanced plan."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import look
from pages.ui.caseload import cover as absence
from pages.ui.caseload import plan
from pages.ui.caseload.acting import acted
from pages.ui.text import md
from services import cover, hand_over
from services.access import Actor
from services.caseload import Caseload
from services.cover import Away
from services.wording import counted, day


def undo(many: int, *, by: Actor) -> None:
    """Take the last hand-over back, all of it."""
    if many:
        st.button(f"Undo hand-over of {many}", icon=":material/undo:", key="undo_hand_over", on_click=_undo, args=(by,))


def show(
    row: "pd.Series[Any]", found: Caseload, away: tuple[Away, ...], *, by: Actor, programme_id: int, is_today: bool
) -> None:
    """The panel beside the table."""
    is_coach = pd.notna(row["coach_id"])
    whose = "coach_id" if is_coach else "agency_id"
    people = found.coaches[(found.coaches[whose] == row[whose]).fillna(value=False)]
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header(md(row["name"]), anchor=False, width="content")
        _badges(row, found)
    st.table(_people(people), border="horizontal", hide_index=True)
    ids = [int(one) for one in people["coach_id"]]
    for one in away:
        if one.coach_id in ids:
            _away(one, by=by, programme_id=programme_id, is_today=is_today)
    if not is_today:
        st.markdown(":gray[Matches are handed over as of today. Choose today to make a plan.]")
    elif is_coach:
        _one_coach(row, by=by, programme_id=programme_id)
    elif row["over"]:
        plan.balanced(ids, by=by, programme_id=programme_id)
    else:
        st.markdown(":gray[Nobody here carries more than they have places for.]")


def _badges(row: "pd.Series[Any]", found: Caseload) -> None:
    if row["over"]:
        st.badge(f"{row['over']} over capacity", icon=":material/error:", color="red")
    if row["uncovered"]:
        st.badge(f"{row['uncovered']} uncovered", icon=":material/person_off:", color="red")
    if pd.notna(row["kept_percent"]) and row["kept_percent"] < found.objective:
        st.badge(
            f"Contacts kept {row['kept_percent']} %, objective {found.objective} %",
            icon=":material/trending_down:",
            color="orange",
        )


def _people(people: pd.DataFrame) -> pd.DataFrame:
    lines = []
    for one in people.itertuples():
        left = f":red[{-one.free}\u00a0over]" if one.free < 0 else f"{one.free}\u00a0free"
        covers = f", covers {one.covering}" if one.covering else ""
        full = 0 if pd.isna(one.load) else int(one.load)
        words = f"{one.active}\u00a0of\u00a0{one.places}, {left}{covers}"
        kept = "–" if pd.isna(one.kept_percent) else f"{one.kept_percent}\u00a0%"
        late = f":red[**{one.overdue}**]" if one.overdue else "0"
        lines.append(
            (f"**{md(one.name)}**", f"{look.bar(full, f'{full} of 100')}\\\n{words}", f"{one.due}", late, kept)
        )
    return pd.DataFrame(lines, columns=["Coach", "Active, places", "Due", "Overdue", "Kept"])


def _away(one: Away, *, by: Actor, programme_id: int, is_today: bool) -> None:
    open_ones = one.matches - one.covered
    told = f"No cover for {counted(open_ones, 'match', 'matches')}." if open_ones else "All matches covered."
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        when = f"{day(one.first_day)} to {day(one.last_day)}"
        st.markdown(f":orange-badge[:material/event_busy: Away] {md(one.coach)}, {when}. {told}")
        if is_today:
            if open_ones and st.button("Plan cover", key=f"cover_{one.ref}", type="tertiary"):
                absence.dialog(by, programme_id, instead_of=one)
            st.button("Call off", key=f"call_off_{one.ref}", type="tertiary", on_click=_call_off, args=(one.ref, by))


def _one_coach(row: "pd.Series[Any]", *, by: Actor, programme_id: int) -> None:
    coach_id = int(row["coach_id"])
    with st.container(horizontal=True, gap="xsmall"):
        if row["active"] and st.button(
            f"Hand over {counted(int(row['active']), 'match', 'matches')}",
            icon=":material/move_up:",
            key="hand_over",
            type="primary",
        ):
            plan.dialog(coach_id, f"Hand over the matches of {row['name']}", by=by, programme_id=programme_id)
        if row["coaches"]:
            st.button(
                "Has left the programme",
                key="has_left",
                help="From today on; matches that are still theirs stand as uncovered until they are handed over",
                on_click=acted,
                args=(lambda session: hand_over.leave(session, coach_id, by=by, programme_id=programme_id).sentence,),
            )


def _undo(by: Actor) -> None:
    acted(lambda session: hand_over.undo(session, by=by).sentence)


def _call_off(ref: str, by: Actor) -> None:
    acted(lambda session: cover.call_off(session, ref, by=by))
