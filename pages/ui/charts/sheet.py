"""The charts of a fact sheet: bars with their number, and rates against an objective."""

import altair as alt
import pandas as pd

from pages.ui.charts import rows
from pages.ui.charts.style import done, expr, halo
from pages.ui.theme import Tokens

_ROUNDED = {"cornerRadiusTopRight": 2, "cornerRadiusBottomRight": 2}
#: Under the rate's own name, which stands above its bar.
_RATE_ROW = 58


def bars(frame: pd.DataFrame, t: Tokens) -> alt.LayerChart:
    """label, value (missing: not drawn), text ("<11": hollow), mark, subject; in the order given."""
    drawn = pd.DataFrame(
        {
            "row": [rows.name(label) for label in frame["label"]],
            "value": [*rows.numbers(frame["value"])],
            "bold": [*frame["text"]],
            "quiet": [*frame["mark"]],
            "kind": ["subject" if subject else "other" for subject in frame["subject"]],
        }
    )
    return done(rows.bars(drawn, t, {"subject": t.chosen, "other": t.context}, high=30), t)


def rates(frame: pd.DataFrame, t: Tokens, *, objective: int | None) -> alt.LayerChart:
    """label, value (per cent), text, part ("25 of 38"), subject; the objective is a dashed line."""
    frame = frame.assign(zero=0, said=frame["text"] + "  " + frame["part"])
    room = rows.wide([*frame["said"]], 14) + 16  # beside a bar that is full
    base = alt.Chart(frame).encode(
        y=alt.Y("label:N", sort=None, axis=None),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, 100], range=[0, expr(f"width - {room}")])),
        tooltip=[
            alt.Tooltip("label:N", title="Share"),
            alt.Tooltip("text:N", title="Rate"),
            alt.Tooltip("part:N", title="Of"),
        ],
    )
    drawn = base.mark_bar(height=16, **_ROUNDED).encode(color=_subject(t))
    layers = [drawn]
    if objective is not None:
        aim = alt.Chart(pd.DataFrame({"aim": [objective], "said": [f"objective {objective} %"]})).encode(x="aim:Q")
        layers += [
            aim.mark_rule(color=t.objective, strokeDash=[5, 4], strokeWidth=2),
            aim.mark_text(color=t.objective, fontWeight=700, baseline="bottom", dy=-4).encode(
                text="said:N", y=alt.value(0)
            ),
        ]
    start, end = base.encode(x=alt.X("zero:Q")), {"align": "left", "dx": 7, "fontWeight": 700}
    name = {"align": "left", "baseline": "bottom", "dy": -14}
    over_line = halo(t) | {"strokeWidth": 9}  # on a phone the line meets the words: they stand in a gap of it
    layers += [
        start.mark_text(**name, **over_line).encode(text="label:N"),
        start.mark_text(**name, color=t.ink).encode(text="label:N"),
        base.mark_text(**end, **over_line).encode(text="said:N"),
        base.mark_text(**end, color=t.ink).encode(text="text:N"),
        base.mark_text(align="left", dx=7 + rows.wide([*frame["text"]], 14) + 8, color=t.quiet).encode(text="part:N"),
    ]
    return done(alt.layer(*layers), t, top=26).properties(height=alt.Step(_RATE_ROW))


def _subject(t: Tokens) -> alt.Color:
    return alt.when("datum.subject").then(alt.value(t.chosen)).otherwise(alt.value(t.context))
