"""Steps of a started match that change no state of it: orientation, first meeting, agreement. The latest word holds."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Account, Mark, Match, MatchMark
from services import clock, match_steps, person
from services.access import Actor
from services.errors import Conflict

#: What a step is called, alone and when it is told.
STEPS = {Mark.ORIENTATION: "Orientation", Mark.FIRST_MEETING: "First meeting", Mark.AGREEMENT: "Agreement signed"}


def marked(session: Session, match_id: int) -> dict[Mark, MatchMark]:
    """The latest word on each step of a match that was not taken back."""
    rows = session.scalars(select(MatchMark).where(MatchMark.match_id == match_id).order_by(MatchMark.seq))
    latest = {row.step: row for row in rows}
    return {step: latest[step] for step in Mark if step in latest and latest[step].on_day}


def still(session: Session, match: Match, step: Mark, was: dt.date | None) -> None:
    """Refuse what was asked of a screen on which another day stood."""
    latest = session.execute(
        select(MatchMark.on_day, MatchMark.at, MatchMark.by_name, Account.name)
        .outerjoin(Account, Account.id == MatchMark.by_id)
        .where(MatchMark.match_id == match.id, MatchMark.step == step)
        .order_by(MatchMark.seq.desc())
        .limit(1)
    ).first()
    if (latest.on_day if latest else None) == was:
        return
    who = (latest.name or latest.by_name) if latest else None
    at = match_steps.said_at(session, match, latest.at) if latest else ""
    raise Conflict(f"{who or 'Someone'} recorded this step {at}. Nothing of yours was saved.")


def put(
    session: Session,
    match: Match,
    step: Mark,
    day: dt.date | None,
    by: Actor,
    note: str | None,
    undoes_seq: int | None = None,
) -> None:
    """Write the next word on a step; no day takes it back. No note is kept of someone who has been erased."""
    are_kept = person.are_kept(session, match.mentor, match.mentee)
    last = session.scalar(
        select(MatchMark.seq)
        .where(MatchMark.match_id == match.id, MatchMark.step == step)
        .order_by(MatchMark.seq.desc())
        .limit(1)
    )
    session.add(
        MatchMark(
            match_id=match.id,
            step=step,
            seq=(last or 0) + 1,
            on_day=day,
            at=clock.now(),
            by_id=by.account_id,
            by_name=None if by.account_id else by.name,
            note=note if are_kept else None,
            undoes_seq=undoes_seq,
        )
    )
    session.flush()
