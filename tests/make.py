"""Builders of rows for tests: say what matters, the rest is plausible."""

import datetime as dt
import secrets
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from db.models import (
    Account,
    Agency,
    Cohort,
    LoginSession,
    Match,
    MatchState,
    MatchTransition,
    Mentee,
    Mentor,
    OccupationalGroup,
    Programme,
    ProgrammeKind,
    ProgrammeSetting,
    Role,
)
from services import audit, clock
from services.access import OPERATOR, Actor

_numbers = count(1)


def next_number() -> int:
    """A number that nothing else in this run has."""
    return next(_numbers)


def today() -> dt.date:
    """Today where the programmes of tests run; UTC is a day ahead of it every evening."""
    return clock.today("America/Toronto")


#: The day of the demo that tests share.
DEMO_DAY = today()


def _keep(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    audit.record(session, OPERATOR, "made for a test", type(row).__name__)
    return row


def programme(session: Session, **given: Any) -> Programme:
    name = given.pop("name", f"Programme {next(_numbers)}")
    return _keep(
        session, Programme(**{"name": name, "organisation": "The City", "kind": ProgrammeKind.MENTORING, **given})
    )


def cohort(session: Session, of: Programme | None = None, **given: Any) -> Cohort:
    return _keep(
        session,
        Cohort(
            **{
                "programme_id": (of or programme(session)).id,
                "name": f"Cohort {next(_numbers)}",
                "starts_on": today() - dt.timedelta(days=200),
                "ends_on": today() + dt.timedelta(days=100),
                **given,
            }
        ),
    )


def setting(session: Session, cohort: Cohort, **values: Any) -> None:
    """Settings of the cohort's programme, by name."""
    for name, value in values.items():
        _keep(session, ProgrammeSetting(programme_id=cohort.programme_id, name=name, value={"value": value}))


def group(session: Session, name: str | None = None) -> OccupationalGroup:
    return _keep(session, OccupationalGroup(name=name or f"Group {next(_numbers)}"))


def agency(session: Session, name: str | None = None) -> Agency:
    return _keep(
        session,
        Agency(name=name or f"Agency {next(_numbers)}", agreement_on=today() - dt.timedelta(days=900)),
    )


def mentor(session: Session, group: OccupationalGroup, **given: Any) -> Mentor:
    n = next(_numbers)
    email = given.pop("email", f"mentor{n}@toronto.example")
    return _keep(
        session,
        Mentor(
            **{
                "first_name": "Grace",
                "last_name": f"Fraser{n}",
                "email": email,
                "email_key": email.casefold(),
                "group_id": group.id,
                "years_experience": 12,
                "languages": ["English"],
                "capacity": 2,
                **given,
            }
        ),
    )


def mentee(session: Session, group: OccupationalGroup, **given: Any) -> Mentee:
    n = next(_numbers)
    email = given.pop("email", f"mentee{n}@mail.example")
    return _keep(
        session,
        Mentee(
            **{
                "first_name": "Adaeze",
                "last_name": f"Okafor{n}",
                "email": email,
                "email_key": email.casefold(),
                "group_id": group.id,
                "years_experience": 8,
                "languages": ["English"],
                "ready_on": today() - dt.timedelta(days=40),
                **given,
            }
        ),
    )


def match(session: Session, cohort: Cohort, mentor: Mentor, mentee: Mentee, **given: Any) -> Match:
    """A proposal, made `days` days ago (0 unless given)."""
    days = dt.timedelta(days=given.pop("days", 0))
    return _keep(
        session,
        Match(
            **{
                "programme_id": cohort.programme_id,
                "cohort_id": cohort.id,
                "mentor_id": mentor.id,
                "mentee_id": mentee.id,
                "group_id": mentee.group_id,
                "proposed_on": today() - days,
                "proposed_at": clock.now() - days,
                "fit": 700,
                **given,
            }
        ),
    )


def step(session: Session, match: Match, to: MatchState, **given: Any) -> Match:
    """Take a match one step on; `on_day` is today unless given."""
    _keep(
        session,
        MatchTransition(
            **{
                "match_id": match.id,
                "seq": match.version + 1,
                "from_state": match.state,
                "to_state": to,
                "on_day": today(),
                "at": clock.now(),
                **given,
            }
        ),
    )
    session.refresh(match)
    return match


def account(session: Session, role: Role = Role.COORDINATOR, **given: Any) -> Account:
    n = next(_numbers)
    if role is Role.COACH and "agency_id" not in given:
        given["agency_id"] = agency(session).id
    return _keep(
        session,
        Account(
            **{
                "username": f"user{n}",
                "name": f"User {n}",
                "role": role,
                "password_hash": "$2b$04$no.password.at.all",
                "created_at": clock.now(),
                **given,
            }
        ),
    )


def actor(session: Session, role: Role = Role.COORDINATOR, **given: Any) -> Actor:
    """Someone of that role, signed in."""
    who = account(session, role, **given)
    login = _keep(
        session,
        LoginSession(
            token_hash=secrets.token_hex(32),
            account_id=who.id,
            created_at=clock.now(),
            expires_at=clock.now() + dt.timedelta(hours=8),
        ),
    )
    return Actor(who.name, who.id, who.role, who.agency_id, login.ref)
