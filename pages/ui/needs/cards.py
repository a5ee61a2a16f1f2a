"""The counts of what needs someone, each of which opens its list."""

import streamlit as st

from pages.ui.needs import ways
from services.today import Needs

#: Of each count: its label, the words below it, and the list that it opens.
_CARDS: dict[str, tuple[str, str, str, str, dict[str, str]]] = {
    "decision": (
        ":red[:material/error:] Late decisions",
        "oldest {} days",
        "Review them",
        ways.REVIEW,
        {"age": "overdue"},
    ),
    "uncovered": (
        ":red[:material/error:] No coach",
        "silent up to {} days",
        "Open caseload",
        ways.CASELOAD,
        ways.NOBODYS,
    ),
    "check_in": (
        ":red[:material/error:] Late check-ins",
        "oldest {} days late",
        "See check-ins",
        ways.MATCHES,
        {"care": "overdue"},
    ),
    "quiet": (
        ":orange[:material/schedule:] Quiet matches",
        "longest {} days",
        "See quiet",
        ways.MATCHES,
        {"care": "quiet"},
    ),
    "to_close": (
        ":orange[:material/schedule:] To close",
        "oldest day {}",
        "Close them",
        ways.MATCHES,
        {"care": "to_close"},
    ),
    "no_mentor": (
        ":gray[:material/person_off:] No mentor",
        "longest {} days",
        "See why",
        ways.TODAY,
        {ways.UNMATCHED: "all"},
    ),
}
_COLOURS = {
    "decision": "red",
    "uncovered": "red",
    "check_in": "red",
    "quiet": "orange",
    "to_close": "orange",
    "no_mentor": "gray",
}


def cards(found: Needs) -> None:
    """A card a count."""
    with st.container(key="cards"), st.grid(6, min_column_width=140):
        for kind, (label, below, link, page, asked) in _CARDS.items():
            many, oldest = found.counts[kind]
            with st.container(border=True, gap="xsmall"):
                st.metric(
                    label,
                    f"{many:,}",
                    below.format(oldest) if many else "none",
                    delta_color=_COLOURS[kind] if many else "off",
                    delta_arrow="off",
                    help=found.rules[kind],
                )
                if many and page == ways.TODAY:
                    ways.why_button(link, "see_why")
                elif many:
                    st.page_link(page, label=link, icon=":material/arrow_forward:", query_params=asked)
