"""Programme: name, cohorts, groups, agencies, coaches, milestones, reminders, reasons and keeping, a view each."""

import streamlit as st

from pages.ui import first, identity
from pages.ui.setup import acting, agencies, cohorts, groups, keeping, milestones, programmes, reasons, reminders
from services import programmes as services_programmes
from services import reading
from services.errors import NotFound
from services.setup.steps import Lack

#: Of each view: what draws it, and whether it is of one programme.
VIEWS = {
    "Programme": (programmes.view, False),
    "Agencies": (agencies.view, False),
    "Groups": (groups.view, False),
    "Cohorts": (cohorts.view, False),
    "Milestones": (milestones.view, True),
    "Reminders": (reminders.view, True),
    "Reasons": (reasons.view, True),
    "Keeping": (keeping.view, True),
}

actor = identity.require()

with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title("Programme", anchor=False, width="content")
    view = st.segmented_control(
        "View", list(VIEWS), default="Programme", required=True, key="view", bind="query-params",
        label_visibility="collapsed",
    )  # fmt: skip
acting.said_once()
draw, is_of_one = VIEWS[view]
if not is_of_one:
    draw(actor)
    st.stop()
try:
    with reading() as session:
        programme_id = services_programmes.main(session).id
except NotFound:
    first.what_next(actor, Lack.PROGRAMME)
    st.stop()
draw(actor, programme_id)
