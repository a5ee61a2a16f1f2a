"""Where a programme stands on the way to its next round number."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Milestone, MilestoneKind, Programme
from services import programmes
from services.access import Actor, Permission, authorise
from services.counting import matches
from services.counting.figure import Figure
from services.counting.matches import Nth
from services.errors import NotFound

#: A programme that named no milestones, or has passed all of them, looks forward to these.
_FIRST = (10, 25, 50, 100, 250, 500)


@dataclass(frozen=True)
class Standing:
    """How far a programme has come, and how far it is to the next milestone."""

    programme: str
    figure: Figure
    #: One of what is counted, as in "the 3,000th match".
    one: str
    next_number: int
    to_go: int
    #: The highest milestone reached, on a day computed from the rows.
    latest: Nth | None


def standing(session: Session, *, by: Actor, as_of: dt.date | None = None, programme_id: int | None = None) -> Standing:
    """The count of a programme (the main one unless named) as of a day (today unless named).

    Raises `NotAllowed`, and `NotFound` when there is no programme yet.
    """
    programme, day = _subject(session, by, as_of, programme_id)
    figure = matches.matches_to_date(session, programme.id, day, programme.counting_rule)
    reached, following = around(figure.count, named(session, programme.id))
    found = matches.nth(session, programme.id, reached[-1:], day, programme.counting_rule)
    return Standing(
        programme=programme.name,
        figure=figure,
        one=matches.WORDING[programme.counting_rule].one,
        next_number=following,
        to_go=following - figure.count,
        latest=found[0] if found else None,
    )


def cohorts(
    session: Session, *, by: Actor, as_of: dt.date | None = None, programme_id: int | None = None
) -> pd.DataFrame:
    """cohort, starts_on, matches: how the cohorts add up to the standing of the same day. Raises `NotAllowed`."""
    programme, day = _subject(session, by, as_of, programme_id)
    return matches.matches_by_cohort(session, programme.id, day, programme.counting_rule)


def ledger(
    session: Session, *, by: Actor, as_of: dt.date | None = None, programme_id: int | None = None
) -> pd.DataFrame:
    """The milestones reached, latest first.

    Columns: number, day, cohort, days (since the one before), match, group, agency, late.
    `late`: how many matches had counted towards it and were declared an error after it, which moved it to a later one.
    The last four are of single matches, so those who may not see the people behind figures get None. Raises
    `NotAllowed`.
    """
    programme, day = _subject(session, by, as_of, programme_id)
    is_open = authorise(session, by, Permission.SEE_MILESTONES).may(Permission.SEE_ROWS)
    total = matches.matches_to_date(session, programme.id, day).count
    reached, _ = around(total, named(session, programme.id))
    found = matches.nth(session, programme.id, reached, day)
    errors = matches.taken_back(session, programme.id, day) if is_open else []
    rows = [
        (
            n.number,
            n.day,
            n.cohort,
            (n.day - before.day).days if before else None,
            *((n.ref, n.group, n.agency) if is_open else (None, None, None)),
            len([1 for counted, seen in errors if counted <= n.day <= seen]) if is_open else None,
        )
        for before, n in zip([None, *found], found, strict=False)
    ]
    frame = pd.DataFrame(rows[::-1], columns=["number", "day", "cohort", "days", "match", "group", "agency", "late"])
    return frame.astype({"days": "Int64", "late": "Int64"})


def named(session: Session, programme_id: int) -> tuple[int, ...]:
    """The round numbers that a programme names as its milestones, lowest first."""
    rows = session.scalars(
        select(Milestone.number)
        .where(Milestone.programme_id == programme_id, Milestone.kind == MilestoneKind.COUNT)
        .order_by(Milestone.number)
    )
    return tuple(number for number in rows if number is not None)


def around(value: int, named_numbers: tuple[int, ...]) -> tuple[list[int], int]:
    """The milestones a count has reached, lowest first, and the one it has not."""
    last = max(named_numbers, default=0)
    reached: list[int] = []
    for number in chain(named_numbers, (n for n in _usual() if n > last)):
        if number > value:
            return reached, number
        reached.append(number)
    raise AssertionError  # the usual numbers have no end


def _usual() -> Iterator[int]:
    """Round numbers: every 500th up to 10,000, every 5,000th up to 100,000, and so on."""
    yield from _FIRST
    for power in count(3):
        yield from range(10**power, 10 ** (power + 1), 10**power // 2)


def _subject(session: Session, by: Actor, as_of: dt.date | None, programme_id: int | None) -> tuple[Programme, dt.date]:
    authorise(session, by, Permission.SEE_MILESTONES)
    programme = session.get(Programme, programme_id) if programme_id else programmes.main(session)
    if programme is None:
        message = "There is no such programme. Go back to the list of milestones."
        raise NotFound(message)
    return programme, as_of or programmes.today(session, programme.id)
