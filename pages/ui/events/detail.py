"""One event: when and where, how many, who is invited, and what can be done with it."""

from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from pages.ui import panels, qr
from pages.ui.events import acting, cancelling, form, inviting
from pages.ui.text import md, plain
from pages.ui.words import clock_time, day
from services import events, invitations, reading
from services.access import Actor, Permission
from services.events import Gathering
from services.exports import calendar
from services.wording import counted

_TABLE = "event_people"
_WIDTHS = {"Name": 190, "Attendance": 120, "Side": 80, "Group": 230, "Agency": 230}


def show(actor: Actor, ref: str) -> None:
    """The whole event. Raises `NotFound`."""
    with reading() as session:
        event = events.one(session, ref, by=actor)
        people = events.invited(session, ref, by=actor)
        file = calendar.calendar(session, ref, by=actor)
    may_keep = actor.may(Permission.KEEP_EVENTS)
    st.button("All events", icon=":material/arrow_back:", type="tertiary", key="event_back", on_click=acting.go)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        st.title(md(event.name), anchor=False, width="content")
        if event.is_cancelled:
            st.badge("Cancelled", icon=":material/event_busy:", color="red", width="content")
        with st.container(horizontal=True, horizontal_alignment="right", gap="xsmall", key="event_bar"):
            _buttons(actor, event, file, may_keep=may_keep)
    place = f", {md(event.place)}" if event.place else ""
    st.markdown(
        f"{event.starts:%A} {day(event.starts.date())}, {clock_time(event.starts)} to {clock_time(event.ends)}{place}. "
        f":gray[{event.kind_name}, cohort {md(event.cohort)}.]"
    )
    acting.said()
    if event.is_cancelled:
        st.markdown(cancelling.meaning(event, may_keep=may_keep))
    else:
        _figures(event)
    if people.empty:
        may = " Invite a cohort, an occupational group, or those who are missing orientation." if may_keep else ""
        st.markdown(f"Nobody is invited yet.{may}")
        return
    _people(people, actor, event, may_keep=may_keep)


def _buttons(actor: Actor, event: Gathering, file: bytes, *, may_keep: bool) -> None:
    st.download_button(
        "Calendar file", file, "event.ics", "text/calendar", icon=":material/calendar_add_on:", on_click="ignore",
        key="event_ics",
    )  # fmt: skip
    if event.is_cancelled:
        if may_keep and not event.is_over:
            cancelling.restore(actor, event)
        return
    if may_keep:
        if st.button("Change", icon=":material/edit:", key="event_change"):
            form.dialog(actor, event.programme_id, event)
        if st.button(
            "Invite", icon=":material/group_add:", key="event_invite", type="secondary" if event.invited else "primary"
        ):
            inviting.dialog(actor, event)
        cancelling.button(actor, event)
    with st.popover("Phone", icon=":material/smartphone:", help="The address of the door, to open on a phone"):
        at = urlsplit(st.context.url or "")
        address = f"{at.scheme}://{at.netloc}/events?event={event.ref}&door=1"
        st.markdown("Open this on the phone at the door, and sign in there.")
        st.image(qr.picture(address), width=220, alt=f"QR code that opens the door of {plain(event.name)}")
        st.code(address, language=None, wrap_lines=True)
    st.button(
        "Take attendance", icon=":material/how_to_reg:", key="event_door",
        type="primary" if event.invited or not may_keep else "secondary", disabled=not event.is_open,
        help=None if event.is_open else "From the day of the event on",
        on_click=acting.go, args=(event.ref,), kwargs={"door": True},
    )  # fmt: skip


def _figures(event: Gathering) -> None:
    taken = event.came or not event.untaken
    figures = [("Invited", event.invited), ("Came", event.came)]
    figures += [("Did not come", event.invited - event.came - event.untaken)] if taken else []
    figures += [("Not taken yet", event.untaken)] if event.untaken else []
    figures += [("Came uninvited", event.walked_in)] if event.walked_in else []
    with st.container(horizontal=True, gap="large", key="figures_event"):
        for label, number in figures:
            st.metric(label, f"{number:,}", width="content")


def _people(people: pd.DataFrame, actor: Actor, event: Gathering, *, may_keep: bool) -> None:
    came = {True: "Came", False: "Did not come", None: "Not taken"}
    shown = pd.DataFrame(
        {
            "Name": people["name"],
            "Attendance": ["Came uninvited" if row.walked_in else came[row.came] for row in people.itertuples()],
            "Side": people["side"],
            "Group": people["group"],
            "Agency": people["agency"],
        }
    ).drop(columns=["Attendance"] if event.is_cancelled else [])
    if not people["agency"].any():
        shown = shown.drop(columns="Agency")
    selectable = may_keep and event.untaken > 0  # of a cancelled event nobody is
    asked: dict[str, Any] = {"on_select": "rerun", "selection_mode": "multi-row"} if selectable else {}
    picked = st.container(key="event_list").dataframe(
        panels.cells(shown),
        hide_index=True,
        row_height=36,
        height="content" if len(shown) < 16 else 612,  # noqa: PLR2004  sixteen rows and their head
        key=_TABLE,
        alt=plain(f"{counted(len(shown), 'person', 'people')} invited or come, by last name"),
        column_config={name: st.column_config.TextColumn(width=wide) for name, wide in _WIDTHS.items()},
        **asked,
    )
    if not selectable:
        return
    refs = [people["ref"].iloc[at] for at in picked["selection"]["rows"] if at < len(people)]
    if not refs:
        st.markdown(":small[:gray[Tick people to take their invitations back.]]")
        return
    st.button(
        f"Take {counted(len(refs), 'invitation', 'invitations')} back", icon=":material/undo:", key="event_take_back",
        on_click=acting.acted,
        args=(lambda session: invitations.take_back(session, event.ref, refs, by=actor),),
    )  # fmt: skip
