"""Matches to date, under each counting rule: the one definition behind every screen, the stage and the sheets."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Subquery, func, or_, select
from sqlalchemy.orm import Session

from db.models import Agency, Cohort, CountingRule, Match, MatchState, MatchTransition, Mentee, OccupationalGroup
from services.counting import figures
from services.counting.definition import ask
from services.counting.figure import Figure, Scope
from services.counting.match_rows import COUNTED


@dataclass(frozen=True)
class Wording:
    """How a counting rule is spoken of."""

    #: One of them, as in "the 3,000th match".
    one: str
    #: Goes before "since 2004".
    title: str

    #: What more than one are called.
    unit: str


WORDING: dict[CountingRule, Wording] = {
    CountingRule.STARTED_MATCHES: Wording("match", "Matches", "matches"),
    CountingRule.DISTINCT_MENTEES: Wording("mentee", "Mentees matched", "mentees"),
    CountingRule.COMPLETED_MATCHES: Wording("completed match", "Matches completed", "completed matches"),
}


@dataclass(frozen=True)
class CohortCount:
    """What one cohort adds to the figure, up to a day."""

    cohort: str
    starts_on: dt.date
    matches: int
    first_on: dt.date | None
    latest_on: dt.date | None
    #: Of `matches`, those of the as-of day itself.
    that_day: int


@dataclass(frozen=True)
class Nth:
    """The match that made a number full."""

    number: int
    day: dt.date
    cohort: str
    ref: str
    #: Of a single match, so for coordinators only.
    group: str
    agency: str | None


def matches_to_date(session: Session, programme_id: int, as_of: dt.date, rule: CountingRule | None = None) -> Figure:
    """The programme's count up to and with a day, under its own rule unless one is named."""
    return figures.figure(session, Scope(programme_id, as_of), figures.OF_RULE[rule] if rule else figures.TO_DATE)


def matches_by_cohort(
    session: Session, programme_id: int, as_of: dt.date, rule: CountingRule | None = None
) -> pd.DataFrame:
    """cohort, starts_on, matches; oldest first. They add up to `matches_to_date` of that day."""
    rows = [(c.cohort, c.starts_on, c.matches) for c in by_cohort(session, programme_id, as_of, rule)]
    return pd.DataFrame(rows, columns=["cohort", "starts_on", "matches"])


def by_cohort(
    session: Session, programme_id: int, as_of: dt.date, rule: CountingRule | None = None
) -> tuple[CohortCount, ...]:
    """Every cohort that has begun by that day or has a match by then, oldest first; one statement."""
    counted = _counted(session, programme_id, as_of, rule)
    sums = (
        select(
            counted.c.cohort_id,
            func.count().label("matches"),
            func.min(counted.c.day).label("first_on"),
            func.max(counted.c.day).label("latest_on"),
            func.count().filter(counted.c.day == as_of).label("that_day"),
        )
        .group_by(counted.c.cohort_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Cohort.name,
            Cohort.starts_on,
            func.coalesce(sums.c.matches, 0),
            sums.c.first_on,
            sums.c.latest_on,
            func.coalesce(sums.c.that_day, 0),
        )
        .outerjoin(sums, sums.c.cohort_id == Cohort.id)
        .where(Cohort.programme_id == programme_id, or_(Cohort.starts_on <= as_of, sums.c.matches > 0))
        .order_by(Cohort.starts_on, Cohort.id)
    )
    return tuple(CohortCount(*row) for row in rows)


def by_day(session: Session, programme_id: int, as_of: dt.date, rule: CountingRule | None = None) -> pd.DataFrame:
    """day, matches: the days up to the as-of day on which any began to count, oldest first."""
    counted = _counted(session, programme_id, as_of, rule)
    rows = session.execute(select(counted.c.day, func.count()).group_by(counted.c.day).order_by(counted.c.day))
    return pd.DataFrame([tuple(row) for row in rows], columns=["day", "matches"])


def taken_back(
    session: Session, programme_id: int, as_of: dt.date, rule: CountingRule | None = None
) -> list[tuple[dt.date, dt.date]]:
    """Of every match declared an error that would count by the day: from when it would, and the day of the error."""
    asked = ask(session, Scope(programme_id, as_of))
    counts_from = Match.ended_on if (rule or asked.rule) is CountingRule.COMPLETED_MATCHES else Match.started_on
    rows = session.execute(
        select(counts_from, func.max(MatchTransition.on_day))
        .join(MatchTransition, MatchTransition.match_id == Match.id)
        .where(
            Match.programme_id == programme_id,
            Match.state == MatchState.VOID,
            MatchTransition.to_state == MatchState.VOID,
            counts_from <= as_of,
        )
        .group_by(Match.id, counts_from)
    )
    return [(day, found) for day, found in rows if day is not None]


def nth(
    session: Session,
    programme_id: int,
    numbers: Collection[int],
    as_of: dt.date,
    rule: CountingRule | None = None,
) -> list[Nth]:
    """When each of these numbers was reached, lowest first; those not reached by that day are left out.

    Of one day, the match entered first counts first.
    """
    if not numbers:
        return []
    counted = _counted(session, programme_id, as_of, rule)
    ranked = select(
        counted.c.day,
        counted.c.cohort_id,
        counted.c.match_id,
        func.row_number().over(order_by=(counted.c.day, counted.c.match_id)).label("number"),
    ).subquery()
    rows = session.execute(
        select(ranked.c.number, ranked.c.day, Cohort.name, Match.ref, OccupationalGroup.name, Agency.name)
        .join(Cohort, Cohort.id == ranked.c.cohort_id)
        .join(Match, Match.id == ranked.c.match_id)
        .join(OccupationalGroup, OccupationalGroup.id == Match.group_id)
        .join(Mentee, Mentee.id == Match.mentee_id)
        .outerjoin(Agency, Agency.id == Mentee.agency_id)
        .where(ranked.c.number.in_(numbers))
        .order_by(ranked.c.number)
    )
    return [Nth(*row) for row in rows]


def _counted(session: Session, programme_id: int, as_of: dt.date, rule: CountingRule | None) -> Subquery:
    """match_id, cohort_id, day: one row for each that counts by the day, on the day from which it does."""
    asked = ask(session, Scope(programme_id, as_of))
    return COUNTED[rule or asked.rule](asked).subquery()
