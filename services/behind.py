"""The rows behind a figure: the people themselves for coordinators, how they divide for everyone else."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from db.models import Agency, Cohort, Match, Mentee, Mentor, OccupationalGroup
from services import shown
from services.access import Actor, Permission, authorise
from services.cohorts import base_words
from services.counting import figures
from services.counting.definition import ask
from services.counting.figure import Figure, Scope, rounded
from services.wording import day as written
from services.wording import first_upper

#: Ids that one statement asks for; SQLite takes no more than 32,766.
_AT_ONCE = 10_000
#: Units of figures that are of all their rows, whichever of them count.
_OF_ALL = ("%", "days", "hours")
#: What rows carry themselves, and the head of its column.
_OWN = {
    "finding": "Found",
    "reason": "Reason",
    "health": "Health",
    "side": "Side",
    "days": "Days",
    "owed_on": "Owed on",
}
#: The figure of a cohort that divides by occupation for everyone (decision 0008); any other is told cohort by cohort.
DIVIDED = "started_matches"
_WHOSE = "Only coordinators see the people behind a figure: one who follows the address of this page reads their rows."


@dataclass(frozen=True, eq=False)
class Behind:
    """A figure with what is behind it."""

    figure: Figure
    #: A row each; where `is_people` is False, what everyone may know of this figure.
    rows: pd.DataFrame
    is_people: bool
    #: What the rows are: "57 rows", or how the figure divides and as of when; empty where there are none.
    title: str
    #: The counting rule.
    note: str
    #: The day that the figure is of: one that divides people is told of the end of a quarter.
    day: dt.date
    #: Who may see more; empty for those who see all.
    whose: str = ""


def behind(session: Session, scope: Scope, name: str, *, by: Actor) -> Behind:
    """The rows of a figure: as many as a count's value, or as a rate's base.

    Columns for coordinators, where they apply: Mentee, Mentor, Occupation, Agency, Cohort, Day, then what each row adds
    (Counts: yes or no, Days or Hours, Found, Reason). For others the matches of a cohort by occupation, and any other
    figure cohort by cohort. Raises `NotAllowed`.
    """
    actor = authorise(session, by, Permission.SEE_FIGURES)
    figure = shown.several(session, scope, [name], by=by)[name]
    if not actor.may(Permission.SEE_ROWS):
        divides = name == DIVIDED and scope.cohort_id is not None
        title, rows = _divided(session, scope, by) if divides else _by_cohort(session, scope, figure, by)
        rounded_off = ", rounded" if figure.protected else ""
        of = f" {first_upper(base_words(figure))}{rounded_off}." if figure.base is not None else ""
        note = f"{figure.rule}{of}"
        return Behind(figure, rows, is_people=False, title=title, note=note, day=figure.as_of, whose=_WHOSE)
    found = figures.rows(session, scope, name)
    if "hit" in found and figure.unit not in _OF_ALL:  # a count opens to those it counts
        found = found[found["hit"] == 1].drop(columns="hit")
    title = f"{len(found):,} {'row' if len(found) == 1 else 'rows'}" if len(found) else ""
    rows = _named(session, found, figure)
    return Behind(figure, rows, is_people=True, title=title, note=figure.rule, day=scope.as_of)


def _divided(session: Session, scope: Scope, by: Actor) -> tuple[str, pd.DataFrame]:
    parts = shown.split(session, scope, DIVIDED, "group", by=by)
    rows = pd.DataFrame({"Occupation": parts.rows["label"], "Matches": parts.rows["text"]})
    of_all = f" {parts.total_text} matches," if parts.total_text else ""
    return parts.absent or f"By occupation:{of_all} published as of {written(parts.day)} and rounded", rows


def _by_cohort(session: Session, scope: Scope, figure: Figure, by: Actor) -> tuple[str, pd.DataFrame]:
    """The figure of each cohort that had begun, the latest first; nothing where it is not told by cohorts."""
    asked = ask(session, scope)
    if figures.define(asked, figure.name).is_whole:
        return "", pd.DataFrame()
    each = shown.by_cohort(session, scope, figure.name, by=by)
    told = [(c.name, each[c.id]) for c in asked.cohorts[::-1] if c.starts_on <= scope.as_of]
    told = [(cohort, one) for cohort, one in told if one.value is not None]
    rows = pd.DataFrame({"Cohort": [cohort for cohort, _ in told], figure.label: [one.text for _, one in told]})
    if any(one.base is not None for _, one in told):
        rows["Of"] = [base_words(one) for _, one in told]
    rounded_off = ", rounded" if any(one.protected for _, one in told) else ""
    return f"Cohort by cohort{rounded_off}" if told else "", rows


def _named(session: Session, found: pd.DataFrame, figure: Figure) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    if "mentee_id" in found:
        people = _look_up(session, Mentee.id, found["mentee_id"], Mentee.first_name + " " + Mentee.last_name)
        columns["Mentee"] = found["mentee_id"].map(people)
    if "mentor_id" in found:
        people = _look_up(session, Mentor.id, found["mentor_id"], Mentor.first_name + " " + Mentor.last_name)
        columns["Mentor"] = found["mentor_id"].map(people)
    if "match_id" in found:
        columns["Occupation"] = found["match_id"].map(_groups(session, found["match_id"]))
    elif "group_id" in found:
        columns["Occupation"] = found["group_id"].map(
            _look_up(session, OccupationalGroup.id, found["group_id"], OccupationalGroup.name)
        )
    if "mentee_id" in found:
        columns["Agency"] = found["mentee_id"].map(_agencies(session, found["mentee_id"]))
    if "agency_id" in found:
        columns["Agency"] = found["agency_id"].map(_look_up(session, Agency.id, found["agency_id"], Agency.name))
    if "cohort_id" in found:
        columns["Cohort"] = found["cohort_id"].map(_look_up(session, Cohort.id, found["cohort_id"], Cohort.name))
    columns["Day"] = found["day"]
    columns |= {head: found[own].map(_word) for own, head in _OWN.items() if own in found}
    if "measure" in found:
        columns[figure.unit.capitalize()] = [float(rounded(measure, 1)) for measure in found["measure"]]
    if "hit" in found:
        columns["Counts"] = found["hit"].map({1: "Yes", 0: "No"})
    frame = pd.DataFrame(columns)
    return frame if frame.empty else frame.dropna(axis="columns", how="all")


def _look_up(session: Session, key: Any, ids: "pd.Series[Any]", name: ColumnElement[Any] | Any) -> dict[int, str]:
    return dict(_asked(session, select(key, name), key, ids))


def _groups(session: Session, ids: "pd.Series[Any]") -> dict[int, str]:
    wanted = select(Match.id, OccupationalGroup.name).join(OccupationalGroup, OccupationalGroup.id == Match.group_id)
    return dict(_asked(session, wanted, Match.id, ids))


def _agencies(session: Session, ids: "pd.Series[Any]") -> dict[int, str]:
    wanted = select(Mentee.id, Agency.name).join(Agency, Agency.id == Mentee.agency_id)
    return dict(_asked(session, wanted, Mentee.id, ids))


def _asked(session: Session, wanted: Any, key: Any, ids: "pd.Series[Any]") -> list[tuple[int, str]]:
    known = [int(one) for one in ids.dropna().unique()]
    found: list[tuple[int, str]] = []
    for start in range(0, len(known), _AT_ONCE):
        found += session.execute(wanted.where(key.in_(known[start : start + _AT_ONCE])))
    return found


def _word(value: Any) -> Any:
    text = getattr(value, "value", value)
    return text.replace("_", " ").capitalize() if isinstance(text, str) else text
