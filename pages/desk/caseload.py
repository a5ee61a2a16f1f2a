"""Caseload: what agencies and coaches carry, for coordinators; what a coach owes whom this week, for coaches."""

import streamlit as st

from pages.ui import identity, panels, scope
from pages.ui.caseload import acting, cover, detail, log, plan, table, week
from services import caseload, hand_over, reading
from services import cover as absences
from services.access import Permission
from services.errors import NotFound

SIDES = [63, 37]

actor = identity.require()

if not actor.may(Permission.SEE_CASELOAD):
    week.show(actor)
    st.stop()

try:
    with scope.header(actor, with_cohort=False) as chosen:
        st.title("Caseload", anchor=False, width="content")
        with reading() as session:
            found = caseload.caseload_of(session, chosen.of_programme, by=actor)
            away = absences.absences(session, by=actor, programme_id=chosen.programme.id)
            undoable = hand_over.undoable(session, by=actor)
        table.lead(found)
except NotFound as nothing:
    st.title("Caseload", anchor=False)
    st.info(str(nothing))
    st.stop()

programme_id = chosen.programme.id
with st.container(horizontal=True, vertical_alignment="center", gap="small", key="caseload_bar"):
    rows = table.filters(found)
    with st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        detail.undo(undoable, by=actor)
        if chosen.is_today:
            if found.without and st.button(
                f"{found.without} without a coach", icon=":material/person_add:", key="none"
            ):
                plan.dialog(None, "Matches that were never given a coach", by=actor, programme_id=programme_id)
            if st.button("Cover an absence", icon=":material/event_busy:", key="cover"):
                cover.dialog(actor, programme_id)
            if st.button("Log a check-in", icon=":material/add:", shortcut="L", type="primary", key="log"):
                log.dialog(actor, programme_id)
acting.said()
if rows.empty:
    st.markdown("Nobody is under this heading." if len(found.coaches) else "There is no coach yet.")
    st.stop()
left, right = st.columns(SIDES, gap="small")
with left:
    picked = table.show(rows, found)
with right.container(border=True, gap="small", key="caseload_detail"):
    detail.show(picked, found, away, by=actor, programme_id=programme_id, is_today=chosen.is_today)
panels.rows_behind(actor, chosen.of_programme)
