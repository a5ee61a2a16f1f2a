"""The public totals that protected numbers of cohorts cannot exceed: what their classes are cut off by (decision 0008).

Who knows a lower one than was used could cut a class to fewer than three values: that a question was asked of mentors,
how often it was asked, how many meetings there were.
"""

import pandas as pd
from sqlalchemy.orm import Session

from db.models import CountingRule
from services import programmes
from services.counting import endings, figures
from services.counting.care import planned_days
from services.counting.definition import ask
from services.counting.figure import Scope
from services.once_a_reading import once_a_reading

SURVEY = "survey:"
#: The totals of people that answer, attend, or are found in work.
_PEOPLE = {"mentor_id": "mentors", "mentee_id": "mentees_started"}
_TOTALS = {"permanent": "placed"}


@once_a_reading
def limits(session: Session, scope: Scope, name: str) -> dict[int, int]:
    """By cohort, the highest that the base of a figure can be, as of a day."""
    if name.startswith(SURVEY):
        return _of_people(session, scope, name, "question_id")
    if name == "support_contacts_kept":
        return _planned(session, scope)
    found = figures.by_cohort(session, scope.of(None), _TOTALS.get(name, "mentees_started"))
    return {key: total.count for key, total in found.items()}


def of_side(session: Session, scope: Scope, name: str, side: str) -> int:
    """The most of one side who can have come to a kind of gathering: all of them, to each that took place."""
    came = figures.rows(session, scope, name)
    times = came.loc[came["side"] == side, "event_id"].nunique()
    people = figures.figure(session, scope, "mentors" if side == "mentors" else "mentees_started")
    return max(int(times), 1) * people.count


@once_a_reading
def with_hours(session: Session, scope: Scope) -> dict[int, tuple[int, int]]:
    """By cohort, mentees whose completed match has a meeting on record, and how many they can be at most.

    Mentees and not matches, and none who completed after `endings.told_on`: no more than are told there.
    """
    asked = ask(session, scope)
    whole = scope.of(None)
    met, done, began = (figures.rows(session, whole, n) for n in ("hours", "completed_matches", "started_matches"))
    met = met[["match_id"]].merge(done, on="match_id")
    last = {cohort.id: min(scope.as_of, endings.told_on(session, cohort.id)) for cohort in asked.cohorts}
    met, done, began = (rows[rows["day"] <= rows["cohort_id"].map(last)] for rows in (met, done, began))
    many, all_of = (rows.groupby("cohort_id")["mentee_id"].nunique() for rows in (met, began))
    over = done["cohort_id"].value_counts()
    found = {}
    for cohort in asked.cohorts:
        limit = int(all_of.get(cohort.id, 0))
        if asked.rule is CountingRule.COMPLETED_MATCHES:
            limit = min(limit, int(over.get(cohort.id, 0)))
        found[cohort.id] = (int(many.get(cohort.id, 0)), limit)
    return found


def _of_people(session: Session, scope: Scope, name: str, occasion: str) -> dict[int, int]:
    """Each side that has answered, as often as it was asked; where nobody has, all mentees."""
    rows = figures.rows(session, scope.of(None), name)
    totals = {key: figures.by_cohort(session, scope.of(None), total) for key, total in _PEOPLE.items()}
    asked = {key: rows[rows[key].notna()].groupby("cohort_id")[occasion].nunique() for key in _PEOPLE}
    return {
        cohort: sum(int(times.get(cohort, 0)) * totals[key][cohort].count for key, times in asked.items())
        or all_mentees.count
        for cohort, all_mentees in totals["mentee_id"].items()
    }


def _planned(session: Session, scope: Scope) -> dict[int, int]:
    """The contacts that would have come due if no match had ended."""
    began = figures.rows(session, scope.of(None), "started_matches")
    age = (pd.Timestamp(scope.as_of) - pd.to_datetime(began["day"])).dt.days
    plan = [day for _, day in planned_days(programmes.clocks(session, scope.programme_id))]
    due = sum(((age >= day).astype(int) for day in plan), start=age * 0).groupby(began["cohort_id"]).sum()
    return {cohort.id: int(due.get(cohort.id, 0)) for cohort in ask(session, scope).cohorts}
