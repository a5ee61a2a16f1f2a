"""Occupational groups: this cohort, and the one before it."""

import altair as alt
import pandas as pd

from pages.ui.charts import rows
from pages.ui.charts.style import done
from pages.ui.theme import Tokens
from pages.ui.words import listed


def dumbbell(frame: pd.DataFrame, t: Tokens, *, now: str, before: str | None) -> alt.LayerChart:
    """group, now, before (0 or missing: new), most of now first; `now` and `before` are the cohorts' names.

    Where now_text or before_text has words ("<11"), they are printed; what is under 11 is a hollow band, and its value
    is left out of the chart. Without a cohort before, bars.
    """
    table = _table(frame, before)
    if before is None:
        return done(rows.bars(table.assign(value=table["now"], quiet="", kind="now"), t, {"now": t.chosen}, high=33), t)
    return done(_pairs(_labelled(table, rows.short(now), rows.short(before)), t), t, top=18)


def dumbbell_words(frame: pd.DataFrame, *, now: str, before: str | None) -> str:
    """Each group with its number now, and before."""
    table = _table(frame, before)
    if not len(table):
        return "No group to show yet."
    if before is None:
        parts = [f"{row.group} {row.bold}" for row in table.itertuples()]
        return f"By occupational group, {now}: {listed(parts)}."
    parts = [f"{row.group} {row.bold} ({'new' if row.new else row.old})" for row in table.itertuples()]
    return f"By occupational group, {now}, and in brackets {before}: {listed(parts)}."


def _table(frame: pd.DataFrame, before: str | None) -> pd.DataFrame:
    """Group and row, both values with their words and with the bounds of what is printed as "<11"; sorted."""
    table = pd.DataFrame({"group": rows.told(frame, "group"), "now": [*rows.numbers(frame["now"])]})
    table["row"] = [rows.name(group) for group in table["group"]]
    table["bold"] = rows.printed(frame, "now", "now_text")
    table["before"], table["old"] = float("nan"), ""
    if before is not None:
        table["before"], table["old"] = [*rows.numbers(frame["before"])], rows.printed(frame, "before", "before_text")
    for value, words in (("now", "bold"), ("before", "old")):
        table[f"{value}_under"] = rows.under([*table[words]])
        table[value] = table[value].where(table[f"{value}_under"].isna())  # the chart's data can be read
    table["size"], table["was"] = (
        table[value].fillna(table[f"{value}_under"]).fillna(0) for value in ("now", "before")
    )
    table["new"] = table["was"].eq(0) & table["size"].gt(0)
    return table.sort_values(["size", "was"], ascending=False, kind="stable", ignore_index=True)


def _labelled(table: pd.DataFrame, now: str, before: str) -> pd.DataFrame:
    """With the side and place of each label: the larger value's stands right of its mark, the smaller's left."""
    same = table["bold"].eq(table["old"])
    told = ~table["new"] & ~same
    table["ahead"] = ~told | (table["size"] >= table["was"])
    # A band's label stands at its end, or before its beginning.
    table["now_at"] = table["size"].where(table["now"].notna() | table["ahead"], 0)
    table["before_at"] = table["was"].where(table["before"].notna() | ~table["ahead"], 0)
    table["old"] = table["old"].where(told, "")
    table["quiet"] = pd.Series("", table.index).mask(same, f"as in {before}").mask(table["new"], "new")
    table["zero"], table["now_key"], table["before_key"] = 0, "", ""
    table.loc[:0, "now_key"] = now
    # The cohort before is named above the first row, or else where it first has a number.
    first = told.idxmax() if told.any() else None
    if first == 0:
        table.loc[0, "before_key"] = before
    elif first is not None:
        table.loc[first, "old"] = f"{before}: {table.loc[first, 'old']}"
    return table


def _pairs(table: pd.DataFrame, t: Tokens) -> alt.LayerChart:
    ahead, behind = table[table["ahead"]], table[~table["ahead"]]
    most = max([*table["now_at"], *table["before_at"], *table[["now", "before"]].max().dropna(), 1])
    ends = rows.Ends(
        [*ahead["bold"], *behind["old"]],
        [*ahead["quiet"], *[""] * len(behind)],
        [*(ahead["now_at"] / most), *(behind["before_at"] / most)],
        left=max(rows.wide([*ahead["old"], *behind["bold"]], 14) + 16, 20),
    )
    scale = alt.Scale(domain=[0, most], range=ends.reach())
    x = alt.X("now_at:Q", axis=None, scale=scale)
    base = alt.Chart().encode(y=rows.y([*table["row"]], t))
    dots = base.transform_filter("isValid(datum.before) && !datum.new")
    hollow = {"filled": False, "strokeWidth": 1.5, "strokeDash": [2, 2], "height": 10}
    marks = [
        base.transform_filter("isValid(datum.before_under)")
        .mark_bar(stroke=t.context, **hollow)
        .encode(x=alt.X("before_under:Q", axis=None, scale=scale), x2=alt.X2("zero")),
        base.transform_filter("isValid(datum.now_under)")
        .mark_bar(stroke=t.chosen, **hollow)
        .encode(x=alt.X("now_under:Q"), x2=alt.X2("zero")),
        base.transform_filter("datum.new && isValid(datum.now)")
        .mark_rule(color=t.context, strokeDash=[2, 3])
        .encode(x=alt.X("zero:Q"), x2=alt.X2("now")),
        dots.transform_filter("isValid(datum.now)")
        .mark_rule(strokeWidth=2.5, color=t.context)
        .encode(x=alt.X("before:Q"), x2=alt.X2("now")),
        dots.mark_point(size=95, color=t.context).encode(x=alt.X("before:Q")),
        base.transform_filter("isValid(datum.now)").mark_point(size=150, color=t.chosen).encode(x=alt.X("now:Q")),
    ]
    right, other = base.transform_filter("datum.ahead"), base.transform_filter("!datum.ahead")
    words = [
        *ends.drawn(right.encode(x=x), t, gap=11, color=t.chosen),
        other.mark_text(align="right", dx=-11, fontWeight=700, color=t.chosen).encode(x=x, text=alt.Text("bold:N")),
        right.mark_text(align="right", dx=-10, color=t.quiet).encode(x=alt.X("before_at:Q"), text=alt.Text("old:N")),
        other.mark_text(align="left", dx=10, color=t.quiet).encode(x=alt.X("before_at:Q"), text=alt.Text("old:N")),
    ]
    for side, outward, inward in ((right, "left", "right"), (other, "right", "left")):
        away = 3 if outward == "left" else -3
        words += [
            side.mark_text(align=outward, dx=away, dy=-18, fontWeight=700, color=t.chosen).encode(
                x=x, text=alt.Text("now_key:N")
            ),
            side.mark_text(align=inward, dx=-away, dy=-18, color=t.quiet).encode(
                x=alt.X("before_at:Q"), text=alt.Text("before_key:N")
            ),
        ]
    return alt.layer(*marks, *words, data=table, height=rows.step(table["row"], 33))
