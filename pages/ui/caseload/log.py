"""Logging: a check-in with everything usual chosen already, a meeting with its hours, and taking the last one back."""

import datetime as dt
from typing import Any

import streamlit as st

from pages.ui.caseload.acting import acted, refused
from pages.ui.text import md, plain
from pages.ui.words import number
from services import check_ins, owed, reading
from services.access import Actor
from services.check_ins import CheckInEntry
from services.owed import Owed

_WITH = {"mentee": "Mentee", "mentor": "Mentor", "both": "Both", "": "Nobody"}
_HOW = {"phone": "Phone", "email": "E-mail", "video": "Video", "in_person": "In person"}
HEALTH = {
    "good": ":green[:material/check_circle:] Well",
    "concern": ":orange[:material/visibility:] Watch",
    "at_risk": ":red[:material/error:] At risk",
}
_MEETING, _CHECK_IN = "They met", "Check-in"
_QUARTER = 0.25


def card(row: Any, found: Owed, *, by: Actor, programme_id: int) -> None:
    """The form for one match."""
    ref = row.ref
    what = st.segmented_control(
        "What", [_CHECK_IN, _MEETING], default=_CHECK_IN, required=True, key=f"what_{ref}",
        label_visibility="collapsed", width="stretch",
    )  # fmt: skip
    if what == _MEETING:
        _meeting(row, found, by=by, programme_id=programme_id)
    else:
        _check_in(row, found, by=by, programme_id=programme_id)


def _check_in(row: Any, found: Owed, *, by: Actor, programme_id: int) -> None:
    ref = row.ref
    with st.form(f"log_{ref}", border=False):
        _choice("Reached", _WITH, f"with_{ref}")
        _choice("How", _HOW, f"how_{ref}")
        _choice("How is it going?", HEALTH, f"health_{ref}")
        with st.container(horizontal=True, gap="small"):
            st.text_input("Note, if needed", placeholder="One line for the file", key=f"note_{ref}")
            _day(ref, row.started_on, found.today)
        st.form_submit_button(
            "Save check-in",
            type="primary",
            icon=":material/check:",
            width="stretch",
            on_click=_save,
            args=(ref, by, programme_id),
        )


def _meeting(row: Any, found: Owed, *, by: Actor, programme_id: int) -> None:
    ref = row.ref
    with st.form(f"meet_{ref}", border=False):
        goal = found.clocks.hours_goal
        st.markdown(f"**{number(row.minutes / 60)}** of {goal} hours so far")
        with st.container(horizontal=True, gap="small"):
            st.number_input(
                "Hours", min_value=_QUARTER, max_value=12.0, value=1.0, step=_QUARTER, key=f"hours_{ref}", width=180
            )
            _day(ref, row.started_on, found.today)
        st.form_submit_button(
            "Save meeting",
            type="primary",
            icon=":material/check:",
            width="stretch",
            on_click=_save_meeting,
            args=(ref, by, programme_id),
        )


def _choice(label: str, options: dict[str, str], key: str, **more: Any) -> None:
    st.segmented_control(
        label, list(options), default=next(iter(options)), required=True, key=key, format_func=options.get,
        width="stretch", **more,
    )  # fmt: skip


def _day(ref: str, started_on: dt.date, today: dt.date) -> None:
    st.date_input("Day", today, min_value=started_on, max_value=today, format="YYYY-MM-DD", key=f"day_{ref}", width=130)


def _save(ref: str, by: Actor, programme_id: int) -> None:
    def log(session: Any) -> str:
        state = st.session_state  # here: a second click finds the fields emptied, and asks for none
        entry = CheckInEntry(
            mode=state[f"how_{ref}"],
            contact=state[f"with_{ref}"] or None,
            health=state[f"health_{ref}"],
            on_day=state[f"day_{ref}"],
            note=state[f"note_{ref}"],
        )
        return check_ins.log(session, ref, entry, by=by, programme_id=programme_id).sentence

    if acted(log):
        done(ref)


def _save_meeting(ref: str, by: Actor, programme_id: int) -> None:
    def log(session: Any) -> str:
        minutes, on_day = int(st.session_state[f"hours_{ref}"] * 60), st.session_state[f"day_{ref}"]
        return check_ins.log_meeting(session, ref, minutes, by=by, programme_id=programme_id, on_day=on_day).sentence

    if acted(log):
        done(ref)


def done(ref: str) -> None:
    """The next one is up, and the form of this one is as new."""
    st.query_params.pop("match", None)
    for what in ("with", "how", "health", "note", "day", "hours", "what"):
        st.session_state.pop(f"{what}_{ref}", None)


def undo(last: str | None, *, by: Actor, programme_id: int) -> None:
    """Take the last entry back, of this or an earlier visit."""
    if last:
        st.button(
            "Undo",
            icon=":material/undo:",
            key="undo_entry",
            help=f"Take back: {md(last)}",
            on_click=acted,
            args=(lambda session: check_ins.take_back(session, by=by, programme_id=programme_id).sentence,),
        )


def dialog(by: Actor, programme_id: int) -> None:
    """For a coordinator: any running match, found by typing a name."""

    @st.dialog("Log a check-in", width="medium")
    def opened() -> None:
        refused()
        with reading() as session:
            found = owed.owed(session, by=by, programme_id=programme_id)
            last = check_ins.last_entry(session, by=by)
        names = {row.ref: plain(f"{row.mentee}, {row.mentor}") for row in found.rows.itertuples()}
        if not names:
            st.markdown("No match is running.")
            return
        ref = st.selectbox("Match", list(names), format_func=names.get, key="log_ref")
        row = next(row for row in found.rows.itertuples() if row.ref == ref)
        card(row, found, by=by, programme_id=programme_id)
        if said := st.session_state.get("caseload_said"):
            st.markdown(f":green[:material/check:] {md(said)}")
        undo(last, by=by, programme_id=programme_id)

    opened()
