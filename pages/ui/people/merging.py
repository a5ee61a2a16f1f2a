"""Two entries side by side: made one, or said to be of two people."""

import streamlit as st

from pages.ui import file
from pages.ui.people import pick
from pages.ui.text import md
from services import people_merge, two_people
from services.access import Actor
from services.errors import ServiceError, SignedOut
from services.kinds import Kind
from services.people_merge import BOTH, KEEP, OTHER, Both, Choice


def pair() -> tuple[str, str] | None:
    """The two references of the address; None where it does not name two."""
    ref, other_ref = pick.value(pick.PERSON), pick.value(pick.WITH)
    return (ref, other_ref) if ref and other_ref else None


def side_by_side(ref: str, other_ref: str, *, by: Actor) -> None:
    """Two entries, field by field, with the choice of what stays; nothing is stored before the button."""
    try:
        both = file.read(lambda session: people_merge.preview(session, ref, other_ref, by=by), by=by)
    except SignedOut:
        raise
    except ServiceError as refused:
        st.warning(md(refused, 500))
        st.button("Back to the list", key="merge_back", on_click=pick.put, kwargs={pick.WITH: None})
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header(md(both.both), anchor=False, width="content")
        st.badge(both.kind.value.capitalize(), color="gray")
    with st.container(horizontal=True, gap="xsmall"):
        _two_people(both, by)
        st.button(
            "Keep the other one", icon=":material/swap_horiz:", type="tertiary", key="merge_swap", on_click=pick.put,
            kwargs={pick.PERSON: both.other_ref, pick.WITH: both.ref},
        )  # fmt: skip
        st.button(
            "Back", icon=":material/arrow_back:", type="tertiary", key="merge_back", on_click=pick.put,
            kwargs={pick.PERSON: None, pick.WITH: None},
        )  # fmt: skip
    if both.apart:
        st.markdown(f":gray-badge[:material/group: Two people] marked {md(both.apart)}")
    _merge(both, by)


def _two_people(both: Both, by: Actor) -> None:
    """The other answer: they are not one."""
    if both.apart:
        label, icon, answer = "They may be one", ":material/undo:", two_people.take_back
    else:
        label, icon, answer = "Two people", ":material/group:", two_people.mark
    if st.button(label, icon=icon, key="merge_two_people") and pick.attempt(answer, both.ref, both.other_ref, by=by):
        pick.put(**{pick.PERSON: None, pick.WITH: None})
        st.rerun()


def _merge(both: Both, by: Actor) -> None:
    key = f"merge_{both.ref}_{both.other_ref}"
    with st.form(key, border=False, enter_to_submit=False):
        if both.choices:
            st.markdown("**What stays**")
        stays = {choice.field: _choose(choice, key) for choice in both.choices}
        capacity = 0
        if both.kind is Kind.MENTOR:
            capacity = st.number_input(
                f"Places, of which {both.places} are held", 1, 1000, max(both.capacity, 1), key=f"{key}_places",
                width=220,
            )  # fmt: skip
        st.markdown("**What moves**  \n" + ("  \n".join(md(line, 200) for line in both.moves) or "Nothing."))
        if both.same:
            told = "; ".join(f"{label.lower()} {md(value)}" for label, value in both.same)
            st.markdown(f":small[:gray[The same in both: {told}.]]")
        st.markdown(":small[:gray[This cannot be undone. Links to either entry lead to the one that stays.]]")
        wanted = st.form_submit_button("Merge the two", type="primary", icon=":material/merge:")
    if wanted and pick.attempt(
        people_merge.merge, both.ref, both.other_ref, by=by, stays=stays, capacity=int(capacity), seen=both.seen
    ):
        pick.put(**{pick.VIEW: None, pick.WITH: None, pick.PERSON: both.ref})
        st.rerun()


def _choose(choice: Choice, key: str) -> str:
    words = {KEEP: choice.keep or "empty", OTHER: choice.other or "empty", BOTH: "Both"}
    options = [KEEP, OTHER, BOTH] if choice.is_list else [KEEP, OTHER]
    return str(
        st.radio(
            choice.label,
            options,
            index=options.index(choice.suggested),
            horizontal=True,
            key=f"{key}_{choice.field}",
            format_func=lambda whose: md(words[whose], 120),
        )
    )
