"""What a desk still lacks before it works: read from the rows each time, stored nowhere."""

import enum
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from db.models import (
    Account,
    Agency,
    Cohort,
    Match,
    Mentee,
    Mentor,
    OccupationalGroup,
    Programme,
    ProgrammeKind,
    Role,
)
from services import milestones
from services.access import Actor, Permission, authorise


class Lack(enum.IntEnum):
    """The first thing that is missing, in the order in which things are made."""

    PROGRAMME = 1
    COHORT = 2
    PEOPLE = 3
    MATCHES = 4
    NOTHING = 5


class Where(enum.StrEnum):
    """The place of the desk where a step is taken."""

    PROGRAMME = "Programme"
    AGENCIES = "Agencies"
    GROUPS = "Groups"
    ACCOUNTS = "Accounts"
    COHORTS = "Cohorts"
    MILESTONES = "Milestones"
    IMPORT = "Import"
    MATCH_REVIEW = "Match review"


@dataclass(frozen=True)
class Step:
    """One step of the first morning: what to do, why, where, and whether it is done."""

    what: str
    why: str
    where: Where
    is_done: bool


def lacking(session: Session, *, by: Actor) -> Lack:
    """The first thing that is missing; tells nobody more than that there is none yet. Raises `SignedOut`."""
    authorise(session, by, Permission.SEE_MILESTONES)
    mentoring = select(Programme.id).where(Programme.kind == ProgrammeKind.MENTORING)
    for lack, there in (
        (Lack.PROGRAMME, mentoring.exists()),
        (Lack.COHORT, exists().where(Cohort.programme_id.in_(mentoring))),
        (Lack.MATCHES, exists().where(Match.programme_id.in_(mentoring))),
    ):
        if session.scalar(select(there)):
            continue
        if lack is Lack.MATCHES and not _both(session):
            return Lack.PEOPLE
        return lack
    return Lack.NOTHING


def steps(session: Session, *, by: Actor) -> tuple[Step, ...]:
    """Every step in order. Raises `NotAllowed`."""
    authorise(session, by, Permission.MANAGE_ACCOUNTS)
    programme = session.scalar(
        select(Programme.id).where(Programme.kind == ProgrammeKind.MENTORING).order_by(Programme.id).limit(1)
    )
    of = programme or 0
    return (
        Step("Name the programme", "What it is called, and whose it is.", Where.PROGRAMME, programme is not None),
        Step(
            "Say which agencies take part",
            "With the day each signed the data agreement: before it, none of its coaches gets in.",
            Where.AGENCIES,
            _is(session, Agency.agreement_on.is_not(None)),
        ),
        Step(
            "Choose the occupational groups",
            "Mentor and mentee of a match share one. The usual ones come with one click.",
            Where.GROUPS,
            _is(session, OccupationalGroup.id.is_not(None)),
        ),
        Step(
            "Make an account for a coordinator",
            "Coordinators decide matches; administrators see no people.",
            Where.ACCOUNTS,
            _is(session, _open_to(Role.COORDINATOR)),
        ),
        Step(
            "Make accounts for the coaches",
            "Each sees the people of the own agency, and a match can be theirs.",
            Where.ACCOUNTS,
            _is(session, _open_to(Role.COACH)),
        ),
        Step(
            "Make a cohort",
            "Its first and last day, how many matches it is to bring and how many mentees are to find work.",
            Where.COHORTS,
            _is(session, Cohort.programme_id == of),
        ),
        Step(
            "Say which numbers are celebrated",
            "The milestones on the way, and what counts towards them.",
            Where.MILESTONES,
            bool(programme and milestones.named(session, programme)),
        ),
        Step("Bring in the mentors", "A workbook or CSV file as it came.", Where.IMPORT, _is(session, Mentor.id > 0)),
        Step("Bring in the mentees", "One file of each agency.", Where.IMPORT, _is(session, Mentee.id > 0)),
        Step(
            "Propose the first matches",
            "A coordinator does that in Match review: the plan is shown before anything is stored.",
            Where.MATCH_REVIEW,
            _is(session, (Match.programme_id == of) & Match.fit.is_not(None)),  # history has none
        ),
    )


def _both(session: Session) -> bool:
    return _is(session, Mentor.id > 0) and _is(session, Mentee.id > 0)


def _is(session: Session, condition: ColumnElement[bool]) -> bool:
    return bool(session.scalar(select(exists().where(condition))))


def _open_to(role: Role) -> ColumnElement[bool]:
    return (Account.role == role) & Account.disabled_at.is_(None)
