"""Where the programme stands: the sentence of the day to come, the band of figures, and the two charts of the way."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from pages.ui import panels, words
from pages.ui.charts import course as charts
from services.counting.figure import Figure
from services.counting.projection import METHOD
from services.course import Course
from services.milestones import Standing
from services.panel import Panel


def sentence(course: Course, standing: Standing) -> None:
    """The projected day with its range, where there is one."""
    ahead = course.projection
    if not (ahead.expected and ahead.earliest and ahead.latest):
        return
    st.markdown(
        f"At the pace of the years before, the {words.ordinal(standing.next_number)} {standing.one} falls around "
        f"**{words.day(ahead.expected)}**; in eight of ten replays of those years, between "
        f"{words.day(ahead.earliest)} and {words.day(ahead.latest)}.",
        width=820,
    )


def band(standing: Standing, course: Course, mentors: Sequence[Figure], *, opens: bool) -> None:
    """The count, its pace, the last milestone, and the mentors for those who see figures."""
    figure, last = standing.figure, standing.latest
    with st.container(key="figures"), st.grid(5 if mentors else 3, min_column_width=170, gap="medium"):
        began = f"from {words.day(figure.period.first)} " if figure.period.first else ""
        of_cohorts = "By cohort" if mentors else ""  # for those who see figures, and nobody's name
        rows = (f"{figure.text} {figure.unit}" if opens else of_cohorts) if figure.count else ""
        panels.figure(
            replace(figure, label=f"{figure.unit.capitalize()} to date"),
            f"{began}to {words.day(figure.as_of)}",
            f"{standing.to_go:,} to the next milestone, {standing.next_number:,}",
            opens=rows,
        )
        with st.container(gap="xsmall"):
            st.metric("A month", words.number(float(course.a_month)))
            st.markdown(f":small[:gray[{course.last_year:,} in the last twelve months]]")
        for one in mentors:
            beside = f"of {one.base:,} {one.base_unit}" if one.base is not None else "who have had a match"
            many = f"{one.text} {'mentor' if one.count == 1 else 'mentors'}"
            panels.figure(one, beside, opens=(many if opens else of_cohorts) if one.count else "")
        if last and not mentors:
            with st.container(gap="xsmall"):
                st.metric("Last milestone reached", f"{last.number:,}")
                st.markdown(f":small[:gray[The {words.ordinal(last.number)} {standing.one}: {words.day(last.day)}.]]")


def curve(course: Course, standing: Standing) -> None:
    """The count since its first day, with the milestones on it."""
    figure, last, unit = standing.figure, standing.latest, standing.figure.unit
    finding = f"The first {standing.one} is still to come"
    if figure.count:
        first = f"{figure.period.first:%Y}" if figure.period.first else ""
        finding = f"{figure.text} {unit if figure.count != 1 else standing.one} since {first}"
        if last:
            finding += f". The {words.ordinal(last.number)} {standing.one}: {words.day(last.day)}"
    goal = {"goal": standing.next_number, "expected": course.projection.expected}
    absent = "" if figure.count else "It is counted here from the day it starts."
    note = f"{unit.capitalize()} to the end of each month, as of {words.day(figure.as_of)}; milestones on their days."
    table = course.curve.drop_duplicates("day", keep="last").rename(
        columns={"day": "Day", "total": "To date", "mark": "Milestone"}
    )
    panels.panel(
        Panel(finding, course.curve, note, absent),
        charts.curve,
        table[["Day", "To date"]],
        alt=charts.curve_words(course.curve, **goal),
        key="curve",
        columns={"Day": st.column_config.DateColumn(format="D MMM YYYY")},
        **goal,
    )


def projection(course: Course, standing: Standing) -> None:
    """The last year, and the range in which the next milestone should fall."""
    ahead = course.projection
    number = words.ordinal(standing.next_number)
    finding = (
        f"The {number} is due around {words.day(ahead.expected)}" if ahead.expected else f"No day for the {number} yet"
    )
    asked = {
        "goal": standing.next_number,
        "expected": ahead.expected,
        "earliest": ahead.earliest,
        "latest": ahead.latest,
    }
    panels.panel(
        Panel(finding, course.recent, METHOD, ahead.absent),
        charts.projection,
        course.recent.rename(columns={"day": "Day", "total": "To date"}),
        alt=charts.projection_words(course.recent, **asked),
        key="projection",
        columns={"Day": st.column_config.DateColumn(format="D MMM YYYY")},
        **asked,
    )
