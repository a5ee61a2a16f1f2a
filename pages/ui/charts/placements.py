"""Cohorts of placements: hired against what was committed, and how many of them for good."""

import altair as alt
import pandas as pd

from pages.ui.charts import rows
from pages.ui.charts.style import DASHED, done, expr
from pages.ui.theme import Tokens
from pages.ui.words import NOTHING, listed


def bars(frame: pd.DataFrame, t: Tokens) -> alt.LayerChart:
    """cohort, committed (may be missing), hired, permanent, in the order given.

    An outlined bar is all who were hired, its filled part those who are permanent (all of it where no row knows of
    any); the dashed tick is the commitment.
    """
    table = _table(frame)
    table["filled"] = table["hired"] if table["permanent"].isna().all() else table["permanent"]
    most = max([*table["end"], 1])
    longest = [max(words, key=len) for words in zip(table["hired_said"], table["permanent_said"], strict=True)]
    ends = rows.Ends(longest, [""] * len(table), [*(table["end"] / most)], left=2)
    base = alt.Chart().encode(y=rows.y([*table["row"]], t, between=0.62))
    x = alt.X("end:Q", axis=None, scale=alt.Scale(domain=[0, most], range=ends.reach()))
    committed = base.transform_filter("isValid(datum.committed)").encode(x=alt.X("committed:Q"))
    tick = {"y": alt.Y("row:N", sort=[*table["row"]], bandPosition=0), "y2": alt.Y2("row", bandPosition=1)}
    # Near the left edge the words lean inwards.
    lean = expr(f"datum.committed < {most * 0.25} ? 'left' : 'center'")
    at_end = base.encode(x=x)
    layers = [
        at_end.mark_bar(filled=False, stroke=t.chosen, strokeWidth=1.5, cornerRadiusEnd=2).encode(
            x=alt.X("hired:Q"), x2=alt.X2("zero")
        ),
        at_end.mark_bar(color=t.chosen, cornerRadiusEnd=2).encode(x=alt.X("filled:Q"), x2=alt.X2("zero")),
        committed.mark_rule(color=t.paper, strokeWidth=6, yOffset=-6, y2Offset=6).encode(**tick),
        committed.mark_rule(color=t.objective, yOffset=-6, y2Offset=6, **DASHED).encode(**tick),
        committed.mark_text(align=lean, baseline="bottom", dy=-18, fontWeight=600, color=t.objective).encode(
            text=alt.Text("committed_said:N")
        ),
        at_end.mark_text(align="left", dx=9, dy=-8, fontWeight=700).encode(text=alt.Text("hired_said:N")),
        at_end.mark_text(align="left", dx=9, dy=8, color=t.quiet).encode(text=alt.Text("permanent_said:N")),
    ]
    return done(alt.layer(*layers, data=table, height=alt.Step(64)), t, top=10)


def bars_words(frame: pd.DataFrame, of: str = "cohort") -> str:
    """Each cohort, or whatever else a row is of, with its commitment, how many were hired, and how many for good."""
    parts = [
        f"{row.cohort} {listed(word for word in (row.hired_said, row.permanent_said, row.committed_said) if word)}"
        for row in _table(frame).itertuples()
    ]
    return f"Placements by {of}: {'; '.join(parts)}." if parts else f"No {of} of placements to show yet."


def _table(frame: pd.DataFrame) -> pd.DataFrame:
    table = pd.DataFrame({"cohort": rows.told(frame, "cohort"), "zero": 0})
    table["row"] = [rows.name(cohort) for cohort in table["cohort"]]
    for column, words in (("committed", "{} committed"), ("hired", "{} hired"), ("permanent", "{} permanent")):
        table[column] = [*rows.numbers(frame[column])]
        table[f"{column}_said"] = [
            "" if text == NOTHING and column != "hired" else words.format(text) for text in rows.printed(frame, column)
        ]
    table["end"] = table[["hired", "committed"]].max(axis=1).fillna(0)
    return table
