"""The view of the occupational groups."""

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.setup.acting import act, key
from pages.ui.text import plain
from services import reading
from services.access import Actor
from services.setup import groups

_NEW = "A new group"
_MANY, _TALL = 18, 640


def view(actor: Actor) -> None:
    """The list, and beside it a form for one of them."""
    with reading() as session:
        known = groups.groups(session, by=actor)
    listed, form = st.columns([2.4, 1], gap="large")
    with listed, st.container(key="panel_groups"):
        many = f"{len(known)} occupational {'group' if len(known) == 1 else 'groups'}"
        st.header(many if len(known) else "No occupational group yet", anchor=False)
        if len(known):
            _listed(known)
        else:
            st.markdown(
                "Mentor and mentee of a match share one. The first import of people brings the usual groups too."
            )
            if st.button("Take the usual groups", type="primary", icon=":material/library_add:", key="usual_groups"):
                act(lambda session: groups.usual(session, by=actor))
    with form, st.container(key="panel_group"):
        st.header("Add or change", anchor=False)
        _form(actor, known)


def _listed(known: pd.DataFrame) -> None:
    shown = pd.DataFrame({"Group": known["name"], "Files may also write": [", ".join(one) for one in known["written"]]})
    st.dataframe(
        panels.cells(shown),
        hide_index=True,
        height="content" if len(shown) <= _MANY else _TALL,
        column_config={
            "Group": st.column_config.TextColumn(width=240),
            "Files may also write": st.column_config.TextColumn(width=460),
        },
        alt="The occupational groups by name, and how files may also write them",
    )


def _form(actor: Actor, known: pd.DataFrame) -> None:
    numbers = dict(zip(known["name"], map(int, known["id"]), strict=True))
    old = st.selectbox("Group", [_NEW, *numbers], format_func=plain, key=key("group_chosen"))
    number = numbers.get(old)
    of = key(f"group {old}")
    with st.form(of, border=False, enter_to_submit=False):
        name = st.text_input("Name", old if number else "", max_chars=120, key=f"{of} name")
        if number:
            st.markdown(":small[:gray[Files that write the old name are still understood.]]")
        with st.container(horizontal=True):
            wanted = st.form_submit_button("Save the group", type="primary")
            gone = bool(number) and st.form_submit_button("Take it away", help="Only while nothing belongs to it")
    if wanted:
        act(lambda session: groups.save(session, name, by=actor, group_id=number))
    if gone and number:
        act(lambda session: groups.remove(session, number, by=actor))
