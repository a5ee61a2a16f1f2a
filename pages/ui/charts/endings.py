"""Matches that ended early, by reason; that a mentee was hired is a success."""

import altair as alt
import pandas as pd

from pages.ui.charts import rows
from pages.ui.charts.style import done
from pages.ui.theme import Tokens


def bars(frame: pd.DataFrame, t: Tokens) -> alt.LayerChart:
    """reason, matches (may be missing), text (what is printed, "<11"), is_success, in the order given."""
    success = frame["is_success"].eq(other=True)
    drawn = pd.DataFrame(
        {
            "row": [rows.name(reason) for reason in frame["reason"]],
            "value": [*rows.numbers(frame["matches"])],
            "bold": rows.printed(frame, "matches", "text"),
            "quiet": ["a success" if good else "" for good in success],
            "kind": ["success" if good else "other" for good in success],
        }
    )
    return done(rows.bars(drawn, t, {"success": t.green.mark, "other": t.context}), t)


def bars_words(frame: pd.DataFrame) -> str:
    """Each reason with its number, and which of them are a success."""
    said = zip(
        rows.told(frame, "reason"),
        rows.printed(frame, "matches", "text"),
        frame["is_success"].eq(other=True),
        strict=True,
    )
    parts = [f"{reason} {count}" + (", a success" if good else "") for reason, count, good in said]
    return f"Matches ended early: {'; '.join(parts)}." if parts else "No match has ended early."
