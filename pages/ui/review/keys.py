"""All keys of the page, in one place."""

import pandas as pd
import streamlit as st

from pages.ui.review import dialogs

#: Key and what it does, in the order of a day's work.
KEYS = (
    ("J, K", "Next match, previous match"),
    ("A", "Approve; for a match that awaits its mentor: the mentor agreed"),
    ("H, 1 to 3", "Hold for a week, two weeks, a month; 4 for the day that is chosen"),
    ("D, 1 to 9", "Decline, or note the mentor’s no, with the reason of that number"),
    ("O", "Another mentor"),
    ("B", "Send back a match that awaits its mentor"),
    ("Z", "Undo your last decision, also after you loaded the page again"),
    ("P", "Propose what the last decision made possible"),
    ("S", "Decide several at once; A carries it out"),
    ("Esc", "Back"),
    ("F1", "This list"),
)


_NAME = "keys"


def button() -> None:
    """The way to the list."""
    st.button(
        "Keys",
        icon=":material/keyboard:",
        shortcut="F1",
        type="tertiary",
        key="keys",
        on_click=dialogs.show,
        args=(_NAME,),
    )


def open_if_asked() -> None:
    """Show the list when it is wanted."""
    if dialogs.is_open(_NAME):
        _dialog()


@st.dialog("Keys", icon=":material/keyboard:", on_dismiss=dialogs.close)
def _dialog() -> None:
    lines = [(f"**{key}**", what) for key, what in KEYS]
    st.table(pd.DataFrame(lines, columns=["Key", "Does"]), border="horizontal", hide_index=True)
