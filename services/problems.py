"""What the engine is asked: a pool divided into its occupational groups, each under rules, floor and weights."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from services.engine import fit, robust, rules
from services.engine.problem import Integers, Problem
from services.pool import Pool
from services.programmes import Clocks

#: Points of fit that keep a proposal where it is: a tenth of a percent of the total buys a third of the moves.
STAY = 25
#: So many that nobody moves for a better fit: on the card a proposal moves when its place is needed.
PINNED = 1001


@dataclass(frozen=True, eq=False)
class Group:
    """One occupational group, as a question."""

    name: str
    mentors: pd.DataFrame
    mentees: pd.DataFrame
    ruling: rules.Ruling
    weights: fit.Weights
    table: fit.FitTable
    problem: Problem

    def keep(self) -> Integers:
        """The mentor each mentee is proposed to now, -1 for none."""
        mentors = pd.Index(self.mentors["id"])
        return np.asarray(mentors.get_indexer(self.mentees["proposed_mentor_id"].fillna(0)), dtype=np.int64)

    def under(self, weights: fit.Weights, floor: int) -> "Group":
        """The same question under other weights: the facts are not looked at again."""
        score = self.table.reweighted(weights)
        problem = replace(self.problem, score=score, ok=self.ruling.but_for_places & (score >= floor))
        return replace(self, weights=weights, table=replace(self.table, score=score), problem=problem)

    def marks(self, match: Integers, floor: int) -> list[robust.Mark]:
        """How much each pair of a plan hangs on the weights."""
        return robust.marks(self.table, self.weights, self.problem, match, self.ruling.but_for_places, floor)


def groups(gathered: Pool, settings: Clocks, weights: fit.Weights) -> Iterator[Group]:
    """Every group that has mentees, by name."""
    for name in sorted(set(gathered.mentees["group"])):
        mentees = gathered.mentees[gathered.mentees["group"] == name].reset_index(drop=True)
        mentors = gathered.mentors[gathered.mentors["group"] == name].reset_index(drop=True)
        ruling = rules.check(mentors, mentees, gathered.terms)
        table = fit.fit(mentors, mentees, weights, settings.working_languages)
        days = np.array([waited(day, gathered.today) for day in mentees["ready_on"]], dtype=np.int64)
        problem = Problem(
            mentees=list(mentees["ref"]),
            mentors=list(mentors["ref"]),
            score=table.score,
            ok=ruling.but_for_places & (table.score >= settings.fit_floor),
            places=mentors["free"].to_numpy(np.int64),
            band=days // settings.waiting_band_days,
        )
        yield Group(name, mentors, mentees, ruling, weights, table, problem)


def waited(ready_on: dt.date | None, today: dt.date) -> int:
    """Days since a mentee was ready."""
    return max((today - ready_on).days, 0) if ready_on else 0
