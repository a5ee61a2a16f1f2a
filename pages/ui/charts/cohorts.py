"""Matches by cohort: as columns on the desk, and as big bars on the stage."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from pages.ui.charts.style import done
from pages.ui.theme import Tokens
from pages.ui.words import ordinal

_ROUNDED = {"cornerRadiusTopLeft": 3, "cornerRadiusTopRight": 3}


def columns(cohorts: pd.DataFrame, t: Tokens, *, height: int = 250) -> alt.LayerChart:
    """cohort, matches, in the order given; the last one is the subject, and each column carries its number."""
    frame = cohorts[["cohort", "matches"]].assign(chosen=cohorts.index == cohorts.index.max())
    last = str(frame["cohort"].iloc[-1]) if len(frame) else ""
    mine = alt.datum["value"] == last
    base = alt.Chart(frame).encode(
        x=alt.X(
            "cohort:N",
            sort=None,
            scale=alt.Scale(paddingInner=0.22, paddingOuter=0.1),
            axis=alt.Axis(
                labelColor=alt.when(mine).then(alt.value(t.ink)).otherwise(alt.value(t.quiet)), labelOverlap=True
            ),
        ),
        y=alt.Y("matches:Q", axis=None, scale=alt.Scale(domainMax=_room_above(frame["matches"], 1.14))),
        tooltip=[alt.Tooltip("cohort:N", title="Cohort"), alt.Tooltip("matches:Q", title="Matches", format=",")],
    )
    bars = base.mark_bar(**_ROUNDED).encode(
        color=alt.when("datum.chosen").then(alt.value(t.chosen)).otherwise(alt.value(t.context))
    )
    number = alt.Text("matches:Q", format=",")
    others = base.transform_filter("!datum.chosen").mark_text(baseline="bottom", dy=-5, color=t.quiet)
    subject = base.transform_filter("datum.chosen").mark_text(
        baseline="bottom", dy=-5, color=t.chosen, fontSize=19, fontWeight=700
    )
    return done(bars + others.encode(text=number) + subject.encode(text=number), t).properties(height=height)


def stage_bars(cohorts: tuple[tuple[str, int], ...], marks: tuple[tuple[int, str], ...], t: Tokens) -> alt.LayerChart:
    """(cohort, matches), and (number, cohort) of the milestones; type grows with the chart, for any room's last row."""
    unit = "max(width / 100, min(width / 80, height / 45), 5.6)"
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
            scale=alt.Scale(paddingInner=0.2, paddingOuter=0.05),
            axis=alt.Axis(values=[first, *named, last], labelColor=t.ink, labelPadding=14, labelOverlap="greedy"),
        ),
        y=alt.Y("matches:Q", axis=None, scale=alt.Scale(domainMax=_room_above(frame["matches"], 1.16))),
    )
    colour = alt.when("datum.last").then(alt.value(t.gold)).when("datum.mark").then(alt.value(t.chosen))
    bars = base.mark_bar(**_ROUNDED).encode(color=colour.otherwise(alt.value(t.context)))
    ends = base.transform_filter("datum.ends").mark_text(
        baseline="bottom", dy=_expr(f"-{unit} * .6"), fontSize=_expr(f"{unit} * 2.9"), fontWeight=700, color=t.ink
    )
    reached = base.transform_filter("datum.mark != '' && !datum.ends").mark_text(
        align="right",
        baseline="bottom",
        dx=_expr(f"{unit} * 1.7"),
        dy=_expr(f"-{unit} * 1.1"),
        fontSize=_expr(f"{unit} * 2.1"),
        fontWeight=700,
        color=t.chosen,
    )
    layers = bars + ends.encode(text=alt.Text("matches:Q", format=",")) + reached.encode(text="mark:N", y="clear:Q")
    return done(layers, t, {"expr": f"{unit} * 1.9"})


def _expr(expression: str) -> alt.ExprRef:
    return alt.ExprRef(expr=expression)


def _room_above(values: "pd.Series[int]", factor: float) -> float:
    return float(max(values.max() if len(values) else 0, 1)) * factor


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
def stage_spec(cohorts: tuple[tuple[str, int], ...], marks: tuple[tuple[int, str], ...], t: Tokens) -> dict[str, Any]:
    """`stage_bars`, made once for each state of the count: it takes a tenth of a second, and is asked for each."""
    return stage_bars(cohorts, marks, t).to_dict()
