"""The view of the round numbers that a programme celebrates."""

from typing import Any

import streamlit as st

from pages.ui.setup.acting import act, key
from services import reading
from services.access import Actor
from services.setup import milestones

_RULES = {
    "started_matches": "Matches that have started",
    "distinct_mentees": "Mentees who have been matched",
    "completed_matches": "Matches that were completed",
}


def view(actor: Actor, programme_id: int) -> None:
    """The numbers and the rule they are counted by."""
    with reading() as session:
        numbers, rule = milestones.milestones(session, programme_id, by=actor)
    with st.container(key="panel_milestones", width=620, gap="small"):
        st.header(f"{len(numbers)} milestones" if len(numbers) > 1 else "Milestones", anchor=False)
        if not numbers:
            st.markdown("None is named yet. These are usual; change them as you like, and save.")
        with st.form(key("milestones"), border=False, enter_to_submit=False):
            written = st.text_area(
                "Numbers to celebrate",
                ", ".join(map(str, numbers or milestones.USUAL)),
                height=90,
                max_chars=600,
                key=key("milestone_numbers"),
            )
            counted = st.selectbox(
                "What counts towards them",
                list(_RULES),
                index=list(_RULES).index(rule.value),
                format_func=_RULES.get,
                key=key("milestone_rule"),
                help="The rule stands beside the number wherever it is shown",
            )
            wanted = st.form_submit_button("Save the milestones", type="primary")
        st.page_link("pages/story/milestones.py", label="See where the programme stands", icon=":material/flag:")
    if wanted:

        def save(session: Any) -> str:
            kept = milestones.save(session, programme_id, written, counted, by=actor)
            return f"Saved: {len(kept)} {'milestone' if len(kept) == 1 else 'milestones'}, up to {kept[-1]:,}."

        act(save)
