"""The view of the programmes: their names, and another one."""

from typing import Any

import streamlit as st

from pages.ui.setup.acting import act, key
from pages.ui.text import md, plain
from services import programmes, reading, scopes
from services.access import Actor, Permission
from services.errors import NotFound
from services.programmes import KINDS, TIMEZONE
from services.scopes import ProgrammeChoice

_NEW = "A new programme"


def view(actor: Actor) -> None:
    """Everything of it; whoever may not make programmes changes those that there are."""
    try:
        with reading() as session:
            known = list(scopes.choices(session, by=actor))
    except NotFound:
        known = []
    may_make = actor.may(Permission.MANAGE_ACCOUNTS)
    with st.container(key="panel_programme", width=620, gap="small"):
        if not known:
            st.header("Name the programme", anchor=False)
            if not may_make:
                st.markdown("There is no mentoring programme yet. An administrator of the desk names it.")
                return
            _new(actor, is_first=True)
            return
        names = [one.name for one in known] + ([_NEW] if may_make else [])
        st.header("Programmes" if len(known) > 1 else "Programme", anchor=False)
        chosen = names[0]
        if len(names) > 1:
            chosen = st.selectbox("Programme", names, format_func=plain, key=key("programme_chosen"))
        one = next((one for one in known if one.name == chosen), None)
        if one is None:
            _new(actor, is_first=False)
        else:
            _change(actor, one)


def _new(actor: Actor, *, is_first: bool) -> None:
    with st.form(key("programme_new"), border=False, enter_to_submit=False):
        name = st.text_input("Name", max_chars=120, placeholder="Profession to Profession", key=key("new_name"))
        whose = st.text_input("Organisation", max_chars=120, placeholder="City of Toronto", key=key("new_whose"))
        kind = "mentoring"
        if not is_first:
            kind = st.selectbox("What it brings about", list(KINDS), format_func=KINDS.get, key=key("new_kind"))
        zone = st.selectbox(
            "Where its days begin and end", programmes.zones(), index=programmes.zones().index(TIMEZONE),
            key=key("new_zone"),
        )  # fmt: skip
        wanted = st.form_submit_button("Make the programme", type="primary")
    if wanted:
        act(lambda session: _made(session, actor, name, whose, kind, zone))


def _made(session: Any, actor: Actor, name: str, whose: str, kind: str, zone: str) -> str:
    programmes.create(session, by=actor, name=name, organisation=whose, kind=kind, timezone=zone)
    return f"{name.strip()} is made. Next: its cohorts, groups and agencies, in the views above."


def _change(actor: Actor, one: ProgrammeChoice) -> None:
    with st.form(key(f"programme {one.id}"), border=False, enter_to_submit=False):
        name = st.text_input("Name", one.name, max_chars=120, key=key(f"programme name {one.id}"))
        whose = st.text_input("Organisation", one.organisation, max_chars=120, key=key(f"programme whose {one.id}"))
        zones = programmes.zones()
        zone = st.selectbox(
            "Where its days begin and end", zones, index=zones.index(one.timezone), key=key(f"programme zone {one.id}")
        )
        st.markdown(f":small[:gray[What it brings about: {md(KINDS[one.kind][:1].lower() + KINDS[one.kind][1:])}.]]")
        wanted = st.form_submit_button("Save", type="primary")
    if wanted:

        def renamed(session: Any) -> str:
            programmes.rename(session, one.id, by=actor, name=name, organisation=whose, timezone=zone)
            return "Saved."

        act(renamed)
