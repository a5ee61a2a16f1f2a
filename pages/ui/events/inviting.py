"""Inviting a list: whom, who that is, and then for good."""

import streamlit as st

from pages.ui import panels
from pages.ui.events import acting
from pages.ui.text import plain
from services import invitations, reading
from services.access import Actor
from services.errors import ServiceError
from services.events import Gathering
from services.invitations import BOTH, COHORT, GROUP, MENTEES, MENTORS, MISSING_ORIENTATION, Wanted

_WHO = {
    COHORT: "A whole cohort",
    GROUP: "An occupational group, at work now",
    MISSING_ORIENTATION: "Who is missing orientation",
}
_SIDES = {BOTH: "Both", MENTORS: "Mentors", MENTEES: "Mentees"}


def dialog(actor: Actor, event: Gathering) -> None:
    """Nothing is stored before the last click."""

    @st.dialog(f"Invite to {plain(event.name, 60)}", width="large")
    def opened() -> None:
        with reading() as session:
            cohorts, groups, own = invitations.choices(session, event.ref, by=actor)
        left, right = st.columns([3, 2])
        first = MISSING_ORIENTATION if event.kind == "orientation" else COHORT
        who = left.selectbox("Whom", list(_WHO), list(_WHO).index(first), format_func=_WHO.get, key="invite_who")
        sides = right.segmented_control(
            "Side", list(_SIDES), default=BOTH, required=True, format_func=_SIDES.get, key="invite_sides"
        )
        cohort = group = None
        if who == COHORT:
            cohort = st.selectbox("Cohort", cohorts, cohorts.index(own), format_func=plain, key="invite_cohort")
        elif who == GROUP:
            group = st.selectbox("Occupational group", groups, format_func=plain, key="invite_group")
        try:
            with reading() as session:
                wanted = Wanted(who, sides or BOTH, cohort, group)
                found = invitations.preview(session, event.ref, wanted, by=actor)
        except ServiceError as refused:
            st.warning(str(refused))
            return
        new = found[~found["is_invited"].astype(bool)]
        known = len(found) - len(new)
        also = f" {known:,} {'is' if known == 1 else 'are'} invited already and left as they are."
        st.markdown(
            f"**{len(new)}** {'person' if len(new) == 1 else 'people'} would be invited.{also if known else ''}"
            if len(found)
            else "Nobody is meant by this."
        )
        if len(new):
            shown = new[["name", "side", "group"]].rename(columns={"name": "Name", "side": "Side", "group": "Group"})
            st.container(key="invite_list").dataframe(
                panels.cells(shown),
                hide_index=True,
                height="content" if len(shown) < 9 else 320,  # noqa: PLR2004  nine rows and their head
                alt="Who would be invited",
            )
        refs = list(new["ref"])
        if st.button(
            f"Invite {len(refs)}", type="primary", icon=":material/mail:", disabled=not refs, key="invite_go"
        ) and acting.acted(lambda session: invitations.invite(session, event.ref, refs, by=actor)):
            st.rerun()
        acting.refused()

    opened()
