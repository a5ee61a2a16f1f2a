"""Taking back the last decision of an actor, on one match or on many at once; remembered by the database."""

import datetime as dt

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from db.models import CheckIn, Match, MatchState, MatchTransition, MentoringSession
from services import clock, match_steps, overrides, sentence_for
from services.access import Actor, Permission, authorise
from services.errors import Conflict
from services.match_steps import CHOSE, MADE_ROOM, Decision, Step, now, pair, told

#: An undo reaches back this far.
_UNDO_WITHIN = dt.timedelta(hours=24)
#: From where a decision leads on; steps of a match that runs are put right where they are made.
_DECIDED_FROM = (MatchState.PROPOSED, MatchState.ON_HOLD, MatchState.APPROVED)
#: A match and the first step of the decision that stands on it.
_Decided = tuple[Match, MatchTransition]


def undoable(session: Session, *, by: Actor) -> str | None:
    """What of this actor's last decision can still be taken back: the pair, or how many; None when nothing can."""
    by = authorise(session, by, Permission.REVIEW_MATCHES)
    decided = _last_decision(session, by)
    if not decided:
        return None
    return pair(decided[0][0]) if len(decided) == 1 else f"{len(decided)} decisions made at once"


def undo(session: Session, *, by: Actor) -> Decision:
    """Take back this actor's last decision, unless something was built on it.

    Of a decision on many matches, those on which something was built stay and are named. Raises `Conflict` with what
    stands in the way when nothing could be taken back.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    decided = _last_decision(session, by)
    if not decided:
        message = "There is no decision of yours from the last day to take back."
        raise Conflict(message)
    if len(decided) == 1:
        match, first = decided[0]
        _take_back(session, match, first, by)
        return told(session, match, by, "undone", f"Undone: {pair(match)} is pending again.")
    stays, back = [], []
    for match, first in decided:
        who = pair(match)
        try:
            with session.begin_nested():
                _take_back(session, match, first, by)
        except Conflict as refused:
            stays.append(f"{who} stays: {refused}")
        except IntegrityError as refused:
            stays.append(f"{who} stays: {sentence_for(refused)}")
        else:
            back.append(told(session, match, by, "undone", f"Undone: {who} is pending again."))
    if not back:
        raise Conflict(" ".join(stays))
    done = f"Undone: {len(back)} matches are pending again." if len(back) > 1 else back[0].sentence
    return Decision(back[0].match_ref, back[0].state, " ".join([done, *stays]))


def _take_back(session: Session, match: Match, first: MatchTransition, by: Actor) -> None:
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
        held = Step(step.on_day, step.at, hold_until=held_until, undoes_seq=first.seq)
        match_steps.take(session, match, MatchState.ON_HOLD, by, held)
    if first.from_state is MatchState.APPROVED:
        match_steps.take(session, match, MatchState.APPROVED, by, back)


def _last_decision(session: Session, by: Actor) -> list[_Decided]:
    """The newest decision of an actor on which no other step stands: its matches, each with its first step.

    All steps of one decision share their moment, on however many matches.
    """
    newest = session.execute(_top(by).order_by(MatchTransition.at.desc(), MatchTransition.id.desc()).limit(1)).first()
    if newest is None:
        return []
    match, step = newest
    at_once = _top(by, MatchTransition.at == step.at).order_by(Match.id)
    # A choice moves other proposals along; it is taken back from the match that it was made on.
    matches = [match] if match.reason == CHOSE else [row.Match for row in session.execute(at_once)]
    steps = session.scalars(
        select(MatchTransition)
        .where(
            MatchTransition.match_id.in_([one.id for one in matches]),
            MatchTransition.at == step.at,
            MatchTransition.by_id == by.account_id,
        )
        .order_by(MatchTransition.seq.desc())
    )
    first = {one.match_id: one for one in steps}
    return [(one, first[one.id]) for one in matches]


def _top(by: Actor, *more: ColumnElement[bool]) -> Select[Match, MatchTransition]:
    return (
        select(Match, MatchTransition)
        .join(MatchTransition, (MatchTransition.match_id == Match.id) & (MatchTransition.seq == Match.version))
        .where(
            MatchTransition.by_id == by.account_id,
            MatchTransition.at > clock.now() - _UNDO_WITHIN,
            MatchTransition.undoes_seq.is_(None),
            MatchTransition.from_state.in_(_DECIDED_FROM),
            MatchTransition.to_state != MatchState.VOID,
            or_(Match.reason.is_(None), Match.reason != MADE_ROOM),
            *more,
        )
        .options(joinedload(Match.mentor), joinedload(Match.mentee))
    )


def _hold_before(session: Session, first: MatchTransition) -> dt.date | None:
    if first.from_state is not MatchState.ON_HOLD:
        return None
    return session.scalar(
        select(MatchTransition.hold_until).where(
            MatchTransition.match_id == first.match_id, MatchTransition.seq == first.seq - 1
        )
    )
