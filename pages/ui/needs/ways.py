"""Where what needs someone is done: the pages, and how to open them."""

from typing import Any

import streamlit as st

REVIEW, MATCHES, TODAY = "pages/desk/match_review.py", "pages/desk/matches.py", "pages/desk/today.py"
OUTCOMES, CASELOAD = "pages/desk/follow_up.py", "pages/desk/caseload.py"
#: In the address: who waits with no possible mentor is open over the page.
UNMATCHED, NOBODYS = "unmatched", {"show": "uncovered"}


def why_button(label: str, key: str) -> None:
    """Not a link: this page would be marked in it as the one that is open."""
    st.button(label, icon=":material/arrow_forward:", type="tertiary", key=key, on_click=see_why)


def see_why() -> None:
    """Open who waits with no possible mentor."""
    st.query_params[UNMATCHED] = "all"


def asked(line: Any) -> dict[str, str]:
    """What the page that a line opens is asked for."""
    if line.kind == "uncovered":
        return NOBODYS
    if line.kind == "follow_up":
        return {"mentee": line.ref}
    return {"match": line.ref} if line.ref else {UNMATCHED: "all"}
