"""How a programme's count came about since its first day, how fast it grows, and when it should be round."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlalchemy.orm import Session

from services import milestones
from services.access import Actor, Permission, authorise
from services.counting import matches, projection
from services.counting.figure import Scope
from services.counting.projection import Projection

_MONTHS = 12
_COLUMNS = ["day", "total", "mark"]


@dataclass(frozen=True, eq=False)
class Course:
    """The way to the next milestone."""

    #: Counted in the twelve months up to the day, and the exact number of a month.
    last_year: int
    a_month: Decimal
    projection: Projection
    #: day, total, mark: the count at every end of a month since the first, and on each day a milestone was reached.
    curve: pd.DataFrame
    #: day, total: every day of the last twelve months on which it grew, and its two ends.
    recent: pd.DataFrame


def course(session: Session, scope: Scope, *, by: Actor) -> Course:
    """Of the whole programme, under its own rule, as of a day. Raises `NotAllowed`, `NotFound`."""
    authorise(session, by, Permission.SEE_MILESTONES)
    about = {"by": by, "as_of": scope.as_of, "programme_id": scope.programme_id}
    standing = milestones.standing(session, **about)  # type: ignore[arg-type]
    reached = milestones.ledger(session, **about)  # type: ignore[arg-type]
    by_day = matches.by_day(session, scope.programme_id, scope.as_of)
    since = (pd.Timestamp(scope.as_of) - pd.DateOffset(years=1)).date()
    last_year = int(by_day.loc[by_day["day"] > since, "matches"].sum())
    return Course(
        last_year=last_year,
        a_month=Decimal(last_year) / _MONTHS,
        projection=projection.projected(by_day, scope.as_of, standing.to_go),
        curve=_curve(by_day, scope.as_of, reached),
        recent=_recent(by_day, scope.as_of, since),
    )


def _curve(by_day: pd.DataFrame, as_of: dt.date, reached: pd.DataFrame) -> pd.DataFrame:
    if by_day.empty:
        return pd.DataFrame(columns=_COLUMNS).astype({"mark": "Int64"})
    total = by_day.set_index(pd.to_datetime(by_day["day"]))["matches"].cumsum()
    ends = pd.date_range(total.index[0], pd.Timestamp(as_of), freq="ME")
    days = ends.union([total.index[0], pd.Timestamp(as_of)])
    steps = pd.DataFrame({"day": [d.date() for d in days], "total": total.reindex(days, method="ffill"), "mark": pd.NA})
    marks = pd.DataFrame({"day": reached["day"], "total": reached["number"], "mark": reached["number"]})
    # On the day of a milestone the milestone stands first, and what the day came to after it.
    both = pd.concat([marks, steps], ignore_index=True).sort_values(["day", "total"], kind="stable", ignore_index=True)
    return both.astype({"total": int, "mark": "Int64"})


def _recent(by_day: pd.DataFrame, as_of: dt.date, since: dt.date) -> pd.DataFrame:
    if by_day.empty:
        return pd.DataFrame(columns=["day", "total"])
    total = by_day["matches"].cumsum()
    before = int(by_day.loc[by_day["day"] <= since, "matches"].sum())
    new = by_day["day"] > since
    rows = [(since, before), *zip(by_day.loc[new, "day"], total[new], strict=True), (as_of, int(total.max()))]
    return pd.DataFrame(rows, columns=["day", "total"])
