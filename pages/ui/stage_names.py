"""The names that the stage may show: who agreed, how and when, and off again with one click."""

import datetime as dt

import streamlit as st

from pages.ui import identity, words
from pages.ui.acts import Acts
from pages.ui.text import md, plain
from services import reading
from services.access import Actor
from services.stage import consents, occasions
from services.stage.consents import COHORT, INVITED, WAYS, Candidate, Named

_acts = Acts("stage_names")
_STANDING = {INVITED: "", COHORT: ", not invited"}
#: Rows of names above which the list scrolls by itself.
_MANY = 8
#: What is done to a line stands near it, also on a wide screen.
_WIDE = 880


@st.fragment
def section(today: dt.date) -> None:
    """Of one recognition event to come. Nobody is named whose consent is not recorded; `today`: of the programme."""
    actor = identity.require()  # a click runs this alone, without the gate of the frame
    st.header("Names on the stage", anchor=False)
    with reading() as session:
        coming = {one.ref: one for one in occasions.upcoming(session, by=actor)}
    if not coming:
        st.markdown("No recognition event is coming. Make one under Events, and record here who agreed to be named.")
        _acts.said_once()
        return
    st.markdown(
        ":gray[Mentors are thanked by name only after they agreed to it for this very event. "
        "All names are deleted six hours after it ends.]",
        width=760,
    )
    ref = next(iter(coming))
    if len(coming) > 1:
        ref = st.selectbox(
            "Event", list(coming), format_func=lambda one: plain(coming[one].called), key="names_event", width=400
        )
    else:
        st.markdown(f"**{md(coming[ref].called)}**")
    with reading() as session:
        free = {one.ref: one for one in consents.candidates(session, ref, by=actor)}
        named = consents.names(session, ref, by=actor)
    _form(actor, ref, free, today)
    _acts.said_once()
    _list(actor, named)


def _form(actor: Actor, event: str, free: dict[str, Candidate], today: dt.date) -> None:
    if not free:
        st.markdown("Everybody who mentors now is named already.")
        return
    key = f"names_of_{event}"
    with st.form("stage_names", border=False):
        st.multiselect(
            "Who agreed?",
            list(free),
            format_func=lambda ref: _option(free[ref]) if ref in free else "",
            placeholder="Search mentors by name",
            key=key,
            filter_mode="contains",
            select_all=False,  # each is asked, so each is chosen
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox("How?", WAYS, format_func=str.capitalize, key="names_way", width=150)
            st.date_input("On which day?", today, max_value=today, format="YYYY-MM-DD", key="names_day", width=150)
            st.form_submit_button(
                "Record consent", icon=":material/how_to_reg:", on_click=_record, args=(actor, event, key)
            )


def _record(actor: Actor, event: str, key: str) -> None:
    given = {"consent": st.session_state["names_way"], "on_day": st.session_state["names_day"]}
    if _acts.acted(lambda session: consents.record(session, event, st.session_state[key], by=actor, **given)):
        st.session_state[key] = []


def _option(one: Candidate) -> str:
    return plain(f"{one.name}, {one.occupation}{_STANDING.get(one.standing, f', {one.standing}')}")


def _list(actor: Actor, named: tuple[Named, ...]) -> None:
    if not named:
        st.markdown(":gray[Nobody is named yet; the stage thanks everybody without names.]")
        return
    many = "One name" if len(named) == 1 else f"{words.spelled(len(named)).capitalize()} names"
    st.markdown(f"**{many} on the stage**")
    with st.container(height=420 if len(named) > _MANY else "content", border=False, width=_WIDE, key="names_list"):
        for one in named:
            with st.container(horizontal=True, vertical_alignment="center", key=f"name_{one.ref}"):
                agreed = f"{one.consent}, {words.day(one.on_day)}"
                st.markdown(f"{md(one.name)}, {md(one.occupation)} :gray[{agreed}]", width="stretch")
                st.button(
                    "Take off the stage",
                    key=f"off_{one.ref}",
                    type="tertiary",
                    icon=":material/person_remove:",
                    on_click=_acts.acted,
                    args=(lambda session, ref=one.ref: consents.revoke(session, ref, by=actor),),
                )
