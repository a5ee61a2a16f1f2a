"""Planning an absence: who, from day to day, and who looks after which matches meanwhile."""

import datetime as dt

import streamlit as st

from pages.ui.caseload import plan
from pages.ui.caseload.acting import acted
from pages.ui.text import plain
from services import caseload, cover, programmes, reading
from services.access import Actor
from services.counting.figure import Scope
from services.errors import ServiceError
from services.wording import counted

_WEEK = dt.timedelta(days=7)


def dialog(by: Actor, programme_id: int) -> None:
    """Everything in one place, as the plan depends on the days."""

    @st.dialog("Cover an absence", width="medium")
    def opened() -> None:
        with reading() as session:
            today = programmes.today(session, programme_id)
            people = caseload.caseload_of(session, Scope(programme_id, today), by=by).coaches
        here = people[people["coaches"] > 0].sort_values(["name", "agency"])
        known = {
            int(row.coach_id): plain(f"{row.name}, {row.agency}: {row.active} active") for row in here.to_records()
        }
        coach_id = st.selectbox("Who is away", list(known), format_func=known.get, key="cover_who")
        first, last = st.columns(2)
        first_day = first.date_input("First day away", today, key="cover_first")
        last_day = last.date_input("Last day away", today + _WEEK, key="cover_last")
        across = st.toggle("Other agencies may cover", key="cover_across")
        if coach_id is None:
            return
        try:
            with reading() as session:
                found = cover.suggest(
                    session, coach_id, first_day, last_day, by=by, programme_id=programme_id, across=across
                )
        except ServiceError as refused:
            st.warning(str(refused))
            return
        covers = {ref: coach for ref, (_, coach) in plan.edited(found, "cover").items()}
        if st.button(
            f"Save, {counted(len(covers), 'match', 'matches')} covered",
            type="primary",
            icon=":material/event_busy:",
            key="cover_go",
            on_click=acted,
            args=(
                lambda session: cover.plan(
                    session, coach_id, first_day, last_day, covers, by=by, programme_id=programme_id
                ),
            ),
        ):
            st.rerun()

    opened()
