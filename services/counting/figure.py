"""A number that says what it counts."""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

#: What a figure without a value shows.
NOTHING = "–"
#: Units that are said with every value.
_SAID = ("%", "days", "hours")


@dataclass(frozen=True)
class Period:
    """Both days belong to it; `first` is None while nothing has been counted."""

    first: dt.date | None
    last: dt.date


@dataclass(frozen=True)
class Scope:
    """What a figure is asked of: a programme or one of its cohorts, as of a day."""

    programme_id: int
    as_of: dt.date
    cohort_id: int | None = None
    #: First day of the period, for figures of a period; None: the first day of the cohort, or of the as-of day's year.
    since: dt.date | None = None

    def of(self, cohort_id: int | None) -> "Scope":
        """The same question of another cohort; None: of the whole programme."""
        return replace(self, cohort_id=cohort_id)

    def on(self, as_of: dt.date) -> "Scope":
        """The same question as of another day."""
        return replace(self, as_of=as_of)


@dataclass(frozen=True)
class Figure:
    """One figure, with everything that must stand beside it wherever it is shown."""

    #: None when there is nothing to count yet; `absent` says what is missing. Rates are exact per cents.
    value: int | Decimal | None
    #: What one of `value` is: "matches", "mentees", "days". A rate's is "%".
    unit: str
    #: The counting rule as a sentence.
    rule: str
    period: Period
    as_of: dt.date
    #: Of a rate: how many, out of whom. A median has only a base, a count has neither.
    numerator: int | None = None
    base: int | None = None
    #: What the base counts: "mentees reached".
    base_unit: str = ""
    name: str = ""
    label: str = ""
    #: What the programme aims at, in the figure's own unit; None: nothing was set.
    objective: int | None = None
    #: Why there is no value, as a sentence.
    absent: str = ""
    #: True when value, numerator and base were rounded so that no person can be worked out.
    protected: bool = False
    #: True for a share that is not told because it would print as 100 per cent, which the rounding alone may be.
    is_nearly_all: bool = False

    @property
    def count(self) -> int:
        """The value of a count, which always has one."""
        return int(self.value or 0)

    @property
    def text(self) -> str:
        """The value as it is printed, with its unit where it has a sign of its own: "66 %", "19 days", "2,988"."""
        if self.value is None:
            return NOTHING
        number = f"{rounded(self.value, 1 if self.unit == 'hours' else 0):,}".replace("-", "−")
        return f"{number} {self.unit}" if self.unit in _SAID else number


def per_cent(numerator: int, base: int) -> Decimal:
    """The exact per cent; `base` is not 0."""
    return Decimal(100 * numerator) / Decimal(base)


def rounded(value: int | Decimal, places: int = 0) -> Decimal:
    """Rounded half up, as the City prints: 92.5 is 93. The only rounding of figures there is."""
    exact = Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return exact or abs(exact)  # a little less than nothing prints as "0", not as "−0"


def out_of_100(fit: float) -> int:
    """A fit of 0 to 1000 as it is printed: 925 is 93."""
    return int(rounded(Decimal(str(fit)) / 10))


def from_out_of_100(least: int) -> int:
    """The smallest fit of 0 to 1000 that is printed as so much: 93 is printed from 925."""
    return max(10 * least - 5, 0)
