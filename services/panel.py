"""What a page shows as one picture."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class Panel:
    """A chart's rows, its finding, and the note that says what they are."""

    finding: str
    rows: pd.DataFrame
    note: str
    #: Why there is no picture, as a sentence.
    absent: str = ""
