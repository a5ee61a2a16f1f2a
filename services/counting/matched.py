"""Matches and the people in them."""

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, literal, or_, select
from sqlalchemy.orm import aliased

from db.models import Agency, Cohort, CountingRule, Match, MatchState, Mentee
from services.counting.days import days_between
from services.counting.definition import Asked, Definition, Kind, Rows, flag, has_ended, is_active, started
from services.counting.waiting import HIRED, is_waiting

_NO_MENTOR = "Nobody has mentored by this day."
_NO_START = "No match has started by this day."


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


def _active(asked: Asked) -> Rows:
    return _match().where(*started(asked), is_active(asked))


def _served(asked: Asked) -> Rows:
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


def _groups(asked: Asked) -> Rows:
    return groups(asked, *_place(asked))


def _mentors(asked: Asked, hit: ColumnElement[bool] | None = None) -> Rows:
    return mentors(asked, *_place(asked), hit=hit)


def _repeat(asked: Asked) -> Rows:
    return _mentors(asked, func.count() > 1)


def _over_ten(asked: Asked) -> Rows:
    return _mentors(asked, func.count(Match.mentee_id.distinct()) > 10)  # noqa: PLR2004 - the figure's own name


def _returning(asked: Asked) -> Rows:
    if not asked.per_cohort:
        return _repeat(asked)
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


def _founding(asked: Asked) -> Rows:
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


def _waiting(asked: Asked) -> Rows:
    return select(Mentee.id.label("mentee_id"), Mentee.ready_on.label("day")).where(
        is_waiting(asked.scope.programme_id, asked.as_of)
    )


def _time_to_match(asked: Asked) -> Rows:
    return (
        _match(days_between(Match.decided_on, Mentee.ready_on).label("measure"))
        .join(Mentee, Mentee.id == Match.mentee_id)
        .where(*started(asked), Mentee.ready_on <= Match.decided_on)
    )


def _early(asked: Asked) -> Rows:
    return select(
        Match.id.label("match_id"),
        Match.cohort_id,
        Match.mentor_id,
        Match.mentee_id,
        Match.ended_on.label("day"),
        Match.reason,
    ).where(*started(asked), has_ended(asked, MatchState.ENDED_EARLY))


def _early_share(asked: Asked, hired: bool) -> Rows:  # noqa: FBT001 - told apart by the two callers below
    reasons = [ending.value for ending in HIRED]
    why = Match.reason.in_(reasons) if hired else or_(Match.reason.is_(None), Match.reason.not_in(reasons))
    return _match(flag(has_ended(asked, MatchState.ENDED_EARLY) & why).label("hit")).where(*started(asked))


def _growth(asked: Asked) -> Rows:
    """Of growth: the matches of the cohort and, as its base, those of the one before."""
    before = asked.before(asked.scope.cohort_id)
    pair = [cohort for cohort in (asked.scope.cohort_id, before.id if before else None) if cohort]
    return _match(flag(Match.cohort_id == literal(asked.scope.cohort_id)).label("hit")).where(
        *started(asked, anywhere=True), Match.cohort_id.in_(pair)
    )


FIGURES: dict[str, Definition] = {
    "started_matches": Definition(
        "Matches",
        Kind.COUNT,
        "matches",
        "Every match that started counts, whatever its end; matches entered in error do not.",
        started_matches,
        objective=lambda _asked, cohort: cohort.target if cohort else None,
    ),
    "distinct_mentees": Definition(
        "Mentees matched",
        Kind.COUNT,
        "mentees",
        "Every mentee whose match started counts once, with the first match.",
        first_matches,
    ),
    "completed_matches": Definition(
        "Matches completed",
        Kind.COUNT,
        "completed matches",
        "Every match that was completed counts, from its last day.",
        completed_matches,
    ),
    "active": Definition(
        "Active matches",
        Kind.COUNT,
        "matches",
        "Matches that had started and not ended; on its last day a match is over.",
        _active,
    ),
    "served": Definition(
        "Matches served",
        Kind.COUNT,
        "matches",
        "Matches that had started by the last day of the period and not ended before its first.",
        _served,
    ),
    "growth": Definition(
        "Growth on the cohort before",
        Kind.GROWTH,
        "%",
        "How many more matches started than in the cohort before, per cent of those.",
        _growth,
        base_unit="matches of the cohort before",
        nothing="There is no cohort before it to compare with.",
        of_cohort_only=True,
    ),
    "groups": Definition(
        "Occupational groups",
        Kind.COUNT,
        "occupational groups",
        "Occupational groups in which a match has started.",
        _groups,
    ),
    "mentors": Definition(
        "Mentors", Kind.COUNT, "mentors", "Everyone who has mentored in a match that started counts once.", _mentors
    ),
    "repeat_mentors": Definition(
        "Mentored more than once",
        Kind.PART,
        "mentors",
        "Mentors with two or more matches that started.",
        _repeat,
        "mentors",
        _NO_MENTOR,
    ),
    "mentors_over_ten": Definition(
        "More than 10 mentees",
        Kind.PART,
        "mentors",
        "Mentors with more than ten different mentees.",
        _over_ten,
        "mentors",
        _NO_MENTOR,
    ),
    "returning_mentors": Definition(
        "Had mentored before",
        Kind.PART,
        "mentors",
        "Mentors who had a match in an earlier cohort; of the programme: who mentored more than once.",
        _returning,
        "mentors",
        _NO_MENTOR,
    ),
    "founding_mentors": Definition(
        "Mentors since the first cohort",
        Kind.COUNT,
        "mentors",
        "Mentors with a match that runs on the day, who also mentored in the first cohort.",
        _founding,
        is_whole=True,
    ),
    "partners": Definition(
        "Partner agencies",
        Kind.COUNT,
        "partner agencies",
        "Agencies that had become partners and not left.",
        partners,
        is_whole=True,
    ),
    "waiting": Definition(
        "Mentees waiting",
        Kind.COUNT,
        "mentees",
        "Ready, not withdrawn, without an open match and not served already.",
        _waiting,
        is_whole=True,
    ),
    "time_to_match": Definition(
        "Time to match",
        Kind.MEDIAN,
        "days",
        "Median of the days from a mentee being ready to the approval, over matches that started.",
        _time_to_match,
        "matches",
        _NO_START,
        objective=lambda asked, _cohort: asked.clocks.pending_overdue_days,
    ),
    "early_endings": Definition(
        "Ended early", Kind.COUNT, "matches", "Matches that ended before their time, for any reason.", _early
    ),
    "ended_early": Definition(
        "Ended early, not hired",
        Kind.RATE,
        "%",
        "Matches that ended early for another reason than work, of those that started.",
        lambda asked: _early_share(asked, hired=False),
        "matches",
        _NO_START,
    ),
    "hired_early": Definition(
        "Hired before the end",
        Kind.RATE,
        "%",
        "Matches that ended early because the mentee was hired, of those that started: a success.",
        lambda asked: _early_share(asked, hired=True),
        "matches",
        _NO_START,
    ),
}
