"""People: found, read, changed; who waits; entries of one person made one."""

import streamlit as st

from pages.ui import file, first, identity
from pages.ui.people import duplicates, listing, merging, pick, profile, waiting
from pages.ui.text import md
from services import people_list, people_profile, reading
from services.errors import NotFound
from services.people_list import Wanted
from services.setup.steps import Lack

SIDES = [50, 50]

actor = identity.require()

with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title("People", anchor=False, width="content")
    view = pick.choice(
        st.segmented_control, "View", pick.VIEW, [pick.PEOPLE, pick.WAITLIST, pick.DUPLICATES], required=True,
        label_visibility="collapsed",
    )  # fmt: skip
pick.said()

if view == pick.WAITLIST:
    waiting.view(by=actor)
elif view == pick.DUPLICATES:
    pair = merging.pair()
    left, right = st.columns([60, 40], gap="small") if pair else (st.container(), None)
    with left.container(key="pairs_pane", gap="small"):
        duplicates.pairs(by=actor)
        duplicates.other(by=actor)
    if pair:
        with right.container(border=True, gap="small", key="pair_pane"):
            merging.side_by_side(*pair, by=actor)
else:
    with reading() as session:
        choices = people_list.choices(session, by=actor)
    asked, text = listing.filters(choices)
    page = listing.found(asked, text, by=actor)
    chosen = None
    if wanted := pick.value(pick.PERSON):
        try:
            chosen = file.read(lambda session: people_profile.profile(session, wanted, by=actor), by=actor)
        except NotFound as nobody:
            st.warning(md(nobody, 300), icon=":material/search_off:")
    left, right = st.columns(SIDES, gap="small")
    with left.container(key="people_pane", gap="small"):
        asks_nothing = not text.strip() and asked == Wanted()
        if page.rows.empty and asks_nothing and (lack := first.lacking(actor)) <= Lack.PEOPLE:
            first.what_next(actor, lack)
        elif page.rows.empty:
            st.markdown("Nobody is found. Type fewer letters, or take a filter off.")
        else:
            listing.table(page, text)
            listing.walk(page)
    with right.container(border=True, gap="small", key="person_pane"):
        if chosen is None:
            st.markdown(":gray[Choose someone from the list: who they are and everything that happened stands here.]")
        else:
            profile.head(chosen, by=actor)
            profile.facts(chosen)
            if pick.value(pick.ASKS) != pick.EDIT:  # the form over it is as much as a run should send
                profile.matches(chosen)
                profile.beside(chosen)
            profile.questions(chosen, by=actor)
