"""Matches with a whole life: what happened to whom, and when."""

import datetime as dt

from sqlalchemy.orm import Session

from db.models import Cohort, Match, MatchState, Mentee, Mentor
from tests import make

FIRST = dt.date(2020, 1, 1)
STATES = MatchState
#: The steps that bring a proposal to a state, and the day of the story on which each is taken.
PATHS = {
    STATES.PROPOSED: (),
    STATES.DECLINED: (STATES.DECLINED,),
    STATES.APPROVED: (STATES.APPROVED,),
    STATES.ACTIVE: (STATES.APPROVED, STATES.ACTIVE),
    STATES.COMPLETED: (STATES.APPROVED, STATES.ACTIVE, STATES.COMPLETED),
    STATES.ENDED_EARLY: (STATES.APPROVED, STATES.ACTIVE, STATES.ENDED_EARLY),
    STATES.VOID: (STATES.APPROVED, STATES.ACTIVE, STATES.VOID),
}
CLOSED = (STATES.DECLINED, STATES.COMPLETED, STATES.ENDED_EARLY, STATES.VOID)


def tell(
    session: Session, cohort: Cohort, mentor: Mentor, mentee: Mentee, end: MatchState, start: dt.date, days: int = 0
) -> Match:
    """A match that started on a day and stands, `days` later, where its story ends."""
    match = make.match(session, cohort, mentor, mentee, proposed_on=start)
    for state in PATHS[end]:
        on_day = start + dt.timedelta(days=days if state in CLOSED else 0)
        make.step(session, match, state, on_day=on_day, reason="other")
    return match


def told(session: Session) -> int:
    """Ada was matched twice (ended early, then completed), Ben's match is active, Cem's void, two never started.

    Returns the id of their programme.
    """
    group = make.group(session)
    cohort = make.cohort(session, name="2020", starts_on=FIRST, ends_on=FIRST + dt.timedelta(days=99))
    ada, ben, cem, dan, eva = (make.mentee(session, group) for _ in range(5))
    for mentee, end, start, days in [
        (ada, STATES.ENDED_EARLY, 0, 10),
        (ada, STATES.COMPLETED, 20, 30),
        (ben, STATES.ACTIVE, 20, 0),
        (cem, STATES.VOID, 5, 1),
        (dan, STATES.DECLINED, 5, 1),
        (eva, STATES.APPROVED, 5, 0),
    ]:
        tell(session, cohort, make.mentor(session, group), mentee, end, FIRST + dt.timedelta(days=start), days)
    return cohort.programme_id
