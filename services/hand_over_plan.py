"""What a plan for handing over or covering is made of: running matches, coaches with their places, reasons."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from db.models import Agency, Coach, Match, MatchCoach, MatchState, Mentee, Mentor
from services import owed, programmes
from services.counting import caseload, coaches
from services.counting.figure import Scope
from services.engine.balance import NOWHERE, Carrier, Load, balance
from services.wording import counted

_COLUMNS = ["ref", "seq", "mentee", "mentor", "from_id", "from", "agency_id", "days", "next"]


@dataclass(frozen=True)
class Option:
    """A coach who may take matches."""

    coach_id: int
    name: str
    agency: str
    agency_id: int
    capacity: int
    #: Places taken before the plan.
    held: int

    @property
    def free(self) -> int:
        """Places left; below 0 when there are too many matches."""
        return self.capacity - self.held

    @property
    def label(self) -> str:
        """Devon Achebe, Eastgate."""
        return f"{self.name}, {self.agency}"


@dataclass(frozen=True, eq=False)
class HandOver:
    """A plan; nothing of it is stored."""

    #: Those of `running`, and to_id (empty: nobody has room) and why. `seq`: of the hand-over before.
    rows: pd.DataFrame
    options: tuple[Option, ...]
    #: How the plan came about, in a sentence or two.
    sentence: str

    def option(self, coach_id: int) -> Option:
        """One of the coaches."""
        return next(one for one in self.options if one.coach_id == coach_id)


def running(session: Session, programme_id: int, coach_ids: Collection[int | None]) -> pd.DataFrame:
    """The matches that run today and belong to these coaches (None: to nobody). Part of reads that have asked.

    Columns: ref, seq, mentee, mentor, from_id, from, agency_id, days (since the start) and next (contact, in words).
    """
    turn = select(MatchCoach.match_id, func.max(MatchCoach.seq).label("seq")).group_by(MatchCoach.match_id).subquery()
    today = programmes.today(session, programme_id)
    found = session.execute(
        select(
            Match.ref,
            func.coalesce(MatchCoach.seq, 0),
            Mentee.first_name + " " + Mentee.last_name,
            Mentor.first_name + " " + Mentor.last_name,
            MatchCoach.coach_id,
            Coach.name,
            Mentee.agency_id,
            Match.started_on,
            Match.id,
        )
        .join(Mentee, Mentee.id == Match.mentee_id)
        .join(Mentor, Mentor.id == Match.mentor_id)
        .outerjoin(turn, turn.c.match_id == Match.id)
        .outerjoin(MatchCoach, (MatchCoach.match_id == Match.id) & (MatchCoach.seq == turn.c.seq))
        .outerjoin(Coach, Coach.id == MatchCoach.coach_id)
        .where(Match.programme_id == programme_id, Match.state == MatchState.ACTIVE)
        .order_by(Match.started_on, Match.id)
    )
    rows = [row for row in found if row[4] in coach_ids]
    said = _next(session, programme_id, today) if rows else {}
    lines = [(*row[:7], (today - (row[7] or today)).days, said.get(row[8], "")) for row in rows]
    frame = pd.DataFrame(lines, columns=_COLUMNS)
    for column in ("from_id", "agency_id"):
        frame[column] = frame[column].astype("Int64")
    return frame


def _next(session: Session, programme_id: int, today: dt.date) -> dict[int, str]:
    """By match: 60-day check-in, 19 days late; closing, due Friday."""
    closing = programmes.clocks(session, programme_id).closing_day
    said = {}
    for row in caseload.standing(session, Scope(programme_id, today)).itertuples():
        if row.owed_on is None:
            said[int(row.match_id)] = "All made"
            continue
        off = (row.owed_on - today).days
        when = (
            f"{counted(-off, 'day', 'days')} late"
            if off < 0
            else "due today"
            if not off
            else f"due {row.owed_on:%-d %b}"
        )
        said[int(row.match_id)] = f"{owed.contact((row.owed_on - row.started_on).days, closing)}, {when}"
    return said


def options(session: Session, first: dt.date, last: dt.date | None = None) -> list[Option]:
    """The coaches who work on a day, or on all days to another. Part of reads that have asked."""
    held = coaches.places_held(session)
    found = session.execute(
        select(Coach.id, Coach.name, Agency.name, Coach.agency_id, Coach.capacity)
        .join(Agency, Agency.id == Coach.agency_id)
        .where(coaches.is_there(Coach.id, first, last))
        .order_by(Agency.name, Coach.name, Coach.id)
    )
    return [Option(*row, held.get(row[0], 0)) for row in found]


def assigned(rows: pd.DataFrame, takers: Sequence[Option], *, may_stay: bool, across: bool) -> pd.DataFrame:
    """The rows with to_id (empty: nobody has a place) and why, by the exact assignment.

    Raises nothing: matches that find no place stay where they are.
    """
    places = {one.coach_id: k for k, one in enumerate(takers)}
    own = rows["from_id"].value_counts().to_dict() if may_stay else {}
    carriers = [Carrier(one.agency_id, one.capacity, one.held - int(own.get(one.coach_id, 0))) for one in takers]
    loads = [
        Load(
            None if pd.isna(row.agency_id) else int(row.agency_id),
            places.get(int(row.from_id), NOWHERE) if may_stay and not pd.isna(row.from_id) else NOWHERE,
            int(row.days),
        )
        for row in rows.itertuples()
    ]
    found = [takers[k] if k != NOWHERE else None for k in balance(loads, carriers, across=across)]
    return rows.assign(
        to_id=pd.array([None if one is None else one.coach_id for one in found], dtype="Int64"),
        why=[_why(load, one, across=across) for load, one in zip(loads, found, strict=True)],
    )


def _why(load: Load, taker: Option | None, *, across: bool) -> str:
    if taker is None:
        return "No free place anywhere" if across else "No free place at its agency"
    free = f"{counted(taker.free, 'place', 'places')} free"
    return f"Same agency, {free}" if taker.agency_id == load.agency else f"{taker.agency} has {free}"
