"""Matches after their approval: the list by what they need, and one of them in full."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Cohort, Health, Mark, Match, MatchState, Mentee, Mentor, OccupationalGroup
from services import programmes
from services.access import Actor, Permission, authorise
from services.counting import figures, running
from services.counting.figure import Scope
from services.programmes import Clocks
from services.wording import first_upper

#: How a running match is looked after, the worst first; the last is what no other word fits.
CARE = ("overdue", "quiet", "to_close", "watched", "due", "fine")
#: Lists of matches that do not run.
ELSE = ("awaiting", "ended")
ALL = "all"
CLOSING = "closing"
#: What a match waits for next.
STEPS = (*(mark.value for mark in Mark), CLOSING)
NO_HEALTH = "none"
HEALTH = (*(word.value for word in Health), NO_HEALTH)
#: Rows on one page.
PAGE = 50
COLUMNS = ["ref", "mentee", "mentor", "care", "why", "day", "step", "health", "group", "agency", "cohort"]


@dataclass(frozen=True)
class Wanted:
    """What of the matches is asked for; empty: all."""

    care: str = ALL
    step: str = ""
    health: str = ""
    groups: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    #: From 1.
    page: int = 1


@dataclass(frozen=True, eq=False)
class Matches:
    """One page of matches."""

    #: `COLUMNS`: care (of `CARE`, or the state), why (words), day (since the start), step (of `STEPS`, what is next).
    rows: pd.DataFrame
    #: Of all running matches, by care: a match can be of several. Also awaiting and ended, all.
    counts: dict[str, int]
    #: Matches on all pages, and the page that this is.
    total: int
    page: int
    pages: int
    groups: tuple[str, ...]
    agencies: tuple[str, ...]
    cohorts: tuple[str, ...]


def matches(session: Session, wanted: Wanted, *, by: Actor, programme_id: int) -> Matches:
    """The matches asked for, the worst first; ended ones the latest first. Raises `NotAllowed`."""
    authorise(session, by, Permission.REVIEW_MATCHES)
    scope = Scope(programme_id, programmes.today(session, programme_id))
    clocks = programmes.clocks(session, programme_id)
    frame = running.standing(session, scope)
    counts = {word: int(frame[word].sum()) for word in CARE[:-1]} | {ALL: len(frame)}
    ended = figures.figures(session, scope, ("completed_matches", "early_endings"))
    counts["ended"] = sum(figure.count for figure in ended.values())
    counts["awaiting"] = running.awaiting(session, programme_id)
    names = _lists(session, programme_id)
    if wanted.care in ELSE:
        narrowed = bool(wanted.groups or wanted.agencies or wanted.cohorts)
        total = running.many(session, _else(wanted, programme_id)) if narrowed else counts[wanted.care]
        page, pages = _page(wanted, total)
        found = session.execute(_else(wanted, programme_id).offset((page - 1) * PAGE).limit(PAGE)).all()
        rows = [_row_of_else(row, scope.as_of) for row in found]
    else:
        frame = ranked(_kept(session, frame, wanted), scope.as_of)
        total = len(frame)
        page, pages = _page(wanted, total)
        here = frame.iloc[(page - 1) * PAGE : page * PAGE]
        rows = _named(session, here, clocks, scope.as_of)
    return Matches(pd.DataFrame(rows, columns=COLUMNS), counts, total, page, pages, *names)


def next_step(row: Any) -> str:
    """What a running match waits for next: closing once its day is past, else the first step not taken."""
    if row.to_close:
        return CLOSING
    open_steps = [mark.value for mark in Mark if not getattr(row, mark.value)]
    return open_steps[0] if open_steps else CLOSING


def _kept(session: Session, frame: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    if wanted.care == "fine":
        frame = frame[~frame[list(CARE[:-1])].any(axis="columns")]
    elif wanted.care in CARE:
        frame = frame[frame[wanted.care]]
    if wanted.step:
        frame = frame[[next_step(row) == wanted.step for row in frame.itertuples()]]
    if wanted.health:
        frame = frame[frame["health"].replace("", NO_HEALTH) == wanted.health]
    if wanted.groups:
        of = select(OccupationalGroup.id).where(OccupationalGroup.name.in_(wanted.groups))
        frame = frame[frame["group_id"].isin(list(session.scalars(of)))]
    if wanted.cohorts:
        frame = frame[frame["cohort_id"].isin(list(session.scalars(_cohorts(wanted))))]
    if wanted.agencies:
        of = select(Match.id).join(Mentee).where(Match.ended_on.is_(None), Mentee.agency_id.in_(_agencies(wanted)))
        frame = frame[frame["match_id"].isin(list(session.scalars(of)))]
    return frame


def ranked(frame: pd.DataFrame, today: dt.date) -> pd.DataFrame:
    """The worst first: by the word, then by how long it has been so."""
    words = frame[list(CARE[:-1])]
    rank = pd.Series(len(CARE) - 1, index=frame.index)
    for place in range(len(CARE) - 2, -1, -1):
        rank = rank.where(~words[CARE[place]], place)
    late = pd.Series([(today - day).days if day else -999 for day in frame["owed_on"]], index=frame.index, dtype=int)
    care = pd.Series([CARE[place] for place in rank], index=frame.index, dtype=str)
    ran = pd.Series([(today - day).days for day in frame["started_on"]], index=frame.index, dtype=int)
    late = late.where(care != "to_close", ran)
    ranked = frame.assign(care=care, rank=rank, late=late)
    return ranked.sort_values(["rank", "late", "silent"], ascending=[True, False, False], kind="stable")


def _named(session: Session, here: pd.DataFrame, clocks: Clocks, today: dt.date) -> list[tuple[Any, ...]]:
    found = session.execute(_people().where(Match.id.in_([int(one) for one in here["match_id"]])))
    known = {row.id: row for row in found}
    rows = []
    for row in here.itertuples():
        who = known[int(row.match_id)]
        rows.append(
            (
                who.ref,
                f"{who.first_name} {who.last_name}",
                f"{who.mentor_first[:1]}. {who.mentor_last}",
                row.care,
                why(row, clocks, today),
                (today - row.started_on).days,
                next_step(row),
                row.health or NO_HEALTH,
                who.group,
                who.agency or "",
                who.cohort,
            )
        )
    return rows


def why(row: Any, clocks: Clocks, today: dt.date) -> str:
    """What stands behind the word of a running match."""
    day = (today - row.started_on).days
    if row.care in ("overdue", "due"):
        planned = (row.owed_on - row.started_on).days
        late = (today - row.owed_on).days
        when = f"{late} d late" if row.care == "overdue" else "today" if not late else f"in {-late} d"
        return f"Day {planned} check-in {when}"
    if row.care in ("quiet", "watched"):
        return f"No contact for {row.silent} d"
    if row.care == "to_close":
        return f"Day {day} of {clocks.closing_day}"
    return f"Last contact {row.silent} d ago" if row.silent else "In touch today"


def _people() -> Any:
    return (
        select(
            Match.id,
            Match.ref,
            Match.state,
            Match.reason,
            Match.decided_on,
            Match.started_on,
            Match.ended_on,
            Mentee.first_name,
            Mentee.last_name,
            Mentor.first_name.label("mentor_first"),
            Mentor.last_name.label("mentor_last"),
            OccupationalGroup.name.label("group"),
            Agency.name.label("agency"),
            Cohort.name.label("cohort"),
        )
        .join(Mentee, Mentee.id == Match.mentee_id)
        .join(Mentor, Mentor.id == Match.mentor_id)
        .join(OccupationalGroup, OccupationalGroup.id == Match.group_id)
        .join(Cohort, Cohort.id == Match.cohort_id)
        .outerjoin(Agency, Agency.id == Mentee.agency_id)
    )


def _else(wanted: Wanted, programme_id: int) -> Any:
    """Matches that await the mentor, or have ended."""
    awaiting = wanted.care == "awaiting"
    states = (MatchState.APPROVED,) if awaiting else (MatchState.COMPLETED, MatchState.ENDED_EARLY)
    asked = _people().where(Match.programme_id == programme_id, Match.state.in_(states))
    if wanted.groups:
        asked = asked.where(OccupationalGroup.name.in_(wanted.groups))
    if wanted.agencies:
        asked = asked.where(Agency.name.in_(wanted.agencies))
    if wanted.cohorts:
        asked = asked.where(Match.cohort_id.in_(_cohorts(wanted)))
    return asked.order_by(Match.decided_on, Match.id) if awaiting else asked.order_by(Match.ended_on.desc(), Match.id)


def _row_of_else(row: Any, today: dt.date) -> tuple[Any, ...]:
    if row.state is MatchState.APPROVED:
        why, days = f"Mentor asked {(today - row.decided_on).days} d ago", (today - row.decided_on).days
    else:
        reason = f"{first_upper(row.reason.replace('_', ' '))}, " if row.state is MatchState.ENDED_EARLY else ""
        why, days = f"{reason}{row.ended_on.day} {row.ended_on:%b %Y}", (row.ended_on - row.started_on).days
    who = f"{row.first_name} {row.last_name}", f"{row.mentor_first[:1]}. {row.mentor_last}"
    return (row.ref, *who, row.state.value, why, days, "", "", row.group, row.agency or "", row.cohort)


def _page(wanted: Wanted, total: int) -> tuple[int, int]:
    pages = max((total + PAGE - 1) // PAGE, 1)
    return min(max(wanted.page, 1), pages), pages


def _cohorts(wanted: Wanted) -> Any:
    return select(Cohort.id).where(Cohort.name.in_(wanted.cohorts))


def _agencies(wanted: Wanted) -> Any:
    return select(Agency.id).where(Agency.name.in_(wanted.agencies))


def _lists(session: Session, programme_id: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    groups = session.scalars(select(OccupationalGroup.name).order_by(OccupationalGroup.name))
    agencies = session.scalars(select(Agency.name).order_by(Agency.name))
    cohorts = session.scalars(
        select(Cohort.name).where(Cohort.programme_id == programme_id).order_by(Cohort.starts_on.desc())
    )
    return tuple(groups), tuple(agencies), tuple(cohorts)
