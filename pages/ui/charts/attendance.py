"""Who came, of those whose attendance was taken."""

import altair as alt
import pandas as pd

from pages.ui.charts.rows import Ends, name, numbers, told, y
from pages.ui.charts.style import done
from pages.ui.theme import Tokens
from pages.ui.words import NOTHING, listed


def bars(frame: pd.DataFrame, t: Tokens) -> alt.LayerChart:
    """event, share (per cent, may be missing), text ("94 %"), note ("72 of 77"), in the order given."""
    rows = pd.DataFrame({"row": [name(event) for event in frame["event"]], "share": [*numbers(frame["share"])]})
    rows["bold"], rows["quiet"], rows["zero"] = told(frame, "text", NOTHING), told(frame, "note"), 0
    rows["full"] = rows["share"].where(rows["share"].isna(), 100).fillna(0)  # without a share there is nothing to fill
    ends = Ends([*rows["bold"]], [*rows["quiet"]], [*(rows["full"] / 100)])
    base = alt.Chart().encode(y=y([*rows["row"]], t, between=0.42))
    full = alt.X("full:Q", axis=None, scale=alt.Scale(domain=[0, 100], range=ends.reach()))
    track = base.mark_bar(color=t.track, cornerRadius=2).encode(x=full, x2=alt.X2("zero"))
    came = base.transform_filter("isValid(datum.share)").mark_bar(color=t.chosen, cornerRadius=2)
    layers = [track, came.encode(x=alt.X("share:Q"), x2=alt.X2("zero")), *ends.drawn(base.encode(x=full), t)]
    return done(alt.layer(*layers, data=rows, height=alt.Step(42)), t)


def bars_words(frame: pd.DataFrame, *, of: str = "Attendance") -> str:
    """Each event with its share and how many of whom; `of` says what the shares are."""
    said = zip(told(frame, "event"), told(frame, "text", "no share"), told(frame, "note"), strict=True)
    parts = [f"{event} {text}" + (f" ({note})" if note else "") for event, text, note in said]
    return f"{of}: {listed(parts)}." if parts else "No attendance has been taken yet."
