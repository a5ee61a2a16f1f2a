"""Proposing matches: the plan for a cohort, and storing it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import insert
from sqlalchemy.orm import Session

from db.models import Cohort, Match
from services import audit, clock, pool, problems, programmes, weights
from services.access import Actor, Permission, authorise
from services.engine import fit, plan, unmatched
from services.engine.problem import Integers
from services.engine.robust import Mark
from services.pool import Pool
from services.problems import Group, waited
from services.programmes import Clocks

_PAIRS = ["mentee_ref", "mentee", "mentor_ref", "mentor", "group", "fit", "waiting_days"]
_UNMATCHED = ["mentee_ref", "mentee", "group", "waiting_days", "code", "reason", "change"]
_LEFT = ["mentor_ref", "mentor", "group", "places"]


@dataclass(frozen=True, eq=False)
class Plan:
    """Whom the engine would match in a cohort; nothing is stored yet."""

    cohort: str
    #: mentee_ref, mentee, mentor_ref, mentor, group, fit (0 to 1000), waiting_days; the best fit first.
    pairs: pd.DataFrame
    #: mentee_ref, mentee, group, waiting_days, code, reason (a sentence), change (the smallest that would help).
    unmatched: pd.DataFrame
    #: mentor_ref, mentor, group, places still free under this plan.
    left: pd.DataFrame

    @property
    def total_fit(self) -> int:
        """The sum of the fit of all pairs."""
        return int(self.pairs["fit"].sum())


@dataclass(frozen=True)
class Moment:
    """When, and by whom, a proposal is made."""

    on: dt.date
    at: dt.datetime
    by_id: int | None


@dataclass(frozen=True)
class Draft:
    """What an apply stores."""

    cohort_id: int
    #: Columns of `match`.
    rows: list[dict[str, Any]]
    unmatched: int


@dataclass(frozen=True, eq=False)
class _Group(problems.Group):
    """One occupational group, asked and answered."""

    match: Integers


def propose(
    session: Session,
    *,
    by: Actor,
    cohort: str | None = None,
    programme_id: int | None = None,
    group_id: int | None = None,
    told: Callable[[str, int, int], None] | None = None,
) -> Plan:
    """The best plan for a cohort (the latest unless named) of a programme (the main one unless named).

    `group_id`: for one occupational group only, as after a decision in it. `told` hears of each group that is
    planned: its name, how many are done, and of how many.

    Raises `NotFound` when there is no programme or cohort.
    """
    authorise(session, by, Permission.PROPOSE_MATCHES)
    into, gathered, groups = _planned(session, cohort, programme_id, group_id, told=told)
    floor = programmes.clocks(session, into.programme_id).fit_floor
    without = [line for group in groups for line in _without(group, floor, gathered.today)]
    pairs = [line for group in groups for line in _pairs(group, gathered.today)]
    return Plan(
        cohort=into.name,
        pairs=pd.DataFrame(pairs, columns=_PAIRS).sort_values(
            ["fit", "mentee_ref"], ascending=[False, True], ignore_index=True
        ),
        unmatched=pd.DataFrame(without, columns=_UNMATCHED).sort_values(
            ["waiting_days", "mentee_ref"], ascending=[False, True], ignore_index=True
        ),
        left=_left(gathered.mentors, pairs),
    )


def apply(
    session: Session,
    *,
    by: Actor,
    cohort: str | None = None,
    programme_id: int | None = None,
    group_id: int | None = None,
) -> int:
    """Plan again, in this transaction, and store each pair as a proposal; returns how many.

    Raises `NotFound` when there is no programme or cohort; `Conflict` comes from the transaction when another was
    faster.
    """
    by = authorise(session, by, Permission.PROPOSE_MATCHES)
    drafted = draft(session, by=by, cohort=cohort, programme_id=programme_id, group_id=group_id)
    if drafted.rows:
        session.execute(insert(Match), drafted.rows)
    counts = {"proposed": len(drafted.rows), "unmatched": drafted.unmatched}
    audit.record(session, by, "matches proposed", "cohort", drafted.cohort_id, **counts)
    return len(drafted.rows)


def draft(
    session: Session,
    *,
    by: Actor,
    cohort: str | None = None,
    programme_id: int | None = None,
    group_id: int | None = None,
    today: dt.date | None = None,
) -> Draft:
    """The rows that `apply` stores; `today` is the day it is unless given."""
    by = authorise(session, by, Permission.PROPOSE_MATCHES)
    into, gathered, groups = _planned(session, cohort, programme_id, group_id, today)
    floor = programmes.clocks(session, into.programme_id).fit_floor
    marked = [(group, group.marks(group.match, floor)) for group in groups]
    moment = Moment(gathered.today, clock.now(), by.account_id)
    rows = [
        row(group, int(i), int(group.match[i]), into, moment, marks[i])
        for group, marks in marked
        for i in np.flatnonzero(group.match >= 0)
    ]
    # Two who apply at once lock the mentors in one order.
    rows.sort(key=lambda row: (row["mentor_id"], row["mentee_id"]))
    return Draft(into.id, rows, sum(len(group.match) for group in groups) - len(rows))


def row(group: Group, i: int, j: int, into: Cohort, moment: Moment, mark: Mark | None = None) -> dict[str, Any]:
    """The columns of `match` for a new proposal: mentee `i` of a group with mentor `j`."""
    return {
        "programme_id": into.programme_id,
        "cohort_id": into.id,
        "mentor_id": int(group.mentors["id"].iloc[j]),
        "mentee_id": int(group.mentees["id"].iloc[i]),
        "group_id": int(group.mentees["group_id"].iloc[i]),
        "proposed_on": moment.on,
        "proposed_at": moment.at,
        "proposed_by_id": moment.by_id,
        "fit": int(group.table.score[i, j]),
        "fit_detail": detail(group.table.explain(i, j), mark),
        "weights_version": group.weights.version,
    }


def detail(parts: list[fit.Part], mark: Mark | None = None) -> dict[str, Any]:
    """What is kept of an explanation: points, verdicts, the mark. The facts are people's data and can be read again."""
    kept: dict[str, Any] = {
        "criteria": [{"name": part.name, "score": part.score, "verdict": part.verdict} for part in parts]
    }
    if mark and mark.tried:
        kept["mark"] = {"kept": mark.kept, "tried": mark.tried}
    return kept


def _planned(
    session: Session,
    cohort: str | None,
    programme_id: int | None,
    group_id: int | None,
    today: dt.date | None = None,
    told: Callable[[str, int, int], None] | None = None,
) -> tuple[Cohort, Pool, list[_Group]]:
    if programme_id is None:
        programme_id = programmes.main(session).id
    into = programmes.cohort(session, programme_id, cohort)
    gathered = pool.gather(session, into, group_id=group_id, today=today)
    settings = programmes.clocks(session, programme_id)
    groups: list[_Group] = []
    for group in _groups(gathered, settings, weights.current(session, programme_id)):
        groups.append(group)
        if told:
            told(group.name, len(groups), gathered.mentees["group"].nunique())
    return into, gathered, groups


def _groups(gathered: Pool, settings: Clocks, in_use: fit.Weights) -> Iterator[_Group]:
    """Every group that has mentees, by name, each with its best plan."""
    for group in problems.groups(gathered, settings, in_use):
        yield _Group(**vars(group), match=plan.solve(group.problem))


def _matched(group: _Group) -> Iterator[tuple[int, int]]:
    for i in np.flatnonzero(group.match >= 0):
        yield int(i), int(group.match[i])


def _pairs(group: _Group, today: dt.date) -> Iterator[dict[str, Any]]:
    for i, j in _matched(group):
        mentee, mentor = group.mentees.iloc[i], group.mentors.iloc[j]
        yield {
            "mentee_ref": mentee["ref"],
            "mentee": mentee["name"],
            "mentor_ref": mentor["ref"],
            "mentor": mentor["name"],
            "group": group.name,
            "fit": int(group.table.score[i, j]),
            "waiting_days": waited(mentee["ready_on"], today),
        }


def _without(group: _Group, floor: int, today: dt.date) -> Iterator[dict[str, Any]]:
    for answer in unmatched.explain(group.name, group.ruling, group.problem, floor):
        mentee = group.mentees.iloc[answer.mentee]
        yield {
            "mentee_ref": mentee["ref"],
            "mentee": mentee["name"],
            "group": group.name,
            "waiting_days": waited(mentee["ready_on"], today),
            "code": answer.code,
            "reason": answer.reason,
            "change": answer.change,
        }


def _left(mentors: pd.DataFrame, pairs: list[dict[str, Any]]) -> pd.DataFrame:
    taken = Counter(pair["mentor_ref"] for pair in pairs)
    places = mentors["free"] - mentors["ref"].map(taken)
    left = mentors.assign(mentor_ref=mentors["ref"], mentor=mentors["name"], places=places)
    return left.loc[places > 0, _LEFT].sort_values(["group", "mentor_ref"], ignore_index=True)
