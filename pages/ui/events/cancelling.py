"""Cancelling an event after a look at what that does, and taking it back with one click."""

import streamlit as st

from pages.ui.events import acting
from pages.ui.text import plain
from services import cancelling
from services.access import Actor
from services.events import Gathering
from services.wording import counted, first_upper


def meaning(event: Gathering, *, may_keep: bool) -> str:
    """What stands in place of the figures of a cancelled event."""
    people = first_upper(counted(event.invited, "person was", "people were")) if event.invited else "Nobody was"
    tell = " The calendar file tells their calendars." if event.invited and may_keep else ""
    return f"{people} invited.{tell} Nothing of it counts."


def button(actor: Actor, event: Gathering) -> None:
    """Asks before it does anything."""
    took_place = bool(event.came or event.walked_in or event.untaken < event.invited)
    if st.button(
        "Cancel event", icon=":material/event_busy:", disabled=took_place, key="event_cancel",
        help="Attendance was taken, so it took place" if took_place else "It does not take place",
    ):  # fmt: skip
        _dialog(actor, event)


def restore(actor: Actor, event: Gathering) -> None:
    """Until its day is over."""
    st.button(
        "It takes place after all", icon=":material/event_available:", key="event_restore", on_click=acting.acted,
        args=(lambda session: cancelling.restore(session, event.ref, event.changes, by=actor),),
    )  # fmt: skip


def _dialog(actor: Actor, event: Gathering) -> None:
    @st.dialog(f"Cancel {plain(event.name, 60)}?")
    def opened() -> None:
        people = counted(event.invited, "person", "people")
        stays = f"The event and its {people} invited stay" if event.invited else "The event stays"
        back = (
            "Its day is over, so this cannot be taken back."
            if event.is_over
            else "Until its day is over you can take this back."
        )
        st.markdown(f"{stays} in the list as cancelled, no attendance is taken, and nothing of it counts. {back}")
        if st.button("Cancel it", type="primary", icon=":material/event_busy:", key="event_cancel_go") and (
            acting.acted(lambda session: cancelling.cancel(session, event.ref, event.changes, by=actor))
        ):
            st.rerun()
        acting.refused()

    opened()
