"""Making room for a choice: the proposals whose place it takes are declined, and made anew where the plan puts them."""

import dataclasses
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.models import Cohort, Match, MatchState, MatchTransition
from services import audit, match_steps, proposals
from services.access import Actor, Permission, authorise
from services.alternatives import Question
from services.engine.problem import NOBODY
from services.engine.standing import Move
from services.errors import Conflict
from services.match_steps import MADE_ROOM, Step
from services.proposals import Moment


def make_room(session: Session, asked: Question, moved: list[Move], step: Step, *, by: Actor) -> list[dict[str, Any]]:
    """Decline the proposals that move; returns the rows that `put` stores once their places are free.

    Raises `Conflict` when one of them was decided a moment ago.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    rows = []
    for move in moved:
        mentee = asked.group.mentees.iloc[move.mentee]
        old = session.scalars(
            select(Match).where(
                Match.programme_id == asked.match.programme_id,
                Match.mentee_id == int(mentee["id"]),
                Match.state == MatchState.PROPOSED,
            )
        ).one_or_none()
        if old is None:
            raise Conflict(f"The proposal of {mentee['name']} was decided a moment ago. Choose again.")
        match_steps.hold_still(session, old.ref, old.version)
        match_steps.take(session, old, MatchState.DECLINED, by, dataclasses.replace(step, reason=MADE_ROOM))
        audit.record(session, by, "match made room", "match", old.id, state=old.state.value, version=old.version)
        if move.after != NOBODY:
            into, moment = session.get_one(Cohort, old.cohort_id), Moment(step.on_day, step.at, by.account_id)
            rows.append(proposals.row(asked.group, move.mentee, move.after, into, moment))
    return rows


def put(session: Session, rows: list[dict[str, Any]], *, by: Actor) -> None:
    """Store the proposals that `make_room` made anew."""
    authorise(session, by, Permission.DECIDE_MATCHES)
    if rows:
        session.execute(insert(Match), sorted(rows, key=lambda row: (row["mentor_id"], row["mentee_id"])))


def take_back(session: Session, first: MatchTransition, back: Step, *, by: Actor) -> None:
    """Void what one choice proposed, and make pending again what made room for it; `first` is a step of the choice.

    Raises `Conflict` when any of it was decided since.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    made = select(Match.ref).where(Match.proposed_at == first.at, Match.proposed_by_id == first.by_id)
    for ref in session.scalars(made.order_by(Match.id)).all():
        match = match_steps.hold_still(session, ref)
        if match.state is not MatchState.PROPOSED:
            raise Conflict(f"{match_steps.who_moved(session, match)} The choice can no longer be undone.")
        match_steps.take(session, match, MatchState.VOID, by, dataclasses.replace(back, undoes_seq=1))
    gave = (
        select(Match.ref, MatchTransition.seq)
        .join(MatchTransition, (MatchTransition.match_id == Match.id) & (MatchTransition.seq == Match.version))
        .where(MatchTransition.at == first.at, MatchTransition.by_id == first.by_id, Match.reason == MADE_ROOM)
        .order_by(Match.id)
    )
    for ref, seq in session.execute(gave).all():
        match = match_steps.hold_still(session, ref)
        match_steps.take(session, match, MatchState.PROPOSED, by, dataclasses.replace(back, undoes_seq=seq))
