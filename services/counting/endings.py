"""How the matches of a cohort ended, as managers and the public may see it: published once (decision 0008).

Completed, ended early by reason, and what still ran add up to the matches started, which is public: they are one split.
While matches end, each day's split would tell of those that ended since the last one; so it is shown of one day only.
"""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Cohort, CountingRule
from services import programmes
from services.counting import figures
from services.counting.definition import ask
from services.counting.figure import Scope
from services.counting.published import Snapshot, publication_days, table
from services.counting.waiting import Ending
from services.once_a_reading import once_a_reading

_COMPLETED, _REST = "completed", "neither"
_QUARTER = dt.timedelta(days=92)


@dataclass(frozen=True, eq=False)
class Ended:
    """The split of a cohort, as it is printed."""

    day: dt.date
    #: Mentees who completed; None when small, or told exactly by what the programme counts.
    completed: int | None
    #: label (an `Ending`), value (Int64, NA when small), text.
    reasons: pd.DataFrame


def told_on(session: Session, cohort_id: int) -> dt.date:
    """The first end of a quarter by which a match of the cohort's last day would have been closed."""
    programme_id, ends_on = _cohorts(session)[cohort_id]
    closed = ends_on + dt.timedelta(days=programmes.clocks(session, programme_id).closing_day)
    return publication_days(closed, closed + _QUARTER)[0]


@once_a_reading
def _cohorts(session: Session) -> dict[int, tuple[int, dt.date]]:
    """The programme and the last day of each."""
    rows = session.execute(select(Cohort.id, Cohort.programme_id, Cohort.ends_on))
    return {row.id: (row.programme_id, row.ends_on) for row in rows}


def ended(session: Session, scope: Scope) -> Ended | None:
    """The split as of the day of `told_on`; None where it would tell of single people. `scope` names the cohort."""
    then = scope.on(told_on(session, scope.cohort_id or 0))
    smallest = programmes.clocks(session, scope.programme_id).smallest_cell
    names = ("started_matches", "mentees_started", "mentees_completed", "completed_matches")
    total, people, completed, matches = (one.count for one in figures.figures(session, then, names).values())
    found = figures.split(session, then, "early_endings", "reason").set_index("label")["value"]
    early = {ending.value: int(found.get(ending.value, 0)) for ending in Ending}
    counts, at_most = {_COMPLETED: completed, **early}, {_COMPLETED: people}
    if ask(session, scope).rule is CountingRule.COMPLETED_MATCHES:  # then how many were completed is public
        total, counts, at_most = total - matches, dict(early), {}
    counts[_REST] = total - sum(counts.values())
    published = table([Snapshot(then.as_of, total, counts, at_most=at_most)], smallest=smallest, rising=False)
    if published is None:
        return None
    rows = published.rows.set_index("label")
    done = rows["value"].get(_COMPLETED, pd.NA)
    return Ended(
        day=published.day,
        completed=None if pd.isna(done) else int(done),
        reasons=rows.loc[list(early)].reset_index(),
    )
