"""What a figure is made of: the rows behind it, and how they become a number."""

import datetime as dt
import enum
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, select
from sqlalchemy.orm import Session

from db.models import Cohort, CountingRule, Event, Match, MatchState, Programme
from services import clock, programmes
from services.counting.figure import Scope
from services.errors import NotFound
from services.once_a_reading import once_a_reading
from services.programmes import Clocks

#: A select of rows.
Rows = Select[*tuple[Any, ...]]
#: For a select that depends on its question alone: writing one takes as long as asking it, and many ask alike.
prepared = lru_cache(maxsize=256)


class Kind(enum.Enum):
    """How rows become a number."""

    COUNT = "count"  # as many as there are rows
    RATE = "rate"  # the per cent of rows that hit
    PART = "part"  # the rows that hit, out of all
    MEDIAN = "median"  # the middle of what the rows measure
    AGAINST = "against"  # as many as there are rows, against the target of the cohorts
    GROWTH = "growth"  # the per cent by which a cohort outgrew the one before


@dataclass(frozen=True)
class Intake:
    """A cohort, as far as figures need it."""

    id: int
    name: str
    starts_on: dt.date
    ends_on: dt.date
    target: int | None
    objective_employed: int | None


@dataclass(frozen=True)
class Asked:
    """A question with everything its answer depends on, so that definitions need no session."""

    scope: Scope
    rule: CountingRule
    timezone: str
    clocks: Clocks
    #: All cohorts of the programme, oldest first.
    cohorts: tuple[Intake, ...]
    #: People are distinct within each cohort; otherwise within the programme.
    per_cohort: bool

    @property
    def as_of(self) -> dt.date:
        """The day of the question."""
        return self.scope.as_of

    @property
    def cohort(self) -> Intake | None:
        """The cohort that was asked about."""
        return next((c for c in self.cohorts if c.id == self.scope.cohort_id), None)

    @property
    def day_is_over(self) -> dt.datetime:
        """The moment at which the as-of day ends where the programme runs."""
        return clock.start_of(self.as_of + dt.timedelta(days=1), self.timezone)

    def before(self, cohort_id: int | None) -> Intake | None:
        """The cohort before one of them."""
        ids = [c.id for c in self.cohorts]
        place = ids.index(cohort_id) if cohort_id in ids else 0
        return self.cohorts[place - 1] if place else None

    def here(self, cohort_id: ColumnElement[int] | Any) -> list[ColumnElement[bool]]:
        """The rows of the cohort that was asked about, or all."""
        return [] if self.scope.cohort_id is None else [cohort_id == self.scope.cohort_id]


@dataclass(frozen=True)
class Definition:
    """One figure: the only place that says what it counts.

    `rows` selects what is behind it: `day` (from which a row counts), keys (`match_id`, `mentor_id`, `mentee_id`),
    `hit` (1 or 0, of rates and parts), `measure` (of medians) and `cohort_id` where it is divided by cohorts.
    """

    label: str
    kind: Kind
    unit: str
    rule: str
    rows: Callable[[Asked], Rows]
    base_unit: str = ""
    #: The sentence in place of a value when there is nothing to count.
    nothing: str = "There is nothing to count by this day."
    objective: Callable[[Asked, Intake | None], int | None] = lambda _asked, _cohort: None
    #: Measures are kept in a smaller unit: 60 for hours that are kept in minutes.
    scale: int = 1
    #: Not divided by cohorts: the same for each of them.
    is_whole: bool = False
    #: Asked of one cohort only.
    of_cohort_only: bool = False


@once_a_reading
def ask(session: Session, scope: Scope, *, per_cohort: bool = False) -> Asked:
    """Everything an answer depends on besides the rows. Raises `NotFound` for a programme or cohort that is not."""
    programme = session.get(Programme, scope.programme_id)
    if programme is None:
        raise NotFound("There is no such programme. Choose one of the list.")
    rows = session.execute(
        select(Cohort.id, Cohort.name, Cohort.starts_on, Cohort.ends_on, Cohort.target, Cohort.objective_employed)
        .where(Cohort.programme_id == scope.programme_id)
        .order_by(Cohort.starts_on, Cohort.id)
    )
    asked = Asked(
        scope=scope,
        rule=programme.counting_rule,
        timezone=programme.timezone,
        clocks=programmes.clocks(session, scope.programme_id),
        cohorts=tuple(Intake(*row) for row in rows),
        per_cohort=per_cohort or scope.cohort_id is not None,
    )
    if scope.cohort_id is not None and asked.cohort is None:
        raise NotFound("There is no such cohort in this programme. Choose one of the list.")
    return asked


def flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where it holds, 0 where it does not or is not known."""
    return case((condition, 1), else_=0)


def started(asked: Asked, *, anywhere: bool = False) -> list[ColumnElement[bool]]:
    """Matches that have started by the as-of day, whatever their end; void ones never have."""
    return [
        Match.programme_id == asked.scope.programme_id,
        Match.state != MatchState.VOID,
        Match.started_on <= asked.as_of,
        *([] if anywhere else asked.here(Match.cohort_id)),
    ]


def takes_place() -> ColumnElement[bool]:
    """Events that were not cancelled: nothing counts of the others, whatever is stored of them."""
    return Event.cancelled_at.is_(None)


def is_active(asked: Asked) -> ColumnElement[bool]:
    """Of started matches, those that still ran: on its last day a match is over."""
    return Match.ended_on.is_(None) | (Match.ended_on > asked.as_of)


def has_ended(asked: Asked, state: MatchState) -> ColumnElement[bool]:
    """Completed, or ended early, by the as-of day."""
    return (Match.state == state) & (Match.ended_on <= asked.as_of)
