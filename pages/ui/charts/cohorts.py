"""Matches by cohort, as columns."""

import json
import textwrap

import altair as alt
import pandas as pd

from pages.ui.charts.rows import numbers, printed, told, wide
from pages.ui.charts.style import DASHED, done, expr, halo
from pages.ui.theme import Tokens
from pages.ui.words import listed, number

_ROUNDED = {"cornerRadiusTopLeft": 3, "cornerRadiusTopRight": 3}
#: Columns between two that are named, where there is no room to name all.
_APART = 4


def columns(
    cohorts: pd.DataFrame, t: Tokens, *, chosen: str | None = None, target: int | None = None, height: int = 250
) -> alt.LayerChart:
    """cohort, matches, in the order given; each column carries its number, where there is room for all of them.

    The subject is the cohort `chosen`, or else the last one; a target of its own is a dashed tick.
    """
    table = _columns(cohorts, chosen, target)
    small, big = wide([*table["said"]]), wide([*table["said"][table["chosen"]]], 19)
    gap, around = 0.22, {1: 1, 2: 0.7, 3: 0.35, 4: 0.2}.get(len(table), 0.1)  # few columns are no wall
    step = f"(width / {max(len(table), 1) - gap + 2 * around:.2f})"
    table["middle"] = table["place"] + around + (1 - gap) / 2  # in steps
    x = alt.X(
        "cohort:N", sort=None, scale=alt.Scale(paddingInner=gap, paddingOuter=around), axis=_names(table, step, t)
    )
    goal = table.loc[table["chosen"], "top"].max() if target is not None and table["chosen"].any() else 0
    top = max(_room_above(table["matches"], 1.14), goal * 1.34)  # above its column, a target has two lines of words
    base = alt.Chart().encode(
        x=x,
        y=alt.Y("matches:Q", axis=None, scale=alt.Scale(domain=[0, top])),
        tooltip=[alt.Tooltip("cohort:N", title="Cohort"), alt.Tooltip("matches:Q", title="Matches", format=",")],
    )
    bars = base.mark_bar(**_ROUNDED).encode(
        color=alt.when("datum.chosen").then(alt.value(t.chosen)).otherwise(alt.value(t.context))
    )
    room = f"{step} >= {(small + big) / 2 + 2} || datum.most"
    others = base.transform_filter("!datum.chosen").mark_text(
        baseline="bottom", dy=-5, dx=_inside(small, step), color=t.quiet, opacity=expr(f"{room} ? 1 : 0")
    )
    mine = base.transform_filter("datum.chosen").transform_calculate(
        beside=_beside(big, step, gap),
        number_y="max(datum.number_at, datum.beside)",
        goal_y="datum.is_clear ? datum.top : max(datum.top, datum.beside)",
    )
    subject = mine.encode(text=alt.Text("said:N"), y=alt.Y("number_y:Q"))
    words = {"baseline": "bottom", "dy": -5, "dx": _inside(big, step), "fontSize": 19, "fontWeight": 700}
    layers = [bars, others.encode(text=alt.Text("said:N"))]
    if target is not None:
        layers += _target(mine, table, step, t)
    layers += [subject.mark_text(**words, **halo(t)), subject.mark_text(**words, color=t.chosen)]
    return done(alt.layer(*layers, data=table, height=height), t)


def columns_words(cohorts: pd.DataFrame, *, chosen: str | None = None, target: int | None = None) -> str:
    """Every cohort with its number, and the target of the subject."""
    table = _columns(cohorts, chosen, target)
    if not len(table):
        return "No cohort to show yet."
    parts = [f"{row.cohort} {row.said}" for row in table.itertuples()]
    mine = [*table["cohort"][table["chosen"]]]
    goal = f" The target of {mine[0]} is {number(target)}." if target is not None and mine else ""
    return f"By cohort: {listed(parts)}.{goal}"


def _columns(cohorts: pd.DataFrame, chosen: str | None, target: int | None) -> pd.DataFrame:
    """With the place of each column and its words, and where the subject's number stands clear of the target."""
    table = pd.DataFrame({"cohort": told(cohorts, "cohort"), "matches": [*numbers(cohorts["matches"])]})
    table["place"], table["said"] = table.index, printed(cohorts, "matches")
    table["chosen"] = table["cohort"].eq(chosen) if chosen is not None else table.index == len(table) - 1
    value = table["matches"].fillna(0)
    # The largest is named even where there is room for few, unless the subject's number would touch it.
    subject = table["place"][table["chosen"]].max()
    table["most"] = (value.index == value.idxmax() if len(value) else False) & ~(
        (table["place"] - subject).abs() < _APART
    )
    for reach in range(1, _APART):
        table[f"within_{reach}"] = value.rolling(2 * reach + 1, center=True, min_periods=1).max()
    table["top"], table["number_at"], table["goal_dy"], table["is_clear"] = value, value, -5, False
    if target is not None:
        table["top"] = value.clip(lower=target).where(table["chosen"], value)
        highest = table[f"within_{_APART - 1}"]
        clear = target - highest > 0.2 * max(value.max() if len(value) else 0, target)
        table["is_clear"] = clear
        table["number_at"] = value.where(clear, table["top"])
        table["goal_dy"] = table["goal_dy"].where(clear, -30)
        table["target"], table["goal"] = target, f"target {number(target)}"
    return table


def _names(table: pd.DataFrame, step: str, t: Tokens) -> alt.Axis:
    """Under each column where there is room; else the first, the subject and the last."""
    lines = {name: textwrap.wrap(name, 14, max_lines=3, placeholder=" …") or [""] for name in table["cohort"]}
    mine = [*table["cohort"][table["chosen"]]]
    places = table["place"][table["chosen"]]
    kept = mine + [
        table["cohort"].iloc[end]
        for end in (0, -1)
        if len(table) and not (table["place"].iloc[end] - places).abs().lt(_APART).any()
    ]
    width = wide([line for name in lines.values() for line in name]) + 6
    shown = f"{step} >= {width} || indexof({json.dumps(kept)}, datum.value) >= 0"
    subject = alt.datum["value"] == (mine[0] if mine else None)
    return alt.Axis(
        labelExpr=f"{shown} ? ({json.dumps(lines)})[datum.value] : ''",
        labelColor=alt.when(subject).then(alt.value(t.ink)).otherwise(alt.value(t.quiet)),
        labelFontWeight=alt.when(subject).then(alt.value(700)).otherwise(alt.value(400)),
        labelLineHeight=15,
        labelOverlap=False,
    )


def _target(subject: alt.Chart, table: pd.DataFrame, step: str, t: Tokens) -> list[alt.Chart]:
    """A dashed tick as broad as the column, and its name above."""
    tick = subject.encode(x=alt.X("cohort:N", bandPosition=0), x2=alt.X2("cohort", bandPosition=1), y=alt.Y("target:Q"))
    words = {"baseline": "bottom", "dy": expr("datum.goal_dy"), "fontWeight": 600}
    words["dx"] = _inside(wide([*table["goal"]]), step)
    name = subject.encode(y=alt.Y("goal_y:Q"), text=alt.Text("goal:N"))
    return [
        tick.mark_rule(color=t.paper, strokeWidth=6),
        tick.mark_rule(color=t.objective, **DASHED),
        name.mark_text(**words, **halo(t)),
        name.mark_text(**words, color=t.objective),
    ]


def _beside(width: int, step: str, gap: float) -> str:
    """The highest of the columns that a number over the subject's would reach: it stands above them all."""
    middle = f"datum.middle * {step}"
    aside = f"abs(clamp({middle}, {width / 2}, max(width - {width / 2}, {width / 2})) - {middle})"
    reached = f"(({width / 2 + 3} + {aside}) / {step} + {(1 - gap) / 2:.2f})"
    return f"{reached} > 3 ? datum.within_3 : {reached} > 2 ? datum.within_2 : {reached} > 1 ? datum.within_1 : 0"


def _inside(width: int, step: str) -> alt.ExprRef:
    """How far words of this width move so that they stay inside the chart."""
    middle = f"datum.middle * {step}"
    return expr(f"clamp({middle}, {width / 2}, max(width - {width / 2}, {width / 2})) - {middle}")


def _room_above(values: pd.Series, factor: float) -> float:
    return max(values.dropna().max() if len(values.dropna()) else 0, 1) * factor
