"""Matches: those that run, by what they need; the chosen one with its steps."""

import streamlit as st

from pages.ui import file, identity
from pages.ui.matches import act, card, listed
from services import match_view, matches, programmes, reading
from services.errors import NotFound

SIDES, BAR = [50, 50], [27, 73]

actor = identity.require()
asked = listed.wanted()

try:
    with reading() as session:
        programme = programmes.main(session)
        found = matches.matches(session, asked, by=actor, programme_id=programme.id)
except NotFound as nothing:
    st.title("Matches", anchor=False)
    st.info(str(nothing))
    st.stop()

st.title("Matches", anchor=False)
listed.filters(found, asked)
view = None
if ref := listed.chosen(found.rows):
    try:
        view = file.read(lambda session: match_view.view(session, ref, by=actor), by=actor)
    except NotFound as gone:
        listed.forget()
        st.info(str(gone))

if view is None:
    act.refused()
    with st.container(border=True, horizontal_alignment="center", key="no_matches"):
        none_runs = not found.counts[matches.ALL]
        st.header("No match runs yet" if none_runs else "Nothing under this filter", anchor=False)
        st.markdown("A match stands here from its approval in Match review on.")
else:
    listed.phone(found.rows, found)
    left, right = st.columns(SIDES, gap="small")
    with left.container(key="queue_pane"):
        listed.table(found.rows)
        listed.pages(found)
    with right.container(border=True, gap="small", key="card_pane"):
        act.refused()
        act.question(view, by=actor)
        card.head(view)
        card.line(view)
        card.people(view)
        card.contacts(view)
        card.history(view)

with st.bottom:
    walk, steps = st.columns(BAR, gap="small", vertical_alignment="center")
    with walk:
        listed.walk(found)
    if view is not None:
        with steps:
            act.bar(view, by=actor)
