"""The fact sheet of a cohort, as of any day: on screen, and as the files made of the very same sheet."""

import streamlit as st

from pages.ui import fact_sheet, identity, scope
from pages.ui.text import md
from services import reading
from services.access import Permission
from services.errors import NotFound
from services.factsheet import build
from services.factsheet.model import Mode

_MODES = {Mode.AS_PUBLISHED: "As published", Mode.PUBLIC: "Public"}

actor = identity.require()
may_choose = actor.may(Permission.SEE_EXACT_FIGURES)
title = None
try:
    with scope.header(actor) as chosen:
        title = st.empty()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        mode = Mode.PUBLIC
        if may_choose:
            mode = st.segmented_control(
                "Figures",
                list(_MODES),
                format_func=_MODES.get,
                default=Mode.AS_PUBLISHED,
                required=True,
                key="sheet_mode",
                help="As published: every cell exact, for the desk. Public: rounded so that nobody can be worked out.",
            )
        files = st.container(horizontal=True, width="content")
    with reading() as session:
        sheet = build.sheet(
            session,
            by=actor,
            cohort=chosen.cohort.name if chosen.cohort else None,
            as_of=chosen.as_of,
            mode=mode,
            programme_id=chosen.programme.id,
        )
except NotFound as nothing:
    (title or st).title("Fact sheet", anchor=False)
    st.info(str(nothing))
    st.stop()

with title.container(gap="xsmall"):
    st.title(f"Fact sheet, {md(sheet.cohort)} cohort", anchor=False, width="content")
    st.markdown(f":small[:gray[{md(sheet.status)}]]")
with files:
    fact_sheet.downloads(sheet)
fact_sheet.boxes(sheet)
fact_sheet.headline(sheet)
left, right = st.columns([9, 11], gap="large")
with left, st.container(key="panel_groups"):
    fact_sheet.groups(sheet.groups)
with right:
    with st.container(key="panel_outcomes"):
        fact_sheet.outcomes(sheet.outcomes)
    for place, section in enumerate(sheet.panels):
        with st.container(key=f"panel_numbers_{place}"):
            fact_sheet.panel(section)
with st.container(key="panel_how"):
    fact_sheet.how(sheet)
if sheet.published:
    with st.container(key="panel_published"):
        fact_sheet.published(sheet)
fact_sheet.foot(sheet)
