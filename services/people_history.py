"""What happened with a person: matches with their steps and contacts, and what was beside them."""

from collections.abc import Sequence
from operator import attrgetter

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from db.models import (
    OPEN,
    Account,
    Attendance,
    CheckIn,
    Coach,
    Cohort,
    Event,
    Match,
    MatchMark,
    MatchState,
    MatchTransition,
    Mentee,
    Mentor,
    MentoringSession,
    Outcome,
    Placement,
    Survey,
    SurveyQuestion,
    SurveyResponse,
)
from services import clock, match_steps, person
from services.counting import people as counting
from services.people_past import Happened, PastMatch
from services.wording import day


def of(session: Session, who: Mentor | Mentee, timezone: str) -> tuple[tuple[PastMatch, ...], tuple[Happened, ...]]:
    """Matches, open ones first and then the latest, and what happened beside them."""
    is_mentor = isinstance(who, Mentor)
    whose = Match.mentor_id if is_mentor else Match.mentee_id
    matches = session.scalars(
        select(Match)
        .where(whose == who.id)
        .options(joinedload(Match.mentor), joinedload(Match.mentee))
        .order_by(Match.proposed_on.desc(), Match.id.desc())
    ).all()
    ids = [match.id for match in matches]
    cohorts = {row.id: row.name for row in session.execute(select(Cohort.id, Cohort.name))}
    held = counting.meetings(session, ids)
    happened = _in_matches(session, ids, timezone)
    past = []
    for match in matches:
        partner = match.mentee if is_mentor else match.mentor
        many, hours = held.get(match.id, (0, ""))
        past.append(
            PastMatch(
                ref=match.ref,
                partner=person.name(partner),
                partner_ref=partner.ref,
                cohort=cohorts[match.cohort_id],
                standing=_standing(match),
                is_open=match.state in OPEN,
                held=f"{many} {'meeting' if many == 1 else 'meetings'}, {hours} hours" if many else "",
                happened=_latest_first(happened.get(match.id, [])),
            )
        )
    return tuple(sorted(past, key=lambda one: not one.is_open)), _latest_first(_beside(session, who, timezone))


def _latest_first(lines: list[Happened]) -> tuple[Happened, ...]:
    return tuple(sorted(lines, key=attrgetter("on"))[::-1])


def _standing(match: Match) -> str:
    on = match.ended_on or match.started_on or match.decided_on or match.proposed_on
    if match.state is MatchState.ON_HOLD and match.hold_until:
        return f"on hold until {day(match.hold_until)}"
    word = {MatchState.ACTIVE: "active since", MatchState.PROPOSED: "proposed"}.get(
        match.state, match.state.value.replace("_", " ")
    )
    return f"{word} {day(on)}" + (f", {_reason(match.reason)}" if match.reason else "")


def _reason(code: str) -> str:
    words = code.replace("_", " ")
    return words[:1].lower() + words[1:]


def _in_matches(session: Session, matches: Sequence[int], timezone: str) -> dict[int, list[Happened]]:
    found: dict[int, list[Happened]] = {}
    steps = session.execute(
        select(MatchTransition, func.coalesce(Account.name, MatchTransition.by_name))
        .outerjoin(Account, Account.id == MatchTransition.by_id)
        .where(MatchTransition.match_id.in_(matches))
        .order_by(MatchTransition.match_id, MatchTransition.seq)
    )
    for step, by in steps:
        what = "Taken back" if step.undoes_seq else match_steps.STEPS[step.to_state]
        if step.hold_until:
            what += f" until {day(step.hold_until)}"
        what += f": {_reason(step.reason)}" if step.reason else ""
        what += ", not to be proposed again" if step.never_again else ""
        what += f", {by}" if by else ""
        found.setdefault(step.match_id, []).append(Happened(step.on_day, what, step.note or ""))
    for contact, coach in session.execute(
        select(CheckIn, Coach.name).outerjoin(Coach, Coach.id == CheckIn.coach_id).where(CheckIn.match_id.in_(matches))
    ):
        whom = "both" if contact.contact.value == "both" else f"the {contact.contact.value}"
        what = f"Check-in with {whom}, {contact.mode.value.replace('_', ' ')}: {contact.health.value.replace('_', ' ')}"
        what += f", {coach}" if coach else ""
        found.setdefault(contact.match_id, []).append(Happened(contact.on_day, what, contact.note or ""))
    for mark in session.scalars(
        select(MatchMark).where(MatchMark.match_id.in_(matches)).order_by(MatchMark.match_id, MatchMark.seq)
    ):
        which = mark.step.value.replace("_", " ").capitalize()
        on = clock.local(mark.at, timezone).date() if mark.on_day is None else mark.on_day
        what = which if mark.on_day else f"{which} taken back"
        found.setdefault(mark.match_id, []).append(Happened(on, what, mark.note or ""))
    for meeting in session.scalars(select(MentoringSession).where(MentoringSession.match_id.in_(matches))):
        found.setdefault(meeting.match_id, []).append(Happened(meeting.on_day, f"Met for {meeting.minutes} minutes"))
    return found


def _beside(session: Session, who: Mentor | Mentee, timezone: str) -> list[Happened]:
    is_mentor = isinstance(who, Mentor)
    came = {True: "came", False: "did not come", None: "invited"}
    own = (Attendance.mentor_id if is_mentor else Attendance.mentee_id) == who.id
    found = [
        Happened(clock.local(starts_at, timezone).date(), f"{name}: {'cancelled' if cancelled_at else came[attended]}")
        for name, starts_at, cancelled_at, attended in session.execute(
            select(Event.name, Event.starts_at, Event.cancelled_at, Attendance.attended)
            .join(Event, Event.id == Attendance.event_id)
            .where(own, or_(Attendance.walked_in.is_(False), Attendance.attended.is_(True)))
        )
    ]
    own = (SurveyResponse.mentor_id if is_mentor else SurveyResponse.mentee_id) == who.id
    agrees = {True: "agrees", False: "does not agree", None: "answered"}
    found += [
        Happened(on, f"{survey}: «{wording}» {agrees[agreed]}", words or "")
        for on, survey, wording, agreed, words in session.execute(
            select(
                SurveyResponse.on_day,
                Survey.name,
                SurveyQuestion.wording,
                SurveyResponse.agrees,
                SurveyResponse.words,
            )
            .join(SurveyQuestion, SurveyQuestion.id == SurveyResponse.question_id)
            .join(Survey, Survey.id == SurveyQuestion.survey_id)
            .where(own)
        )
    ]
    if isinstance(who, Mentee):
        found += [
            Happened(one.on_day, f"Follow-up: {one.finding.value.replace('_', ' ')}")
            for one in session.scalars(select(Outcome).where(Outcome.mentee_id == who.id))
        ]
        for placed in session.scalars(select(Placement).where(Placement.mentee_id == who.id)):
            found.append(Happened(placed.hired_on, "Placed in the organisation"))
            if placed.permanent_on:
                found.append(Happened(placed.permanent_on, "Permanent position"))
        if who.ready_on:
            found.append(Happened(who.ready_on, "Ready to match"))
    elif who.volunteer_since:
        found.append(Happened(who.volunteer_since, "Volunteered"))
    return found
