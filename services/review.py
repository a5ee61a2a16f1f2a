"""Decisions on pending matches, and taking them back."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from db.models import CheckIn, Match, MatchState, MatchTransition, MentoringSession
from services import clock, match_steps, overrides, programmes
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid
from services.match_steps import Decision, Step, now, pair, pending, told

#: An undo reaches back this far.
_UNDO_WITHIN = dt.timedelta(hours=24)


def approve(session: Session, match_ref: str, version: int, *, by: Actor, ask_mentor: bool | None = None) -> Decision:
    """Approve a pending match; it starts today, or awaits the mentor where the programme asks them first.

    `ask_mentor` overrides the programme's way for this match. Raises `Conflict` when another was faster.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = pending(session, match_ref, version)
    settings = programmes.clocks(session, match.programme_id)
    step = now(session, match)
    if match.state is MatchState.ON_HOLD:
        match_steps.take(session, match, MatchState.PROPOSED, by, step)
    match_steps.take(session, match, MatchState.APPROVED, by, step)
    waits = not settings.approval_starts_match if ask_mentor is None else ask_mentor
    if not waits:
        match_steps.take(session, match, MatchState.ACTIVE, by, step)
    return told(session, match, by, "approved", f"Approved {pair(match)}{', awaiting the mentor' if waits else ''}.")


def hold(session: Session, match_ref: str, version: int, *, by: Actor, until: dt.date) -> Decision:
    """Put a pending match aside until a day after today."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = pending(session, match_ref, version)
    step = now(session, match)
    if until <= step.on_day:
        message = "A hold ends on a day after today. Choose a later day."
        raise Invalid(message)
    if match.state is MatchState.ON_HOLD:
        match_steps.take(session, match, MatchState.PROPOSED, by, step)
    match_steps.take(session, match, MatchState.ON_HOLD, by, Step(step.on_day, step.at, hold_until=until))
    return told(session, match, by, "put on hold", f"On hold until {until.day} {until:%B}: {pair(match)}.")


def decline(
    session: Session, match_ref: str, version: int, *, by: Actor, reason: str, never_again: bool, note: str = ""
) -> Decision:
    """Decline a pending match; the pair may be proposed again unless `never_again`."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = pending(session, match_ref, version)
    if reason not in programmes.clocks(session, match.programme_id).decline_reasons:
        message = "Choose a reason from the list."
        raise Invalid(message)
    moment = now(session, match)
    if match.state is MatchState.ON_HOLD:
        match_steps.take(session, match, MatchState.PROPOSED, by, moment)
    step = Step(moment.on_day, moment.at, reason=reason, note=note.strip() or None, never_again=never_again)
    match_steps.take(session, match, MatchState.DECLINED, by, step)
    again = "not to be proposed again" if never_again else "may be proposed again"
    return told(session, match, by, "declined", f"Declined {pair(match)}, {again}.")


def mentor_agreed(session: Session, match_ref: str, version: int, *, by: Actor) -> Decision:
    """The mentor said yes: an approved match starts today."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _awaiting_mentor(session, match_ref, version)
    match_steps.take(session, match, MatchState.ACTIVE, by, now(session, match))
    return told(session, match, by, "started", f"{pair(match)} started.")


def mentor_declined(session: Session, match_ref: str, version: int, *, by: Actor, reason: str) -> Decision:
    """The mentor said no: the mentee is free again and keeps their waiting time."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _awaiting_mentor(session, match_ref, version)
    if not reason.strip():
        message = "Say why the mentor declined."
        raise Invalid(message)
    moment = now(session, match)
    match_steps.take(
        session, match, MatchState.DECLINED_BY_MENTOR, by, Step(moment.on_day, moment.at, reason=reason.strip())
    )
    return told(session, match, by, "declined by mentor", f"The mentor declined {pair(match)}.")


def undoable(session: Session, *, by: Actor) -> str | None:
    """The pair of this actor's last decision that can still be taken back; None when there is none."""
    by = authorise(session, by, Permission.REVIEW_MATCHES)
    found = _last_decision(session, by)
    return pair(found[0]) if found else None


def undo(session: Session, *, by: Actor) -> Decision:
    """Take back this actor's last decision, unless something was built on it.

    Raises `Conflict` with what stands in the way.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    found = _last_decision(session, by)
    if found is None:
        message = "There is no decision of yours from the last day to take back."
        raise Conflict(message)
    match, first = found
    match_steps.hold_still(session, match.ref, match.version)
    for built, words in ((CheckIn, "a check-in"), (MentoringSession, "a session")):
        if session.scalar(select(built.id).where(built.match_id == match.id).limit(1)):
            message = (
                f"{words.capitalize()} was already recorded for {pair(match)}. Close the match instead of undoing."
            )
            raise Conflict(message)
    step = now(session, match)
    back = Step(step.on_day, step.at, undoes_seq=first.seq)
    overrides.take_back(session, match, first, back, by=by)
    held_until = _hold_before(session, first)
    if match.state is not MatchState.PROPOSED and first.from_state is not MatchState.APPROVED:
        match_steps.take(session, match, MatchState.PROPOSED, by, back)
    if held_until:
        match_steps.take(
            session,
            match,
            MatchState.ON_HOLD,
            by,
            Step(step.on_day, step.at, hold_until=held_until, undoes_seq=first.seq),
        )
    if first.from_state is MatchState.APPROVED:
        match_steps.take(session, match, MatchState.APPROVED, by, back)
    return told(session, match, by, "undone", f"Undone: {pair(match)} is pending again.")


def _awaiting_mentor(session: Session, match_ref: str, version: int) -> Match:
    match = match_steps.hold_still(session, match_ref, version)
    if match.state is not MatchState.APPROVED:
        raise Conflict(f"{match_steps.who_moved(session, match)} It is not awaiting the mentor.")
    return match


def _last_decision(session: Session, by: Actor) -> tuple[Match, MatchTransition] | None:
    """The newest decision of an actor on which no other step stands, with its first step.

    All steps of one decision share their moment.
    """
    last = session.execute(
        select(Match, MatchTransition)
        .join(MatchTransition, (MatchTransition.match_id == Match.id) & (MatchTransition.seq == Match.version))
        .where(
            MatchTransition.by_id == by.account_id,
            MatchTransition.at > clock.now() - _UNDO_WITHIN,
            MatchTransition.undoes_seq.is_(None),
            MatchTransition.seq > 1,
            MatchTransition.from_state.in_((*match_steps.PENDING, MatchState.APPROVED)),  # what follows: services.life
            MatchTransition.to_state != MatchState.VOID,
        )
        .options(joinedload(Match.mentor), joinedload(Match.mentee))
        .order_by(MatchTransition.at.desc(), MatchTransition.id.desc())
        .limit(1)
    ).first()
    if last is None:
        return None
    match, step = last
    first = session.scalars(
        select(MatchTransition)
        .where(
            MatchTransition.match_id == match.id, MatchTransition.at == step.at, MatchTransition.by_id == by.account_id
        )
        .order_by(MatchTransition.seq)
    ).first()
    return (match, first) if first else None


def _hold_before(session: Session, first: MatchTransition) -> dt.date | None:
    if first.from_state is not MatchState.ON_HOLD:
        return None
    return session.scalar(
        select(MatchTransition.hold_until).where(
            MatchTransition.match_id == first.match_id, MatchTransition.seq == first.seq - 1
        )
    )
