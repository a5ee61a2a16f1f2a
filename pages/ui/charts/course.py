"""How the count came about, and how it may reach the next milestone."""

import datetime as dt

import altair as alt
import pandas as pd

from pages.ui.charts.rows import numbers
from pages.ui.charts.style import done, expr, halo
from pages.ui.theme import Tokens
from pages.ui.words import day, listed, number, ordinal

_HEIGHT = 300
#: Of the axis of days: no label of a milestone nearer than this to the next; on a narrow chart, the second.
_NEAR, _NARROW_NEAR = 0.085, 0.25
#: Pixels below which a chart is narrow.
_NARROW = 560
#: Days below which the axis names months.
_SHORT = 1100


def curve(
    frame: pd.DataFrame, t: Tokens, *, goal: int | None = None, expected: dt.date | None = None
) -> alt.LayerChart:
    """day, total, mark (the milestone reached on that day, or missing), in order of days.

    The milestone to come is a hollow point on the day it is expected.
    """
    table, marks = _curve(frame)
    coming = _coming(table, goal, expected)
    days = [*table["when"], *coming["when"]]
    far = max(days) - min(days) if days else pd.Timedelta(0)
    labelled = pd.concat([_apart(marks, far, coming), coming], ignore_index=True)
    x = alt.X(
        "when:T",
        axis=alt.Axis(
            format="%b %Y" if far < pd.Timedelta(days=_SHORT) else "%Y",
            tickCount=10,
            labelOverlap="greedy",
            labelSeparation=10,
        ),
        scale=alt.Scale(domain=[_utc(min(days)), _utc(max(days))] if days else [], range=[0, expr("width - 34")]),
    )
    top = max([*table["total"], *coming["total"], 1]) * 1.2
    y = alt.Y(
        "total:Q",
        axis=alt.Axis(tickCount=4, tickMinStep=1, format=",d", grid=True, gridColor=t.grid),
        scale=alt.Scale(domain=[0, top]),
    )
    tips = [alt.Tooltip("said:N", title="Day"), alt.Tooltip("total:Q", title="To date", format=",")]
    base = alt.Chart(table).encode(x=x, y=y, tooltip=tips)
    at = alt.Chart(labelled).encode(x=x, y=y)
    seen = expr(f"width > {_NARROW} || datum.always ? 1 : 0")
    place = {"opacity": seen, "align": expr("datum.early ? 'left' : 'right'"), "dx": expr("datum.early ? -4 : 5")}
    big, small = {**place, "dy": -29, "fontWeight": 700, "fontSize": 15}, {**place, "dy": -14}
    layers = [
        base.mark_area(color=t.chosen, opacity=0.09),
        base.mark_line(),
        alt.Chart(marks)
        .mark_point(size=110, color=t.gold, stroke=t.paper, strokeWidth=2)
        .encode(x=x, y=y, tooltip=tips),
        alt.Chart(coming).mark_point(size=120, fill=t.paper, stroke=t.gold, strokeWidth=2.5).encode(x=x, y=y),
        *(at.mark_text(**small, **look).encode(text="short:N") for look in (halo(t), {"color": t.quiet})),
        *(at.mark_text(**big, **look).encode(text="name:N") for look in (halo(t), {"color": t.ink})),
    ]
    return done(alt.layer(*layers, height=_HEIGHT), t, top=4)


def curve_words(frame: pd.DataFrame, *, goal: int | None = None, expected: dt.date | None = None) -> str:
    """Where the count began and stands, and the day of every milestone."""
    table, marks = _curve(frame)
    if not len(table):
        return "Nothing has been counted yet."
    first, last = table.iloc[0], table.iloc[-1]
    reached = [f"the {ordinal(int(row.total))} on {row.said}" for row in marks.itertuples()]
    been = f" Milestones: {listed(reached)}." if reached else ""
    to_come = f" The {ordinal(goal)} is expected around {day(expected)}." if goal and expected else ""
    return (
        f"From {number(first['total'])} on {first['said']} to {number(last['total'])} on {last['said']}.{been}{to_come}"
    )


def projection(
    frame: pd.DataFrame,
    t: Tokens,
    *,
    goal: int,
    expected: dt.date | None = None,
    earliest: dt.date | None = None,
    latest: dt.date | None = None,
) -> alt.LayerChart:
    """day, total, in order of days: the last year's steps, and the range in which the goal should be reached."""
    table, _ = _curve(frame)
    ways = [pd.Timestamp(one) for one in (earliest, expected, latest) if one is not None]
    days = [*table["when"], *ways]
    low = min([*table["total"], goal])
    x = alt.X(
        "when:T",
        axis=alt.Axis(format="%b %Y", tickCount=4, labelOverlap="greedy", labelSeparation=14),
        scale=alt.Scale(domain=[_utc(min(days)), _utc(max(days))] if days else [], range=[8, expr("width - 12")]),
    )
    y = alt.Y("total:Q", axis=None, scale=alt.Scale(domain=[low, low + max(goal - low, 1) * 1.12], zero=False))
    now = table.tail(1).assign(label=[f"{number(n)} today" for n in table["total"].tail(1)])
    span = pd.DataFrame({"when": ways[:1], "until": ways[-1:], "total": goal}).assign(label=_span(earliest, latest))
    line = pd.DataFrame({"total": [goal], "name": [number(goal)]})
    ahead = now[["when", "total"]] if ways[1:2] else now.head(0)[["when", "total"]]
    fan = pd.concat([ahead, pd.DataFrame({"when": ways[1:2], "total": [float(goal)] * len(ways[1:2])})])
    fan = fan.astype({"when": "datetime64[ns]", "total": float})
    names = {"align": "left", "baseline": "bottom", "dy": -7, "fontWeight": 700, "fontSize": 15}
    at_end = {"align": "right", "baseline": "bottom", "dy": -9, "fontWeight": 600}
    goal_line = alt.Chart(line).encode(y=y)
    ranged = alt.Chart(span).encode(x=x, y=y)
    here = alt.Chart(now).encode(x=x, y=y, text="label:N")
    said = {"align": "left" if ways else "right", "dx": 8 if ways else -10, "dy": 17, "fontWeight": 700}
    tips = [alt.Tooltip("said:N", title="Day"), alt.Tooltip("total:Q", title="To date", format=",")]
    layers = [
        goal_line.mark_rule(color=t.gold, strokeWidth=1.5),
        goal_line.mark_text(**names, color=t.ink).encode(x=alt.value(0), text="name:N"),
        ranged.mark_rule(color=t.gold, strokeWidth=7, strokeCap="round").encode(x2="until:T"),
        ranged.mark_text(**at_end, color=t.ink).encode(x="until:T", text="label:N"),
        alt.Chart(fan).mark_line(color=t.chosen, strokeDash=[3, 3], strokeWidth=2).encode(x=x, y=y),
        alt.Chart(table).mark_line(interpolate="step-after").encode(x=x, y=y, tooltip=tips),
        here.mark_point(size=110, color=t.chosen),
        here.mark_text(**said, **halo(t)),
        here.mark_text(**said, color=t.chosen),
    ]
    return done(alt.layer(*layers, height=230), t, top=24)


def projection_words(
    frame: pd.DataFrame,
    *,
    goal: int,
    expected: dt.date | None = None,
    earliest: dt.date | None = None,
    latest: dt.date | None = None,
) -> str:
    """The last year in two numbers, then the day and its range."""
    table, _ = _curve(frame)
    if not len(table):
        return "Nothing has been counted yet."
    first, last = table.iloc[0], table.iloc[-1]
    ahead = (
        f" The {ordinal(goal)} is expected around {day(expected)}, between {day(earliest)} and {day(latest)}."
        if expected and earliest and latest
        else ""
    )
    return f"From {number(first['total'])} on {first['said']} to {number(last['total'])} on {last['said']}.{ahead}"


def _curve(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """when, total, said (the day in words); and those of the milestones with their labels."""
    table = pd.DataFrame({"when": [pd.Timestamp(one) for one in frame["day"]], "total": [*numbers(frame["total"])]})
    table["said"] = [day(one) for one in table["when"]]
    table["mark"] = [*numbers(frame["mark"])] if "mark" in frame else float("nan")
    table = (
        table.astype({"when": "datetime64[ns]"})
        .dropna(subset=["when", "total"])
        .sort_values("when", kind="stable", ignore_index=True)
    )
    marks = table[table["mark"].notna()]
    marks = marks.assign(name=[number(n) for n in marks["mark"]], short=[f"{d:%b %Y}" for d in marks["when"]])
    return table.drop(columns="mark"), marks.drop(columns="mark")


def _coming(table: pd.DataFrame, goal: int | None, expected: dt.date | None) -> pd.DataFrame:
    ahead = [goal] if goal and expected and len(table) else []
    coming = pd.DataFrame({"when": [pd.Timestamp(expected)] * len(ahead), "total": ahead}, dtype=object)
    coming = coming.astype({"when": "datetime64[ns]", "total": float})
    return coming.assign(
        name=[number(n) for n in ahead],
        short=[f"expected {one.day} {one:%b}" for one in coming["when"]],
        early=False,
        always=True,
    )


def _apart(marks: pd.DataFrame, far: pd.Timedelta, coming: pd.DataFrame) -> pd.DataFrame:
    """The milestones that have room for their words, from the latest back."""
    kept, always = ({*_kept(marks, far * near, coming)} for near in (_NEAR, _NARROW_NEAR))
    shown = marks.loc[[place for place in marks.index if place in kept]]
    first = min([*marks["when"]], default=None)
    return shown.assign(
        early=[first is not None and when - first <= far * _NEAR for when in shown["when"]],
        always=[place in always for place in shown.index],
    )


def _kept(marks: pd.DataFrame, near: pd.Timedelta, coming: pd.DataFrame) -> list[int]:
    kept: list[int] = []
    after = [*coming["when"]][:1]
    for row in list(marks.itertuples())[::-1]:
        if not after or after[-1] - row.when > near:
            kept.append(row.Index)
            after.append(row.when)
    return kept


def _span(earliest: dt.date | None, latest: dt.date | None) -> str:
    if earliest is None or latest is None:
        return ""
    year = "" if earliest.year == latest.year else f" {earliest.year}"
    return f"{earliest.day} {earliest:%b}{year} to {latest.day} {latest:%b} {latest.year}"


def _utc(when: pd.Timestamp) -> alt.DateTime:
    return alt.DateTime(year=when.year, month=when.month, date=when.day)
