"""The card of one match: two people side by side, what speaks against it, what happened."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import (
    OPEN,
    Account,
    Agency,
    Coach,
    Cohort,
    Division,
    Match,
    MatchState,
    MatchTransition,
    Mentee,
    Mentor,
    Programme,
)
from services import clock, match_steps, openings, programmes
from services.access import Actor, Permission, authorise
from services.counting import pending
from services.counting.figure import out_of_100
from services.engine.robust import Mark


@dataclass(frozen=True)
class Person:
    """One side of a card."""

    ref: str
    name: str
    first_name: str


@dataclass(frozen=True)
class Warn:
    """Something that speaks against a match: a short label, its colour's meaning, a sentence."""

    label: str
    weight: str
    sentence: str


@dataclass(frozen=True)
class Card:
    """Everything a coordinator reads before deciding on one match."""

    ref: str
    version: int
    state: MatchState
    mentee: Person
    mentor: Person
    group: str
    group_id: int
    cohort: str
    fit: int | None
    #: How much the proposal hangs on the weights; None when nobody tried.
    mark: Mark | None
    days: int
    age: str
    standing: str
    #: Label, the mentee's fact, the mentor's: what no criterion of the fit says.
    facts: tuple[tuple[str, str, str], ...]
    warnings: tuple[Warn, ...]
    history: tuple[tuple[str, str], ...]


def card(session: Session, match_ref: str, *, by: Actor) -> Card:
    """The card of one match, pending or not. Raises `NotFound`, `Unnoted`."""
    by = authorise(session, by, Permission.REVIEW_MATCHES)
    match = match_steps.find(session, match_ref)
    openings.of_match(session, match, by=by)
    programme = session.get_one(Programme, match.programme_id)
    today = clock.today(programme.timezone)
    days = (today - match.proposed_on).days
    clocks = programmes.clocks(session, programme.id)
    return Card(
        ref=match.ref,
        version=match.version,
        state=match.state,
        mentee=_person(match.mentee),
        mentor=_person(match.mentor),
        group=match.group.name,
        group_id=match.group_id,
        cohort=session.get_one(Cohort, match.cohort_id).name,
        fit=None if match.fit is None else out_of_100(match.fit),
        mark=_mark(match),
        days=days,
        age=pending.age(days, clocks, held_until=match.hold_until, as_of=today).value,
        standing=_standing(match),
        facts=tuple(_facts(session, match)),
        warnings=tuple(_warnings(session, match, today)),
        history=tuple(_history(session, match, programme.timezone)),
    )


def day(value: dt.date) -> str:
    """A day as cards say it: 4 November, with the year when it is not this one."""
    return f"{value.day} {value:%B}" + ("" if value.year == clock.now().year else f" {value.year}")


def _mark(match: Match) -> Mark | None:
    kept = (match.fit_detail or {}).get("mark")
    return Mark(**kept) if kept else None


def _standing(match: Match) -> str:
    if match.state is MatchState.ON_HOLD and match.hold_until:
        return f"Proposed {day(match.proposed_on)}. On hold until {day(match.hold_until)}."
    if match.state is MatchState.APPROVED and match.decided_on:
        return f"Proposed {day(match.proposed_on)}. Approved {day(match.decided_on)}, awaiting the mentor."
    if match.state is MatchState.PROPOSED:
        return f"Proposed {day(match.proposed_on)}. Your move."
    return f"Proposed {day(match.proposed_on)}. Now {match.state.value.replace('_', ' ')}."


def _person(person: Mentee | Mentor) -> Person:
    return Person(person.ref, f"{person.first_name} {person.last_name}", person.first_name)


def _facts(session: Session, match: Match) -> list[tuple[str, str, str]]:
    mentee, mentor = match.mentee, match.mentor
    agency = session.get(Agency, mentee.agency_id) if mentee.agency_id else None
    coach = session.get(Coach, mentee.coach_id) if mentee.coach_id else None
    division = session.get(Division, mentor.division_id) if mentor.division_id else None
    comes_from = ", ".join(part for part in (coach and f"Coach {coach.name}", agency and agency.name) if part)
    ready = f"Ready since {day(mentee.ready_on)}" if mentee.ready_on else ""
    since = f"Volunteer since {mentor.volunteer_since.year}" if mentor.volunteer_since else ""
    return [
        ("Own words", mentee.goal or "", ""),
        ("Support, division", comes_from, division.name if division else ""),
        ("Since", ready, since),
    ]


def _open_matches(session: Session, mentor: Mentor) -> int:
    return (
        session.scalar(
            select(func.count()).select_from(Match).where(Match.mentor_id == mentor.id, Match.state.in_(OPEN))
        )
        or 0
    )


def _warnings(session: Session, match: Match, today: dt.date) -> list[Warn]:
    mentor, mentee, found = match.mentor, match.mentee, []
    if mentor.capacity > 1 and _open_matches(session, mentor) >= mentor.capacity:
        found.append(
            Warn("Nearly full", "orange", f"This is the last of {mentor.first_name}’s {mentor.capacity} places.")
        )
    for person, role in ((mentor, "mentor"), (mentee, "mentee")):
        if person.withdrawn_on and person.withdrawn_on <= today:
            found.append(
                Warn("Withdrawn", "red", f"{person.first_name}, the {role}, withdrew on {day(person.withdrawn_on)}.")
            )
    if match.override_reason:
        apart = mentor.group_id != mentee.group_id
        found.append(Warn("Across groups" if apart else "Rule set aside", "orange", match.override_reason))
    if match.state is MatchState.ON_HOLD and match.hold_until and match.hold_until <= today:
        found.append(Warn("Hold over", "orange", f"The hold ended on {day(match.hold_until)}."))
    declines = session.execute(
        select(Match.reason, Match.decided_on)
        .where(Match.mentor_id == mentor.id, Match.state == MatchState.DECLINED_BY_MENTOR, Match.id != match.id)
        .order_by(Match.decided_on.desc())
        .limit(1)
    ).first()
    if declines and declines.decided_on:
        why = f": {declines.reason[:1].lower()}{declines.reason[1:]}" if declines.reason else ""
        found.append(
            Warn(
                "Earlier decline",
                "gray",
                f"{mentor.first_name} declined another mentee in {declines.decided_on.year}{why}.",
            )
        )
    return found


def _history(session: Session, match: Match, timezone: str) -> list[tuple[str, str]]:
    """Day and what happened, newest first: steps of every match of this pair, then when the mentee became ready."""
    steps = session.execute(
        select(MatchTransition, Match.fit, func.coalesce(Account.name, MatchTransition.by_name).label("who"))
        .join(Match, MatchTransition.match_id == Match.id)
        .outerjoin(Account, MatchTransition.by_id == Account.id)
        .where(Match.mentor_id == match.mentor_id, Match.mentee_id == match.mentee_id)
        .order_by(MatchTransition.at.desc(), MatchTransition.id.desc())
        .limit(6)
    )
    lines = []
    for step, fit, who in steps:
        what = match_steps.STEPS[step.to_state] if not step.undoes_seq else "Taken back"
        if step.seq == 1 and fit is not None:
            what += f", fit {out_of_100(fit)}"
        if step.to_state is MatchState.ON_HOLD and step.hold_until:
            what += f" until {day(step.hold_until)}"
        if step.reason:
            what += f": {step.reason[:1].lower()}{step.reason[1:]}"
        lines.append((day(clock.local(step.at, timezone).date()), f"{what}, {who}" if who and step.seq > 1 else what))
    if match.mentee.ready_on:
        lines.append((day(match.mentee.ready_on), f"{match.mentee.first_name} ready to match"))
    return lines
