"""A survey's questions for one person, by their own link: no account, no menu, no name."""

from typing import Any

import streamlit as st

from pages.ui import identity
from pages.ui.text import md
from services import answering, transaction
from services.answering import NOT_OPEN, Form
from services.errors import ServiceError

_FORM, _SENT, _DONE, _REFUSED = "answer_form", "answer_sent", "answer_done", "answer_refused"
_AGREES = {True: "Agree", False: "Disagree"}


def key(code: str) -> str:
    """Of a question's widget."""
    return f"answer_to_{code}"


def asked() -> Form | None:
    """The questions; the link is looked at once in a tab, and again when the answers are sent."""
    if _FORM not in st.session_state:
        with transaction() as session:
            token = identity.answer_token()
            st.session_state[_FORM] = answering.look(session, token, address=st.context.ip_address)
    form: Form | None = st.session_state[_FORM]
    return form


def send(form: Form) -> None:
    """Store what was answered; whoever taps twice has sent it once."""
    if st.session_state.get(_DONE):
        return
    # A second tap stops the run of the first, which may have stored the answers and not have said so.
    has_sent = st.session_state.get(_SENT, False)
    st.session_state[_SENT] = True
    given: dict[str, Any] = {question.code: st.session_state.get(key(question.code)) for question in form.questions}
    said = {code: answer for code, answer in given.items() if answer is not None}
    try:
        with transaction() as session:
            token = identity.answer_token()
            is_stored = answering.answer(session, token, said, address=st.context.ip_address)
    except ServiceError as refused:
        st.session_state[_REFUSED], st.session_state[_SENT] = str(refused), False
        return
    st.session_state[_DONE] = is_stored or has_sent
    st.session_state[_FORM] = form if is_stored or has_sent else None


def question(code: str, wording: str, kind: str) -> None:
    """One question with its choice or its room for words."""
    if kind == "words":
        st.text_area(md(wording, 400), max_chars=answering.LONGEST, key=key(code))
    else:
        st.segmented_control(
            md(wording, 400), list(_AGREES), format_func=_AGREES.__getitem__, key=key(code), width="stretch"
        )


form = asked()
with st.container(horizontal_alignment="center"), st.container(width=560, key="answer", gap="medium"):
    if form is None:
        st.title("This link is not open", anchor=False)
        st.markdown(NOT_OPEN.partition(". ")[2])
        st.stop()
    st.title(md(form.programme), anchor=False)
    if st.session_state.get(_DONE):
        st.markdown(":green[:material/check_circle:] **Thank you.** Your answers are stored. You can close this page.")
        st.stop()
    st.markdown(
        f"{md(form.organisation)} would like to know how it was for you. Leave out what you do not want to answer. "
        "The coordinators of the programme see what you answer; anybody else only how many agree."
    )
    with st.form("answers", border=False, enter_to_submit=False):
        for one in form.questions:
            question(one.code, one.wording, one.kind)
        st.form_submit_button(
            "Send my answers", type="primary", icon=":material/send:", width="stretch", on_click=send, args=(form,)
        )
    if refused := st.session_state.pop(_REFUSED, None):
        st.warning(md(refused, 300), icon=":material/error:")
