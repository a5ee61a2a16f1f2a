"""The view of the reasons that a decline can give."""

from typing import Any

import streamlit as st

from pages.ui.setup.acting import act, key
from pages.ui.text import plain
from services import programmes, reading
from services.access import Actor


def view(actor: Actor, programme_id: int) -> None:
    """The list, a reason a line."""
    with reading() as session:
        reasons = programmes.clocks(session, programme_id).decline_reasons
    with st.container(key="panel_reasons", width=620, gap="small"):
        st.header("Reasons for declining a match", anchor=False)
        with st.form(key("programme_reasons"), border=False, enter_to_submit=False):
            lines = st.text_area(
                "One a line",
                "\n".join(plain(reason) for reason in reasons),
                key=key("decline_reasons"),
                height=230,
                max_chars=900,
            )
            st.markdown(
                f":small[:gray[Up to {programmes.MOST_REASONS}, in the order of the number keys on the card. "
                "Reasons given before stay as they were given.]]"
            )
            wanted = st.form_submit_button("Save the reasons", type="primary")
    if wanted:

        def save(session: Any) -> str:
            programmes.set_decline_reasons(session, programme_id, lines.splitlines(), by=actor)
            return "Saved. The next decline offers these."

        act(save)
