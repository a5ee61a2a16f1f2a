"""Dividing the rows behind a figure: by occupation, agency, country, division, or a column of their own."""

from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Select, Subquery, func, select
from sqlalchemy.orm import Session

from db.models import Agency, Division, Match, Mentee, Mentor, OccupationalGroup, Placement
from services.counting import match_rows, matched
from services.counting.definition import Asked, Definition, Rows
from services.errors import NotFound

NOT_KNOWN = "Not known"
#: Columns that some rows carry themselves.
OWN = ("reason", "finding", "health", "side")


def split_rows(session: Session, asked: Asked, what: Definition, by: str) -> pd.DataFrame:
    """label, value, base; see `figures.split`. Raises `NotFound` for a figure that cannot be divided so."""
    behind = what.rows(asked).subquery()
    people = _people(what, asked)
    if by in OWN and by in behind.c:
        label: Any = behind.c[by]
        found = session.execute(_sums(select(label.label("label")), behind, label).where(label.is_not(None)))
    elif people is not None and by in _DIMENSIONS:
        found = session.execute(people(by))
    elif by in _DIMENSIONS and ("match_id" in behind.c or "mentee_id" in behind.c):
        label = func.coalesce(_DIMENSIONS[by], NOT_KNOWN)
        found = session.execute(_sums(_joined(select(label.label("label")), behind, by), behind, label))
    else:
        raise NotFound(f"{what.label} cannot be divided by {by}.")
    frame = pd.DataFrame(
        [(_word(row[0]), int(row[1] or 0), row[2]) for row in found], columns=["label", "value", "base"]
    )
    return frame.sort_values(["value", "label"], ascending=[False, True], ignore_index=True)


def labelled_rows(session: Session, rows: Rows, by: str) -> pd.DataFrame:
    """label, day of rows of matches."""
    behind = rows.subquery()
    label = func.coalesce(_DIMENSIONS[by], NOT_KNOWN)
    found = session.execute(_joined(select(label, behind.c.day), behind, by))
    return pd.DataFrame([tuple(row) for row in found], columns=["label", "day"])


_DIMENSIONS: dict[str, ColumnElement[Any] | Any] = {
    "group": OccupationalGroup.name,
    "agency": Agency.name,
    "country": Mentee.country_of_education,
    "division": Division.name,
}


def _sums(wanted: Select[Any], behind: Subquery, label: Any) -> Select[Any]:
    hits: Any = func.sum(behind.c.hit) if "hit" in behind.c else func.count()
    return wanted.add_columns(hits, func.count()).group_by(label)


def _joined(wanted: Select[Any], behind: Subquery, by: str) -> Select[Any]:
    wanted = wanted.select_from(behind)
    if "match_id" in behind.c:
        return _about_match(wanted.join(Match, Match.id == behind.c.match_id), by)
    if by == "division":
        if "placement_id" not in behind.c:
            raise NotFound("Only matches, mentors and placements belong to a division.")
        wanted = wanted.join(Placement, Placement.id == behind.c.placement_id)
        return wanted.outerjoin(Division, Division.id == Placement.division_id)
    wanted = wanted.join(Mentee, Mentee.id == behind.c.mentee_id)
    if by == "group":
        return wanted.join(OccupationalGroup, OccupationalGroup.id == Mentee.group_id)
    return wanted.outerjoin(Agency, Agency.id == Mentee.agency_id)


def _about_match(wanted: Select[Any], by: str) -> Select[Any]:
    if by == "group":
        return wanted.join(OccupationalGroup, OccupationalGroup.id == Match.group_id)
    if by == "division":
        return wanted.join(Mentor, Mentor.id == Match.mentor_id).outerjoin(Division, Division.id == Mentor.division_id)
    return wanted.join(Mentee, Mentee.id == Match.mentee_id).outerjoin(Agency, Agency.id == Mentee.agency_id)


def _people(what: Definition, asked: Asked) -> Any:
    """Mentors are divided by the matches they mentored in; one who did in two groups counts in both."""
    if what is not matched.FIGURES["mentors"]:
        return None

    def divided(by: str) -> Select[Any]:
        behind = match_rows.started_matches(asked).subquery()
        label = func.coalesce(_DIMENSIONS[by], NOT_KNOWN)
        people = func.count(behind.c.mentor_id.distinct())
        return _joined(select(label.label("label")), behind, by).add_columns(people, people).group_by(label)

    return divided


def _word(label: Any) -> str:
    return str(getattr(label, "value", label))
