"""Pending matches by the days they have waited."""

import altair as alt
import pandas as pd

from pages.ui.charts.style import done
from pages.ui.theme import Tokens
from pages.ui.words import listed

_HEIGHT = 110


def bands(frame: pd.DataFrame, t: Tokens) -> alt.LayerChart:
    """Words (of the band of days), age (fresh, due, overdue), matches; in the order given."""
    named = ~frame["age"].duplicated()
    drawn = pd.DataFrame(
        {
            "words": [*frame["words"]],
            "matches": [*frame["matches"]],
            "age": [*frame["age"]],
            "text": [_text(row.matches, row.age if first else "") for row, first in _with(frame, named)],
        }
    )
    colours = {"fresh": t.context, "due": t.orange.mark, "overdue": t.red.mark}
    base = alt.Chart(drawn).encode(
        x=alt.X("words:N", sort=None, scale=alt.Scale(paddingInner=0.35)),
        y=alt.Y("matches:Q", axis=None),
        tooltip=[alt.Tooltip("words:N", title="Days waiting"), alt.Tooltip("matches:Q", title="Matches")],
    )
    layers = [
        base.mark_bar(cornerRadiusTopLeft=2, cornerRadiusTopRight=2).encode(
            color=alt.Color("age:N", scale=alt.Scale(domain=[*colours], range=[*colours.values()]))
        ),
        base.mark_text(baseline="bottom", dy=-4, color=t.ink).encode(text="text:N"),
    ]
    return done(alt.layer(*layers), t, top=18).properties(height=_HEIGHT)


def bands_words(frame: pd.DataFrame) -> str:
    """The chart in a sentence."""
    parts = [f"{row.matches} of {row.words} days ({row.age})" for row in frame.itertuples()]
    return f"Pending matches by days waiting: {listed(parts)}."


def _with(frame: pd.DataFrame, named: "pd.Series[bool]") -> zip:
    return zip(frame.itertuples(), named, strict=True)


def _text(matches: int, age: str) -> str:
    return f"{matches} {age}".strip() if matches else ""
