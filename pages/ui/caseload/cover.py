"""Planning an absence: who, from day to day, and who looks after which matches meanwhile."""

import datetime as dt
from typing import Any

import streamlit as st

from pages.ui.acts import leave
from pages.ui.caseload import plan
from pages.ui.caseload.acting import acted
from pages.ui.text import md, plain
from services import caseload, cover, programmes, reading
from services.access import Actor
from services.counting.figure import Scope
from services.cover import Away
from services.errors import ServiceError
from services.wording import counted, day

_WEEK = dt.timedelta(days=7)


def dialog(by: Actor, programme_id: int, instead_of: Away | None = None) -> None:
    """Everything in one place, as the plan depends on the days; or cover for an absence that lacks some."""

    @st.dialog("Cover an absence", width="large")
    def opened() -> None:
        with reading() as session:
            today = programmes.today(session, programme_id)
            people = caseload.caseload_of(session, Scope(programme_id, today), by=by).coaches
        here = people[people["coaches"] > 0].sort_values(["name", "agency"])
        known = {
            int(row.coach_id): plain(f"{row.name}, {row.agency}: {row.active} active") for row in here.to_records()
        }
        if instead_of is None:
            coach_id = st.selectbox("Who is away", list(known), format_func=known.get, key="cover_who")
            first, last = st.columns(2)
            first_day = first.date_input("First day away", today, format="YYYY-MM-DD", key="cover_first")
            last_day = last.date_input("Last day away", today + _WEEK, format="YYYY-MM-DD", key="cover_last")
        else:
            coach_id, first_day, last_day = instead_of.coach_id, instead_of.first_day, instead_of.last_day
            st.markdown(f"**{md(instead_of.coach)}**, {day(first_day)} to {day(last_day)}")
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

        def save(session: Any) -> str:
            if instead_of is not None:
                cover.call_off(session, instead_of.ref, by=by)
            return cover.plan(session, coach_id, first_day, last_day, covers, by=by, programme_id=programme_id)

        if st.button(
            f"Save, {counted(len(covers), 'match', 'matches')} covered",
            type="primary",
            icon=":material/event_busy:",
            key="cover_go",
            on_click=acted,
            args=(save,),
        ):
            leave()

    opened()
