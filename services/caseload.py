"""What agencies and coaches carry, for coordinators."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Coach, Cohort, Match, Mentee, Mentor
from services import programmes
from services.access import Actor, Permission, authorise
from services.counting import caseload, figures
from services.counting.figure import Figure, Scope, per_cent, rounded

#: What both tables count, and what can be added up.
_SUMS = ("coaches", "active", "places", "over", "due", "overdue", "quiet", "uncovered", "covering", "contacts", "kept")
COLUMNS = ["agency_id", "coach_id", "name", "agency", *_SUMS, "free", "load", "kept_percent"]


@dataclass(frozen=True, eq=False)
class Caseload:
    """As of a day; capacities are those of now.

    `agencies`, `coaches`: agency_id, coach_id (empty of agencies), name, agency, coaches, active, places, over (matches
    beyond the capacity of their coach), due, overdue, quiet, uncovered, covering, contacts and kept (of `cohort`), free
    (below 0: over capacity), load (per cent of places), kept_percent (as printed, or empty). The fullest first. Matches
    whose coach has left count for them.
    """

    agencies: pd.DataFrame
    coaches: pd.DataFrame
    #: Of the programme, by name: active, contacts_due, contacts_overdue, quiet, uncovered.
    figures: Mapping[str, Figure]
    #: All places, and those that are free over all coaches who have any.
    places: int
    free: int
    #: The cohort whose contacts are judged, and what is aimed at.
    cohort: str
    objective: int
    #: Matches that were never given a coach.
    without: int


def caseload_of(session: Session, scope: Scope, *, by: Actor) -> Caseload:
    """Everybody's. Raises `NotAllowed`: it divides running matches, so managers do not see it (decision 0008)."""
    authorise(session, by, Permission.SEE_CASELOAD)
    scope = replace(scope, cohort_id=None)
    cohort = session.scalar(
        select(Cohort)
        .where(Cohort.programme_id == scope.programme_id, Cohort.starts_on <= scope.as_of)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(1)
    )
    loads = caseload.loads(session, scope, scope.of(cohort.id if cohort else None))
    known = session.execute(
        select(Coach.id, Coach.name, Coach.capacity, Coach.left_on, Agency.id, Agency.name)
        .join(Agency, Agency.id == Coach.agency_id)
        .where(Coach.id.in_(loads["coach_id"].tolist()))
    ).all()
    names = {row[0]: row for row in known}
    found = figures.figures(session, scope, ["active", "contacts_due", "contacts_overdue", "quiet", "uncovered"])
    lines = []
    for load in loads.to_dict("records"):
        _, name, capacity, left_on, agency_id, agency = names[load["coach_id"]]
        gone = left_on is not None and left_on <= scope.as_of
        told = f"{name} (left)" if gone else name
        lines.append(
            {
                **load,
                "agency_id": agency_id,
                "name": told,
                "agency": agency,
                "coaches": int(not gone),
                "places": 0 if gone else capacity,
                "over": max(load["active"] - (0 if gone else capacity), 0),
            }
        )
    people = pd.DataFrame(lines, columns=["coach_id", "agency_id", "name", "agency", *_SUMS])
    agencies = people.groupby(["agency_id", "agency"], as_index=False)[list(_SUMS)].sum()
    agencies = agencies.assign(name=agencies["agency"], coach_id=pd.NA)
    each = _derived(people)
    return Caseload(
        agencies=_derived(agencies),
        coaches=each,
        figures=found,
        places=int(people["places"].sum()),
        free=int(each["free"].clip(lower=0).sum()),
        cohort=cohort.name if cohort else "",
        objective=programmes.clocks(session, scope.programme_id).support_goal_percent,
        without=(found["active"].count) - int(people["active"].sum()),
    )


def _derived(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(
        free=rows["places"] - rows["active"],
        load=[_share(row.active, row.places) for row in rows.itertuples()],
        kept_percent=[_share(row.kept, row.contacts) for row in rows.itertuples()],
    )
    rows["load"] = rows["load"].astype("Int64")
    rows["kept_percent"] = rows["kept_percent"].astype("Int64")
    order = ["over", "free", "overdue", "name"]
    return rows.sort_values(order, ascending=[False, True, False, True], ignore_index=True)[COLUMNS]


def _share(part: int, whole: int) -> int | None:
    return int(rounded(per_cent(int(part), int(whole)))) if whole else None


def uncovered(session: Session, *, by: Actor, programme_id: int, as_of: dt.date | None = None) -> pd.DataFrame:
    """Running matches that nobody looks after today (or on a day to come), longest running first.

    Columns: match_id, ref, mentee, mentor, agency, coach, why. As many as the figure `uncovered` of the day. Raises
    `NotAllowed`.
    """
    authorise(session, by, Permission.SEE_CASELOAD)
    today = as_of or programmes.today(session, programme_id)
    rows = caseload.standing(session, Scope(programme_id, today))
    rows = rows[rows["by_id"].isna()]
    wanted = (
        select(
            Match.id,
            Match.ref,
            (Mentee.first_name + " " + Mentee.last_name).label("mentee"),
            (Mentor.first_name + " " + Mentor.last_name).label("mentor"),
            Agency.name,
        )
        .join(Mentee, Mentee.id == Match.mentee_id)
        .join(Mentor, Mentor.id == Match.mentor_id)
        .outerjoin(Agency, Agency.id == Mentee.agency_id)
        .where(Match.id.in_(rows["match_id"].tolist()))
    )
    named: dict[int, Any] = {row[0]: row for row in session.execute(wanted)}
    coaches = {coach.id: coach for coach in session.scalars(select(Coach))}
    lines = []
    for row in rows.itertuples():
        _, ref, mentee, mentor, agency = named[row.match_id]
        coach = None if pd.isna(row.coach_id) else coaches[int(row.coach_id)]
        gone = coach is not None and coach.left_on is not None and coach.left_on <= today
        why = "No coach was set" if coach is None else f"{coach.name} {'has left' if gone else 'is away'}"
        lines.append((row.match_id, ref, mentee, mentor, agency or "", coach.name if coach else "", why))
    return pd.DataFrame(lines, columns=["match_id", "ref", "mentee", "mentor", "agency", "coach", "why"])
