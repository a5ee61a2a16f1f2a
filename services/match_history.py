"""What happened with a match, and how other matches of its mentee went."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from db.models import Account, Match, MatchMark, MatchState, MatchTransition
from services import clock, match_marks, match_steps
from services.life import ENDINGS

_MOST = 14


def of(session: Session, match: Match, timezone: str) -> pd.DataFrame:
    """Steps of this match, and how other matches of the mentee went."""
    who = func.coalesce(Account.name, MatchTransition.by_name).label("who")
    steps = session.execute(
        select(MatchTransition, who)
        .outerjoin(Account, Account.id == MatchTransition.by_id)
        .where(MatchTransition.match_id == match.id)
        .order_by(MatchTransition.seq.desc())
    )
    lines = [(step.at, step.on_day, f"{_what(step)}{_by(by)}", step.note or "") for step, by in steps]
    marks = session.execute(
        select(MatchMark, func.coalesce(Account.name, MatchMark.by_name))
        .outerjoin(Account, Account.id == MatchMark.by_id)
        .where(MatchMark.match_id == match.id)
    )
    for mark, by in marks:
        label = match_marks.STEPS[mark.step]
        told = label if mark.on_day else f"{label}: open again"
        day = mark.on_day or clock.local(mark.at, timezone).date()
        lines.append((mark.at, day, f"{'Undone: ' if mark.undoes_seq else ''}{told}{_by(by)}", mark.note or ""))
    others = session.scalars(
        select(Match)
        .where(Match.mentee_id == match.mentee_id, Match.id != match.id, Match.state != MatchState.VOID)
        .options(joinedload(Match.mentor))
    )
    for other in others:
        day = other.ended_on or other.started_on or other.decided_on or other.proposed_on
        told = f"{match_steps.STEPS[other.state]} with {other.mentor.first_name} {other.mentor.last_name}"
        lines.append((clock.start_of(day, timezone), day, told, _reason(other.reason)))
    lines.sort(key=lambda line: line[0], reverse=True)
    return pd.DataFrame([line[1:] for line in lines[:_MOST]], columns=["day", "what", "why"])


def _what(step: MatchTransition) -> str:
    if step.undoes_seq:
        return f"Undone, back to {_word(step.to_state.value).lower()}"
    if step.from_state is step.to_state:
        return "Start changed" if step.to_state is MatchState.ACTIVE else "End changed"
    if step.to_state is MatchState.ACTIVE and step.from_state is not MatchState.APPROVED:
        return "Reopened"
    return match_steps.STEPS[step.to_state] + (f": {_reason(step.reason)}" if step.reason else "")


def _reason(code: str | None) -> str:
    return next((words.lower() for ending, words in ENDINGS.items() if ending == code), code or "")


def _by(who: str | None) -> str:
    return f", {who}" if who else ""


def _word(code: str) -> str:
    return code.replace("_", " ").capitalize()
