"""The queue of pending matches."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from db.models import Agency, Match, MatchState, Mentee, Mentor, OccupationalGroup
from services import programmes
from services.access import Actor, Permission, authorise
from services.counting import pending
from services.counting.figure import out_of_100

COLUMNS = ["ref", "version", "mentee", "mentor", "days", "age", "state", "move", "fit", "group", "agency", "until"]


@dataclass(frozen=True)
class Queue:
    """Pending matches, longest wait first, and how far the day's work is.

    `rows`: ref, version, mentee, mentor, days (waiting), age (overdue, due, fresh, held), state, move (whose),
    fit (0 to 100, or empty), group, agency, until (day a hold ends).
    """

    rows: pd.DataFrame
    decided_today: int


def ages(session: Session, *, by: Actor, programme_id: int, as_of: dt.date) -> dict[str, tuple[int, int]]:
    """Matches that waited for a decision on a day, by age: how many, and the days the oldest had waited.

    Raises `NotAllowed`.
    """
    authorise(session, by, Permission.REVIEW_MATCHES)
    found = pending.ages(session, programme_id, as_of, programmes.clocks(session, programme_id))
    return {age.value: many for age, many in found.items()}


def queue(session: Session, *, by: Actor, programme_id: int) -> Queue:
    """All pending matches of a programme, held ones too."""
    authorise(session, by, Permission.REVIEW_MATCHES)
    today = programmes.today(session, programme_id)
    clocks = programmes.clocks(session, programme_id)
    found = session.execute(
        select(
            Match.ref,
            Match.version,
            Match.state,
            Match.fit,
            Match.proposed_on,
            Match.hold_until,
            Mentee.first_name,
            Mentee.last_name,
            Mentor.first_name.label("mentor_first"),
            Mentor.last_name.label("mentor_last"),
            OccupationalGroup.name.label("group"),
            Agency.name.label("agency"),
        )
        .join(Mentee, Match.mentee_id == Mentee.id)
        .join(Mentor, Match.mentor_id == Mentor.id)
        .join(OccupationalGroup, Match.group_id == OccupationalGroup.id)
        .outerjoin(Agency, Mentee.agency_id == Agency.id)
        .where(Match.programme_id == programme_id, or_(pending.is_pending(today), pending.is_held(today)))
        .order_by(Match.proposed_on, Match.id)
    )
    rows = []
    for row in found:
        days = (today - row.proposed_on).days
        rows.append(
            {
                "ref": row.ref,
                "version": row.version,
                "mentee": f"{row.first_name} {row.last_name}",
                "mentor": f"{row.mentor_first[:1]}. {row.mentor_last}",
                "days": days,
                "age": pending.age(days, clocks, held_until=row.hold_until, as_of=today).value,
                "state": row.state.value,
                "move": "Mentor" if row.state is MatchState.APPROVED else "You",
                "fit": None if row.fit is None else out_of_100(row.fit),
                "group": row.group,
                "agency": row.agency or "",
                "until": row.hold_until,
            }
        )
    return Queue(pd.DataFrame(rows, columns=COLUMNS), pending.decided_on(session, programme_id, today))
