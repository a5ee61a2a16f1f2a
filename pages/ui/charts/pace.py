"""How this cohort grows, month by month, beside the one before it and against its target."""

import json

import altair as alt
import pandas as pd

from pages.ui.charts.rows import numbers, short, told, wide
from pages.ui.charts.style import DASHED, done, expr, halo
from pages.ui.theme import Tokens
from pages.ui.words import listed, number

_NO_FAN = pd.DataFrame({"order": [], "month": [], "low": [], "high": []})
#: Of the highest value: how high the chart is.
_ROOM = 1.14
#: Pixels between the middle of words and a line that would cross them.
_TOUCHING = 11


def months(
    frame: pd.DataFrame,
    t: Tokens,
    *,
    target: int | None,
    chosen: str,
    before: str | None,
    fan: pd.DataFrame | None = None,
    height: int = 318,
) -> alt.LayerChart:
    """Rows of month (its label), order (a whole number), cohort, matches so far (may be missing: it is left out).

    The cohort before is labelled where this one stands, so that like is read beside like. `fan` holds the months to
    come: month, order, low, high.
    """
    table, ahead = _table(frame), _NO_FAN if fan is None else fan
    ours, theirs = table[table["cohort"].eq(chosen)], table[table["cohort"].eq(before)]
    labels = {**_labels(ahead), **_labels(frame)}
    most = max([*table["matches"], *numbers(ahead["high"]).dropna(), target or 0, 1])
    ends = _ends(ours, theirs)
    ends["early"] = ends["order"].isin(sorted(labels)[: max(len(labels) // 3, 1)])
    ends["dy"] = _clear(ends, target, height / (most * _ROOM))
    # Room at the right for a label that begins at one of the last months.
    late = [row.label for row in ends.itertuples() if not row.above and row.order >= max(labels) - 1]
    x = alt.X(
        "order:O",
        axis=alt.Axis(labelExpr=f"({json.dumps(labels)})[datum.value]", labelOverlap=True, labelSeparation=5),
        scale=alt.Scale(domain=sorted(labels), range=[0, expr(f"width - {wide(late)}")]),
    )
    y = alt.Y(
        "matches:Q",
        axis=alt.Axis(tickCount=4, tickMinStep=1, format=",d", grid=True, gridColor=t.grid),
        scale=alt.Scale(domain=[0, most * _ROOM]),
    )
    tooltip = [alt.Tooltip("cohort:N", title="Cohort"), alt.Tooltip("matches:Q", title="Matches", format=",")]
    layers = [
        alt.Chart(theirs).mark_line(color=t.context, strokeWidth=2).encode(x=x, y=y, tooltip=tooltip),
        *_target(target, wide(late), t),
        *_fan(ours, ahead, t, x),
        alt.Chart(ours).mark_line(color=t.chosen).encode(x=x, y=y, tooltip=tooltip),
        *_labelled(ends[ends["cohort"].eq(before)], t, t.quiet, x, size=45, mark=t.context),
        *_labelled(ends[ends["cohort"].eq(chosen)], t, t.chosen, x, size=110, mark=t.chosen),
    ]
    return done(alt.layer(*layers, height=height), t)


def months_words(
    frame: pd.DataFrame, *, target: int | None, chosen: str, before: str | None, fan: pd.DataFrame | None = None
) -> str:
    """Every month of both cohorts, the target, and what the months to come may bring."""
    table = _table(frame)
    labels = _labels(frame)
    said = [
        f"{cohort}: {listed(f'{labels[row.order]} {number(row.matches)}' for row in rows.itertuples())}."
        for cohort in (chosen, before)
        if cohort is not None and len(rows := table[table["cohort"].eq(cohort)])
    ]
    if not said:
        return "No match to show yet."
    goal = "" if target is None else f" The target is {number(target)}."
    coming = [] if fan is None else [f"{row.month} {number(row.low)} to {number(row.high)}" for row in fan.itertuples()]
    hope = f" Expected: {listed(coming)}." if coming else ""
    return f"Matches so far, by month. {' '.join(said)}{goal}{hope}"


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"order": [*numbers(frame["order"])], "cohort": told(frame, "cohort")})
    table["matches"] = [*numbers(frame["matches"])]
    return table.dropna().astype({"order": int}).sort_values("order", ignore_index=True)


def _labels(frame: pd.DataFrame) -> dict[int, str]:
    known = numbers(frame["order"]).notna()
    return dict(zip(frame.loc[known, "order"].astype(int), told(frame[known], "month"), strict=True))


def _ends(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """The two labelled points; the higher one's words stand above its line, the lower one's below."""
    beside = theirs[theirs["order"].le(ours["order"].max())] if len(ours) else theirs
    ends = pd.concat([ours.tail(1), (beside if len(beside) else theirs).tail(1)])
    ends["above"] = ends["matches"].rank(method="first", ascending=False).eq(1)
    ends["label"] = [f"{short(row.cohort)}: {number(row.matches)}" for row in ends.itertuples()]
    return ends


def _clear(ends: pd.DataFrame, target: int | None, pixels: float) -> list[float]:
    """How far words stand from their points; beyond the target where its line would cross them; `pixels` a match."""
    away = [-14 if above else 13 for above in ends["above"]]
    if target is None:
        return [*map(float, away)]
    gaps = [(value - target) * pixels for value in ends["matches"]]  # the line's place, seen from the point
    return [
        gap + (-11 if above else 11) if abs(gap - dy) < _TOUCHING else dy
        for gap, dy, above in zip(gaps, away, ends["above"], strict=True)
    ]


def _labelled(ends: pd.DataFrame, t: Tokens, color: str, x: alt.X, *, size: int, mark: str) -> list[alt.Chart]:
    base = alt.Chart(ends).encode(x=x, y=alt.Y("matches:Q"))
    words = {
        "align": expr("datum.above && !datum.early ? 'right' : 'left'"),
        "dx": expr("datum.above ? (datum.early ? -4 : 2) : 6"),
        "dy": expr("datum.dy"),
        "fontWeight": 700,
    }
    return [
        base.mark_point(size=size, color=mark),
        base.mark_text(**words, **halo(t)).encode(text=alt.Text("label:N")),
        base.mark_text(**words, color=color).encode(text=alt.Text("label:N")),
    ]


def _target(target: int | None, room: int, t: Tokens) -> list[alt.Chart]:
    if target is None:
        return []
    base = alt.Chart(pd.DataFrame({"matches": [target], "name": [f"target {number(target)}"]})).encode(
        y=alt.Y("matches:Q")
    )
    words = {"align": "left", "baseline": "bottom", "dy": -5, "fontWeight": 600}
    return [
        base.mark_rule(color=t.objective, **DASHED).encode(x=alt.value(0), x2=alt.value(expr(f"width - {room}"))),
        base.mark_text(**words, **halo(t)).encode(x=alt.value(4), text=alt.Text("name:N")),
        base.mark_text(**words, color=t.objective).encode(x=alt.value(4), text=alt.Text("name:N")),
    ]


def _fan(ours: pd.DataFrame, ahead: pd.DataFrame, t: Tokens, x: alt.X) -> list[alt.Chart]:
    """From where this cohort stands to between low and high, named at its end."""
    if not len(ahead):
        return []
    now = ours.tail(1).assign(low=ours["matches"], high=ours["matches"])
    band = pd.DataFrame(
        {column: [*now[column], *numbers(ahead[column])] for column in ("order", "low", "high")}
    ).dropna()
    band = band.astype({"order": int}).assign(label=[f"{number(r.low)} to {number(r.high)}" for r in band.itertuples()])
    words = {"align": "right", "dx": 18, "dy": -10, "fontWeight": 700}
    base, last = (
        alt.Chart(band).encode(x=x),
        alt.Chart(band.tail(1)).encode(x=x, y=alt.Y("high:Q"), text=alt.Text("label:N")),
    )
    return [
        base.mark_area(color=t.chosen, opacity=0.2).encode(y=alt.Y("low:Q"), y2=alt.Y2("high")),
        last.mark_text(**words, **halo(t)),
        last.mark_text(**words, color=t.chosen),
    ]
