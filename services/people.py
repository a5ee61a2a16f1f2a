"""Mentors and mentees as those who may know of them see them."""

import pandas as pd
from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from db.models import OPEN, Match, MatchState, Mentee, OccupationalGroup
from services import programmes
from services.access import Actor, Permission, authorise, visible_mentees
from services.counting.waiting import is_waiting

_STANDING = {
    None: "Waiting for a mentor",
    MatchState.PROPOSED: "Proposed, being reviewed",
    MatchState.ON_HOLD: "Proposed, being reviewed",
    MatchState.APPROVED: "Approved, awaiting the mentor",
    MatchState.ACTIVE: "Active match",
}


def own_agency(session: Session, *, by: Actor, programme_id: int) -> pd.DataFrame:
    """A coach's own agency's mentees who wait or are in an open match, longest first.

    Columns: mentee, group, standing (words), since (day: ready, or the match's start).
    """
    by = authorise(session, by, Permission.SEE_OWN_AGENCY)
    today = programmes.today(session, programme_id)
    own_match = and_(Match.mentee_id == Mentee.id, Match.programme_id == programme_id, Match.state.in_(OPEN))
    rows = session.execute(
        visible_mentees(by)
        .join(OccupationalGroup, OccupationalGroup.id == Mentee.group_id)
        .outerjoin(Match, own_match)
        .where(or_(Match.id.is_not(None), is_waiting(programme_id, today)))
        .order_by(Mentee.ready_on, Mentee.id)
        .with_only_columns(
            Mentee.first_name,
            Mentee.last_name,
            OccupationalGroup.name,
            Match.state,
            Match.started_on,
            Mentee.ready_on,
        )
    )
    return pd.DataFrame(
        [
            (f"{first} {last}", group, _STANDING[state], started or ready)
            for first, last, group, state, started, ready in rows
        ],
        columns=["mentee", "group", "standing", "since"],
    )
