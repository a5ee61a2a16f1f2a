"""From ready to completed: how many mentees came to each step."""

import altair as alt
import pandas as pd

from pages.ui.charts.rows import bars, name, numbers, printed, told
from pages.ui.charts.style import done
from pages.ui.theme import Tokens
from pages.ui.words import listed


def steps(frame: pd.DataFrame, t: Tokens, *, subject: str) -> alt.LayerChart:
    """step, mentees (may be missing), text ("81 % of mentees ready"), in the order given; one step is the subject."""
    rows = pd.DataFrame(
        {
            "row": [name(step) for step in frame["step"]],
            "value": [*numbers(frame["mentees"])],
            "bold": printed(frame, "mentees"),
            "quiet": told(frame, "text"),
            "kind": ["subject" if step == subject else "context" for step in frame["step"]],
        }
    )
    return done(bars(rows, t, {"subject": t.chosen, "context": t.context}), t)


def steps_words(frame: pd.DataFrame) -> str:
    """Each step with its number and its share."""
    said = zip(told(frame, "step"), printed(frame, "mentees"), told(frame, "text"), strict=True)
    parts = [f"{step} {count}" + (f" ({text})" if text else "") for step, count, text in said]
    return f"Mentees, step by step: {listed(parts)}." if parts else "No mentee has come to any step yet."
