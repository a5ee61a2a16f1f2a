"""Absences of coaches, and who looks after their matches meanwhile."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Absence, Agency, Coach, Cover, Match, MatchState
from services import audit, clock, hand_over_plan, programmes
from services.access import Actor, Permission, authorise
from services.errors import Conflict, Invalid, NotFound
from services.hand_over_plan import HandOver
from services.wording import counted, day


@dataclass(frozen=True)
class Away:
    """An absence that has not ended."""

    ref: str
    coach_id: int
    coach: str
    agency: str
    first_day: dt.date
    last_day: dt.date
    #: The coach's running matches, and those of them that somebody covers.
    matches: int
    covered: int


def absences(session: Session, *, by: Actor, programme_id: int) -> tuple[Away, ...]:
    """Those that go on or are to come, the first one first. Raises `NotAllowed`."""
    authorise(session, by, Permission.SEE_CASELOAD)
    found = session.execute(
        select(Absence, Coach.name, Agency.name)
        .join(Coach, Coach.id == Absence.coach_id)
        .join(Agency, Agency.id == Coach.agency_id)
        .where(Absence.called_off_at.is_(None), Absence.last_day >= programmes.today(session, programme_id))
        .order_by(Absence.first_day, Absence.id)
    ).all()
    return tuple(_away(session, programme_id, *row) for row in found)


def _away(session: Session, programme_id: int, absence: Absence, coach: str, agency: str) -> Away:
    mine = hand_over_plan.running(session, programme_id, {absence.coach_id})
    covers = select(Match.ref).join(Cover, Cover.match_id == Match.id).where(Cover.absence_id == absence.id)
    covered = set(session.scalars(covers)) & set(mine["ref"])
    return Away(
        absence.ref, absence.coach_id, coach, agency, absence.first_day, absence.last_day, len(mine), len(covered)
    )


def suggest(
    session: Session,
    coach_id: int,
    first_day: dt.date,
    last_day: dt.date,
    *,
    by: Actor,
    programme_id: int,
    across: bool = False,
) -> HandOver:
    """The fairest cover for a coach's running matches by coaches who are there all the time.

    Raises `NotAllowed`, and `Invalid` for days out of order or past.
    """
    authorise(session, by, Permission.HAND_OVER)
    _check(session, programme_id, coach_id, first_day, last_day)
    rows = hand_over_plan.running(session, programme_id, {coach_id})
    known = hand_over_plan.options(session, first_day, last_day)
    takers = [one for one in known if one.coach_id != coach_id]
    rows = hand_over_plan.assigned(rows, takers, may_stay=False, across=across)
    left = int(rows["to_id"].isna().sum())
    said = "Each keeps its coach, and goes back to them by itself the day after."
    said += f" For {counted(left, 'match', 'matches')} nobody has room." if left else ""
    return HandOver(rows, tuple(takers), said)


def plan(
    session: Session,
    coach_id: int,
    first_day: dt.date,
    last_day: dt.date,
    covers: Mapping[str, int],
    *,
    by: Actor,
    programme_id: int,
) -> str:
    """Store an absence and, by the ref of each match, who covers it; gives the sentence that tells it.

    The database refuses a coach more than their capacity. Raises `Invalid`, `NotFound`, `Conflict`.
    """
    by = authorise(session, by, Permission.HAND_OVER)
    coach = _check(session, programme_id, coach_id, first_day, last_day)
    overlapping = select(Absence.id).where(
        Absence.coach_id == coach_id,
        Absence.called_off_at.is_(None),
        Absence.first_day <= last_day,
        Absence.last_day >= first_day,
    )
    if session.scalar(overlapping.limit(1)):
        raise Conflict(f"{coach.name} is away on some of these days already. Call that absence off first.")
    mine = set(hand_over_plan.running(session, programme_id, {coach_id})["ref"])
    if set(covers) - mine:
        raise Conflict(f"One of these matches is not with {coach.name} any more. Look at the plan again.")
    matches = session.scalars(
        select(Match).where(Match.ref.in_(list(covers)), Match.state == MatchState.ACTIVE).order_by(Match.id)
    ).all()
    takers = sorted(set(covers.values()))
    session.execute(select(Coach.id).where(Coach.id.in_(takers)).order_by(Coach.id).with_for_update(key_share=True))
    absence = Absence(
        coach_id=coach_id,
        first_day=first_day,
        last_day=last_day,
        made_at=clock.now(),
        made_by_id=by.account_id,
    )
    session.add(absence)
    session.flush()
    audit.record(session, by, "absence planned", "coach", coach_id, first=str(first_day), last=str(last_day))
    for match in matches:
        session.add(Cover(absence_id=absence.id, match_id=match.id, coach_id=covers[match.ref]))
        session.flush()
        audit.record(session, by, "cover planned", "match", match.id, coach=covers[match.ref], absence=absence.id)
    covered = counted(len(matches), "match", "matches")
    return f"{coach.name} is away from {day(first_day)} to {day(last_day)}, {covered} covered."


def call_off(session: Session, ref: str, *, by: Actor) -> str:
    """Take an absence back: its cover ends now. Raises `NotFound`."""
    by = authorise(session, by, Permission.HAND_OVER)
    absence = session.scalar(select(Absence).where(Absence.ref == ref, Absence.called_off_at.is_(None)))
    if absence is None:
        raise NotFound("There is no such absence any more.")
    absence.called_off_at = clock.now()
    session.flush()
    audit.record(session, by, "absence called off", "coach", absence.coach_id, absence=absence.id)
    return f"{session.get_one(Coach, absence.coach_id).name} is not away; the cover is over."


def _check(session: Session, programme_id: int, coach_id: int, first_day: dt.date, last_day: dt.date) -> Coach:
    coach = session.get(Coach, coach_id)
    if coach is None:
        raise NotFound("There is no such coach. Choose one of the list.")
    if last_day < first_day:
        raise Invalid(f"The absence would end on {day(last_day)}, before it begins. Exchange the two days.")
    if last_day < programmes.today(session, programme_id):
        raise Invalid("These days are over. Choose a last day that is still to come.")
    return coach
