"""The three answers to a pending match, for one match or many: what stands against each, and doing it."""

import datetime as dt
import enum
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from db.models import Match, MatchState
from services import match_steps, programmes
from services.access import Actor, Permission, authorise
from services.errors import Invalid
from services.match_steps import Step
from services.programmes import Clocks


class Kind(enum.StrEnum):
    """What can be answered to a proposal."""

    APPROVE = "approve"
    HOLD = "hold"
    DECLINE = "decline"


@dataclass(frozen=True)
class Answer:
    """A decision, before it is known on which matches."""

    kind: Kind
    #: For a hold: the day it ends.
    until: dt.date | None = None
    #: For a decline: one of the programme's list, whether the pair may come again, and a note for the file.
    reason: str = ""
    never_again: bool = False
    note: str = ""
    #: For an approval: whether the mentor is asked first; None: the programme's way.
    ask_mentor: bool | None = None

    def awaits_mentor(self, settings: Clocks) -> bool:
        """Whether an approved match waits for the mentor's word."""
        return not settings.approval_starts_match if self.ask_mentor is None else self.ask_mentor


def check(answer: Answer, settings: Clocks, today: dt.date) -> None:
    """Raises `Invalid` when a hold ends too early, or a decline's reason is not of the programme's list."""
    if answer.kind is Kind.HOLD and (answer.until is None or answer.until <= today):
        message = "A hold ends on a day after today. Choose a later day."
        raise Invalid(message)
    if answer.kind is Kind.DECLINE and answer.reason not in settings.decline_reasons:
        message = "Choose a reason from the list."
        raise Invalid(message)


def carry_out(session: Session, match: Match, answer: Answer, step: Step, *, by: Actor) -> None:
    """Take a pending match, which the caller holds still, where an answer that was checked leads."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    if match.state is MatchState.ON_HOLD:
        match_steps.take(session, match, MatchState.PROPOSED, by, step)
    if answer.kind is Kind.HOLD:
        match_steps.take(session, match, MatchState.ON_HOLD, by, replace(step, hold_until=answer.until))
    elif answer.kind is Kind.DECLINE:
        note = answer.note.strip() or None
        why = replace(step, reason=answer.reason, note=note, never_again=answer.never_again)
        match_steps.take(session, match, MatchState.DECLINED, by, why)
    else:
        match_steps.take(session, match, MatchState.APPROVED, by, step)
        if not answer.awaits_mentor(programmes.clocks(session, match.programme_id)):
            match_steps.take(session, match, MatchState.ACTIVE, by, step)


#: What the trail calls it, and the sentence on many.
ACTS = {Kind.APPROVE: "approved", Kind.HOLD: "put on hold", Kind.DECLINE: "declined"}
