"""Matches by cohort as big bars on the stage."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from pages.ui.charts.style import done, expr
from pages.ui.theme import Tokens
from pages.ui.words import ordinal

_ROUNDED = {"cornerRadiusTopLeft": 3, "cornerRadiusTopRight": 3}
#: Few bars are no wall.
_AROUND = {1: 1, 2: 0.8, 3: 0.5, 4: 0.3}
#: Letters of a cohort that is named by its year.
_YEAR = 6


def bars(
    cohorts: tuple[tuple[str, int], ...], marks: tuple[tuple[int, str], ...], t: Tokens, *, tiny: bool = False
) -> alt.LayerChart:
    """(cohort, matches), and (number, cohort) of the milestones; type grows with the chart, for any room's last row.

    In the hand type stays as large as a hand needs; a `tiny` picture of a screen keeps the screen's proportions.
    """
    unit = "max(width / 90, min(width / 70, height / 36)" + (")" if tiny else ", 6.4)")
    named = _marks_with_room(marks, [cohort for cohort, _ in cohorts])
    first, last = (cohorts[0][0], cohorts[-1][0]) if cohorts else ("", "")
    frame = pd.DataFrame(
        [(c, n, c == last, c in (first, last), ordinal(named[c]) if c in named else "") for c, n in cohorts],
        columns=["cohort", "matches", "last", "ends", "mark"],
    )
    # The words of a milestone reach over the bar before its own.
    frame["clear"] = frame["matches"].rolling(2, min_periods=1).max()
    base = alt.Chart(frame).encode(
        x=alt.X(
            "cohort:N",
            sort=None,
            scale=alt.Scale(paddingInner=0.2, paddingOuter=_AROUND.get(len(frame), 0.05)),
            axis=alt.Axis(
                values=[first, *named, last],
                labelColor=t.ink,
                labelPadding=14,
                labelOverlap="greedy",
                labelLimit=0,
                labelAlign=_towards_the_middle(first, last),
            ),
        ),
        y=alt.Y("matches:Q", axis=None, scale=alt.Scale(domainMax=max(frame["matches"].max(), 1) * 1.16)),
    )
    colour = alt.when("datum.last").then(alt.value(t.gold)).when("datum.mark").then(alt.value(t.chosen))
    bars = base.mark_bar(**_ROUNDED).encode(color=colour.otherwise(alt.value(t.context)))
    # Broader than its own bar, a number would stand on the next.
    letters = max((len(f"{n:,}") for c, n in cohorts if c in (first, last)), default=1)
    ends_size = f"max(min({unit} * 2.9, width / {max(len(cohorts), 1)} * {2 / letters:.2f}), {unit} * 1.8)"
    ends = base.transform_filter("datum.ends").mark_text(
        baseline="bottom", dy=expr(f"-{unit} * .6"), fontSize=expr(ends_size), fontWeight=700, color=t.ink
    )
    reached = base.transform_filter("datum.mark != '' && !datum.ends").mark_text(
        align="right",
        baseline="bottom",
        dx=expr(f"{unit} * 1.7"),
        dy=expr(f"-{unit} * 1.1"),
        fontSize=expr(f"{unit} * 2.1"),
        fontWeight=700,
        color=t.chosen,
    )
    layers = (
        bars
        + ends.encode(text=alt.Text("matches:Q", format=","))
        + reached.encode(text=alt.Text("mark:N"), y=alt.Y("clear:Q"))
    )
    return done(layers, t, {"expr": f"{unit} * 1.9"})


def _towards_the_middle(first: str, last: str) -> Any:
    """A long name of a cohort at the end would leave the chart."""
    if first == last or max(len(first), len(last)) <= _YEAR:
        return "center"
    at = alt.datum["value"]
    return (
        alt.when(at == first)
        .then(alt.value("left"))
        .when(at == last)
        .then(alt.value("right"))
        .otherwise(alt.value("center"))
    )


def _marks_with_room(marks: tuple[tuple[int, str], ...], order: list[str]) -> dict[str, int]:
    """The highest milestone of a cohort, leaving out those whose words would run into the one before."""
    highest = {cohort: number for number, cohort in marks}
    kept: dict[str, int] = {}
    after = -2
    for place, cohort in enumerate(order):
        if cohort in highest and place - after > 1:
            kept[cohort], after = highest[cohort], place
    return kept


@lru_cache(maxsize=64)
def bars_spec(
    cohorts: tuple[tuple[str, int], ...], marks: tuple[tuple[int, str], ...], t: Tokens, *, tiny: bool = False
) -> dict[str, Any]:
    """`bars`, made once for each state of the count: it takes a tenth of a second, and is asked for each."""
    return bars(cohorts, marks, t, tiny=tiny).to_dict()
