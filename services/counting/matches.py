"""Matches to date, under each counting rule: the one definition behind every screen, the stage and the sheets."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Subquery, func, or_, select
from sqlalchemy.orm import Session

from db.models import Cohort, CountingRule, Match, MatchState, Programme
from services.counting.figure import Figure, Period


@dataclass(frozen=True)
class Wording:
    """How a counting rule is spoken of."""

    unit: str
    #: One of them, as in "the 3,000th match".
    one: str
    #: Goes before "since 2004".
    title: str
    sentence: str


WORDING: dict[CountingRule, Wording] = {
    CountingRule.STARTED_MATCHES: Wording(
        "matches",
        "match",
        "Matches",
        "Every match that started counts, whatever its end; matches entered in error do not.",
    ),
    CountingRule.DISTINCT_MENTEES: Wording(
        "mentees", "mentee", "Mentees matched", "Every mentee whose match started counts once, with the first match."
    ),
    CountingRule.COMPLETED_MATCHES: Wording(
        "completed matches",
        "completed match",
        "Matches completed",
        "Every match that was completed counts, from its last day.",
    ),
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


def matches_to_date(session: Session, programme_id: int, as_of: dt.date, rule: CountingRule | None = None) -> Figure:
    """The programme's count up to and with a day, under its own rule unless one is named."""
    rule = rule or rule_of(session, programme_id)
    counted = _counted(rule, programme_id)
    count, first = session.execute(select(func.count(), func.min(counted.c.day)).where(counted.c.day <= as_of)).one()
    words = WORDING[rule]
    return Figure(count, words.unit, words.sentence, Period(first, as_of), as_of)


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
    counted = _counted(rule or rule_of(session, programme_id), programme_id)
    sums = (
        select(
            counted.c.cohort_id,
            func.count().label("matches"),
            func.min(counted.c.day).label("first_on"),
            func.max(counted.c.day).label("latest_on"),
            func.count().filter(counted.c.day == as_of).label("that_day"),
        )
        .where(counted.c.day <= as_of)
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
    counted = _counted(rule or rule_of(session, programme_id), programme_id)
    ranked = (
        select(
            counted.c.day,
            counted.c.cohort_id,
            func.row_number().over(order_by=(counted.c.day, counted.c.id)).label("number"),
        )
        .where(counted.c.day <= as_of)
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.number, ranked.c.day, Cohort.name)
        .join(Cohort, Cohort.id == ranked.c.cohort_id)
        .where(ranked.c.number.in_(numbers))
        .order_by(ranked.c.number)
    )
    return [Nth(*row) for row in rows]


def rule_of(session: Session, programme_id: int) -> CountingRule:
    """The rule that the programme chose."""
    return session.get_one(Programme, programme_id).counting_rule


def _counted(rule: CountingRule, programme_id: int) -> Subquery:
    """id, cohort_id, day: one row for each that counts, on the day from which it does. A void match counts nowhere."""
    if rule is CountingRule.COMPLETED_MATCHES:
        return (
            select(Match.id, Match.cohort_id, Match.ended_on.label("day"))
            .where(Match.programme_id == programme_id, Match.state == MatchState.COMPLETED)
            .subquery()
        )
    started = select(Match.id, Match.cohort_id, Match.mentee_id, Match.started_on.label("day")).where(
        Match.programme_id == programme_id, Match.started_on.is_not(None), Match.state != MatchState.VOID
    )
    if rule is CountingRule.STARTED_MATCHES:
        return started.subquery()
    in_turn = started.add_columns(
        func.row_number().over(partition_by=Match.mentee_id, order_by=(Match.started_on, Match.id)).label("turn")
    ).subquery()
    return select(in_turn.c.id, in_turn.c.cohort_id, in_turn.c.day).where(in_turn.c.turn == 1).subquery()
