"""Mentees who wait for a mentor, and how an early end leaves a mentee."""

import datetime as dt
import enum

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from db.models import OPEN, Match, MatchState, MatchTransition, Mentee


class Ending(enum.StrEnum):
    """Why a match ended early: the codes of `Match.reason` (domain: a match's life)."""

    HIRED_IN_FIELD = "hired_in_field"
    HIRED_ELSEWHERE = "hired_elsewhere"
    MENTOR_WITHDREW = "mentor_withdrew"
    MENTEE_WITHDREW = "mentee_withdrew"
    RELOCATED = "relocated"
    NO_CONTACT = "no_contact"
    POOR_FIT = "poor_fit"
    AGENCY_CLOSED = "agency_closed"
    OTHER = "other"


#: Work ends a match early and is a success, counted apart.
HIRED = (Ending.HIRED_IN_FIELD, Ending.HIRED_ELSEWHERE)
#: After these a mentee does not wait for another mentor; after the others the wait goes on.
SETTLED = (*HIRED, Ending.MENTEE_WITHDREW, Ending.RELOCATED)


def is_waiting(programme_id: int, as_of: dt.date) -> ColumnElement[bool]:
    """Job-ready, not withdrawn, without an open match in the programme, and not served by it already, on a day."""
    match = aliased(Match)  # so that a query over matches can ask this too
    turned_down = (
        select(func.max(MatchTransition.on_day))
        .where(MatchTransition.match_id == match.id, MatchTransition.to_state == MatchState.DECLINED_BY_MENTOR)
        .scalar_subquery()
    )
    open_or_served = or_(
        match.state.in_((*OPEN, MatchState.COMPLETED)),
        and_(
            match.state == MatchState.ENDED_EARLY,
            or_(match.ended_on > as_of, match.reason.in_([ending.value for ending in SETTLED])),
        ),
        and_(match.state == MatchState.DECLINED, match.decided_on > as_of),
        and_(match.state == MatchState.DECLINED_BY_MENTOR, turned_down > as_of),
    )
    return and_(
        Mentee.ready_on <= as_of,
        or_(Mentee.withdrawn_on.is_(None), Mentee.withdrawn_on > as_of),
        # Asked once; "not exists" would look through all matches for each mentee.
        Mentee.id.not_in(
            select(match.mentee_id).where(
                match.programme_id == programme_id, match.proposed_on <= as_of, open_or_served
            )
        ),
    )
