"""A coach of the demo who is away this week, with nobody set to look after the matches meanwhile."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Absence, Account, Match, MatchCoach, MatchState
from services.demo.people import ref
from services.demo.store import moment

_SINCE, _UNTIL = dt.timedelta(days=2), dt.timedelta(days=5)
#: Matches that stand without a coach then.
_MANY = 2


def store(session: Session, today: dt.date) -> None:
    """The first coach without an account who has just so many running matches; nobody where there is none."""
    signs_in = select(Account.coach_id).where(Account.coach_id.is_not(None))
    away = session.scalar(
        select(MatchCoach.coach_id)
        .join(Match, Match.id == MatchCoach.match_id)
        .where(Match.state == MatchState.ACTIVE, MatchCoach.coach_id.not_in(signs_in))
        .group_by(MatchCoach.coach_id)
        .having(func.count() == _MANY)
        .order_by(MatchCoach.coach_id)
        .limit(1)
    )
    if away is not None:
        first = today - _SINCE
        row = Absence(
            ref=ref("absence", 1), coach_id=away, first_day=first, last_day=today + _UNTIL, made_at=moment(first)
        )
        session.add(row)
        session.flush()
