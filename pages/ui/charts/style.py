"""One language for all charts: no legend, no titles inside, labels on the marks, colours by meaning.

Charts are pure: rows and tokens in, an Altair chart out.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from pages.ui.theme import Tokens

FONT = "Hanken, 'Segoe UI', sans-serif"
#: Labels in pixels, or an expression of the chart's own size.
Size = float | dict[str, str]


def config(t: Tokens, size: Size = 13) -> dict[str, Any]:
    """The look of every chart, given to each: a global theme would be shared by sessions in light and in dark."""
    axis = {
        "labelFont": FONT,
        "labelFontSize": size,
        "labelColor": t.quiet,
        "labelPadding": 8,
        "domain": False,
        "ticks": False,
        "grid": False,
        "title": None,
    }
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "mark": {"aria": False},  # the chart says itself in one sentence; its groups of marks have no names
        "axis": axis,
        "axisX": {"domain": True, "domainColor": t.rule, "labelAngle": 0, "labelFlush": False},
        "axisY": {"labelLimit": 260},
        "legend": {"disable": True},
        "bar": {"color": t.context},
        "point": {"filled": True, "size": 110, "opacity": 1},
        "line": {"strokeWidth": 2.5, "color": t.chosen},
        "rule": {"color": t.rule},
        "text": {"font": FONT, "fontSize": size, "color": t.ink},
    }


def done(chart: alt.LayerChart, t: Tokens, size: Size = 13, *, top: int = 6, bottom: int = 0) -> alt.LayerChart:
    """Dress a chart; `top` and `bottom` are the room for labels that stand outside the plot."""
    return chart.properties(config=config(t, size), padding={"left": 0, "right": 0, "top": top, "bottom": bottom})


def expr(expression: str) -> alt.ExprRef:
    """A size that follows the chart's own, or its row."""
    return alt.ExprRef(expr=expression)


def halo(t: Tokens) -> dict[str, Any]:
    """Drawn below a label that may cross a line: the same words in a broad stroke of paper."""
    return {"color": t.paper, "stroke": t.paper, "strokeWidth": 5, "strokeJoin": "round"}


#: An objective, wherever it stands.
DASHED = {"strokeDash": [5, 4], "strokeWidth": 2}

#: A chart's function: rows and tokens first, then what it asks by name.
Draw = Callable[..., alt.LayerChart]


class _Rows:
    """A frame that is the same key as another of the same cells."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.cells = repr(frame.to_dict("list"))

    def __hash__(self) -> int:
        return hash(self.cells)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and self.cells == other.cells


def spec(draw: Draw, frame: pd.DataFrame, t: Tokens, **asked: Any) -> dict[str, Any]:
    """The finished chart, made once for the same rows: drawing all of a page anew takes half a second."""
    return _spec(draw, _Rows(frame), t, **asked)


@lru_cache(maxsize=256)
def _spec(draw: Draw, rows: _Rows, t: Tokens, **asked: Any) -> dict[str, Any]:
    return draw(rows.frame, t, **asked).to_dict(validate=False)  # tests hold every chart against the schema
