"""Milestones: where the programme stands on the way to its next round number, and the links that open the stage."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.ui import identity, panels, scope, stage_links, words
from pages.ui.charts.cohorts import columns
from pages.ui.text import plain
from services import milestones, reading
from services.access import Permission
from services.cohorts import Panel
from services.errors import NotFound


def figures(standing: milestones.Standing, opens: str) -> None:
    """The count with its rule and its days, what is to go, and the last milestone reached."""
    figure = standing.figure
    with st.container(key="figures"), st.grid(3, min_column_width=220, gap="medium"):
        began = f"from {words.day(figure.period.first)} " if figure.period.first else ""
        beside = f"{began}to {words.day(figure.as_of)}. {figure.rule}"
        panels.figure(replace(figure, label=f"{figure.unit.capitalize()} to date"), beside, opens=opens)
        with st.container(gap="xsmall"):
            st.metric("To go", f"{standing.to_go:,}")
            st.markdown(f":small[:gray[to the next milestone,] :yellow[{standing.next_number:,}]]")
        if last := standing.latest:
            with st.container(gap="xsmall"):
                st.metric("Last milestone reached", f"{last.number:,}")
                st.markdown(
                    f":small[:gray[The {words.ordinal(last.number)} {standing.one}: {words.day(last.day)}. "
                    "Of several on one day, the first entered counts first.]]"
                )


def by_cohort(cohorts: pd.DataFrame, standing: milestones.Standing) -> None:
    """How the cohorts add up to the count, as a chart or as its table."""
    unit, last = standing.figure.unit, cohorts.iloc[-1]
    title = f"{last['matches']:,} of the {standing.figure.text} came with the {last['cohort']} cohort"
    told = ", ".join(f"{row.cohort} {row.matches:,}" for row in cohorts.itertuples())
    finding = title if standing.figure.count else f"The first {standing.one} is still to come"
    absent = "" if standing.figure.count else "It is counted here from the day it starts."
    panels.panel(
        Panel(finding, cohorts, f"{unit.capitalize()} by cohort, as of {words.day(standing.figure.as_of)}.", absent),
        columns,
        cohorts.rename(columns={"cohort": "Cohort", "starts_on": "Starts", "matches": unit.capitalize()}),
        alt=f"{unit.capitalize()} by cohort: {told}.",
        key="milestones",
        columns={"Starts": st.column_config.DateColumn(format="D MMM YYYY")},
    )


def ledger(reached: pd.DataFrame, standing: milestones.Standing) -> None:
    """Every milestone reached, the latest first; of which match, for those who may see the people behind a figure."""
    st.header("Milestones reached", anchor=False)
    if reached.empty:
        st.markdown(f"No milestone yet. The first is the {words.ordinal(standing.next_number)} {standing.one}.")
        return
    shown = pd.DataFrame(
        {
            "Milestone": [words.ordinal(number) for number in reached["number"]],
            "Reached": reached["day"],
            "Cohort": reached["cohort"].map(plain),
            "Days since the one before": reached["days"],
        }
    )
    if reached["match"].notna().any():
        shown["Occupation"], shown["Agency"] = reached["group"].map(plain), reached["agency"].map(plain)
        shown["Match"] = reached["match"]
    days = {
        "Reached": st.column_config.DateColumn(format="D MMM YYYY"),
        "Days since the one before": st.column_config.NumberColumn(format="localized"),
    }
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        column_config=days,
        placeholder=words.NOTHING,
        alt="Milestones reached, latest first",
    )


actor = identity.require()
try:
    with scope.header(actor, with_cohort=False) as chosen:
        with reading() as session:
            about = {"by": actor, "as_of": chosen.as_of, "programme_id": chosen.programme.id}
            standing = milestones.standing(session, **about)
            cohorts = milestones.cohorts(session, **about)
            reached = milestones.ledger(session, **about)
        to_go = f"{words.spelled(standing.to_go)} {standing.figure.unit if standing.to_go != 1 else standing.one}"
        title = f"{to_go[0].upper()}{to_go[1:]} to the {words.ordinal(standing.next_number)}"
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            st.title(title, anchor=False, width="content")
            if actor.may(Permission.SHOW_STAGE):
                st.page_link("pages/stage/live.py", label="Open the stage", icon=":material/tv:", width="content")
except NotFound as nothing:
    st.title("Milestones", anchor=False)
    st.info(str(nothing))
    st.stop()

may_see_rows = actor.may(Permission.SEE_ROWS)
figures(standing, f"{standing.figure.text} {standing.figure.unit}" if may_see_rows and standing.figure.count else "")
if len(cohorts):
    by_cohort(cohorts, standing)
    with st.container(key="panel_ledger", gap="xsmall"):
        ledger(reached, standing)
else:
    st.info("No cohort has begun yet. Its matches are counted here from the day the first one starts.")
if actor.may(Permission.OPEN_STAGE_LINKS):
    with st.container(key="panel_stage_links"):
        stage_links.section(actor)
if may_see_rows:
    panels.rows_behind(actor, chosen.of_programme)
