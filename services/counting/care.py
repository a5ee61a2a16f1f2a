"""The work around a match: contacts planned and kept, meetings, health, silence."""

from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, literal, null, or_, select, union_all

from db.models import CheckIn, Health, Match, MatchState, MentoringSession
from services.counting.days import days_after, days_between
from services.counting.definition import Asked, Definition, Kind, Rows, flag, has_ended, is_active, started
from services.programmes import Clocks

#: A contact is due when its planned day is at most this many days away.
_SOON = 7
_MINUTES = 60
_NONE_ACTIVE = "No match is active on this day."


def planned_days(clocks: Clocks) -> list[tuple[int, int]]:
    """(day planned before, planned day) of each contact of a match, counted from its start; the last one closes it."""
    return list(pairwise([0, *sorted({*clocks.check_in_days, clocks.closing_day})]))


def _keys(*more: Any) -> list[Any]:
    return [
        Match.id.label("match_id"),
        Match.cohort_id,
        Match.mentor_id,
        Match.mentee_id,
        Match.started_on.label("day"),
        *more,
    ]


def _last(table: type[CheckIn] | type[MentoringSession], asked: Asked) -> Subquery:
    """The last day on or before the as-of day, by active match: few are, so each is looked up by itself."""
    last = select(func.max(table.on_day)).where(table.match_id == Match.id, table.on_day <= asked.as_of)
    of_each = last.correlate(Match).scalar_subquery()
    return (
        select(Match.id.label("match_id"), of_each.label("on_day")).where(*started(asked), is_active(asked)).subquery()
    )


def _silence(asked: Asked, within: tuple[int, int | None]) -> Rows:
    """Active matches; those hit whose last contact lies so many days back."""
    check_in, session = _last(CheckIn, asked), _last(MentoringSession, asked)
    met = func.coalesce(session.c.on_day, Match.started_on)
    spoke = func.coalesce(check_in.c.on_day, Match.started_on)
    later = case((met > spoke, met), else_=spoke)
    last = case((later > Match.started_on, later), else_=Match.started_on)
    days = days_between(asked.as_of, last)
    least, most = within
    hit = days >= least if most is None else and_(days >= least, days < most)
    return (
        select(*_keys(flag(hit).label("hit"), days.label("days")))
        .outerjoin(check_in, check_in.c.match_id == Match.id)
        .outerjoin(session, session.c.match_id == Match.id)
        .where(*started(asked), is_active(asked))
    )


def _quiet(asked: Asked) -> Rows:
    return _silence(asked, (asked.clocks.quiet_act_days, None))


def _watched(asked: Asked) -> Rows:
    return _silence(asked, (asked.clocks.quiet_watch_days, asked.clocks.quiet_act_days))


def _owed(asked: Asked, *, overdue: bool) -> Rows:
    """Active matches with the planned day that is owed next; hit where it has passed, or comes within a week."""
    check_in = _last(CheckIn, asked)
    offset = days_between(check_in.c.on_day, Match.started_on)
    plan = planned_days(asked.clocks)
    owed: ColumnElement[Any] = case(
        (or_(offset.is_(None), offset < 0), plan[0][1]),
        *((offset <= before, planned) for before, planned in plan[1:]),
        else_=null(),
    )
    day = days_after(Match.started_on, owed)
    hit = day < asked.as_of if overdue else and_(day >= asked.as_of, day <= days_after(asked.as_of, _SOON))
    return (
        select(*_keys(flag(hit).label("hit"), day.label("owed_on")))
        .outerjoin(check_in, check_in.c.match_id == Match.id)
        .where(*started(asked), is_active(asked))
    )


def _due(asked: Asked) -> Rows:
    return _owed(asked, overdue=False)


def _overdue(asked: Asked) -> Rows:
    return _owed(asked, overdue=True)


def _to_close(asked: Asked) -> Rows:
    hit = days_between(asked.as_of, Match.started_on) > asked.clocks.closing_day
    return select(*_keys(flag(hit).label("hit"))).where(*started(asked), is_active(asked))


def _kept(asked: Asked) -> Rows:
    """Each contact whose planned day has come while its match ran."""
    plan = union_all(
        *(
            select(literal(before).label("before"), literal(planned).label("planned"), literal(k).label("place"))
            for k, (before, planned) in enumerate(planned_days(asked.clocks))
        )
    ).subquery()
    opened, day = days_after(Match.started_on, plan.c.before), days_after(Match.started_on, plan.c.planned)
    inside = or_(CheckIn.on_day > opened, and_(plan.c.place == 0, CheckIn.on_day == opened))
    made = exists().where(CheckIn.match_id == Match.id, inside, CheckIn.on_day <= day)
    return (
        select(
            Match.id.label("match_id"),
            Match.cohort_id,
            Match.mentor_id,
            Match.mentee_id,
            day.label("day"),
            flag(made).label("hit"),
        )
        .join(plan, literal(value=True))
        .where(*started(asked), day <= asked.as_of, or_(Match.ended_on.is_(None), Match.ended_on >= day))
    )


def _hours(asked: Asked) -> Rows:
    met = (
        select(MentoringSession.match_id, func.sum(MentoringSession.minutes).label("minutes"))
        .where(MentoringSession.on_day <= asked.as_of)
        .group_by(MentoringSession.match_id)
        .subquery()
    )
    return (
        select(*_keys(met.c.minutes.label("measure")))
        .join(met, met.c.match_id == Match.id)
        .where(*started(asked), has_ended(asked, MatchState.COMPLETED))
    )


def _health(asked: Asked) -> Rows:
    turn = func.row_number().over(partition_by=CheckIn.match_id, order_by=(CheckIn.on_day.desc(), CheckIn.id.desc()))
    latest = (
        select(CheckIn.match_id, CheckIn.health, turn.label("turn"))
        .join(Match, Match.id == CheckIn.match_id)
        .where(CheckIn.on_day <= asked.as_of, *started(asked), is_active(asked))
        .subquery()
    )
    hit = flag(latest.c.health == Health.GOOD)
    return (
        select(*_keys(latest.c.health.label("health"), hit.label("hit")))
        .join(latest, and_(latest.c.match_id == Match.id, latest.c.turn == 1))
        .where(*started(asked), is_active(asked))
    )


FIGURES: dict[str, Definition] = {
    "hours": Definition(
        "Hours a match",
        Kind.MEDIAN,
        "hours",
        "Median of the hours mentor and mentee met, over completed matches with a meeting on record.",
        _hours,
        "completed matches",
        "No completed match has a meeting on record by this day.",
        objective=lambda asked, _cohort: asked.clocks.hours_goal,
        scale=_MINUTES,
    ),
    "health_good": Definition(
        "In good health",
        Kind.RATE,
        "%",
        "Active matches whose latest check-in found them in good health, of those with a check-in.",
        _health,
        "active matches with a check-in",
        "No active match has had a check-in by this day.",
    ),
    "quiet": Definition(
        "Quiet matches",
        Kind.PART,
        "matches",
        "Active matches with no check-in and no meeting for the days after which somebody acts (30 unless set).",
        _quiet,
        "active matches",
        _NONE_ACTIVE,
    ),
    "watched": Definition(
        "Matches to watch",
        Kind.PART,
        "matches",
        "Active matches with no check-in and no meeting for 14 days or more (unless set), but not yet quiet.",
        _watched,
        "active matches",
        _NONE_ACTIVE,
    ),
    "contacts_due": Definition(
        "Check-ins due",
        Kind.PART,
        "matches",
        "Active matches whose next planned contact falls on the day or in the week after, and was not made yet.",
        _due,
        "active matches",
        _NONE_ACTIVE,
    ),
    "contacts_overdue": Definition(
        "Check-ins overdue",
        Kind.PART,
        "matches",
        "Active matches whose next planned contact should have been made before the day.",
        _overdue,
        "active matches",
        _NONE_ACTIVE,
    ),
    "to_close": Definition(
        "Matches to close",
        Kind.PART,
        "matches",
        "Active matches past the closing day (120 days after their start unless set).",
        _to_close,
        "active matches",
        _NONE_ACTIVE,
    ),
    "support_contacts_kept": Definition(
        "Support contacts kept",
        Kind.RATE,
        "%",
        "Planned contacts with a check-in after the one planned before and by their own day, of those that came due.",
        _kept,
        "contacts due",
        "No planned contact has come due by this day.",
        objective=lambda asked, _cohort: asked.clocks.support_goal_percent,
    ),
}
