"""Mentors of each cohort: who came back, and who came for the first time."""

import altair as alt
import pandas as pd

from pages.ui.charts.rows import numbers, printed, told, wide
from pages.ui.charts.style import done, expr
from pages.ui.theme import Tokens
from pages.ui.words import listed

_HEIGHT = 230


def stacks(frame: pd.DataFrame, t: Tokens) -> alt.LayerChart:
    """cohort, first_time, returning, in the order given; the last one's parts are named at its right."""
    table = _table(frame)
    last = table.tail(1)
    names = [*last["returning_said"], *last["first_said"]]
    x = alt.X(
        "cohort:N",
        sort=None,
        scale=alt.Scale(paddingInner=0.22, paddingOuter=0.1, range=[0, expr(f"width - {wide(names) + 10}")]),
        axis=alt.Axis(labelOverlap="parity", labelSeparation=8),
    )
    most = max([*table["top"], 1])
    base = alt.Chart().encode(
        x=x,
        tooltip=[
            alt.Tooltip("cohort:N", title="Cohort"),
            alt.Tooltip("returning_said:N", title="Returning"),
            alt.Tooltip("first_said:N", title="First time"),
        ],
    )
    scale = alt.Scale(domain=[0, most * 1.08])
    y, edge = alt.Y("returning:Q", axis=None, scale=scale), alt.Y("top:Q", axis=None, scale=scale)
    at_end = alt.Chart(last).encode(x=alt.X("cohort:N", sort=None, bandPosition=1))
    words = {"align": "left", "dx": 8, "fontWeight": 700}
    layers = [
        base.mark_bar(color=t.context, cornerRadiusTopLeft=3, cornerRadiusTopRight=3).encode(
            y=edge, y2=alt.Y2("returning")
        ),
        base.mark_bar(color=t.chosen).encode(y=y, y2=alt.Y2("zero")),
        at_end.mark_text(**words, color=t.chosen).encode(y=alt.Y("low:Q", scale=scale), text="returning_said:N"),
        at_end.mark_text(**words, color=t.quiet).encode(y=alt.Y("high:Q", scale=scale), text="first_said:N"),
    ]
    return done(alt.layer(*layers, data=table, height=_HEIGHT), t)


def stacks_words(frame: pd.DataFrame) -> str:
    """Every cohort with both numbers."""
    parts = [f"{row.cohort} {row.returning_said} and {row.first_said}" for row in _table(frame).itertuples()]
    return f"Mentors by cohort: {listed(parts)}." if parts else "No cohort to show yet."


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"cohort": told(frame, "cohort"), "zero": 0})
    table["returning"] = [*numbers(frame["returning"]).fillna(0)]
    table["top"] = table["returning"] + [*numbers(frame["first_time"]).fillna(0)]
    table["returning_said"] = [f"{text} returning" for text in printed(frame, "returning")]
    table["first_said"] = [f"{text} first-time" for text in printed(frame, "first_time")]
    # Words of a thin part stand clear of the other's.
    clear = max([*table["top"], 1]) * 0.09
    table["low"] = table["returning"] / 2
    table["high"] = ((table["returning"] + table["top"]) / 2).clip(lower=table["low"] + clear)
    return table
