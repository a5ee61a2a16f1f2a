"""The first morning: the steps that are left, and what a page says that has nothing to show yet."""

import streamlit as st

from pages.ui import stage_links
from pages.ui.site import Place
from pages.ui.words import spelled
from services import reading
from services.access import Actor, Permission
from services.setup import steps
from services.setup.steps import Lack, Step, Where

_PROGRAMME = "pages/setup/programme.py"
#: Of each place: its page, and the view of it.
_PLACES: dict[Where, tuple[str, dict[str, str]]] = {
    Where.PROGRAMME: (_PROGRAMME, {}),
    Where.AGENCIES: (_PROGRAMME, {"view": "Agencies"}),
    Where.GROUPS: (_PROGRAMME, {"view": "Groups"}),
    Where.COHORTS: (_PROGRAMME, {"view": "Cohorts"}),
    Where.MILESTONES: (_PROGRAMME, {"view": "Milestones"}),
    Where.ACCOUNTS: ("pages/setup/accounts.py", {}),
    Where.IMPORT: ("pages/setup/imports.py", {}),
    Where.MATCH_REVIEW: ("pages/desk/match_review.py", {}),
}
#: Of each lack: what is missing, the words of the way to it, where it leads, who may go there, and who else can.
_NEXT: dict[Lack, tuple[str, str, Where, Permission, str]] = {
    Lack.PROGRAMME: (
        "There is no mentoring programme yet.",
        "Name the programme",
        Where.PROGRAMME,
        Permission.MANAGE_ACCOUNTS,
        "An administrator of the desk names it; then this page begins to fill.",
    ),
    Lack.COHORT: (
        "There is no cohort yet.",
        "Make the first cohort",
        Where.COHORTS,
        Permission.SET_PROGRAMME,
        "A coordinator or an administrator makes the first one; then this page begins to fill.",
    ),
    Lack.PEOPLE: (
        "There are not both mentors and mentees yet.",
        "Bring in the lists that HR and the agencies sent",
        Where.IMPORT,
        Permission.IMPORT_FILES,
        "A coordinator or an administrator brings in their lists; then this page begins to fill.",
    ),
    Lack.MATCHES: (
        "No match has been proposed yet.",
        "Propose the first matches in Match review",
        Where.MATCH_REVIEW,
        Permission.REVIEW_MATCHES,
        "A coordinator proposes the first ones in Match review; then this page begins to fill.",
    ),
}


def stands_for(actor: Actor, place: Place) -> bool:
    """Whether a page has nothing to show yet, and what to do next stands in its place."""
    if place.needs is None:
        return False
    lack = lacking(actor)
    if lack > place.needs:
        return False
    st.title(place.title, anchor=False)
    what_next(actor, lack)
    if place.address == "milestones" and lack > Lack.PROGRAMME and actor.may(Permission.OPEN_STAGE_LINKS):
        with st.container(key="panel_stage_links"):  # the stage counts from nought
            stage_links.section()
    return True


def greets(actor: Actor) -> bool:
    """Whether Today has nothing to show this person yet, and says what to do next."""
    lack = lacking(actor)
    if lack is Lack.NOTHING:
        return False
    if actor.may(Permission.MANAGE_ACCOUNTS):
        st.title("Today", anchor=False)
        if not steps_left(actor):
            what_next(actor, lack)
        return True
    shows_from = Lack.NOTHING
    if actor.may(Permission.REVIEW_MATCHES):
        shows_from = Lack.MATCHES  # people who wait without a match are the first thing to do
    elif not actor.may(Permission.SEE_FIGURES) and actor.may(Permission.OPEN_STAGE_LINKS):
        shows_from = Lack.PEOPLE  # the stage counts from nought
    if lack >= shows_from:
        return False
    st.title("Today", anchor=False)
    what_next(actor, lack)
    return True


def instead(actor: Actor) -> bool:
    """Whether there is nothing to count yet, and what to do next is said in place of it."""
    lack = lacking(actor)
    if lack is Lack.NOTHING:
        return False
    what_next(actor, lack)
    return True


def lacking(actor: Actor) -> Lack:
    """The first thing that the desk lacks before its pages have something to show."""
    with reading() as session:
        return steps.lacking(session, by=actor)


def what_next(actor: Actor, lack: Lack) -> None:
    """What is missing, and the way to it; who can help, to those who may not go there."""
    sentence, words, where, permission, others = _NEXT[lack]
    with st.container(border=True, width=560, key="what_next"):
        if not actor.may(permission):
            st.markdown(f"**{sentence}** {others}")
            return
        st.markdown(f"**{sentence}** Do this next:")
        page, query = _PLACES[where]
        st.page_link(page, label=words, icon=":material/arrow_forward:", query_params=query)


def steps_left(actor: Actor) -> bool:
    """The steps of the first morning with a tick on those that are done; gone, and False, when all are."""
    with reading() as session:
        found = steps.steps(session, by=actor)
    done = sum(step.is_done for step in found)
    if done == len(found):
        return False
    with st.container(key="panel_steps", gap="small", width=720):
        left = len(found) - done
        st.header(
            f"{spelled(left).capitalize()} {'step' if left == 1 else 'steps'} left until the desk works", anchor=False
        )
        so_far = f"{spelled(done).capitalize()} of {spelled(len(found))} done. " if done else ""
        st.markdown(f":gray[{so_far}Take them in this order; each can be changed later.]")
        following = next(step for step in found if not step.is_done)
        works = lacking(actor) is Lack.NOTHING  # figures stand below: what is done says nothing new
        for number, step in enumerate(found, start=1):
            if not (works and step.is_done):
                _step(step, number, actor, is_next=step is following)
    return True


def _step(step: Step, number: int, actor: Actor, *, is_next: bool) -> None:
    page, query = _PLACES[step.where]
    with st.container(horizontal=True, vertical_alignment="top", gap="small", wrap=False, key=f"step_{number}"):
        mark = ":green[:material/check_circle:]" if step.is_done else ":gray[:material/radio_button_unchecked:]"
        st.markdown(mark, width="content")
        told = f":gray[{step.what}]" if step.is_done else f"**{step.what}**  \n:small[:gray[{step.why}]]"
        st.markdown(told, width="stretch")
        may = step.where is not Where.MATCH_REVIEW or actor.may(Permission.REVIEW_MATCHES)
        if may and not step.is_done:
            st.page_link(page, label=step.where.value, icon=":material/arrow_forward:", query_params=query)
        elif is_next and not may:
            st.markdown(":orange-badge[A coordinator’s move]", width="content")
