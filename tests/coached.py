"""Agencies, coaches and running matches, stored in a desk."""

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from db.models import Agency, Coach, Cohort, Match, MatchCoach, MatchState, Programme, Role
from services.access import Actor
from tests import make


def coach(session: Session, agency: Agency, capacity: int = 20, **given: Any) -> Coach:
    number = make.next_number()
    row = {"name": f"Coach {number}", "email": f"coach{number}@agency.example", **given}
    return make._keep(session, Coach(agency_id=agency.id, capacity=capacity, **row))


def running(session: Session, cohort: Cohort, whose: Coach | None, many: int = 1, days: int = 20) -> list[Match]:
    """Matches that started so many days ago, of one coach and their agency."""
    group = make.group(session)
    started = make.today() - dt.timedelta(days=days)
    found = []
    for _ in range(many):
        sent = {"agency_id": whose.agency_id, "coach_id": whose.id} if whose else {}
        mentee = make.mentee(session, group, **sent)
        match = make.match(session, cohort, make.mentor(session, group), mentee, days=days)
        for state in (MatchState.APPROVED, MatchState.ACTIVE):
            make.step(session, match, state, on_day=started)
        found.append(match)
    return found


def signed_in(session: Session, whose: Coach) -> Actor:
    return make.actor(session, Role.COACH, agency_id=whose.agency_id, coach_id=whose.id)


def coaches_of(session: Session, *matches: Match) -> list[int | None]:
    """Whose each of these is now."""
    rows = session.scalars(
        select(MatchCoach).where(MatchCoach.match_id.in_([m.id for m in matches])).order_by(MatchCoach.seq)
    )
    latest = {row.match_id: row.coach_id for row in rows}
    return [latest.get(match.id) for match in matches]


def programme_and_cohort(session: Session) -> tuple[Programme, Cohort]:
    programme = make.programme(session)
    return programme, make.cohort(session, programme)


def names(session: Session) -> dict[str, tuple[str, str]]:
    """By ref of a match: its mentee and its mentor."""
    rows = session.scalars(select(Match).options(joinedload(Match.mentee), joinedload(Match.mentor)))
    return {
        row.ref: (f"{row.mentee.first_name} {row.mentee.last_name}", f"{row.mentor.first_name} {row.mentor.last_name}")
        for row in rows
    }
