"""The links that open the stage on a machine where nobody signs in: make one, see which are open, end one."""

import streamlit as st

from pages.ui import words
from pages.ui.text import md
from services import reading, stage, transaction
from services.access import Actor
from services.errors import ServiceError

#: How long a link stays open, in hours.
HOURS = {4: "4 hours", 12: "12 hours", 24: "a day", 72: "three days", 168: "a week"}


@st.fragment
def section(actor: Actor) -> None:
    """All of it; a new link's address is on the screen once and nowhere else."""
    st.header("Stage links", anchor=False)
    st.markdown(
        ":gray[A link opens the stage on the venue's machine, and nothing else. Whoever has it sees totals only, "
        "until it runs out or you end it.]"
    )
    with st.form("stage_link", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.text_input("Which screen is it for?", max_chars=80, placeholder="Council chamber", width=320)
        hours = st.selectbox("Open for", list(HOURS), index=1, format_func=HOURS.__getitem__, width=160)
        asked = st.form_submit_button("Make a link")
    if asked:
        _make(actor, label, hours)
    _open(actor)


def _make(actor: Actor, label: str, hours: int) -> None:
    try:
        with transaction() as session:
            _, token = stage.make_link(session, by=actor, label=label, hours=hours)
    except ServiceError as refused:
        st.error(str(refused), icon=":material/error:")
        return
    st.success("Copy the link now: it is shown this once, and nobody can look it up later.", icon=":material/link:")
    st.code(stage.address(token), language=None, wrap_lines=True)


def _open(actor: Actor) -> None:
    try:
        with reading() as session:
            links = stage.links(session, by=actor)
    except ServiceError as refused:
        st.error(str(refused), icon=":material/error:")
        return
    for link in links:
        with st.container(key=f"link_{link.ref}", horizontal=True, vertical_alignment="center"):
            made = f", made by {md(link.made_by)}" if link.made_by else ""
            until = f"{words.day(link.expires_at)}, {words.clock_time(link.expires_at)}"
            st.markdown(f"**{md(link.label)}** :gray[open until {until}{made}]", width=560)
            st.button(f"End {md(link.label)}", key=f"end_{link.ref}", on_click=_end, args=(actor, link.ref))
    if not links:
        st.markdown(":gray[No link is open.]")


def _end(actor: Actor, ref: str) -> None:
    try:
        with transaction() as session:
            stage.revoke_link(session, ref, by=actor)
    except ServiceError as refused:
        st.error(str(refused), icon=":material/error:")
