"""Every row of a database in plain lists, and the question that a figure answers over them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from db.models import Base
from services.programmes import Clocks

#: After these early ends a mentee does not wait for another mentor.
SETTLED = {"hired_in_field", "hired_elsewhere", "mentee_withdrew", "relocated"}
HIRED = {"hired_in_field", "hired_elsewhere"}
OPEN = {"proposed", "on_hold", "approved", "active"}


@dataclass(frozen=True)
class Rows:
    """All rows as they are known now, by table, each with its columns by name, lowest number first."""

    tables: dict[str, list[Any]]

    @classmethod
    def of(cls, session: Session) -> "Rows":
        tables = {name: list(table.primary_key) for name, table in Base.metadata.tables.items()}
        return cls(
            {
                name: list(session.execute(select(Base.metadata.tables[name]).order_by(*key)))
                for name, key in tables.items()
                if name not in {"trail", "login_session"}
            }
        )

    def __getitem__(self, table: str) -> list[Any]:
        return self.tables[table]

    def one(self, table: str, number: int) -> Row[Any]:
        return next(row for row in self[table] if row.id == number)

    def clocks(self, programme_id: int) -> Clocks:
        return Clocks(**{s.name: s.value["value"] for s in self["programme_setting"] if s.programme_id == programme_id})


@dataclass(frozen=True)
class Asked:
    """A programme, a day, perhaps a cohort, and the words that every figure uses."""

    rows: Rows
    programme_id: int
    day: dt.date
    cohort_id: int | None = None
    since: dt.date | None = None

    @property
    def clocks(self) -> Clocks:
        return self.rows.clocks(self.programme_id)

    @property
    def whole(self) -> "Asked":
        """The same question of the whole programme."""
        return self.of(None)

    def of(self, cohort_id: int | None) -> "Asked":
        return Asked(self.rows, self.programme_id, self.day, cohort_id, self.since)

    @property
    def all_cohorts(self) -> list[Any]:
        """Those of the programme, first one first."""
        found = [c for c in self.rows["cohort"] if c.programme_id == self.programme_id]
        return sorted(found, key=lambda c: (c.starts_on, c.id))

    @property
    def cohorts(self) -> list[Any]:
        return [c for c in self.all_cohorts if self.cohort_id in (None, c.id)]

    @property
    def cohort(self) -> Any:
        """The one that was asked of; None when the programme was."""
        return None if self.cohort_id is None else self.cohorts[0]

    def within(self, table: str) -> list[Any]:
        """The rows of a table whose cohort was asked of."""
        cohorts = {c.id for c in self.cohorts}
        return [row for row in self.rows[table] if row.cohort_id in cohorts]

    def matches(self) -> list[Any]:
        """A void match counts nowhere, on no day."""
        return [m for m in self.within("match") if m.programme_id == self.programme_id and m.state != "void"]

    def started(self) -> list[Any]:
        return [m for m in self.matches() if m.started_on is not None and m.started_on <= self.day]

    def has_ended(self, match: Any) -> bool:
        return match.ended_on is not None and match.ended_on <= self.day

    def active(self) -> list[Any]:
        return [m for m in self.started() if not self.has_ended(m)]

    def completed(self) -> list[Any]:
        return [m for m in self.matches() if m.state == "completed" and self.has_ended(m)]

    def ended_early(self) -> list[Any]:
        return [m for m in self.matches() if m.state == "ended_early" and self.has_ended(m)]

    def until_day(self, rows: Iterable[Any]) -> Iterator[Any]:
        return (row for row in rows if row.on_day <= self.day)

    def check_ins(self, match: Any) -> list[Any]:
        """Up to the day, earliest first, of one day the one entered first."""
        mine = [c for c in self.until_day(self.rows["check_in"]) if c.match_id == match.id]
        return sorted(mine, key=lambda c: (c.on_day, c.id))

    def sessions(self, match: Any) -> list[Any]:
        return [s for s in self.until_day(self.rows["mentoring_session"]) if s.match_id == match.id]

    def local_day(self, moment: dt.datetime) -> dt.date:
        zone = ZoneInfo(self.rows.one("programme", self.programme_id).timezone)
        return moment.astimezone(zone).date()

    def outcomes(self) -> list[Any]:
        """What follow-ups found out up to the day, in order; "unknown" found nothing out."""
        known = [o for o in self.until_day(self.within("outcome")) if o.finding != "unknown"]
        return sorted(known, key=lambda o: (o.on_day, o.id))

    def settles(self, match: Any) -> bool:
        """On the day the match was open, or had an end after which its mentee does not wait."""
        if match.proposed_on > self.day:
            return False
        if match.state in OPEN:
            return True
        if match.state in {"completed", "ended_early"}:
            still_open = match.ended_on > self.day
            return still_open or match.state == "completed" or match.reason in SETTLED
        return self.last_step_on(match) > self.day

    def last_step_on(self, match: Any) -> dt.date:
        steps = [t for t in self.rows["match_transition"] if t.match_id == match.id]
        return max(steps, key=lambda t: t.seq).on_day
