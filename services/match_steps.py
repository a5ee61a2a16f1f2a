"""Taking a match one step on. Every change of a match's state in the desk goes through here."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from db.models import OPEN, Account, Match, MatchState, MatchTransition, Programme
from services import audit, clock, person, programmes
from services.access import Actor
from services.errors import Conflict, NotFound
from services.wording import day

#: What a step is called when told to someone: "Cora Lindqvist approved this match at 14:32."
SAID = {
    MatchState.PROPOSED: "put back",
    MatchState.ON_HOLD: "put on hold",
    MatchState.APPROVED: "approved",
    MatchState.ACTIVE: "approved",
    MatchState.COMPLETED: "completed",
    MatchState.ENDED_EARLY: "ended",
    MatchState.DECLINED: "declined",
    MatchState.DECLINED_BY_MENTOR: "recorded the mentor's no to",
    MatchState.VOID: "voided",
}
#: What it is called in a history, by the state it led to.
STEPS = {
    MatchState.PROPOSED: "Proposed",
    MatchState.ON_HOLD: "On hold",
    MatchState.APPROVED: "Approved",
    MatchState.ACTIVE: "Started",
    MatchState.COMPLETED: "Completed",
    MatchState.ENDED_EARLY: "Ended early",
    MatchState.DECLINED: "Declined",
    MatchState.DECLINED_BY_MENTOR: "Mentor declined",
    MatchState.VOID: "Voided",
}

#: Why a proposal ended that a choice replaced, or whose place another choice needed: nobody spoke against the pair.
CHOSE = "Another mentor was chosen"
MADE_ROOM = "The place was needed for another proposal"

PENDING = (MatchState.PROPOSED, MatchState.ON_HOLD)


@dataclass(frozen=True)
class Decision:
    """What was decided, for the line that tells it."""

    match_ref: str
    state: MatchState
    sentence: str
    #: Whether the mentee is free for another mentor now.
    frees: bool = False


@dataclass(frozen=True)
class Step:
    """What a step carries besides its state."""

    on_day: dt.date
    at: dt.datetime
    reason: str | None = None
    note: str | None = None
    hold_until: dt.date | None = None
    never_again: bool = False
    undoes_seq: int | None = None


def find(session: Session, match_ref: str) -> Match:
    """The match with both people, whatever its state. Raises `NotFound`."""
    return _one(session, _wanted(match_ref))


def hold_still(session: Session, match_ref: str, version: int | None = None) -> Match:
    """The match, locked until the transaction ends, with both people.

    Raises `NotFound`, and `Conflict` with who decided and when if it no longer stands at `version`.
    """
    match = _one(session, _wanted(match_ref).with_for_update(of=Match).execution_options(populate_existing=True))
    if version is not None and match.version != version:
        raise Conflict(f"{who_moved(session, match)} Nothing of yours was saved.")
    return match


def pending(session: Session, match_ref: str, version: int) -> Match:
    """The match as `hold_still` gives it, if it waits for a decision. Raises `Conflict` when it does not."""
    match = hold_still(session, match_ref, version)
    if match.state not in PENDING:
        raise Conflict(f"{who_moved(session, match)} There is nothing left to decide.")
    return match


def now(session: Session, match: Match) -> Step:
    """A step that is taken today, at this moment."""
    return Step(programmes.today(session, match.programme_id), clock.now())


def pair(match: Match) -> str:
    """Both people of a match, by name."""
    mentee, mentor = match.mentee, match.mentor
    return f"{mentee.first_name} {mentee.last_name} with {mentor.first_name} {mentor.last_name}"


def take(session: Session, match: Match, to: MatchState, by: Actor, step: Step) -> None:
    """Write one transition; the database moves the match along.

    No note is kept of a match of someone who has been erased. Raises `Conflict` for a match that would be open again,
    when one of the two has withdrawn or been erased.
    """
    are_kept = person.are_kept(session, match.mentor, match.mentee)
    if to in OPEN and match.state not in OPEN:
        _take_part(match, are_kept=are_kept)
    session.add(
        MatchTransition(
            match_id=match.id,
            seq=match.version + 1,
            from_state=match.state,
            to_state=to,
            on_day=step.on_day,
            at=step.at,
            by_id=by.account_id,
            by_name=None if by.account_id else by.name,
            reason=step.reason,
            note=step.note if are_kept else None,
            hold_until=step.hold_until,
            never_again=step.never_again,
            undoes_seq=step.undoes_seq,
        )
    )
    session.flush()
    session.refresh(
        match, ["state", "version", "decided_on", "started_on", "ended_on", "hold_until", "reason", "never_again"]
    )


def _take_part(match: Match, *, are_kept: bool) -> None:
    if not are_kept:
        raise Conflict("The data of one of the two has been erased for good. This match stays closed.")
    for one in (match.mentor, match.mentee):
        if one.withdrawn_on:
            raise Conflict(f"{person.name(one)} is withdrawn as of {day(one.withdrawn_on)}. Take that back first.")


def told(session: Session, match: Match, by: Actor, action: str, sentence: str, **detail: str) -> Decision:
    """Note what was done in the trail, and say it."""
    audit.record(
        session, by, f"match {action}", "match", match.id, state=match.state.value, version=match.version, **detail
    )
    return Decision(match.ref, match.state, sentence)


def who_moved(session: Session, match: Match) -> str:
    """Who took the last step, what and when, as a sentence."""
    last = session.execute(
        select(
            MatchTransition.from_state,
            MatchTransition.to_state,
            MatchTransition.at,
            MatchTransition.by_name,
            Account.name,
        )
        .outerjoin(Account, Account.id == MatchTransition.by_id)
        .where(MatchTransition.match_id == match.id, MatchTransition.seq == match.version)
    ).one()
    did = SAID[last.to_state]
    if last.from_state is last.to_state:
        did = "changed a day of"
    elif last.from_state in (MatchState.COMPLETED, MatchState.ENDED_EARLY) and last.to_state is MatchState.ACTIVE:
        did = "reopened"
    return f"{last.name or last.by_name or 'Someone'} {did} this match {said_at(session, match, last.at)}."


def said_at(session: Session, match: Match, moment: dt.datetime) -> str:
    """At 14:32, or on 4 November at 14:32, where the programme runs."""
    timezone = session.get_one(Programme, match.programme_id).timezone
    at = clock.local(moment, timezone)
    return f"at {at:%H:%M}" if at.date() == clock.today(timezone) else f"on {at.day} {at:%B} at {at:%H:%M}"


def _wanted(match_ref: str) -> Select[Match]:
    people = joinedload(Match.mentor), joinedload(Match.mentee), joinedload(Match.group)
    return select(Match).where(Match.ref == match_ref).options(*people)


def _one(session: Session, wanted: Select[Match]) -> Match:
    match = session.scalar(wanted)
    if match is None:
        message = "There is no such match. It may have been voided; choose another."
        raise NotFound(message)
    return match
