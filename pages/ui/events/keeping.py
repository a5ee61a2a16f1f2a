"""The door of an event, kept on a phone: a component of our own, because taps must outlive connection and server.

Its script is served as a file: the site's policy lets no script run that is written into the page.
"""

import streamlit as st

from pages.ui.component import component
from pages.ui.events import acting
from pages.ui.text import md, plain
from pages.ui.words import clock_time
from services import door, reading
from services.access import Actor


def show(actor: Actor, ref: str) -> None:
    """The whole view, as wide as a hand reaches. Raises `NotFound`."""
    with reading() as session:
        found = door.door(session, ref, by=actor)
    event = found.gathering
    with st.container(width=680, gap="small", key="door"):
        st.button(
            "Back to the event", icon=":material/arrow_back:", type="tertiary", key="door_back",
            on_click=acting.go, args=(ref,),
        )  # fmt: skip
        st.title(md(event.name), anchor=False)
        st.markdown(f":gray[{event.starts:%A} {event.starts.day} {event.starts:%B}, {clock_time(event.starts)}]")
        if event.is_cancelled:
            st.info("This event is cancelled.", icon=":material/event_busy:")
            return
        if not event.is_open:
            st.info("Attendance is taken from the day of the event on.", icon=":material/event:")
            return
        component("door", "events", js="door.js", css="door.css")(
            key=f"door_{ref}",
            data={
                "event": ref,
                "guests": [[one.ref, plain(one.name), one.side, one.words, one.is_invited] for one in found.guests],
                "here": list(found.here),
            },
        )
