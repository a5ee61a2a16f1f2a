"""The view of the days on which the desk reminds, and of its objectives."""

from typing import Any

import streamlit as st

from pages.ui.setup.acting import act, key
from services import reading
from services.access import Actor
from services.errors import Invalid
from services.setup import reminders


def view(actor: Actor, programme_id: int) -> None:
    """A field for each; a list of days is written with commas."""
    with reading() as session:
        now = reminders.reminders(session, programme_id, by=actor)
    with st.container(key="panel_reminders", width=820, gap="small"):
        st.header("When the desk reminds, and what it aims at", anchor=False)
        st.markdown("Every list and figure follows these from the next click on, also as of earlier days.")
        with st.form(key("reminders"), border=False, enter_to_submit=False):
            with st.grid(2, min_column_width=300, gap="small"):
                given = {name: _field(name, label, now[name]) for name, label in reminders.LABELS.items()}
            wanted = st.form_submit_button("Save the reminders", type="primary")
    if wanted:

        def save(session: Any) -> str:
            changed = reminders.save(session, programme_id, _read(given), by=actor)
            return "Saved." if changed else "Nothing was changed."

        act(save)


def _field(name: str, label: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return st.text_input(label, ", ".join(map(str, value)), max_chars=80, key=key(f"reminder {name}"))
    most = 100 if name.endswith("percent") else 3650
    return st.number_input(label, 0, most, value, key=key(f"reminder {name}"))


def _read(given: dict[str, Any]) -> dict[str, Any]:
    read = {}
    for name, value in given.items():
        if isinstance(value, str):
            pieces = [piece for piece in value.replace(",", " ").split() if piece]
            if not all(piece.isdecimal() for piece in pieces):
                raise Invalid(f"{reminders.LABELS[name]}: write whole numbers with commas between them.")
            read[name] = tuple(int(piece) for piece in pieces)
        else:
            read[name] = value
    return read
