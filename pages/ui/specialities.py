"""Parts of the specialities page: a group's questions with what the list offers, and the list itself."""

from typing import Any

import streamlit as st

from pages.ui import identity
from pages.ui.acts import once
from pages.ui.text import md
from services import confirming, reading, specialities
from services.access import Actor
from services.confirming import Answer, Question
from services.errors import ServiceError

_GIVEN, _REFUSED, _PAGE = "specialities_given", "specialities_refused", "specialities_page"
_GROUP, _UNKEPT = "specialities_group", "specialities_unkept"


@st.fragment
def desk(actor: Actor, programme_id: int) -> None:
    """Everything below the title; run alone, so that an answer redraws no more than it."""
    identity.require()  # a click runs this alone, without the gate of the frame
    with reading() as session:
        groups = confirming.groups(session, by=actor, programme_id=programme_id)
    if not groups:
        st.markdown("There is no occupational group yet. The first import of people brings them, or enter them now.")
        st.page_link(
            "pages/setup/programme.py",
            label="Enter the groups",
            icon=":material/arrow_forward:",
            query_params={"view": "Groups"},
        )
        return
    group = _group(groups)
    number = groups[group][0]
    with reading() as session:
        names = specialities.entries(session, by=actor, group_id=number)
    asked, listed = st.columns([3, 1], gap="large")
    with asked, st.container(key="panel_asked", gap="small"):
        _questions(actor, programme_id, groups[group], names)
    with listed, st.container(key="panel_listed", gap="small"):
        _list(actor, number, names)


def _group(groups: dict[str, tuple[int, int]]) -> str:
    """The group chosen; at first the one with most to confirm."""
    most = max(groups, key=lambda name: groups[name][1])
    chosen = st.session_state.get(_GROUP)
    # A box keeps the label of what it shows, so with other counts it is another box.
    key = f"group {hash(tuple(groups.values()))}"
    st.selectbox(
        "Occupational group",
        list(groups),
        index=list(groups).index(chosen if chosen in groups else most),
        format_func=lambda name: f"{name} ({groups[name][1]:,} to confirm)" if groups[name][1] else name,
        key=key,
        on_change=_choose_group,
        args=(key,),
        width=420,
    )
    st.session_state[_GROUP] = st.session_state[key]
    return str(st.session_state[key])


def _choose_group(key: str) -> None:
    st.session_state[_GROUP], st.session_state[_PAGE] = st.session_state[key], 0


def _questions(actor: Actor, programme_id: int, group: tuple[int, int], names: list[str]) -> None:
    group_id, waiting = group
    # Of a page whose last question was just answered the one before is shown.
    page = min(st.session_state.get(_PAGE, 0), max(waiting - 1, 0) // confirming.PAGE)
    with st.spinner("Laying the words beside the list …"), reading() as session:
        found = confirming.questions(session, by=actor, programme_id=programme_id, group_id=group_id, page=page)
        goals = confirming.goals(session, by=actor, programme_id=programme_id)
    st.header(f"{found.total:,} to confirm" if found.total else "Nothing to confirm", anchor=False)
    if refused := st.session_state.pop(_REFUSED, ""):
        st.error(md(refused, 300), icon=":material/error:")
    _last_answer(actor, group_id)
    if not names and found.total:
        st.info("The list of this group is empty. Add its specialities first.")
    for question in found.rows:
        _question(question, goals if question.about == "goal" else names, actor, programme_id)
    if found.total > confirming.PAGE:
        _pages(page, found.total)


def _last_answer(actor: Actor, group_id: int) -> None:
    given: Answer | None = st.session_state.get(_GIVEN)
    if given is None or given.question.group_id != group_id:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        told = "none of the list" if given.entry is None else given.entry
        st.markdown(f":material/check: {md(given.question.name)}: **{md(told)}**", width="content")
        st.button("Undo", icon=":material/undo:", type="tertiary", on_click=_take_back, args=(actor, given))


def _question(question: Question, names: list[str], actor: Actor, programme_id: int) -> None:
    key = f"{question.kind} {question.person_id} {question.words_id}"
    with st.container(border=True, key=f"question {key}", gap="small"):
        what = "Wants help with" if question.about == "goal" and question.kind == "mentee" else "Can help with"
        label = f"{what} " if question.about == "goal" else ""
        origin = " :gray[in a file]" if question.words_id else ""
        st.markdown(f"**{label}«{md(question.words)}»**{origin}  \n:small[{_who(question)}]")
        args = (actor, programme_id, question)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            for entry in question.offers:
                st.button(md(entry, 80), key=f"offer {key} {entry}", on_click=_answer, args=(*args, entry))
            others = [name for name in names if name not in question.offers]
            chosen = f"other {key}"
            if others:
                st.selectbox(
                    f"Another entry for {md(question.name)}",
                    others,
                    index=None,
                    placeholder="Another entry",
                    key=chosen,
                    label_visibility="collapsed",
                    on_change=_answer_chosen,
                    args=(*args, chosen),
                    width=165,
                )
            st.button("None of these", key=f"none {key}", type="tertiary", on_click=_answer, args=(*args, None))


def _who(question: Question) -> str:
    parts = [f"{md(question.name)}, {question.kind}"]
    if question.since:
        parts.append(f"ready since {question.since:%-d %B %Y}")
    if question.title and question.title != question.words:
        parts.append(md(question.title))
    if question.goal and question.goal != question.words:
        parts.append(f"goal: {md(question.goal)}")
    return " · ".join(parts)


def _pages(page: int, total: int) -> None:
    last = (total - 1) // confirming.PAGE
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Previous", disabled=page == 0, on_click=_go, args=(page - 1,))
        st.button("Next", disabled=page == last, on_click=_go, args=(page + 1,))
        begin = page * confirming.PAGE
        st.markdown(f"{begin + 1:,} to {min(begin + confirming.PAGE, total):,} of {total:,}", width="content")


def _go(page: int) -> None:
    st.session_state[_PAGE] = page


def _answer(actor: Actor, programme_id: int, question: Question, entry: str | None) -> None:
    try:
        st.session_state[_GIVEN] = once(
            confirming.answer,  # whichever: the next one's offers stand where the last one's stood
            lambda session: confirming.answer(session, question, entry, by=actor, programme_id=programme_id),
        )
    except ServiceError as refused:
        st.session_state[_REFUSED] = str(refused)


def _answer_chosen(actor: Actor, programme_id: int, question: Question, key: str) -> None:
    if entry := st.session_state[key]:
        _answer(actor, programme_id, question, entry)


def _take_back(actor: Actor, given: Answer) -> None:
    st.session_state.pop(_GIVEN, None)
    try:
        once(confirming.take_back, lambda session: confirming.take_back(session, given, by=actor))
    except ServiceError as refused:
        st.session_state[_REFUSED] = str(refused)


def _list(actor: Actor, group_id: int, names: list[str]) -> None:
    st.header("The list", anchor=False)
    if names:
        st.markdown("\n".join(f"- {md(name)}" for name in names))
    else:
        st.markdown("No speciality is on it yet.")
    with st.form(f"add {group_id}", clear_on_submit=True, border=False):
        st.text_input("New speciality", max_chars=80, key="speciality_added")
        st.form_submit_button("Add", on_click=_add, args=(actor, group_id))
    if names:
        with st.expander("Rename"), st.form(f"rename {group_id}", clear_on_submit=True, border=False):
            st.selectbox("Speciality", names, key="speciality_old")
            st.text_input("New name", max_chars=80, key="speciality_new")
            st.caption("Everyone who has it keeps it under the new name.")
            st.form_submit_button("Rename", on_click=_rename, args=(actor, group_id))
    if refused := st.session_state.pop(_UNKEPT, ""):
        st.error(md(refused, 300), icon=":material/error:")


def _add(actor: Actor, group_id: int) -> None:
    name = st.session_state.speciality_added
    _keep(lambda session: specialities.add(session, name, by=actor, group_id=group_id))


def _rename(actor: Actor, group_id: int) -> None:
    old, new = st.session_state.speciality_old, st.session_state.speciality_new
    _keep(lambda session: specialities.rename(session, old, new, by=actor, group_id=group_id))


def _keep(change: Any) -> None:
    try:
        once(change.__code__, change)
    except ServiceError as refused:
        st.session_state[_UNKEPT] = str(refused)
