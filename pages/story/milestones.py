"""Milestones: where the programme stands on the way to its next round number, and the links that open the stage."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.ui import identity, look, panels, scope, stage_links, words
from pages.ui.charts.cohorts import columns
from pages.ui.text import md, plain
from services import milestones, reading
from services.access import Permission
from services.errors import NotFound


def figures(standing: milestones.Standing, opens: str) -> None:
    """The count with its rule and its days, what is to go, and the last milestone reached."""
    figure = standing.figure
    count, ahead, behind = st.columns(3, gap="large")
    with count:
        began = f"from {words.day(figure.period.first)} " if figure.period.first else ""
        beside = f"{began}up to and with {words.day(figure.as_of)}. {figure.rule}"
        panels.figure(replace(figure, label=f"{figure.unit.capitalize()} to date"), beside, opens=opens)
    with ahead:
        st.metric("To go", f"{standing.to_go:,}")
        st.markdown(f":small[:gray[to the next milestone,] :yellow[{standing.next_number:,}]]")
    with behind:
        if last := standing.latest:
            st.metric("Last milestone reached", f"{last.number:,}")
            st.markdown(
                f":small[:gray[The {words.ordinal(last.number)} {standing.one}: {words.day(last.day)}. "
                "Of one day, the one entered first counts first.]]"
            )


def by_cohort(cohorts: pd.DataFrame, standing: milestones.Standing) -> None:
    """How the cohorts add up to the count, as a chart or as its table."""
    unit, last = standing.figure.unit, cohorts.iloc[-1]
    title = f"{last['matches']:,} of the {standing.figure.text} came with the {md(last['cohort'])} cohort"
    st.header(title if standing.figure.count else f"The first {standing.one} is still to come", anchor=False)
    place = st.container()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(
            f":small[:gray[{unit.capitalize()} by cohort, as of {words.day(standing.figure.as_of)}.]]", width="content"
        )
        as_table = st.toggle("Show as table", key="milestones_table")
    if as_table:
        shown = cohorts.rename(columns={"cohort": "Cohort", "starts_on": "Starts", "matches": unit.capitalize()})
        starts = {"Starts": st.column_config.DateColumn(format="D MMM YYYY")}
        place.dataframe(
            shown,
            hide_index=True,
            height="content",
            column_config=starts,
            alt=f"{unit.capitalize()} by cohort, a row for each",
        )
    else:
        told = ", ".join(f"{row.cohort} {row.matches:,}" for row in cohorts.itertuples())
        place.altair_chart(
            columns(cohorts, look.tokens()),
            theme=None,
            width="stretch",
            key="milestones_cohorts",
            alt=f"{unit.capitalize()} by cohort: {told}.",
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
            "Days since the one before": ["" if pd.isna(days) else f"{days:,.0f}" for days in reached["days"]],
        }
    )
    if reached["match"].notna().any():
        shown["Occupation"], shown["Agency"] = reached["group"].map(plain), reached["agency"].map(plain)
        shown["Match"] = reached["match"]
    days = {"Reached": st.column_config.DateColumn(format="D MMM YYYY")}
    st.dataframe(shown, hide_index=True, height="content", column_config=days, alt="Milestones reached, latest first")


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
        st.title(title, anchor=False, width="content")
except NotFound as nothing:
    st.title("Milestones", anchor=False)
    st.info(str(nothing))
    st.stop()

if actor.may(Permission.SHOW_STAGE):
    st.page_link("pages/stage/live.py", label="Open the stage", icon=":material/tv:")
may_see_rows = actor.may(Permission.SEE_ROWS)
figures(standing, f"{standing.figure.text} {standing.figure.unit}" if may_see_rows and standing.figure.count else "")
if len(cohorts):
    by_cohort(cohorts, standing)
    ledger(reached, standing)
else:
    st.info("No cohort has begun yet. Its matches are counted here from the day the first one starts.")
if actor.may(Permission.OPEN_STAGE_LINKS):
    stage_links.section(actor)
if may_see_rows:
    panels.rows_behind(actor, chosen.of_programme)
