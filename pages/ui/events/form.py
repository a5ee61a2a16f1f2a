"""Making an event, or changing one."""

import datetime as dt
from typing import Any

import streamlit as st

from pages.ui.events import acting
from pages.ui.text import plain
from services import events, reading, scopes
from services.access import Actor
from services.events import KINDS, Draft, Gathering

_FROM, _TO = dt.time(10), dt.time(11, 30)
#: The event that was made last.
_MADE = "event_made"


def dialog(actor: Actor, programme_id: int, known: Gathering | None = None) -> None:
    """All fields of an event in one place; `known`: the one that is changed."""

    @st.dialog("Change the event" if known else "New event")
    def opened() -> None:
        with reading() as session:
            programme = next(one for one in scopes.choices(session, by=actor) if one.id == programme_id)
        names = [cohort.name for cohort in reversed(programme.cohorts)]
        latest = programme.cohort(None, programme.today)
        own = known.cohort if known else latest.name if latest else None
        kinds = list(KINDS)
        with st.form("event_form", border=False):
            kind = st.selectbox(
                "Kind", kinds, kinds.index(known.kind) if known else 0, format_func=KINDS.get, key="event_kind"
            )
            name = st.text_input(
                "Name", plain(known.name) if known else "", placeholder="Orientation", max_chars=120, key="event_name"
            )
            place = st.text_input("Place", plain(known.place) if known else "", max_chars=160, key="event_place")
            on_day = st.date_input(
                "Day", known.starts.date() if known else programme.today, format="YYYY-MM-DD", key="event_day"
            )
            first, last = st.columns(2)
            quarter = dt.timedelta(minutes=15)
            starts = first.time_input("From", known.starts.time() if known else _FROM, step=quarter, key="event_from")
            ends = last.time_input("To", known.ends.time() if known else _TO, step=quarter, key="event_to")
            cohort = st.selectbox(
                "Cohort", names, names.index(own) if own in names else 0, format_func=plain, key="event_cohort"
            )
            sent = st.form_submit_button("Save", type="primary", icon=":material/check:")
        if not sent:
            return
        draft = Draft(kind, name or KINDS[kind], place, on_day, starts, ends, cohort or "")

        def save(session: Any) -> str:
            if known:
                return events.change(session, known.ref, draft, known.changes, by=actor).sentence
            kept = events.make(session, programme_id, draft, by=actor)
            st.session_state[_MADE] = kept.ref
            return kept.sentence

        if acting.acted(save):
            if not known:
                acting.go(st.session_state[_MADE])
            st.rerun()
        acting.refused()

    opened()
