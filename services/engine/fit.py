"""How well mentor and mentee suit each other, 0 to 1000, from criteria that a coordinator would name."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from services.engine.criteria import CRITERIA
from services.engine.facts import columns
from services.engine.points import MISSING, Points
from services.engine.told import NO_WISHES, NONE_SOUGHT, NOT_STATED

Scores = NDArray[np.int64]
_OUT_OF = 10
#: Rows of a matrix that are worked on at once, so that they stay in the processor's cache.
_ROWS = 64
#: Points from which a criterion speaks for a pair.
_WELL_MET = 85
_SILENT = {"", NOT_STATED, NO_WISHES}


@dataclass(frozen=True)
class Weights:
    """What each criterion counts for, 0 to 1000; programme policy, so a change is a new version.

    The policy of these: two of one profession reach the standard floor of 300 whatever else is known of them, even
    where every other criterion is at its worst (380 of 1000 at 80 points), so that only a programme that raises its
    floor leaves such a pair out. Then counts what a mentee comes for (speciality, experience ahead of theirs, goals,
    licence), then what makes meeting easy (language, office, the mentor's wishes); the mentor's record and free
    places only settle what is nearly equal. Goals are chosen from the programme's list: similar words of a free
    text are not similar aims. A criterion whose facts are missing is left out of the mean.
    """

    occupation: int = 380
    speciality: int = 150
    experience: int = 120
    goals: int = 100
    licensing: int = 60
    languages: int = 50
    reach: int = 50
    wishes: int = 40
    record: int = 30
    load: int = 20
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
    #: What a coordinator would say of it; empty when it was left out.
    sentence: str = ""

    @property
    def silent(self) -> bool:
        """Whether neither side says anything, or the mentee seeks none of it."""
        return self.score is None and (self.mentee == NONE_SOUGHT or {self.mentee, self.mentor} <= _SILENT)


def why(parts: Sequence[Part]) -> str:
    """What speaks most for a pair: the first two criteria about both people that are well met, in sentences."""
    met = [part.sentence for part in parts if part.mentee and part.score is not None and part.score >= _WELL_MET]
    return " ".join(met[:2])


@dataclass(frozen=True, eq=False)
class FitTable:
    """The fit of every mentee (rows) with every mentor (columns)."""

    score: Scores
    #: 0 to 100 by criterion, `MISSING` where it was left out; one row where it is the same for every mentee.
    points: dict[str, Points]
    mentors: pd.DataFrame
    mentees: pd.DataFrame
    working_languages: tuple[str, ...]

    @property
    def parts(self) -> dict[str, NDArray[np.float32]]:
        """Points by criterion as a matrix of floats, nan where it was left out; eight times the size of `points`."""
        return {
            key: np.broadcast_to(np.where(points == MISSING, np.float32(np.nan), points), self.score.shape)
            for key, points in self.points.items()
        }

    def reweighted(self, weights: Weights) -> Scores:
        """The score of the same facts under other weights."""
        return _mean(self.points, weights, self.score.shape)

    def explain(self, i: int, j: int) -> list[Part]:
        """The rows of the review card for mentee `i` and mentor `j`."""
        mentee, mentor = self.mentees.iloc[i], self.mentors.iloc[j]
        rows = []
        for criterion in CRITERIA:
            points = int(np.broadcast_to(self.points[criterion.key], self.score.shape)[i, j])
            said = criterion.said(mentee, mentor, self.working_languages)
            if points == MISSING:
                rows.append(Part(criterion.name, said.mentee, said.mentor, None, said.left_out))
            else:
                rows.append(Part(criterion.name, said.mentee, said.mentor, points, said.verdict, said.sentence))
        return rows


def fit(
    mentors: pd.DataFrame,
    mentees: pd.DataFrame,
    weights: Weights | None = None,
    working_languages: tuple[str, ...] = ("English",),
) -> FitTable:
    """The fit of every pair of the frames that `services.engine` describes."""
    points = {
        criterion.key: criterion.points(
            columns(mentors, criterion.of_mentor), columns(mentees, criterion.of_mentee), working_languages
        )
        for criterion in CRITERIA
    }
    score = _mean(points, weights or Weights(), (len(mentees), len(mentors)))
    return FitTable(score, points, mentors, mentees, working_languages)


def _mean(points: dict[str, Points], weights: Weights, shape: tuple[int, ...]) -> Scores:
    """The weighted mean of what is known, half up, in whole numbers: the same on every machine."""
    score = np.empty(shape, dtype=np.int64)
    for start in range(0, shape[0], _ROWS):
        rows = slice(start, start + _ROWS)
        total, counted = np.zeros((2, *score[rows].shape), dtype=np.int32)
        for key, given in points.items():
            weight, here = np.int32(getattr(weights, key)), given if len(given) == 1 else given[rows]
            known = here != MISSING
            total += np.where(known, here, np.int8(0)) * weight
            counted += known * weight
        score[rows] = (2 * _OUT_OF * total + counted) // np.maximum(2 * counted, 1)
    return score
