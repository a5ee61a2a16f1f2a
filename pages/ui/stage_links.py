"""The links that open the stage where nobody signs in: for a screen and a phone; which are open, and ending one."""

import datetime as dt
from typing import Any

import streamlit as st

from pages.ui import identity, qr, words
from pages.ui.acts import Acts, shown_once
from pages.ui.text import md, plain
from services import clock, reading
from services.access import Actor
from services.stage import links, occasions

#: How long a link stays open, in hours.
HOURS = {4: "4 hours", 12: "12 hours", 24: "a day", 72: "three days", 168: "a week"}
_NO_NAMES = "No names"
#: What is done to a line stands near it, also on a wide screen.
_WIDE = 880
#: Names were agreed to for their own event, so they are suggested from the evening before.
_SOON = dt.timedelta(hours=36)
_acts, _MADE = Acts("stage_links"), "stage_link_made"


@st.fragment
def section() -> None:
    """All of it; what a new link opens with is on the screen once and nowhere else."""
    actor = identity.require()  # a click runs this alone, without the gate of the frame
    st.header("Stage", anchor="stage")
    st.markdown(
        ":gray[The number for a full room. A link opens it on the venue's machine, a second one turns its scenes from "
        "your phone. Whoever has them sees totals, and names that were agreed to, until they run out or you end them.]",
        width=760,
    )
    asked = _form(actor)
    if asked:

        def make(session: Any) -> str:
            made = links.make_link(session, by=actor, **asked)
            st.session_state[_MADE] = made  # in the act: a second click does it no second time, and shows it as well
            return f"The stage is open for {made[0].label}."

        if not _acts.acted(make):
            st.session_state.pop(_MADE, None)
    _acts.said_once()
    if made := shown_once(_MADE):
        _show(*made)
    _open(actor)


def whose() -> None:
    """For those who open none: whom to ask."""
    st.header("Stage", anchor="stage")
    st.markdown(
        ":gray[It shows this number to a full room. Presenters, coordinators and administrators open it on this page: "
        "ask one of them for a link.]",
        width=760,
    )


def _form(actor: Actor) -> dict[str, Any]:
    """Which screen, how long and whose names; empty until it is sent."""
    with reading() as session:
        coming = occasions.upcoming(session, by=actor)
    events = {one.ref: f"{one.called}: {one.names:,} {'name' if one.names == 1 else 'names'}" for one in coming}
    with st.form("stage_link", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.text_input("Which screen is it for?", max_chars=80, placeholder="Council chamber", width=240)
        hours = st.selectbox("Open for", list(HOURS), index=1, format_func=HOURS.__getitem__, width=130)
        event = st.selectbox(
            "Whose names may it show?",
            [None, *events],
            index=int(any(one.starts - clock.now() < _SOON for one in coming)),
            format_func=lambda ref: plain(events[ref]) if ref in events else _NO_NAMES,
            width=340,
        )
        sent = st.form_submit_button("Open the stage", type="primary", icon=":material/tv:")
    return {"label": label, "hours": hours, "event_ref": event} if sent else {}


def _show(link: links.Link, screen: str, remote: str) -> None:
    """Both addresses, to click, to copy and to scan."""
    st.markdown("**Shown this once:** nobody can look them up later. Keep the one of your phone to yourself.")
    with st.container(key="stage_new", horizontal=True, gap="large"):
        for title, opens, address, what in (
            ("The screen", "Open the stage here", links.address(screen), "the stage"),
            ("Your phone", "Turn the scenes here", links.remote_address(remote), "the page that turns the scenes"),
        ):
            with st.container(width=400, gap="small"):
                st.subheader(title, anchor=False)
                st.image(qr.picture(address), width=220, alt=f"QR code that opens {what} for {plain(link.label)}")
                st.link_button(opens, address, icon=":material/open_in_new:")
                st.code(address, language=None, wrap_lines=True)


def _open(actor: Actor) -> None:
    with reading() as session:
        known = links.links(session, by=actor)
    if not known:
        st.markdown(":gray[No link is open.]")
        return
    for link in known:
        with st.container(key=f"link_{link.ref}", horizontal=True, vertical_alignment="center", width=_WIDE):
            until = f"{words.day(link.expires_at)}, {words.clock_time(link.expires_at)}"
            made = f"; made by {md(link.made_by)}" if link.made_by else ""
            shown = md(link.names_of) if link.names_of else "no names"
            st.markdown(f"**{md(link.label)}** :gray[until {until}; {shown}{made}]", width="stretch")
            st.button(
                "End",
                key=f"end_{link.ref}",
                icon=":material/link_off:",
                help=f"Closes the stage for {md(link.label)}, screen and phone, within seconds",
                on_click=_acts.acted,
                args=(lambda session, link=link: _end(session, link, actor),),
            )


def _end(session: Any, link: links.Link, actor: Actor) -> str:
    links.revoke_link(session, link.ref, by=actor)
    return f"The stage is closed for {link.label}."
