"""Other weights, tried: what the plan would be with them, before anything is saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from services import pool, problems, programmes, weights
from services.access import Actor, Permission, authorise
from services.counting.figure import out_of_100
from services.engine import plan
from services.engine.fit import Weights
from services.engine.problem import Integers
from services.wording import counted, first_upper

_MOVES = [
    *("mentee_ref", "mentee", "group", "before_ref", "before", "after_ref", "after"),
    *("fit_before", "fit_after"),
]


@dataclass(frozen=True)
class Outcome:
    """One of the two plans: the one with the weights in use, or the one with the weights tried."""

    matched: int
    #: Of the mentees who have waited longest, those matched.
    long_waiting: int
    #: Sum of the fit of its pairs, measured in the weights in use and in those tried.
    total_in_use: int
    total_tried: int

    @property
    def mean_in_use(self) -> Decimal | None:
        """The mean fit in the weights in use; None without a pair."""
        return Decimal(self.total_in_use) / self.matched if self.matched else None

    @property
    def mean_tried(self) -> Decimal | None:
        """The mean fit in the weights tried; None without a pair."""
        return Decimal(self.total_tried) / self.matched if self.matched else None


@dataclass(frozen=True, eq=False)
class Attempt:
    """What would change if these weights were used."""

    cohort: str
    weights: Weights
    in_use: Weights
    #: Of the mentees of the two plans, those whose proposal is in the queue; the others wait.
    proposed: int
    waiting: int
    #: Proposals in the queue that even the plan with the weights in use would not make so.
    apart: int
    before: Outcome
    after: Outcome
    #: Pairs that change their mentor; mentees matched only after, and only before.
    moved: int
    newly: int
    lost: int
    #: Mentees who have waited more than so many days.
    long_waiting: int
    long_days: int
    #: mentee_ref, mentee, group, before_ref, before, after_ref, after (None: no mentor), fit_before, fit_after
    #: (0 to 1000 in the weights tried, None without a mentor): who would lose their mentor first, then the most gained.
    moves: pd.DataFrame

    @property
    def sentence(self) -> str:
        """What a coordinator wants to know first."""
        if not self.before.matched and not self.after.matched:
            return "There is nobody to match: no proposal is in the queue and nobody who waits could have a mentor."
        fits = [out_of_100(float(mean)) for mean in (self.before.mean_tried, self.after.mean_tried) if mean is not None]
        fit = f"mean fit {' to '.join(map(str, fits if len(set(fits)) > 1 else fits[:1]))}"
        return f"{first_upper(self._moved())}; {self._matched()}; {fit}."

    def _moved(self) -> str:
        pairs = f"{self.before.matched:,} {'proposal' if self.before.matched == 1 else 'proposals'}"
        if self.moved + self.lost:
            return f"{self.moved + self.lost} of {pairs} would move"
        return f"none of {pairs} would move" if self.before.matched else "no proposal stands"

    def _matched(self) -> str:
        more = self.after.matched - self.before.matched
        if not more:
            return "as many mentees matched" + (f", {self.newly:,} of them others" if self.newly else "")
        return f"{counted(abs(more), 'mentee', 'mentees')} {'more' if more > 0 else 'fewer'} matched"


@dataclass(frozen=True, eq=False)
class _Both:
    """One group with both weights and both plans."""

    now: problems.Group
    tried: problems.Group
    keep: Integers
    before: Integers
    after: Integers


def attempt(session: Session, tried: Weights, *, by: Actor, programme_id: int, cohort: str | None = None) -> Attempt:
    """Plan everyone whose proposal is not yet decided, and everyone who waits, with the weights in use and with others.

    Proposals on hold and everything decided stay as they are; both plans keep a proposal where it is unless moving it
    gains more than `problems.STAY`. Nothing is stored. Raises `Invalid` for weights that could not be saved, `NotFound`
    when there is no such cohort.
    """
    authorise(session, by, Permission.SET_WEIGHTS)
    tried = weights.changed(tried, {})
    into = programmes.cohort(session, programme_id, cohort)
    settings, in_use = programmes.clocks(session, programme_id), weights.current(session, programme_id)
    gathered = pool.gather(session, into, proposed_too=True)
    both = [_planned(now, now.under(tried, settings.fit_floor)) for now in problems.groups(gathered, settings, in_use)]
    moves = pd.DataFrame([line for one in both for line in _moves(one)], columns=_MOVES, dtype=object)
    proposed = int(gathered.mentees["proposed_mentor_id"].notna().sum())
    lost, newly = moves["after"].isna(), moves["before"].isna()
    return Attempt(
        cohort=into.name,
        weights=tried,
        in_use=in_use,
        proposed=proposed,
        waiting=len(gathered.mentees) - proposed,
        apart=sum(int(((one.keep >= 0) & (one.keep != one.before)).sum()) for one in both),
        before=_outcome(both, [one.before for one in both]),
        after=_outcome(both, [one.after for one in both]),
        moved=int((~lost & ~newly).sum()),
        newly=int(newly.sum()),
        lost=int(lost.sum()),
        long_waiting=sum(int(_long(one).sum()) for one in both),
        long_days=settings.waiting_band_days,
        moves=_in_order(moves),
    )


def _planned(now: problems.Group, tried: problems.Group) -> _Both:
    keep = now.keep()
    before, after = (plan.solve(one.problem, keep=keep, stay=problems.STAY) for one in (now, tried))
    return _Both(now, tried, keep, before, after)


def _long(both: _Both) -> Any:
    return both.now.problem.band > 0


def _outcome(both: list[_Both], plans: list[Integers]) -> Outcome:
    pairs = list(zip(both, plans, strict=True))
    return Outcome(
        matched=sum(int((match >= 0).sum()) for _, match in pairs),
        long_waiting=sum(int((_long(one) & (match >= 0)).sum()) for one, match in pairs),
        total_in_use=sum(plan.total_fit(one.now.problem, match) for one, match in pairs),
        total_tried=sum(plan.total_fit(one.tried.problem, match) for one, match in pairs),
    )


def _moves(both: _Both) -> Iterator[dict[str, Any]]:
    mentees, mentors = both.now.mentees, both.now.mentors
    for i in np.flatnonzero(both.before != both.after):
        old, new = int(both.before[i]), int(both.after[i])
        yield {
            "mentee_ref": mentees["ref"].iloc[i],
            "mentee": mentees["name"].iloc[i],
            "group": both.now.name,
            "before_ref": mentors["ref"].iloc[old] if old >= 0 else None,
            "before": mentors["name"].iloc[old] if old >= 0 else None,
            "after_ref": mentors["ref"].iloc[new] if new >= 0 else None,
            "after": mentors["name"].iloc[new] if new >= 0 else None,
            "fit_before": int(both.tried.table.score[i, old]) if old >= 0 else None,
            "fit_after": int(both.tried.table.score[i, new]) if new >= 0 else None,
        }


def _in_order(moves: pd.DataFrame) -> pd.DataFrame:
    gain = moves["fit_after"].fillna(0) - moves["fit_before"].fillna(0)
    order = moves.assign(kept=moves["after"].notna(), gain=-gain.astype(float))
    return order.sort_values(["kept", "gain", "mentee_ref"], ignore_index=True)[_MOVES]
