"""What a public room may be told, as one select: the migrations keep it as the view `stage_board`.

The stage's connection can read nothing else, so the view is this very statement, printed by `as_view`; a test compares
the two. Totals only, except that the latest match has its occupation where enough people share it.
"""

import datetime as dt
from typing import Any, cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Dialect,
    Select,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as as_type

from db.models import (
    Agency,
    Cohort,
    CountingRule,
    DisplayToken,
    Event,
    Match,
    MatchState,
    MatchTransition,
    Milestone,
    MilestoneKind,
    OccupationalGroup,
    Programme,
    ProgrammeKind,
    ProgrammeSetting,
    StageFinding,
    StageName,
)
from db.stage import COLUMNS
from services.counting.days import days_between, hours_ago
from services.counting.definition import Asked, takes_place
from services.counting.figure import Scope
from services.counting.match_rows import COUNTED, groups, mentors, partners
from services.programmes import Clocks

#: Among these are all the round numbers of `services.milestones`; its readers leave out the others.
_FIRST, _EVERY = (10, 25, 50, 100, 250), 500
#: Local days are at most one off the day of the database; what began before yesterday is summed up.
_RECENT_DAYS = 1
#: Names stay so long after the end of their event, which may run late.
KEPT_HOURS = 6
#: No match starts later, so the view needs no day: its readers leave out what is of tomorrow.
_NEVER = dt.date(9999, 12, 31)

_Rows = Select[*tuple[Any, ...]]


def told(as_of: dt.date | None = None) -> CompoundSelect[*tuple[Any, ...]]:
    """Rows of `COLUMNS`, by kind; as of a day or, for the view, of all days there are.

    programme: name, note (organisation). clock: name (IANA). rule: name. link: name (SHA-256 of its token), at (its
    end), number (its event). remote: the same of the link's second token, note (the link it turns). cohort: name, day
    (its first), number (its place). count: name (cohort), number (what counts), since and day (first and latest day):
    one row for all that is older than yesterday, one for each day after. milestone: number. mark: number, name (cohort
    that reached it), day.
    latest: day, at, name (occupation, where enough of the cohort share it). profession: name, since.
    mentors: number, since the beginning and (name) of each cohort. partner: name, since.
    finding: name, note, number (its place). name: name, note (occupation), number (the event it has consent for).
    """
    today = literal(as_of) if as_of else func.current_date()
    asked, now = _asked(as_of or _NEVER), _asked(today)
    counted = _counted(asked)
    return union_all(
        *_about(),
        *_counts(counted, today),
        _latest(counted, today),
        *_people(asked),
        _partners(now),
        _findings(),
        _names(),
    )


def as_view(dialect: Dialect) -> str:
    """The statement that makes the view, for migrations to keep."""
    said = str(told().compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    # bare: the driver's doubled per cent signs are put back by whoever executes it
    lines = said.replace("%%", "%").replace(" UNION ALL ", "\nUNION ALL\n").splitlines()
    return "\n".join(["CREATE VIEW stage_board AS", *(line.rstrip() for line in lines)])


def _asked(as_of: Any) -> Asked:
    """Of every programme at once: each match is asked for its own."""
    scope = Scope(cast("int", Match.programme_id), as_of)
    return Asked(scope, CountingRule.STARTED_MATCHES, "UTC", Clocks(), cohorts=(), per_cohort=False)


def _row(kind: str, programme_id: Any, **said: Any) -> list[ColumnElement[Any]]:
    given = {"kind": literal(kind), "programme_id": programme_id, **said}
    # only what is empty is cast: SQLite makes a number of a day
    return [given.get(name, as_type(null(), type_)).label(name) for name, type_ in COLUMNS.items()]


def _about() -> list[_Rows]:
    order = func.row_number().over(partition_by=Cohort.programme_id, order_by=(Cohort.starts_on, Cohort.id))
    link = {"at": DisplayToken.expires_at, "number": DisplayToken.event_id}
    has_not_ended = DisplayToken.revoked_at.is_(None)
    return [
        select(*_row("programme", Programme.id, name=Programme.name, note=Programme.organisation)),
        select(*_row("clock", Programme.id, name=Programme.timezone)),
        select(*_row("rule", Programme.id, name=Programme.counting_rule)),
        select(*_row("link", DisplayToken.programme_id, name=DisplayToken.token_hash, **link)).where(has_not_ended),
        select(
            *_row(
                "remote",
                DisplayToken.programme_id,
                name=DisplayToken.remote_hash,
                note=DisplayToken.token_hash,
                **link,
            )
        ).where(has_not_ended, DisplayToken.remote_hash.is_not(None)),
        select(*_row("cohort", Cohort.programme_id, name=Cohort.name, day=Cohort.starts_on, number=order)),
        select(*_row("milestone", Milestone.programme_id, number=Milestone.number)).where(
            Milestone.kind == MilestoneKind.COUNT
        ),
    ]


def _counted(asked: Asked) -> CTE:
    """programme_id, group_id, match_id, cohort_id, day: one row for each that counts under its programme's rule."""
    rows = []
    for rule, select_of in COUNTED.items():
        found = select_of(asked).subquery(rule.value)
        rows.append(
            select(Match.programme_id, Match.group_id, found.c.match_id, found.c.cohort_id, found.c.day)
            .join(Match, Match.id == found.c.match_id)
            .join(Programme, Programme.id == Match.programme_id)
            .where(Programme.counting_rule == rule)
        )
    return union_all(*rows).cte("counted")


def _counts(counted: CTE, today: ColumnElement[dt.date]) -> list[_Rows]:
    """What each cohort adds, and which cohort made a round number full."""
    sums = (
        select(
            counted.c.programme_id,
            counted.c.cohort_id,
            func.count().label("number"),
            func.min(counted.c.day).label("since"),
            func.max(counted.c.day).label("day"),
        )
        .group_by(counted.c.programme_id, counted.c.cohort_id, case((_is_recent(counted, today), counted.c.day)))
        .subquery("sums")
    )
    # as `services.counting.matches.nth` counts them: of one day, the match entered first counts first
    turn = func.row_number().over(partition_by=counted.c.programme_id, order_by=(counted.c.day, counted.c.match_id))
    ranked = select(counted.c.programme_id, counted.c.cohort_id, counted.c.day, turn.label("number")).subquery("ranked")
    named = select(Milestone.number).where(Milestone.programme_id == ranked.c.programme_id)
    return [
        select(
            *_row("count", sums.c.programme_id, name=Cohort.name, **{n: sums.c[n] for n in ("number", "since", "day")})
        ).join(Cohort, Cohort.id == sums.c.cohort_id),
        select(*_row("mark", ranked.c.programme_id, name=Cohort.name, number=ranked.c.number, day=ranked.c.day))
        .join(Cohort, Cohort.id == ranked.c.cohort_id)
        .where(or_(ranked.c.number.in_(_FIRST), ranked.c.number % _EVERY == 0, ranked.c.number.in_(named))),
    ]


def _latest(counted: CTE, today: ColumnElement[dt.date]) -> _Rows:
    """The latest of the last days, by the moment at which it came to count."""
    sharing = (
        select(counted.c.cohort_id, counted.c.group_id, func.count().label("size"))
        .group_by(counted.c.cohort_id, counted.c.group_id)
        .subquery("sharing")
    )
    made = case(
        (Programme.counting_rule == CountingRule.COMPLETED_MATCHES, MatchState.COMPLETED.value),
        else_=MatchState.ACTIVE.value,
    )
    cell = select(ProgrammeSetting.value["value"].as_integer()).where(
        ProgrammeSetting.programme_id == counted.c.programme_id, ProgrammeSetting.name == "smallest_cell"
    )
    smallest = func.coalesce(cell.scalar_subquery(), Clocks().smallest_cell)
    turn = func.row_number().over(
        partition_by=counted.c.programme_id, order_by=(MatchTransition.at.desc(), MatchTransition.id.desc())
    )
    recent = (
        select(
            counted.c.programme_id,
            counted.c.day,
            MatchTransition.at,
            case((sharing.c.size >= smallest, OccupationalGroup.name)).label("name"),
            turn.label("turn"),
        )
        .join(Programme, Programme.id == counted.c.programme_id)
        .join(MatchTransition, MatchTransition.match_id == counted.c.match_id)
        .join(sharing, and_(sharing.c.cohort_id == counted.c.cohort_id, sharing.c.group_id == counted.c.group_id))
        .join(OccupationalGroup, OccupationalGroup.id == counted.c.group_id)
        .where(_is_recent(counted, today), MatchTransition.to_state == made)
        .subquery("recent")
    )
    return select(*_row("latest", recent.c.programme_id, name=recent.c.name, day=recent.c.day, at=recent.c.at)).where(
        recent.c.turn == 1
    )


def _is_recent(counted: CTE, today: ColumnElement[dt.date]) -> ColumnElement[bool]:
    return days_between(today, counted.c.day) <= _RECENT_DAYS


def _people(asked: Asked) -> list[_Rows]:
    """Occupations by their first match, and how many have mentored."""
    found = groups(asked, Match.programme_id).subquery("professions")
    of_all = mentors(asked, Match.programme_id).subquery("ever")
    of_each = mentors(asked, Match.programme_id, Match.cohort_id).subquery("each")
    return [
        select(*_row("profession", found.c.programme_id, name=OccupationalGroup.name, since=found.c.day)).join(
            OccupationalGroup, OccupationalGroup.id == found.c.group_id
        ),
        select(*_row("mentors", of_all.c.programme_id, number=func.count())).group_by(of_all.c.programme_id),
        select(*_row("mentors", of_each.c.programme_id, name=Cohort.name, number=func.count()))
        .join(Cohort, Cohort.id == of_each.c.cohort_id)
        .group_by(of_each.c.programme_id, Cohort.id, Cohort.name),
    ]


def _partners(now: Asked) -> _Rows:
    """Agencies are partners of the organisation, so of each of its mentoring programmes."""
    found = partners(now).subquery("now_partners")
    return (
        select(*_row("partner", Programme.id, name=Agency.name, since=found.c.day))
        .select_from(found)
        .join(Agency, Agency.id == found.c.agency_id)
        .join(Programme, Programme.kind == ProgrammeKind.MENTORING)
    )


def _findings() -> _Rows:
    said = {"name": StageFinding.value, "note": StageFinding.words, "number": StageFinding.place}
    return select(*_row("finding", StageFinding.programme_id, **said))


def _names() -> _Rows:
    """Gone from here soon after their event, also when nobody has emptied the table yet."""
    return (
        select(*_row("name", Cohort.programme_id, name=StageName.name, note=StageName.occupation, number=Event.id))
        .select_from(StageName)
        .join(Event, Event.id == StageName.event_id)
        .join(Cohort, Cohort.id == Event.cohort_id)
        .where(takes_place(), Event.ends_at > hours_ago(KEPT_HOURS))
    )
