"""Building the demo programme in an empty database."""

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from db.models import (
    Agency,
    Coach,
    Cohort,
    Division,
    Match,
    MatchTransition,
    Mentee,
    Mentor,
    Milestone,
    MilestoneKind,
    OccupationalGroup,
    Programme,
    ProgrammeKind,
)
from services import audit, programmes
from services.access import Actor, Permission, authorise
from services.demo import (
    absences,
    accounts,
    courses,
    facts,
    history,
    pending,
    sisters,
    sizes,
    store,
    thanked,
    unmatched,
    work,
)
from services.demo.catalogue import AGENCIES, COACHES_PER_AGENCY, MORE_DIVISIONS, ORIGINS, PROFESSIONS
from services.demo.courses import Course
from services.demo.history import Intake, Volunteer
from services.demo.lives import Life, Year
from services.demo.people import People, Row, draws
from services.errors import Conflict
from services.imports.groups import ensure_groups
from services.setup import milestones

_NAME, _CITY, _TIMEZONE = "Profession to Profession", "City of Toronto", "America/Toronto"
#: Of this year's started matches, those that still run.
_RUNNING = 60
#: Of those, the ones that should have closed by now.
_LATE = 3
_OPENED, _CLOSES = 210, 120
_OBJECTIVE = 60
_AWARD, _AWARDED_ON = "Silver award, Public Sector Quality Fair", dt.date(2004, 11, 18)
_CELEBRATED = "10, 25, 50, 100, 250, 500, 1000, 1500, 2000, 2500, 3000"
#: Days from being ready to being proposed that half of all mentees wait at most: in 2004, less each year.
_READY_BEFORE, _FASTER, _SHORTEST, _LONGEST = 11.5, 0.25, 5.0, 60


@dataclass(frozen=True)
class Built:
    """What was made."""

    cohorts: int
    mentors: int
    mentees: int
    matches: int
    #: Matches that have started, whatever their end.
    started: int
    accounts: int


def build(session: Session, *, by: Actor, matches: int | None = None, today: dt.date | None = None) -> Built:
    """Fill an empty database: history to last year, and this year counted back from today.

    `matches` makes the same shape with so many started matches. Raises `Conflict` when anything is there already.
    """
    by = authorise(session, by, Permission.MANAGE_ACCOUNTS)
    _refuse_unless_empty(session)
    programme = Programme(
        name=_NAME, organisation=_CITY, kind=ProgrammeKind.MENTORING, timezone=_TIMEZONE, is_demo=True
    )
    session.add(programme)
    session.flush()
    today = today or programmes.today(session, programme.id)
    cohorts = sizes.sizes(today, matches)
    people = _organisation(session, by)
    told = history.History(people, exact=matches is None)
    *past, current = told.intakes(cohorts)
    plan = _courses(past, current, today, scale := sum(cohorts.values()) / sum(sizes.sizes(today).values()))
    busy = Counter(volunteer.row["id"] for _, volunteer, course in plan[current.year] if not course.ended_on)
    _retire(told.volunteers, current.year)
    paired = _mentees(people, plan)
    waiting = pending.make(people, [v for v in told.volunteers if v.last == current.year], busy, today, scale)
    placed = sisters.people(people)
    in_vain = _unmatched(people, plan, today)
    later = {row["id"] for row in waiting.just_ready}
    here = [row for row in people.mentees if row["id"] not in later]
    known = facts.draw(people, today)
    store.rows(session, Mentor, people.mentors)
    store.rows(session, Mentee, here)
    facts.store_of(session, known, people.mentors, here)
    number, years = 0, []
    for year, size in sorted(cohorts.items()):
        cohort = _cohort(session, programme.id, year, size, today, now=year == current.year)
        number = _store_unmatched(session, (programme.id, cohort.id), in_vain[year], number)
        number, lives = _store(session, (programme.id, cohort.id), paired[year], number)
        years.append(Year(cohort.id, year, cohort.starts_on, cohort.ends_on, lives, now=year == current.year))
    number = pending.store_proposals(session, waiting, (programme.id, cohort.id), number, by=by, today=today)
    facts.store_of(session, known, [], waiting.just_ready)
    work.store(session, years, today)
    thanked.store(session, today)
    award = {"programme_id": programme.id, "kind": MilestoneKind.AWARD, "name": _AWARD, "on_day": _AWARDED_ON}
    store.rows(session, Milestone, [award])
    milestones.save(session, programme.id, _CELEBRATED, programme.counting_rule, by=by)
    sisters.store(session, placed)
    made = accounts.store(session)
    absences.store(session, today)
    store.settle(session)
    built = Built(len(cohorts), len(people.mentors), len(people.mentees), number, sum(cohorts.values()), made)
    audit.record(session, by, "demo built", "programme", programme.id, matches=number, mentees=built.mentees)
    return built


def _refuse_unless_empty(session: Session) -> None:
    for table in (Programme, Mentor, Mentee, Agency):
        if session.scalar(select(func.count()).select_from(table)):
            message = (
                "The database holds a programme or people already, and the demo needs an empty one. "
                "Set DATABASE_URL to a new database."
            )
            raise Conflict(message)


def _organisation(session: Session, by: Actor) -> People:
    """Divisions, agencies, coaches and groups; groups that are there already are used."""
    names = sorted({name for p in PROFESSIONS.values() for name in p.divisions} | set(MORE_DIVISIONS))
    there = {name for (name,) in session.execute(select(Division.name))}
    store.rows(session, Division, [{"name": name} for name in names if name not in there])
    known = {name for (name,) in session.execute(select(OccupationalGroup.name))}
    groups = [{"name": n, "since": dt.date(p.since, 1, 1)} for n, p in PROFESSIONS.items() if n not in known]
    store.rows(session, OccupationalGroup, groups)
    ensure_groups(session, by)  # and how senders write them
    since = {name: dt.date.fromisoformat(day) for name, day in AGENCIES.items()}
    limits = facts.agency_limits()
    agencies = [
        {"name": name, "agreement_on": day, "partner_since": day, "limit_km": None, "not_divisions": []}
        | limits.get(name, {})
        for name, day in since.items()
    ]
    store.rows(session, Agency, agencies)
    ids = {row.name: row.id for row in session.execute(select(Agency.name, Agency.id))}
    people = People(
        groups={row.name: row.id for row in session.execute(select(OccupationalGroup.name, OccupationalGroup.id))},
        divisions={row.name: row.id for row in session.execute(select(Division.name, Division.id))},
        agencies=[(ids[name], day) for name, day in since.items()],
    )
    session.execute(insert(Coach), _coaches(people))
    facts.store_lists(session, people)
    return people


def _coaches(people: People) -> list[Row]:
    known = accounts.coaches()
    rows: list[Row] = []
    for k, (agency, _) in enumerate(people.agencies):
        for place in range(COACHES_PER_AGENCY):
            name = known[k] if place == 0 and k < len(known) else " ".join(people.name(people.chance.choice(ORIGINS)))
            number = len(rows) + 1
            capacity = people.chance.choice((3, 6, 8))
            email = f"coach{number}@agency{k + 1}.example"
            rows.append({"id": number, "agency_id": agency, "name": name, "email": email, "capacity": capacity})
    return rows


_Planned = dict[int, list[tuple[str, Volunteer, Course]]]


def _courses(past: list[Intake], current: Intake, today: dt.date, scale: float) -> _Planned:
    plan: _Planned = {}
    for intake in past:
        chance = draws("courses", intake.year)
        seen: set[int] = set()
        plan[intake.year] = []
        for group, one in intake.pairs:
            # Seven of the pilot's mentors were at work when 2010 ended.
            autumn = one.pilot_in_2010(intake.year) and one.row["id"] in seen
            seen.add(one.row["id"])
            plan[intake.year].append((group, one, courses.past(chance, intake.year, autumn=autumn)))
    running, late = round(_RUNNING * scale), max(1, round(_LATE * scale))
    chance = draws("courses", current.year)
    plan[current.year] = [
        (group, one, courses.current(chance, today, running=k < running, late=k < late))
        for k, (group, one) in enumerate(current.pairs)
    ]
    return plan


def _retire(volunteers: list[Volunteer], year: int) -> None:
    """Who is not of this year's cohort has left, a year after the last match at the latest."""
    for one in volunteers:
        if one.last < year:
            one.row["withdrawn_on"] = dt.date(min(one.last + 1, year - 1), 12, 18)


def _mentees(people: People, plan: _Planned) -> dict[int, list[tuple[Row, Row, Course]]]:
    """A mentee of their own for each match."""
    paired: dict[int, list[tuple[Row, Row, Course]]] = {}
    for year, planned in plan.items():
        paired[year] = []
        middle = max(_READY_BEFORE - _FASTER * (year - min(plan)), _SHORTEST)
        # Evenly over the whole range, so that the median hardly depends on chance.
        waits = [
            min(1 - round(middle * math.log2(1 - (k + 0.5) / len(planned))), _LONGEST) for k in range(len(planned))
        ]
        draws("ready", year).shuffle(waits)
        for (group, one, course), waited in zip(planned, waits, strict=True):
            mentee = people.mentee(group, course.proposed_on - dt.timedelta(days=waited))
            if course.ending and course.ended_on:
                mentee["withdrawn_on"] = course.ended_on
            paired[year].append((one.row, mentee, course))
    return paired


def _unmatched(people: People, plan: _Planned, today: dt.date) -> dict[int, list[unmatched.Proposal]]:
    """Nobody waits into the next cohort, which this year's opens before last year has ended on some days."""
    opened = today - dt.timedelta(days=_OPENED)
    in_vain = {}
    for year, planned in plan.items():
        now = year == max(plan)
        first, last = (opened, today) if now else (courses.opens_on(year), min(courses.closes_on(year), opened))
        in_vain[year] = unmatched.make(people, year, planned, (first, last), now=now)
    return in_vain


def _cohort(session: Session, programme_id: int, year: int, size: int, today: dt.date, *, now: bool) -> Cohort:
    cohort = Cohort(
        programme_id=programme_id,
        name=str(year),
        starts_on=today - dt.timedelta(days=_OPENED) if now else courses.opens_on(year),
        ends_on=today + dt.timedelta(days=_CLOSES) if now else courses.closes_on(year),
        target=sizes.target(year, size, now=now),
        objective_employed=_OBJECTIVE,
    )
    session.add(cohort)
    session.flush()
    return cohort


def _store_unmatched(
    session: Session, cohort: tuple[int, int], proposals: list[unmatched.Proposal], number: int
) -> int:
    """Before the cohort's matches, as all of these are open for a moment while they are stored."""
    rows, steps = unmatched.rows(proposals, cohort, number)
    store.rows(session, Match, rows)
    store.rows(session, MatchTransition, steps)
    return number + len(rows)


def _store(
    session: Session, cohort: tuple[int, int], paired: list[tuple[Row, Row, Course]], number: int
) -> tuple[int, tuple[Life, ...]]:
    """A cohort's matches with all their transitions, so that its mentors are free for the next."""
    rows, steps, lives = [], [], []
    for mentor, mentee, course in sorted(paired, key=lambda pair: (pair[2].started_on, pair[1]["id"])):
        number += 1
        rows.append(store.match(number, cohort, mentor, mentee, course.proposed_on))
        steps += store.steps(number, course)
        lives.append(Life(number, mentor, mentee, course))
    store.rows(session, Match, rows)
    store.rows(session, MatchTransition, steps)
    return number, tuple(lives)
