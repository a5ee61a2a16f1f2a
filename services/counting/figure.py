"""A number that says what it counts."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Period:
    """Both days belong to it; `first` is None while nothing has been counted."""

    first: dt.date | None
    last: dt.date


@dataclass(frozen=True)
class Figure:
    """One figure, with everything that must stand beside it wherever it is shown."""

    value: int
    #: What one of `value` is: "matches", "mentees". A rate's is "%".
    unit: str
    #: The counting rule as a sentence.
    rule: str
    period: Period
    as_of: dt.date
    #: Of a rate: how many, out of whom. A count has neither.
    numerator: int | None = None
    base: int | None = None
