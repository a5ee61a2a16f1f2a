"""What follows an approval: a match starts, takes its steps, ends, and is put right; each with its day."""

import datetime as dt
import enum
from dataclasses import replace

from sqlalchemy.orm import Session

from db.models import Mark, Match, MatchMark, MatchState
from services import match_marks, match_steps
from services.access import Actor, Permission, authorise
from services.counting.waiting import SETTLED, Ending
from services.errors import Conflict, Invalid
from services.match_steps import Decision, Step, pair, told
from services.wording import day as said_day

#: What an early end is called.
ENDINGS = {ending: ending.value.replace("_", " ").capitalize() for ending in Ending}
ENDED = (MatchState.COMPLETED, MatchState.ENDED_EARLY)
_STARTED = (MatchState.ACTIVE, *ENDED)
#: Words that say why a record is put right.
_FEWEST_WORDS = 2


class Which(enum.StrEnum):
    """A day of a match that can be put right."""

    START = "start"
    END = "end"


def start(session: Session, match_ref: str, version: int, *, by: Actor, on: dt.date | None = None) -> Decision:
    """The mentor said yes: an approved match starts, today unless on an earlier day."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _standing(session, match_ref, version, MatchState.APPROVED)
    step = _step(session, match, on, since=match.decided_on, what="was approved")
    match_steps.take(session, match, MatchState.ACTIVE, by, step)
    return told(session, match, by, "started", f"{pair(match)} started on {said_day(step.on_day)}.")


def record(
    session: Session,
    match_ref: str,
    version: int,
    step: Mark | str,
    *,
    by: Actor,
    on: dt.date | None = None,
    was: dt.date | None = None,
    why: str = "",
) -> Decision:
    """Record a step of a started match, today unless on an earlier day; or change its day.

    `was`: the day that stands now, None when the step was not recorded; a change says `why`. Raises `Conflict` with
    who was faster, `Invalid` for a day out of order.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _standing(session, match_ref, version, *_STARTED)
    moment, step = _step(session, match, on), Mark(step)
    match_marks.still(session, match, step, was)
    note = _why(why) if was else None
    _in_order(match, step, moment.on_day, match_marks.marked(session, match.id))
    match_marks.put(session, match, step, moment.on_day, by, note)
    sentence = f"{match_marks.STEPS[step]} on {said_day(moment.on_day)}: {pair(match)}."
    return told(session, match, by, "step recorded", sentence, step=step.value)


def take_back(
    session: Session, match_ref: str, version: int, step: Mark | str, *, by: Actor, was: dt.date | None, why: str
) -> Decision:
    """A step was recorded in error: it is open again. Raises `Conflict` when it is not recorded."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match, step = _standing(session, match_ref, version, *_STARTED), Mark(step)
    match_marks.still(session, match, step, was)
    if was is None:
        raise Conflict(f"{match_marks.STEPS[step]} is not recorded: there is nothing to take back.")
    match_marks.put(session, match, step, None, by, _why(why))
    return told(
        session,
        match,
        by,
        "step taken back",
        f"{match_marks.STEPS[step]} is open again: {pair(match)}.",
        step=step.value,
    )


def complete(session: Session, match_ref: str, version: int, *, by: Actor, on: dt.date | None = None) -> Decision:
    """Mentor and mentee came to the end of their match, today unless on an earlier day."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _standing(session, match_ref, version, MatchState.ACTIVE)
    step = _ending(session, match, on)
    match_steps.take(session, match, MatchState.COMPLETED, by, step)
    return told(session, match, by, "completed", f"{pair(match)} completed on {said_day(step.on_day)}.")


def end_early(
    session: Session,
    match_ref: str,
    version: int,
    *,
    by: Actor,
    reason: Ending | str,
    on: dt.date | None = None,
    note: str = "",
) -> Decision:
    """A match ends before its time. Unless the mentee found work or left, the mentee waits on since the day they did.

    Work found is a success and counted apart.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _standing(session, match_ref, version, MatchState.ACTIVE)
    if reason not in tuple(Ending):
        message = "Choose why the match ended from the list."
        raise Invalid(message)
    ending = Ending(reason)
    step = replace(_ending(session, match, on), reason=ending.value, note=note.strip() or None)
    match_steps.take(session, match, MatchState.ENDED_EARLY, by, step)
    why = ENDINGS[ending]
    sentence = f"{pair(match)} ended early: {why[:1].lower()}{why[1:]}."
    mentee = match.mentee
    frees = ending not in SETTLED and mentee.ready_on is not None and not mentee.withdrawn_on
    if frees and mentee.ready_on:
        sentence += f" {mentee.first_name} waits for another mentor, still since {said_day(mentee.ready_on)}."
    return replace(told(session, match, by, "ended early", sentence, reason=ending.value), frees=frees)


def reopen(session: Session, match_ref: str, version: int, *, by: Actor, why: str) -> Decision:
    """An ended match goes on. Raises `Conflict` when mentee or mentor have no place for it any more."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = _standing(session, match_ref, version, *ENDED)
    match_steps.take(session, match, MatchState.ACTIVE, by, replace(match_steps.now(session, match), note=_why(why)))
    return told(session, match, by, "reopened", f"{pair(match)} goes on.")


def redate(
    session: Session, match_ref: str, version: int, which: Which | str, *, by: Actor, on: dt.date, why: str
) -> Decision:
    """Put right the day a running match started, or an ended match ended."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    which = Which(which)
    states = (MatchState.ACTIVE,) if which is Which.START else ENDED
    match = _standing(session, match_ref, version, *states)
    if which is Which.START:
        step = _step(session, match, on, since=match.decided_on, what="was approved")
        _before_marks(session, match, step.on_day)
    else:
        step = _ending(session, match, on)
    match_steps.take(session, match, match.state, by, replace(step, reason=match.reason, note=_why(why)))
    sentence = f"The {which.value} of {pair(match)} is {said_day(step.on_day)} now."
    return told(session, match, by, f"{which.value} changed", sentence)


def void(session: Session, match_ref: str, version: int, *, by: Actor, why: str) -> Decision:
    """A match entered in error: kept, counted nowhere, never back."""
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    match = match_steps.hold_still(session, match_ref, version)
    if match.state is MatchState.VOID:
        raise Conflict(match_steps.who_moved(session, match))
    step = replace(match_steps.now(session, match), reason=match.reason, note=_why(why))
    match_steps.take(session, match, MatchState.VOID, by, step)
    return told(session, match, by, "voided", f"{pair(match)} is void: kept, and counted nowhere.")


def _standing(session: Session, match_ref: str, version: int, *states: MatchState) -> Match:
    match = match_steps.hold_still(session, match_ref, version)
    if match.state not in states:
        raise Conflict(f"{match_steps.who_moved(session, match)} This step is not one of it now.")
    return match


def _step(session: Session, match: Match, on: dt.date | None, *, since: dt.date | None = None, what: str = "") -> Step:
    now = match_steps.now(session, match)
    if on is None:
        return now
    if on > now.on_day:
        message = "The day lies in the future. Choose today or an earlier day."
        raise Invalid(message)
    if since and on < since:
        raise Invalid(f"The match {what} on {said_day(since)}. Choose that day or a later one.")
    return replace(now, on_day=on)


def _ending(session: Session, match: Match, on: dt.date | None) -> Step:
    step = _step(session, match, on, since=match.started_on, what="started")
    for mark, row in match_marks.marked(session, match.id).items():
        if row.on_day and row.on_day > step.on_day:
            raise Invalid(
                f"{match_marks.STEPS[mark]} is recorded on {said_day(row.on_day)}, after that day. Mend one of them."
            )
    return step


def _before_marks(session: Session, match: Match, day: dt.date) -> None:
    for mark, row in match_marks.marked(session, match.id).items():
        if mark is not Mark.ORIENTATION and row.on_day and row.on_day < day:
            raise Invalid(
                f"{match_marks.STEPS[mark]} is recorded on {said_day(row.on_day)}, before that day. Mend one of them."
            )


def _in_order(match: Match, step: Mark, day: dt.date, found: dict[Mark, MatchMark]) -> None:
    days = {mark: row.on_day for mark, row in found.items() if row.on_day} | {step: day}
    if step is not Mark.ORIENTATION and match.started_on and day < match.started_on:
        raise Invalid(f"The match started on {said_day(match.started_on)}. Choose that day or a later one.")
    if match.ended_on and day > match.ended_on:
        raise Invalid(f"The match ended on {said_day(match.ended_on)}. Choose that day or an earlier one.")
    met, agreed = days.get(Mark.FIRST_MEETING), days.get(Mark.AGREEMENT)
    if met and agreed and agreed < met:
        raise Invalid(f"They first met on {said_day(met)}: the agreement is signed on that day or a later one.")


def _why(words: str) -> str:
    said = " ".join(words.split())
    if len(said.split()) < _FEWEST_WORDS:
        message = "Say in a few words why. They stay in the history of the match."
        raise Invalid(message)
    return said
