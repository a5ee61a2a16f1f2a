"""The view of how long data is kept before it goes by itself."""

from typing import Any

import streamlit as st

from pages.ui.setup.acting import act, key
from pages.ui.text import md
from services import programmes, reading
from services.access import Actor
from services.privacy import retention
from services.privacy.retention import Outlook


def view(actor: Actor, programme_id: int) -> None:
    """A number of years, and what it would mean for the people there are, before it is saved."""
    with reading() as session:
        now = programmes.clocks(session, programme_id).keep_years
    with st.container(key="panel_keeping", width=720, gap="small"):
        st.header("How long data of people is kept", anchor=False)
        st.markdown(
            "A coordinator can erase whoever agreed to it, or whose data was not used for a year. Beyond that, data "
            "can go by itself so many years after its last use: everything that says who somebody was, for good. What "
            "is counted stays, so no figure changes. Whoever is in the programme or has an open match stays too."
        )
        years = st.number_input(
            "Erase by itself after, years", 0, retention.LONGEST, now, key=key("keep_years"), width=220,
            help="0: only when somebody erases a person",
        )  # fmt: skip
        with reading() as session:
            st.markdown(_meaning(retention.outlook(session, programme_id, years, by=actor)))
        st.markdown(
            ":small[:gray[`matchdesk erase --due` carries it out, each night where the server runs it; "
            "`--dry-run` says who, by reference.]]"
        )
        wanted = st.button("Save the years", type="primary", key="keep_years_save", disabled=years == now)
    if wanted:

        def save(session: Any) -> str:
            retention.save(session, programme_id, years, by=actor)
            return "Saved. Nothing goes before the next night." if years else "Saved. Nothing goes by itself."

        act(save)


def _meaning(found: Outlook) -> str:
    """What a number of years does to whom there is, in counts."""
    if not found.years:
        return f"Of {found.kept} people nobody’s data goes by itself."
    many = (
        " So many at once are unusual: the night may stop, and go on once the server is told "
        "`matchdesk erase --due --many`."
    )
    return (
        f"**Data of {md(found.now)} people goes the next night**, of {found.kept} in all, and of {md(found.soon)} more "
        f"within a year unless it is used again.{many if found.is_unusual else ''}"
    )
