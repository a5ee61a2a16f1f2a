"""Decisions on one pending match."""

import datetime as dt
from dataclasses import replace

from sqlalchemy.orm import Session

from db.models import Match, MatchState
from services import deciding, match_steps, programmes
from services.access import Actor, Permission, authorise
from services.deciding import ACTS, Answer, Kind
from services.errors import Conflict, Invalid
from services.match_steps import Decision, now, pair, pending, told
from services.undoing import undo, undoable

__all__ = [
    "Decision",
    "approve",
    "decline",
    "hold",
    "mentor_agreed",
    "mentor_declined",
    "send_back",
    "undo",
    "undoable",
]


def approve(session: Session, match_ref: str, version: int, *, by: Actor, ask_mentor: bool | None = None) -> Decision:
    """Approve a pending match; it starts today, or awaits the mentor where the programme asks them first.

    `ask_mentor` overrides the programme's way for this match. Raises `Conflict` when another was faster.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _answered(session, match_ref, version, Answer(Kind.APPROVE, ask_mentor=ask_mentor), by)
    waits = ", awaiting the mentor" if match.state is MatchState.APPROVED else ""
    return told(session, match, by, ACTS[Kind.APPROVE], f"Approved {pair(match)}{waits}.")


def hold(session: Session, match_ref: str, version: int, *, by: Actor, until: dt.date) -> Decision:
    """Put a pending match aside until a day after today."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _answered(session, match_ref, version, Answer(Kind.HOLD, until=until), by)
    return told(session, match, by, ACTS[Kind.HOLD], f"On hold until {until.day} {until:%B}: {pair(match)}.")


def decline(
    session: Session, match_ref: str, version: int, *, by: Actor, reason: str, never_again: bool, note: str = ""
) -> Decision:
    """Decline a pending match; the pair may be proposed again unless `never_again`."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    answer = Answer(Kind.DECLINE, reason=reason, never_again=never_again, note=note)
    match = _answered(session, match_ref, version, answer, by)
    again = "not to be proposed again" if never_again else "may be proposed again"
    return told(session, match, by, ACTS[Kind.DECLINE], f"Declined {pair(match)}, {again}.")


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
    step = replace(now(session, match), reason=reason.strip())
    match_steps.take(session, match, MatchState.DECLINED_BY_MENTOR, by, step)
    return told(session, match, by, "declined by mentor", f"The mentor declined {pair(match)}.")


def send_back(session: Session, match_ref: str, version: int, *, by: Actor) -> Decision:
    """Make a match that awaits its mentor pending again, as if nobody had approved it."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _awaiting_mentor(session, match_ref, version)
    match_steps.take(session, match, MatchState.PROPOSED, by, now(session, match))
    return told(session, match, by, "sent back", f"Sent back: {pair(match)} is pending again.")


def _answered(session: Session, match_ref: str, version: int, answer: Answer, by: Actor) -> Match:
    match = pending(session, match_ref, version)
    step = now(session, match)
    deciding.check(answer, programmes.clocks(session, match.programme_id), step.on_day)
    deciding.carry_out(session, match, answer, step, by=by)
    return match


def _awaiting_mentor(session: Session, match_ref: str, version: int) -> Match:
    match = match_steps.hold_still(session, match_ref, version)
    if match.state is not MatchState.APPROVED:
        raise Conflict(f"{match_steps.who_moved(session, match)} It is not awaiting the mentor.")
    return match
