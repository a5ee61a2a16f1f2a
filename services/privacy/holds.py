"""How long data is kept: a year from its last use, or until the person agrees that it goes earlier."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from db.models import (
    Attempt,
    Attendance,
    CheckIn,
    Event,
    Match,
    MatchMark,
    MatchTransition,
    Mentee,
    Mentor,
    MentoringSession,
    Outcome,
    Placement,
    SurveyLink,
    SurveyResponse,
    TrailEntry,
)
from services import clock, person
from services.audit import READINGS
from services.counting.waiting import is_waiting
from services.kinds import Kind
from services.programmes import Clocks
from services.trail_of import now_of
from services.wording import day


class Use(NamedTuple):
    """A use of somebody's data."""

    day: dt.date
    what: str


#: That somebody got their own file is no use of it.
TAKEN_OUT = "file taken out"


def barred(session: Session, who: Mentor | Mentee) -> str:
    """What must end before anybody can be erased, as a sentence; empty when nothing is in the way."""
    matches = person.open_matches(session, who)
    if not matches:
        return ""
    those = "that match" if len(matches) == 1 else "those matches"
    return (
        f"{person.name(who)} has {'an open match' if len(matches) == 1 else 'open matches'} with "
        f"{person.partners(matches, person.kind_of(who))}. Close {those} first."
    )


def held(session: Session, who: Mentor | Mentee, programme_id: int, timezone: str) -> str:
    """Why the data is still kept, with the day until which; empty when it may go."""
    use = last_use(session, who, programme_id, timezone)
    if use is None:
        return f"{person.name(who)} takes part. Withdraw them first: their data is kept for a year from that day."
    until = years_after(use.day, 1)
    if until <= clock.today(timezone):
        return ""
    return f"Kept until {day(until)}, because data is kept for a year after its last use: {use.what}, {day(use.day)}."


def last_use(session: Session, who: Mentor | Mentee, programme_id: int, timezone: str) -> Use | None:
    """The last use of a person's data; None while they take part, and their data with them."""
    table = type(who)
    part = taking_part(table, programme_id, clock.today(timezone))
    if session.scalar(select(table.id).where(table.id == who.id, part)) is not None:
        return None
    return last_uses(session, table, timezone, who.id).get(who.id)


def years_after(last: dt.date, years: int) -> dt.date:
    """The same day so many years later, or the day after where there is none."""
    try:
        return last.replace(year=last.year + years)
    except ValueError:
        return dt.date(last.year + years, 3, 1)


def least(clocks: Clocks) -> int:
    """Years below which data would go while somebody is still to be asked what became of them."""
    last = max(clocks.follow_up_months) * 31 + clocks.follow_up_late_days
    return -(-last // 365)


def years_of(clocks: Clocks, years: int) -> int:
    """After how many years data goes that is set to go after so many; 0 when it does not."""
    return max(years, least(clocks)) if years else 0


def taking_part(table: type[Mentor] | type[Mentee], programme_id: int, today: dt.date) -> ColumnElement[bool]:
    """Who is in the programme: mentors until they withdraw, mentees while they wait."""
    return table.withdrawn_on.is_(None) if table is Mentor else is_waiting(programme_id, today)


def last_uses(
    session: Session, table: type[Mentor] | type[Mentee], timezone: str, number: int | None = None
) -> dict[int, Use]:
    """By number of the person, the last use of their data: of all mentors or mentees, or of one."""
    found: dict[int, Use] = {}
    for what, whose, days, which in _uses(table):
        asked = select(whose, *map(func.max, days)).where(*which, whose.is_not(None)).group_by(whose)
        for one, *last in session.execute(asked if number is None else asked.where(whose == number)):
            for when in last:
                if when is not None:
                    on = clock.local(when, timezone).date() if isinstance(when, dt.datetime) else when
                    found[one] = max(found.get(one, Use(dt.date.min, "")), Use(on, what))
    return found


def _uses(table: type[Mentor] | type[Mentee]) -> Iterator[tuple[str, Any, list[Any], list[ColumnElement[bool]]]]:
    """Each kind of use: what it is, whose data it is of, its days, and which rows are meant."""
    column = f"{table.__tablename__}_id"
    of_match = getattr(Match, column)
    for what, rows, days in (
        ("a step of a match", MatchTransition, [MatchTransition.on_day, MatchTransition.at]),
        ("a mark of a match", MatchMark, [MatchMark.on_day, MatchMark.at]),
        ("a check-in", CheckIn, [CheckIn.on_day]),
        ("an attempt to reach somebody", Attempt, [Attempt.on_day]),
        ("a meeting", MentoringSession, [MentoringSession.on_day]),
    ):
        yield what, of_match, days, [rows.match_id == Match.id]
    yield "an answer to a survey", getattr(SurveyResponse, column), [SurveyResponse.on_day], []
    yield "a link to a survey", getattr(SurveyLink, column), [SurveyLink.created_at], []
    acts = [now_of(Kind(table.__tablename__), TrailEntry.entity_id), TrailEntry.action.not_in((TAKEN_OUT, *READINGS))]
    yield "an act on their entry", TrailEntry.entity_id, [TrailEntry.at], acts
    invited = [Attendance.event_id == Event.id, Event.cancelled_at.is_(None)]
    yield "an event they were invited to", getattr(Attendance, column), [Event.starts_at], invited
    yield "the withdrawal", table.id, [table.withdrawn_on], []
    if issubclass(table, Mentee):
        yield "ready to match", table.id, [table.ready_on], []
        yield "a follow-up", Outcome.mentee_id, [Outcome.on_day], []
        yield "a placement", Placement.mentee_id, [Placement.hired_on, Placement.permanent_on], []
    else:
        yield "volunteered", table.id, [table.volunteer_since], []
