"""How well mentor and mentee suit each other, 0 to 1000, from criteria that a coordinator would name."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from services.engine.criteria import CRITERIA

Scores = NDArray[np.int64]
_OUT_OF = 10


@dataclass(frozen=True)
class Weights:
    """What each criterion counts for; programme policy, so a change is a new version.

    The occupation alone is worth the standard floor of 300: two of one profession can always be proposed
    unless a programme raises its floor. A criterion whose facts are missing is left out of the mean. Goals are free
    text: the card shows them, and they are not scored, because similar words are not similar aims.
    """

    occupation: int = 300
    experience: int = 300
    languages: int = 150
    record: int = 150
    load: int = 100
    version: int = 1


@dataclass(frozen=True)
class Part:
    """One row of the review card: a criterion, the fact on either side, and what it adds."""

    name: str
    mentee: str
    mentor: str
    #: 0 to 100; None when it was left out, and `verdict` says why.
    score: int | None
    verdict: str


@dataclass(frozen=True, eq=False)
class FitTable:
    """The fit of every mentee (rows) with every mentor (columns)."""

    score: Scores
    #: 0 to 100 by criterion, nan where it was left out.
    parts: dict[str, NDArray[np.float64]]
    mentors: pd.DataFrame
    mentees: pd.DataFrame
    working_languages: tuple[str, ...]

    def explain(self, i: int, j: int) -> list[Part]:
        """The rows of the review card for mentee `i` and mentor `j`."""
        mentee, mentor = self.mentees.iloc[i], self.mentors.iloc[j]
        rows = []
        for criterion in CRITERIA:
            points = self.parts[criterion.key][i, j]
            known = not np.isnan(points)
            verdict = criterion.verdict(mentee, mentor, self.working_languages) if known else "Left out, not stated"
            score = int(points) if known else None
            rows.append(Part(criterion.name, criterion.mentee(mentee), criterion.mentor(mentor), score, verdict))
        return rows


def fit(
    mentors: pd.DataFrame,
    mentees: pd.DataFrame,
    weights: Weights | None = None,
    working_languages: tuple[str, ...] = ("English",),
) -> FitTable:
    """The fit of every pair of the frames that `services.engine` describes."""
    weights = weights or Weights()
    shape = (len(mentees), len(mentors))
    total, counted = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    parts = {}
    for criterion in CRITERIA:
        points = np.floor(criterion.points(mentors, mentees, working_languages) + 0.5)
        known, weight = ~np.isnan(points), getattr(weights, criterion.key)
        total += np.where(known, points, 0).astype(np.int64) * weight
        counted += known * weight
        parts[criterion.key] = points
    # Half up, in whole numbers: the same on every machine.
    score = (2 * _OUT_OF * total + counted) // np.maximum(2 * counted, 1)
    return FitTable(score, parts, mentors, mentees, working_languages)
