"""How a figure has gone, small enough to stand beside it; its numbers stand in the card."""

from typing import Literal

import altair as alt
import pandas as pd

from pages.ui.charts.rows import numbers, printed
from pages.ui.charts.style import DASHED, done
from pages.ui.theme import Tokens
from pages.ui.words import day, listed, number

_HEIGHT = 58


def sparkline(
    frame: pd.DataFrame, t: Tokens, *, objective: float | None = None, kind: Literal["line", "bars"] = "line"
) -> alt.LayerChart:
    """day, value (may be missing), in order of days; the last value is marked, and the objective is dashed.

    Bars start at zero and stand evenly; a line is drawn over time, and runs on over days without a value.
    """
    table = _known(frame)
    goal = [] if objective is None else [float(objective)]
    seen = [*table["value"], *goal]
    low, high = (min(seen), max(seen)) if seen else (0, 1)
    if kind == "bars":
        low, high = min(low, 0), max(high, 1)
    room = 0 if kind == "bars" else (high - low or 1) * 0.15
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(domain=[low - room, high + room], zero=False))
    base = alt.Chart(table).encode(
        y=y, tooltip=[alt.Tooltip("when:N", title="Day"), alt.Tooltip("text:N", title="Value")]
    )
    dashed = alt.Chart(pd.DataFrame({"value": goal})).mark_rule(color=t.objective, **DASHED).encode(y=y)
    if kind == "bars":
        x = alt.X("place:O", axis=None, scale=alt.Scale(paddingInner=0.35, paddingOuter=0))
        colour = alt.when("datum.last").then(alt.value(t.chosen)).otherwise(alt.value(t.context))
        marks = base.mark_bar(cornerRadiusTopLeft=1.5, cornerRadiusTopRight=1.5).encode(x=x, color=colour)
    else:
        # Half a point's width is kept free at the end.
        x = alt.X("day:T", axis=None, scale=alt.Scale(range=[2, {"expr": "width - 6"}]))
        last = base.transform_filter("datum.last").mark_point(size=55, color=t.chosen).encode(x=x)
        marks = base.mark_line(strokeWidth=2).encode(x=x) + last
    return done(alt.layer(dashed, marks).properties(height=_HEIGHT), t, top=2)


def sparkline_words(frame: pd.DataFrame, *, objective: float | None = None, unit: str = "") -> str:
    """Every value between the first day and the last; `unit` follows the last one ("%", "days")."""
    table = _known(frame)
    if not len(table):
        return "No value to show yet."
    after = f" {unit}" if unit else ""
    first, last = table["day"].iloc[0], table["day"].iloc[-1]
    when = f"On {day(first)}" if len(table) == 1 else f"From {day(first)} to {day(last)}"
    goal = "" if objective is None else f" The dashed line is the objective, {number(objective)}{after}."
    return f"{when}: {listed(table['text'])}{after}.{goal}"


def _known(frame: pd.DataFrame) -> pd.DataFrame:
    """day, value, text, place, last: the days that have a value, in their order."""
    table = pd.DataFrame({"day": [*pd.to_datetime(frame["day"])], "value": [*numbers(frame["value"])]})
    table["text"] = printed(frame, "value", "text")
    table = table.dropna().sort_values("day", ignore_index=True)
    table["place"], table["last"] = table.index, table.index == len(table) - 1
    table["when"] = [day(when) for when in table["day"]]
    return table.astype({"day": "datetime64[us]"})
