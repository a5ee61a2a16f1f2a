"""How a cohort grows: month by month, and beside the cohort before at the same stage."""

import datetime as dt
from decimal import Decimal

import pandas as pd
from sqlalchemy.orm import Session

from services.counting import figures
from services.counting.definition import Intake, ask
from services.counting.figure import Scope

_COLUMNS = ["cohort", "order", "month", "matches"]


def same_stage(cohort: Intake, other: Intake, as_of: dt.date) -> dt.date:
    """The day on which another cohort was as old as this one is on the as-of day."""
    return other.starts_on + (as_of - cohort.starts_on)


def due_by_now(session: Session, scope: Scope) -> Decimal | None:
    """Matches that a cohort on its way to its target has by the as-of day; None without one, or before its first day.

    The way is that of the cohort before at the same stage, or a straight line where there is none to go by; from its
    last day on it owes the whole target, however late the cohort before came to its own.
    """
    asked = ask(session, scope)
    cohort, before = asked.cohort, asked.before(scope.cohort_id)
    if cohort is None or cohort.target is None or scope.as_of < cohort.starts_on:
        return None
    if scope.as_of >= cohort.ends_on:
        return Decimal(cohort.target)
    if before:
        whole = figures.figure(session, scope.of(before.id), "started_matches").count
        then = scope.of(before.id).on(min(same_stage(cohort, before, scope.as_of), scope.as_of))
        if whole:
            return Decimal(cohort.target) * figures.figure(session, then, "started_matches").count / whole
    days = (cohort.ends_on - cohort.starts_on).days + 1
    gone = min(max((scope.as_of - cohort.starts_on).days + 1, 0), days)
    return Decimal(cohort.target) * gone / days


def by_month(session: Session, scope: Scope) -> pd.DataFrame:
    """cohort, order, month, matches: a cohort's started matches to the end of each of its months, and the one before's.

    `order` counts months from the cohort's first day, which is 0 and has no name; `month` names those of this cohort.
    The last one of a cohort that still runs ends with the as-of day.
    """
    asked = ask(session, scope)
    cohort, before = asked.cohort, asked.before(scope.cohort_id)
    if cohort is None:
        return pd.DataFrame(columns=_COLUMNS)
    lines = []
    for one in (cohort, before):
        if one is None:
            continue
        days = figures.rows(session, scope.of(one.id), "started_matches")["day"]
        lines += [
            (one.name, order, _month(cohort.starts_on, order), int((days < until).sum()))
            for order, until in enumerate(_ends(one, scope.as_of))
        ]
    return pd.DataFrame(lines, columns=_COLUMNS)


def _ends(cohort: Intake, as_of: dt.date) -> list[dt.date]:
    """The first day that does not count any more, of each month of a cohort up to the as-of day."""
    ends, order = [cohort.starts_on], 1
    last = min(cohort.ends_on, as_of)
    while ends[-1] <= last:
        ends.append(min(_months_on(cohort.starts_on, order), as_of + dt.timedelta(days=1)))
        order += 1
    return ends


def _month(first: dt.date, order: int) -> str:
    return f"{_months_on(first, order - 1):%b}" if order else ""


def _months_on(day: dt.date, months: int) -> dt.date:
    """The first of the month so many months after a day's own."""
    month = day.month - 1 + months
    return dt.date(day.year + month // 12, month % 12 + 1, 1)
