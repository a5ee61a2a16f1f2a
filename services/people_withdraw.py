"""A person withdraws, or comes back: what becomes of their open matches is said first, then done with it."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from db.models import Match, MatchState
from services import audit, match_steps, people_fields, person, programmes
from services.access import Actor, Permission, authorise
from services.counting.waiting import Ending
from services.errors import Conflict, Invalid
from services.kinds import Kind
from services.match_steps import PENDING, Step, pair
from services.people_edit import Saved
from services.person import name
from services.stage import consents
from services.wording import counted, day, first_upper

#: Of each kind: why a match ends, and how that is said of one that has not begun.
_ENDING = {Kind.MENTOR: Ending.MENTOR_WITHDREW, Kind.MENTEE: Ending.MENTEE_WITHDREW}
_DECLINED = {Kind.MENTOR: "Mentor withdrew", Kind.MENTEE: "Mentee withdrew"}


@dataclass(frozen=True)
class Leaving:
    """What a withdrawal would do."""

    ref: str
    kind: Kind
    name: str
    today: dt.date
    reasons: tuple[str, ...]
    #: Pairs that would be declined, and pairs that run and must end with it.
    declined: tuple[str, ...]
    running: tuple[str, ...]
    #: The open matches as they were looked at: ref and version.
    seen: tuple[tuple[str, int], ...]


def preview(session: Session, ref: str, *, by: Actor) -> Leaving:
    """What withdrawing this person would do. Raises `NotFound`, `NotAllowed`."""
    authorise(session, by, Permission.EDIT_PEOPLE)
    who = person.kept(session, ref)
    programme = programmes.main(session)
    matches = person.open_matches(session, who)
    running = [match for match in matches if match.state is MatchState.ACTIVE]
    return Leaving(
        ref=who.ref,
        kind=person.kind_of(who),
        name=name(who),
        today=programmes.today(session, programme.id),
        reasons=programmes.clocks(session, programme.id).withdrawal_reasons,
        declined=tuple(pair(match) for match in matches if match not in running),
        running=tuple(pair(match) for match in running),
        seen=_seen(matches),
    )


def withdraw(
    session: Session,
    ref: str,
    *,
    by: Actor,
    on: dt.date,
    reason: str,
    note: str = "",
    end_running: bool = False,
    seen: tuple[tuple[str, int], ...],
) -> Saved:
    """Withdraw a person from a day on: pending matches are declined, running ones end early if `end_running`.

    Raises `NotFound`; `Invalid` for a day ahead or a reason of no list; `Conflict` when a match runs that is not to
    end, when the open matches are no longer those `seen`, or when the person is withdrawn already.
    """
    authorise(session, by, Permission.DECIDE_MATCHES)
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    (who,) = person.hold(session, ref)
    kind = person.kind_of(who)
    programme = programmes.main(session)
    if who.withdrawn_on is not None:
        raise Conflict(f"{name(who)} is withdrawn already, as of {day(who.withdrawn_on)}. Take that back first.")
    if on > programmes.today(session, programme.id):
        raise Invalid("The day lies in the future. Choose today or an earlier day.")
    if reason not in programmes.clocks(session, programme.id).withdrawal_reasons:
        raise Invalid("Choose a reason from the list.")
    matches = person.open_matches(session, who)
    if _seen(matches) != seen:
        raise Conflict(f"The matches of {name(who)} have changed since you looked. Look at them again.")
    running = [match for match in matches if match.state is MatchState.ACTIVE]
    if running and not end_running:
        raise Conflict(f"{_pairs(running)} still runs. End it with the withdrawal, or close it first.")
    for match in matches:
        _close(session, match_steps.hold_still(session, match.ref, match.version), kind, on, by)
    who.withdrawn_on, who.withdrawn_reason, who.withdrawn_note = on, reason, note.strip() or None
    session.flush()
    if kind is Kind.MENTOR:
        consents.follow(session, consents.called(people_fields.values(session, who)), None, by=by)
    audit.record(
        session, by, "person withdrawn", kind.value, who.id, on=on.isoformat(), matches=[match.id for match in matches]
    )
    closed = f" {first_upper(counted(len(matches), 'match was', 'matches were'))} closed." if matches else ""
    return Saved(who.ref, f"{name(who)} is withdrawn as of {day(on)}.{closed}", ("withdrawn_on",))


def take_back(session: Session, ref: str, *, by: Actor) -> Saved:
    """The person takes part again from now on; matches that the withdrawal closed stay closed.

    Raises `NotFound`, and `Conflict` for someone who is not withdrawn.
    """
    by = authorise(session, by, Permission.EDIT_PEOPLE)
    (who,) = person.hold(session, ref)
    if who.withdrawn_on is None:
        raise Conflict(f"{name(who)} is not withdrawn.")
    who.withdrawn_on = who.withdrawn_reason = who.withdrawn_note = None
    session.flush()
    audit.record(session, by, "withdrawal taken back", person.kind_of(who).value, who.id)
    return Saved(who.ref, f"{name(who)} takes part again. Matches that were closed stay closed.", ("withdrawn_on",))


def _seen(matches: list[Match]) -> tuple[tuple[str, int], ...]:
    return tuple((match.ref, match.version) for match in matches)


def _pairs(matches: list[Match]) -> str:
    return pair(matches[0]) if len(matches) == 1 else f"{pair(matches[0])}, one of {len(matches)} matches,"


def _close(session: Session, match: Match, kind: Kind, on: dt.date, by: Actor) -> None:
    """Decline a match that has not begun, today; end one that runs, on the day, or on its first if that is later."""
    step = match_steps.now(session, match)
    if match.state is MatchState.ACTIVE:
        end = Step(max(on, match.started_on or on), step.at, reason=_ENDING[kind].value)
        match_steps.take(session, match, MatchState.ENDED_EARLY, by, end)
        return
    if match.state is MatchState.APPROVED and kind is Kind.MENTOR:
        match_steps.take(
            session, match, MatchState.DECLINED_BY_MENTOR, by, dataclasses.replace(step, reason=_DECLINED[kind])
        )
        return
    if match.state is not PENDING[0]:
        match_steps.take(session, match, MatchState.PROPOSED, by, step)
    match_steps.take(session, match, MatchState.DECLINED, by, dataclasses.replace(step, reason=_DECLINED[kind]))
