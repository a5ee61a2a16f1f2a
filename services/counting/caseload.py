"""The caseload of coaches: the running matches one by one, and how much each coach carries."""

import pandas as pd
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from db.models import Coach, Match, Mentee, MentoringSession
from services.counting import care, coaches
from services.counting.definition import Asked, Rows, ask, is_active, prepared, started
from services.counting.figure import Scope
from services.once_a_reading import once_a_reading

#: The figures that a running match can be one of, and the column that says so.
_HITS = {"contacts_overdue": "overdue", "contacts_due": "due", "quiet": "quiet", "watched": "watched"}
COLUMNS = [
    *("match_id", "coach_id", "by_id", "agency_id", "started_on"),
    *("owed_on", "silent", "health", "minutes", *_HITS.values()),
]
LOADS = ["coach_id", "active", "due", "overdue", "quiet", "uncovered", "covering", "contacts", "kept"]


@once_a_reading
def standing(session: Session, scope: Scope, match_id: int | None = None) -> pd.DataFrame:
    """Every match that ran on a day, or one of them.

    Columns: match_id, coach_id, by_id (who looks after it, or empty), agency_id (of its mentee), started_on, owed_on
    (the planned contact that is owed, or empty), silent (days since the last contact), health (of the latest check-in,
    or ""), minutes (met), and overdue, due, quiet, watched as yes or no.
    """
    asked = ask(session, scope)
    rows = _rows(asked) if match_id is None else _rows(asked).where(Match.id == match_id)
    frame = pd.DataFrame([tuple(row) for row in session.execute(rows)], columns=COLUMNS)
    for column in _HITS.values():
        frame[column] = frame[column].fillna(0).astype(bool)
    for column in ("coach_id", "by_id", "agency_id"):
        frame[column] = frame[column].astype("Int64")
    frame["health"] = [str(word) if isinstance(word, str) else "" for word in frame["health"]]
    frame["owed_on"] = pd.Series(list(frame["owed_on"]), index=frame.index, dtype=object).where(
        frame["owed_on"].notna(), None
    )
    frame["minutes"] = frame["minutes"].fillna(0).astype(int)
    return frame


@prepared
def _rows(asked: Asked) -> Rows:
    behind = {name: care.FIGURES[name].rows(asked).subquery(name) for name in (*_HITS, "health_good")}
    held = coaches.holders(asked).subquery("held")
    met = met_until(asked)
    query = (
        select(
            Match.id,
            held.c.coach_id,
            held.c.by_id,
            Mentee.agency_id,
            Match.started_on,
            behind["contacts_overdue"].c.owed_on,
            behind["quiet"].c.days,
            behind["health_good"].c.health,
            met,
            *(behind[name].c.hit for name in _HITS),
        )
        .join(Mentee, Mentee.id == Match.mentee_id)
        .outerjoin(held, held.c.match_id == Match.id)
    )
    for rows in behind.values():
        query = query.outerjoin(rows, rows.c.match_id == Match.id)
    return query.where(*started(asked), is_active(asked)).order_by(Match.started_on, Match.id)


def met_until(asked: Asked) -> ColumnElement[int]:
    """Minutes that a match met by the day."""
    return (
        select(func.sum(MentoringSession.minutes))
        .where(MentoringSession.match_id == Match.id, MentoringSession.on_day <= asked.as_of)
        .correlate(Match)
        .scalar_subquery()
    )


def loads(session: Session, scope: Scope, kept_in: Scope) -> pd.DataFrame:
    """What each coach carries on a day; coaches who had left by then only while a match is still theirs.

    Columns: coach_id, active (matches), due, overdue, quiet, uncovered (of them), covering (matches of others), and of
    `kept_in`: contacts (planned contacts that came due while a match was theirs) and kept.
    """
    rows = standing(session, scope)
    kept = _kept(session, kept_in)
    here = session.scalars(
        select(Coach.id).where(or_(Coach.left_on.is_(None), Coach.left_on > scope.as_of)).order_by(Coach.id)
    )
    every = sorted({*here, *(int(one) for one in rows["coach_id"].dropna())})
    theirs = rows.assign(active=1, uncovered=rows["by_id"].isna()).groupby("coach_id")[LOADS[1:6]].sum()
    covered = rows.loc[(rows["by_id"] != rows["coach_id"]).fillna(value=False), "by_id"].value_counts()
    found = theirs.reindex(every, fill_value=0).assign(covering=covered.reindex(every, fill_value=0))
    contacts = pd.DataFrame([kept.get(coach, (0, 0)) for coach in every], columns=LOADS[7:], index=found.index)
    return found.join(contacts).astype(int).rename_axis("coach_id").reset_index()


def _kept(session: Session, scope: Scope) -> dict[int, tuple[int, int]]:
    """Planned contacts that came due, and those kept, by who was the coach on the planned day."""
    contacts = care.FIGURES["support_contacts_kept"].rows(ask(session, scope)).subquery()
    by_coach = select(
        coaches.coach_on(contacts.c.match_id, contacts.c.day).label("coach_id"), contacts.c.hit
    ).subquery()
    found = session.execute(
        select(by_coach.c.coach_id, func.count(), func.sum(by_coach.c.hit))
        .where(by_coach.c.coach_id.is_not(None))
        .group_by(by_coach.c.coach_id)
    )
    return {coach: (many, int(hits)) for coach, many, hits in found}
