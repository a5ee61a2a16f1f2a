"""Charts of one row a category: its name at the left, its marks, and its words at the end of the marks.

Words are measured in pixels and kept free of the scale, so that no label is cut at any width. Where the chart is
narrow, the second words go below the first.
"""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from pages.ui.charts.style import expr
from pages.ui.theme import Tokens
from pages.ui.words import NOTHING, number

#: How many letters of a name stand on a line; the rest goes to a second one, and what is longer is cut.
_LETTERS = 30
#: And how many on the label of a mark.
_LABEL = 18
#: Marks get at least so many pixels before words are put below each other.
_MARKS = 150


def numbers(values: pd.Series) -> pd.Series:
    """As floats, with NaN for what is missing, whatever the column holds: whole numbers, decimals, None."""
    return pd.to_numeric(values, errors="coerce").astype(float)


def told(frame: pd.DataFrame, column: str, otherwise: str = "") -> list[str]:
    """A column of words as they stand; `otherwise` where one is missing, or the column is."""
    given = frame[column] if column in frame else [None] * len(frame)
    return [otherwise if pd.isna(word) or not str(word) else str(word) for word in given]


def printed(frame: pd.DataFrame, column: str, text: str = "") -> list[str]:
    """What stands on the marks: the column `text` where it has words, else the number, else a dash."""
    plain = [NOTHING if pd.isna(value) else number(value) for value in numbers(frame[column])]
    return [word or value for word, value in zip(told(frame, text), plain, strict=True)]


def under(texts: list[str]) -> pd.Series:
    """Of values that are printed as "<11": the number they lie under, else NaN."""
    found = pd.Series(texts, dtype=str).str.extract(r"^\s*<\s*([\d,]+)\s*$", expand=False)
    return numbers(found.str.replace(",", ""))


def name(words: object, note: str = "") -> str:
    """A row's name, in two lines at most; a note stands on the second."""
    lines = textwrap.wrap(str(words), _LETTERS, max_lines=1 if note else 2, placeholder=" …") or [" "]
    return "\n".join([*lines, note] if note else lines)


def short(words: str) -> str:
    """A name that stands on or beside a mark: what is longer than a label is cut."""
    return words if len(words) <= _LABEL else words[: _LABEL - 1].rstrip() + "…"


def step(names: Iterable[str], high: int) -> alt.Step:
    """Rows so high, or as high as names of two lines need."""
    return alt.Step(max(high, 40) if any("\n" in name for name in names) else high)


def wide(texts: list[str], size: float = 13) -> int:
    """About how many pixels the longest of these takes, rather too many than too few."""
    return round(0.55 * size * max(map(len, texts), default=0))


def y(names: list[str], t: Tokens, *, bold: str | None = None, between: float = 0.3) -> alt.Y:
    """The field `row`, in this order; `bold` is the one that stands out."""
    mine = alt.datum["value"] == bold
    subject: dict[str, Any] = {
        "labelColor": alt.when(mine).then(alt.value(t.ink)).otherwise(alt.value(t.quiet)),
        "labelFontWeight": alt.when(mine).then(alt.value(700)).otherwise(alt.value(400)),
    }
    axis = alt.Axis(
        domain=False,
        labelExpr="split(datum.label, '\\n')",
        labelLineHeight=15,
        labelOffset=expr("indexof(datum.value, '\\n') > 0 ? -7.5 : 0"),
        **(subject if bold is not None else {"labelColor": t.ink}),
    )
    return alt.Y("row:N", sort=names, axis=axis, scale=alt.Scale(paddingInner=between))


@dataclass(frozen=True)
class Ends:
    """The words at the end of marks, in the fields `bold` and `quiet`."""

    bold: list[str]
    quiet: list[str]
    #: Where each mark ends, of the longest: 0 to 1.
    at: list[float]
    #: Pixels before the scale begins.
    left: int = 0

    def reach(self) -> list[Any]:
        """The range of the marks' scale: as far as it goes while every row's words have their room."""
        end = f"({self._narrow} ? {self._end(stacked=True)} : {self._end(stacked=False)})"
        return [self.left, expr(f"max({end}, {self.left + 24})")]

    def drawn(self, base: alt.Chart, t: Tokens, *, gap: int = 8, color: str = "") -> list[alt.Chart]:
        """Both, at the x of `base`."""
        below = f"{self._narrow} && datum.quiet"
        strong = base.mark_text(
            align="left", dx=gap, dy=expr(f"{below} ? -8 : 0"), fontWeight=700, color=color or t.ink
        ).encode(text=alt.Text("bold:N"))
        after = gap + wide(self.bold, 14) + 8
        weak = base.mark_text(
            align="left", dx=expr(f"{below} ? {gap} : {after}"), dy=expr(f"{below} ? 8 : 0"), color=t.quiet
        ).encode(text=alt.Text("quiet:N"))
        return [strong, weak]

    @property
    def _narrow(self) -> str:
        return f"({self._end(stacked=False)}) < {self.left + _MARKS}" if any(self.quiet) else "false"

    def _end(self, *, stacked: bool) -> str:
        most = wide(self.bold, 14)
        room: dict[float, int] = {1: 14}
        for bold, quiet, at in zip(self.bold, self.quiet, self.at, strict=True):
            one, other = wide([bold], 14), wide([quiet])
            needed = 14 + (max(one, other) if stacked or not quiet else most + 12 + other)
            room[round(at, 3)] = max(needed, room.get(round(at, 3), 0))
        ends = [f"{self.left} + (width - {px + self.left}) / {at}" for at, px in room.items() if at > 0]
        return f"min({', '.join(ends)})" if len(ends) > 1 else ends[0]


def bars(rows: pd.DataFrame, t: Tokens, colours: dict[str, str], *, high: int = 37) -> alt.LayerChart:
    """row, value (missing: no bar), bold, quiet, kind (of `colours`).

    What is printed as "<11" is a hollow bar, and its value is left out of the chart.
    """
    rows = rows[["row", "value", "bold", "quiet", "kind"]].assign(under=under([*rows["bold"]]), zero=0)
    rows["value"] = rows["value"].where(rows["under"].isna())  # the chart's data can be read
    rows["end"] = rows["value"].fillna(rows["under"]).fillna(0)
    most = max([*rows["end"], 1])
    ends = Ends([*rows["bold"]], [*rows["quiet"]], [*(rows["end"] / most)])
    scale = alt.Scale(domain=[0, most], range=ends.reach())
    x = alt.X("end:Q", axis=None, scale=scale)
    base = alt.Chart().encode(y=y([*rows["row"]], t))
    colour = alt.Color("kind:N", scale=alt.Scale(domain=[*colours], range=[*colours.values()]))
    full = base.transform_filter("isValid(datum.value)").mark_bar(cornerRadiusEnd=2).encode(x=x, color=colour)
    hollow = base.transform_filter("isValid(datum.under)").mark_bar(filled=False, strokeWidth=1.5, strokeDash=[2, 2])
    layers = [full, hollow.encode(x=x, x2=alt.X2("zero"), stroke=colour), *ends.drawn(base.encode(x=x), t)]
    return alt.layer(*layers, data=rows, height=step(rows["row"], high))
