"""The rows behind every figure of matches and the people in them: what counts, and from which day on."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, literal, or_, select
from sqlalchemy.orm import aliased

from db.models import Agency, Cohort, CountingRule, Match, MatchState, Mentee
from services.counting.days import days_between
from services.counting.definition import Asked, Rows, flag, has_ended, is_active, started
from services.counting.waiting import HIRED, is_waiting


def _match(*more: Any) -> Rows:
    """The keys that every row of a match carries."""
    return select(
        Match.id.label("match_id"),
        Match.cohort_id,
        Match.mentor_id,
        Match.mentee_id,
        Match.started_on.label("day"),
        *more,
    )


def started_matches(asked: Asked) -> Rows:
    """Every match that started."""
    return _match().where(*started(asked))


def first_matches(asked: Asked) -> Rows:
    """Every mentee once, with the first match; so cohorts add up to the programme."""
    turn = func.row_number().over(
        partition_by=(Match.programme_id, Match.mentee_id), order_by=(Match.started_on, Match.id)
    )
    all_of = _match(turn.label("turn")).where(*started(asked, anywhere=True)).subquery()
    columns = [column for column in all_of.c if column.name != "turn"]
    return select(*columns).where(all_of.c.turn == 1, *asked.here(all_of.c.cohort_id))


def completed_matches(asked: Asked) -> Rows:
    """Every match that was completed, from its last day."""
    return select(
        Match.id.label("match_id"), Match.cohort_id, Match.mentor_id, Match.mentee_id, Match.ended_on.label("day")
    ).where(*started(asked), has_ended(asked, MatchState.COMPLETED))


COUNTED = {
    CountingRule.STARTED_MATCHES: started_matches,
    CountingRule.DISTINCT_MENTEES: first_matches,
    CountingRule.COMPLETED_MATCHES: completed_matches,
}


def counted(asked: Asked) -> Rows:
    """What the programme's own rule counts."""
    return COUNTED[asked.rule](asked)


def active(asked: Asked) -> Rows:
    """Matches that still ran."""
    return _match().where(*started(asked), is_active(asked))


def served(asked: Asked) -> Rows:
    """Matches that ran on any day of the period."""
    since: ColumnElement[dt.date] | dt.date = asked.scope.since or dt.date(asked.as_of.year, 1, 1)
    rows = _match().where(*started(asked))
    if asked.per_cohort and asked.scope.since is None:
        rows = rows.join(Cohort, Cohort.id == Match.cohort_id)
        since = Cohort.starts_on  # type: ignore[assignment]
    return rows.where(or_(Match.ended_on.is_(None), Match.ended_on >= since))


def _place(asked: Asked) -> list[Any]:
    return [Match.cohort_id] if asked.per_cohort else []


def groups(asked: Asked, *place: Any) -> Rows:
    """Every occupational group, in each place, from its first match on."""
    return (
        select(Match.group_id, func.min(Match.started_on).label("day"), *place)
        .where(*started(asked))
        .group_by(Match.group_id, *place)
    )


def mentors(asked: Asked, *place: Any, hit: ColumnElement[bool] | None = None) -> Rows:
    """Everyone who has mentored, in each place, from their first match on."""
    return (
        select(
            Match.mentor_id,
            func.min(Match.started_on).label("day"),
            *place,
            *([] if hit is None else [flag(hit).label("hit")]),
        )
        .where(*started(asked))
        .group_by(Match.mentor_id, *place)
    )


def groups_of(asked: Asked) -> Rows:
    """Groups of the cohort, or of each."""
    return groups(asked, *_place(asked))


def mentors_of(asked: Asked, hit: ColumnElement[bool] | None = None) -> Rows:
    """Mentors of the cohort, or of each."""
    return mentors(asked, *_place(asked), hit=hit)


def repeat(asked: Asked) -> Rows:
    """Mentors; a hit has more than one match."""
    return mentors_of(asked, func.count() > 1)


def over_ten(asked: Asked) -> Rows:
    """Mentors; a hit has had more than ten mentees."""
    return mentors_of(asked, func.count(Match.mentee_id.distinct()) > 10)  # noqa: PLR2004 - the figure's own name


def returning(asked: Asked) -> Rows:
    """Mentors; a hit mentored in an earlier cohort, or, of the programme, more than once."""
    if not asked.per_cohort:
        return repeat(asked)
    ranks = _cohort_ranks(asked)
    all_of = (
        select(
            Match.mentor_id,
            Match.cohort_id,
            ranks.c.rank,
            func.min(Match.started_on).label("day"),
            func.min(ranks.c.rank).over(partition_by=Match.mentor_id).label("first"),
        )
        .join(ranks, ranks.c.id == Match.cohort_id)
        .where(*started(asked, anywhere=True))
        .group_by(Match.mentor_id, Match.cohort_id, ranks.c.rank)
        .subquery()
    )
    return select(
        all_of.c.mentor_id, all_of.c.cohort_id, all_of.c.day, flag(all_of.c.first < all_of.c.rank).label("hit")
    ).where(*asked.here(all_of.c.cohort_id))


def _cohort_ranks(asked: Asked) -> Subquery:
    return (
        select(Cohort.id, func.row_number().over(order_by=(Cohort.starts_on, Cohort.id)).label("rank"))
        .where(Cohort.programme_id == asked.scope.programme_id)
        .subquery()
    )


def founding(asked: Asked) -> Rows:
    """Mentors of the first cohort who mentor still."""
    first = asked.cohorts[0].id if asked.cohorts else None
    early = aliased(Match)
    began = select(early.mentor_id).where(
        early.cohort_id == first, early.state != MatchState.VOID, early.started_on <= asked.as_of
    )
    return (
        select(Match.mentor_id, func.min(Match.started_on).label("day"))
        .where(*started(asked, anywhere=True), is_active(asked), Match.mentor_id.in_(began))
        .group_by(Match.mentor_id)
    )


def partners(asked: Asked) -> Rows:
    """Every agency that is a partner on the day."""
    return select(Agency.id.label("agency_id"), Agency.partner_since.label("day")).where(
        Agency.partner_since <= asked.as_of, or_(Agency.partner_until.is_(None), Agency.partner_until > asked.as_of)
    )


def waiting(asked: Asked) -> Rows:
    """Mentees who wait for a match."""
    return select(Mentee.id.label("mentee_id"), Mentee.ready_on.label("day")).where(
        is_waiting(asked.scope.programme_id, asked.as_of)
    )


def time_to_match(asked: Asked) -> Rows:
    """Started matches, with the days from ready to decided."""
    return (
        _match(days_between(Match.decided_on, Mentee.ready_on).label("measure"))
        .join(Mentee, Mentee.id == Match.mentee_id)
        .where(*started(asked), Mentee.ready_on <= Match.decided_on)
    )


def early(asked: Asked) -> Rows:
    """Matches that ended early, with the reason."""
    return select(
        Match.id.label("match_id"),
        Match.cohort_id,
        Match.mentor_id,
        Match.mentee_id,
        Match.ended_on.label("day"),
        Match.reason,
    ).where(*started(asked), has_ended(asked, MatchState.ENDED_EARLY))


def early_share(asked: Asked, hired: bool) -> Rows:  # noqa: FBT001 - told apart by the two callers below
    """Started matches; a hit ended early, because of work found or for any other reason."""
    reasons = [ending.value for ending in HIRED]
    why = Match.reason.in_(reasons) if hired else or_(Match.reason.is_(None), Match.reason.not_in(reasons))
    return _match(flag(has_ended(asked, MatchState.ENDED_EARLY) & why).label("hit")).where(*started(asked))


def growth(asked: Asked) -> Rows:
    """Of growth: the matches of the cohort and, as its base, those of the one before."""
    before = asked.before(asked.scope.cohort_id)
    pair = [cohort for cohort in (asked.scope.cohort_id, before.id if before else None) if cohort]
    return _match(flag(Match.cohort_id == literal(asked.scope.cohort_id)).label("hit")).where(
        *started(asked, anywhere=True), Match.cohort_id.in_(pair)
    )
