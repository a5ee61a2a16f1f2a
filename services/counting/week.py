"""What was done in some days, and what comes."""

import datetime as dt

import pandas as pd
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from db.models import Attendance, CheckIn, Cohort, Event, Match, MatchState
from services import clock
from services.counting.definition import ask, takes_place
from services.counting.figure import Scope


def done(session: Session, scope: Scope, since: dt.date) -> dict[str, int]:
    """Matches decided, check-ins logged and matches completed from a day to the as-of day."""
    asked = ask(session, scope)
    of_programme = [Match.programme_id == scope.programme_id, Match.state != MatchState.VOID]
    contacts = select(func.count()).select_from(CheckIn).join(Match, Match.id == CheckIn.match_id)
    matches = select(func.count()).select_from(Match).where(*of_programme)
    return {
        "decided": session.scalar(matches.where(Match.decided_on.between(since, asked.as_of))) or 0,
        "check_ins": session.scalar(contacts.where(*of_programme, CheckIn.on_day.between(since, asked.as_of))) or 0,
        "completed": session.scalar(
            matches.where(Match.state == MatchState.COMPLETED, Match.ended_on.between(since, asked.as_of))
        )
        or 0,
    }


def coming(session: Session, scope: Scope, until: dt.date) -> pd.DataFrame:
    """Events from the as-of day to another, the first first, none cancelled: starts (local), name, place, invited."""
    asked = ask(session, scope)
    rows = session.execute(
        select(Event.starts_at, Event.name, Event.place, func.count(Attendance.id))
        .join(Cohort, Cohort.id == Event.cohort_id)
        .outerjoin(Attendance, and_(Attendance.event_id == Event.id, Attendance.walked_in.is_(False)))
        .where(
            Cohort.programme_id == scope.programme_id,
            takes_place(),
            Event.starts_at >= clock.start_of(asked.as_of, asked.timezone),
            Event.starts_at < clock.start_of(until + dt.timedelta(days=1), asked.timezone),
        )
        .group_by(Event.id, Event.starts_at, Event.name, Event.place)
        .order_by(Event.starts_at)
    )
    found = [(clock.local(starts, asked.timezone), name, place or "", many) for starts, name, place, many in rows]
    return pd.DataFrame(found, columns=["starts", "name", "place", "invited"])
