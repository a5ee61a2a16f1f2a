"""Taking back the last step of a match, within the day, by whoever took it."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Match, MatchMark, MatchState, MatchTransition
from services import clock, match_marks, match_steps
from services.access import Actor, Permission, authorise
from services.errors import Conflict
from services.match_steps import Decision, pair, told

_WITHIN = dt.timedelta(hours=24)
_ENDED = (MatchState.COMPLETED, MatchState.ENDED_EARLY)


def undoable(session: Session, match_ref: str, *, by: Actor) -> bool:
    """Whether the last step of a match is this actor's and can still be taken back."""
    by = authorise(session, by, Permission.REVIEW_MATCHES)
    match = session.scalar(select(Match).where(Match.ref == match_ref))
    return match is not None and _last(session, match, by) is not None


def undo(session: Session, match_ref: str, version: int, *, by: Actor) -> Decision:
    """Take back the last step of a match. Raises `Conflict` when it is another's, or older than a day."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = match_steps.hold_still(session, match_ref, version)
    last = _last(session, match, by)
    if last is None:
        message = (
            "Only whoever took the last step can take it back, within a day. Put the match right with a reason instead."
        )
        raise Conflict(message)
    if isinstance(last, MatchMark):
        before = session.scalar(
            select(MatchMark.on_day).where(
                MatchMark.match_id == match.id, MatchMark.step == last.step, MatchMark.seq == last.seq - 1
            )
        )
        match_marks.put(session, match, last.step, before, by, None, last.seq)
    else:
        _step_back(session, match, last, by)
    return told(session, match, by, "step undone", f"Undone: {pair(match)}.")


def _last(session: Session, match: Match, by: Actor) -> MatchTransition | MatchMark | None:
    """The newest step of a match, if it is one of its running life that this actor may take back."""
    step = session.scalars(
        select(MatchTransition).where(MatchTransition.match_id == match.id, MatchTransition.seq == match.version)
    ).one()
    mark = session.scalars(
        select(MatchMark)
        .where(MatchMark.match_id == match.id)
        .order_by(MatchMark.at.desc(), MatchMark.id.desc())
        .limit(1)
    ).first()
    last: MatchTransition | MatchMark = mark if mark and mark.at > step.at else step
    if last.by_id != by.account_id or last.by_id is None or last.undoes_seq or last.at <= clock.now() - _WITHIN:
        return None
    if isinstance(last, MatchMark):
        return last
    after_approval = last.from_state in (MatchState.ACTIVE, *_ENDED) and last.to_state in (MatchState.ACTIVE, *_ENDED)
    started_alone = last.from_state is MatchState.APPROVED and last.to_state is MatchState.ACTIVE
    if started_alone:  # an approval that started the match is one decision, taken back in Match review
        approved_at = session.scalar(
            select(MatchTransition.at).where(
                MatchTransition.match_id == match.id, MatchTransition.seq == match.version - 1
            )
        )
        started_alone = approved_at != last.at
    return last if after_approval or started_alone else None


def _step_back(session: Session, match: Match, last: MatchTransition, by: Actor) -> None:
    back = replace(match_steps.now(session, match), undoes_seq=last.seq)
    if last.from_state in _ENDED:  # reopened, or its end was changed: as it had ended before
        ended = session.scalars(
            select(MatchTransition).where(MatchTransition.match_id == match.id, MatchTransition.seq == last.seq - 1)
        ).one()
        back = replace(back, on_day=ended.on_day, reason=ended.reason)
    elif last.to_state is MatchState.ACTIVE and last.from_state is MatchState.ACTIVE:
        started = session.scalars(
            select(MatchTransition.on_day)
            .where(
                MatchTransition.match_id == match.id,
                MatchTransition.seq < last.seq,
                MatchTransition.to_state == MatchState.ACTIVE,
                MatchTransition.from_state.in_((MatchState.APPROVED, MatchState.ACTIVE)),
            )
            .order_by(MatchTransition.seq.desc())
            .limit(1)
        ).one()
        back = replace(back, on_day=started)
    to = last.from_state or MatchState.ACTIVE
    match_steps.take(session, match, to, by, back)
