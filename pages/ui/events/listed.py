"""All events: those to come as a line each, those past as a table."""

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.events import acting, form
from pages.ui.text import md, plain
from pages.ui.words import clock_time
from services import events, programmes, reading
from services.access import Actor, Permission
from services.errors import NotFound
from services.events import Gathering

_TABLE = "events_past"
_UNTAKEN = "Not taken"
_NUMBERS = ("Invited", "Came")


def show(actor: Actor) -> None:
    """The whole list."""
    try:
        with reading() as session:
            programme_id = programmes.main(session).id
            found = events.gatherings(session, programme_id, by=actor)
    except NotFound as nothing:
        st.title("Events", anchor=False)
        st.info(str(nothing))
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.title("Events", anchor=False, width="content")
        if actor.may(Permission.KEEP_EVENTS) and st.button(
            "New event", icon=":material/add:", type="primary", key="new_event"
        ):
            form.dialog(actor, programme_id)
    acting.said()
    coming = [one for one in found if not one.is_over]
    past = [one for one in reversed(found) if one.is_over]
    st.header("Coming", anchor=False)
    if not coming:
        st.markdown(
            "No event is planned. Make one with *New event*, then choose whom it invites."
            if actor.may(Permission.KEEP_EVENTS)
            else "No event of your people is planned. Coordinators make events and invite to them."
        )
    with st.container(gap="xsmall", width=820, key="events_coming"):
        for one in coming:
            st.button(_line(one), key=f"owed_event_{one.ref}", width="stretch", on_click=acting.go, args=(one.ref,))
    if past:
        st.header("Past", anchor=False)
        _table(past)


def _line(one: Gathering) -> str:
    """Thursday 26 November, 10:00 Orientation, City Hall."""
    badge = ":red-badge[Cancelled]" if one.is_cancelled else ":green-badge[Today]" if one.is_open else ""
    place = f", {md(one.place)}" if one.place else ""
    came = f", {one.came} came" if one.came else ""
    people = (
        f":gray[{one.invited} {'were ' if one.is_cancelled else ''}invited{came}]"
        if one.invited
        else ":gray[nobody invited yet]"
    )
    when = f"{one.starts:%A} {one.starts.day} {one.starts:%B}, {clock_time(one.starts)}"
    return f"**{when}** {md(one.name)}{place} {badge} {people}"


def _table(past: list[Gathering]) -> None:
    untaken, cancelled = any(one.untaken for one in past), any(one.is_cancelled for one in past)
    rows = pd.DataFrame(
        {
            "Day": [one.starts.date() for one in past],
            "Time": [clock_time(one.starts) for one in past],
            "Event": [one.name for one in past],
            "Place": [one.place for one in past],
            "Cohort": [one.cohort for one in past],
            **{name: [_number(one, name) for one in past] for name in (*_NUMBERS, *([_UNTAKEN] if untaken else []))},
            **({"State": ["Cancelled" if one.is_cancelled else "" for one in past]} if cancelled else {}),
        }
    )
    column = st.column_config
    st.session_state[_TABLE + "_refs"] = [one.ref for one in past]
    st.dataframe(
        panels.cells(rows),
        hide_index=True,
        row_height=36,
        placeholder="",
        key=_TABLE,
        on_select=_pick,
        selection_mode=["single-row", "single-cell"],
        alt=plain(f"{len(past)} past events, the latest first"),
        column_config={
            "Day": column.DateColumn(format="ddd D MMM YYYY", width=130),
            "Time": column.TextColumn(width=56),
            "Event": column.TextColumn(width=260),
            "Cohort": column.TextColumn(width=90),
            "Invited": column.NumberColumn(width=64),
            "Came": column.NumberColumn(width=56, help="Of those invited"),
            "State": column.TextColumn(width=90),
            _UNTAKEN: column.NumberColumn(width=80, help="Invited, and nobody has said whether they came"),
        },
    )


def _number(one: Gathering, name: str) -> int | None:
    """Nothing counts of a cancelled event."""
    of = {"Invited": one.invited, "Came": one.came, _UNTAKEN: one.untaken}
    return None if one.is_cancelled else of[name]


def _pick() -> None:
    """A click anywhere in a row opens the event."""
    selection = st.session_state[_TABLE]["selection"]
    at = selection["cells"][0][0] if selection["cells"] else next(iter(selection["rows"]), None)
    refs = st.session_state.get(_TABLE + "_refs", [])
    if at is not None and at < len(refs):
        acting.go(refs[at])
