"""One answer to many pending matches: what would happen to each, and doing it in one go that one undo takes back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from db.models import Cohort, Match, MatchState, Mentee, Mentor
from services import audit, deciding, match_steps, programmes
from services.access import Actor, Permission, authorise
from services.card import day
from services.counting.figure import out_of_100
from services.deciding import ACTS, Answer, Kind
from services.errors import Conflict, Invalid
from services.programmes import Clocks
from services.wording import counted, first_upper

#: As many as one person can look through before answering them all alike.
MOST = 200
#: So many are named in the line that tells what was done.
_NAMED = 3
_HAPPENS = ["ref", "mentee", "mentor", "fit", "group", "days", "what"]
_LEFT_OUT = ["ref", "mentee", "mentor", "why"]


@dataclass(frozen=True, eq=False)
class Bulk:
    """What one answer does to many matches."""

    answer: Answer
    #: ref, mentee, mentor, fit (0 to 100, or empty), group, days (waiting), what (a few words); longest wait first.
    happens: pd.DataFrame
    #: ref, mentee, mentor, why (a sentence).
    left_out: pd.DataFrame
    #: Name and id of each occupational group that is answered in, with the cohort.
    touched: tuple[tuple[str, int, str], ...]

    @property
    def sentence(self) -> str:
        """What was done, and who was left out and why."""
        told = [f"{first_upper(counted(len(self.happens), 'match', 'matches'))} {ACTS[self.answer.kind]}."]
        told += [f"Left out {row.mentee} with {row.mentor}: {row.why}" for row in self.left_out[:_NAMED].itertuples()]
        if len(self.left_out) > _NAMED:
            told.append(f"And {len(self.left_out) - _NAMED} more were left out.")
        return " ".join(told)


def preview(session: Session, answer: Answer, chosen: Mapping[str, int], *, by: Actor) -> Bulk:
    """What an answer would do to matches, chosen by ref at the version that was on the screen.

    Raises `Invalid` for more than `MOST` of them, and as one decision does.
    """
    authorise(session, by, Permission.REVIEW_MATCHES)
    return _sorted(session, answer, _judged(session, answer, chosen))


def carry_out(session: Session, answer: Answer, chosen: Mapping[str, int], *, by: Actor) -> Bulk:
    """Give one answer to many matches; those decided meanwhile, or that it does not fit, are left out and named.

    Raises `Conflict` when none is left, and as `preview` does.
    """
    by = authorise(session, by, Permission.DECIDE_MATCHES)
    judged = _judged(session, answer, chosen, locked=True)
    done = _sorted(session, answer, judged)
    if done.happens.empty:
        raise Conflict(done.sentence if judged else "No match is chosen. Choose some first.")
    answered = [match for match, why in judged if why is None]
    moment = match_steps.now(session, answered[0])  # one for all: by it, one undo finds the whole again
    for match in answered:
        deciding.carry_out(session, match, answer, moment, by=by)
        stands = {"state": match.state.value, "version": match.version}
        audit.record(session, by, f"match {ACTS[answer.kind]}", "match", match.id, **stands, together=len(answered))
    return done


#: A match, and why it is left out; None when it is not.
_Judged = tuple[Match, str | None]


def _judged(session: Session, answer: Answer, chosen: Mapping[str, int], *, locked: bool = False) -> list[_Judged]:
    if len(chosen) > MOST:
        raise Invalid(f"{len(chosen)} matches are chosen. Choose {MOST} or fewer, so that they can be looked through.")
    asked = (
        select(Match)
        .where(Match.ref.in_(list(chosen)))
        .options(joinedload(Match.mentor), joinedload(Match.mentee), joinedload(Match.group))
        .order_by(Match.id)  # two who answer at once lock in one order
        .execution_options(populate_existing=True)
    )
    matches = session.scalars(asked.with_for_update(of=Match) if locked else asked).all()
    clocks = {one: programmes.clocks(session, one) for one in {match.programme_id for match in matches}}
    today = {one: programmes.today(session, one) for one in clocks}
    for one, settings in clocks.items():
        deciding.check(answer, settings, today[one])
    return [
        (match, _why_not(session, match, chosen[match.ref], answer, today[match.programme_id])) for match in matches
    ]


def _why_not(session: Session, match: Match, version: int, answer: Answer, today: dt.date) -> str | None:
    if match.version != version or match.state not in (*match_steps.PENDING, MatchState.APPROVED):
        return match_steps.who_moved(session, match)
    if match.state is MatchState.APPROVED:
        return "It is approved already and awaits the mentor."
    if match.hold_until and answer.kind is Kind.HOLD and match.hold_until == answer.until:
        return "It is on hold until that day already."
    if match.hold_until and answer.kind is not Kind.HOLD and match.hold_until > today:
        return f"It is on hold until {day(match.hold_until)}."
    if answer.kind is Kind.APPROVE:
        for person in (match.mentee, match.mentor):
            if person.withdrawn_on and person.withdrawn_on <= today:
                return f"{_name(person)} withdrew on {day(person.withdrawn_on)}."
    return None


def _sorted(session: Session, answer: Answer, judged: list[_Judged]) -> Bulk:
    clocks = {one: programmes.clocks(session, one) for one in {match.programme_id for match, _ in judged}}
    today = {one: programmes.today(session, one) for one in clocks}
    happens, left_out = [], []
    for match, why in sorted(judged, key=lambda one: (one[0].proposed_on, one[0].id)):
        line = {"ref": match.ref, "mentee": _name(match.mentee), "mentor": _name(match.mentor)}
        if why is not None:
            left_out.append({**line, "why": why})
            continue
        happens.append(
            {
                **line,
                "fit": None if match.fit is None else out_of_100(match.fit),
                "group": match.group.name,
                "days": (today[match.programme_id] - match.proposed_on).days,
                "what": _what(answer, clocks[match.programme_id]),
            }
        )
    into = {(match.group.name, match.group_id, match.cohort_id) for match, why in judged if why is None}
    touched = tuple((name, group, session.get_one(Cohort, cohort).name) for name, group, cohort in sorted(into))
    happening, left = pd.DataFrame(happens, columns=_HAPPENS), pd.DataFrame(left_out, columns=_LEFT_OUT)
    return Bulk(answer, happening, left, touched)


def _what(answer: Answer, settings: Clocks) -> str:
    if answer.kind is Kind.HOLD and answer.until:
        return f"On hold until {day(answer.until)}"
    if answer.kind is Kind.DECLINE:
        return "Declined, not to be proposed again" if answer.never_again else "Declined, may be proposed again"
    return "Approved, awaits the mentor" if answer.awaits_mentor(settings) else "Approved, starts today"


def _name(person: Mentee | Mentor) -> str:
    return f"{person.first_name} {person.last_name}"
