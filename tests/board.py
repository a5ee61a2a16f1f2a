"""A programme with people and matches that is spoken to in plain SQL, as any hand with a connection could."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.models import MOVES, MatchState
from tests import make

#: How each engine names the index of rule 1.
ONE_OPEN = r"uq_match_one_open_per_mentee|match\.programme_id, match\.mentee_id"
_numbers = count(1)


def day(ago: int) -> str:
    """So many days ago, as SQL writes it."""
    return (make.today() - dt.timedelta(days=ago)).isoformat()


def path_to(state: MatchState) -> list[MatchState]:
    """The fewest steps from a proposal to a state."""
    paths: dict[MatchState, list[MatchState]] = {MatchState.PROPOSED: []}
    for reached in (queue := [MatchState.PROPOSED]):
        for after in MOVES.get(reached, ()):
            if after not in paths:
                paths[after] = [*paths[reached], after]
                queue.append(after)
    return paths[state]


class Board:
    """Two programmes, two groups; every write is one SQL statement."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.cohort = make.cohort(session)
        self.elsewhere = make.cohort(session)
        self.group, self.other_group = make.group(session), make.group(session)

    def run(self, sql: str, **given: Any) -> Any:
        return self.session.execute(text(sql), given)

    def insert(self, table: str, verb: str = "INSERT", **row: Any) -> Any:
        values = ", ".join(f":{name}" for name in row)
        return self.run(f"{verb} INTO {table} ({', '.join(row)}) VALUES ({values}) RETURNING *", **row).one()

    def mentor(self, **given: Any) -> int:
        return make.mentor(self.session, given.pop("group", self.group), **given).id

    def mentee(self, **given: Any) -> int:
        return make.mentee(self.session, given.pop("group", self.group), **given).id

    def propose(self, mentor: int | None = None, mentee: int | None = None, verb: str = "INSERT", **given: Any) -> int:
        """Insert a proposal made 100 days ago; of new people unless told."""
        row = {
            "ref": f"board{next(_numbers)}",
            "programme_id": self.cohort.programme_id,
            "cohort_id": self.cohort.id,
            "mentor_id": mentor or self.mentor(),
            "mentee_id": mentee or self.mentee(),
            "group_id": self.group.id,
            "state": "proposed",
            "version": 1,
            "proposed_on": day(100),
            "proposed_at": f"{day(100)} 15:00:00.000000",
            "never_again": False,
        }
        return self.insert("match", verb, **{**row, **given}).id

    def step(self, match: int, to: str, verb: str = "INSERT", **given: Any) -> int:
        """Insert a transition of today."""
        now = self.row(match)
        row = {
            "match_id": match,
            "seq": now.version + 1,
            "from_state": now.state,
            "to_state": str(to),
            "on_day": day(0),
            "at": f"{day(0)} 04:00:00.000000",
            "reason": "other" if to in {"declined", "ended_early"} else None,
            "hold_until": day(-7) if to == "on_hold" else None,
            "never_again": False,
        }
        return self.insert("match_transition", verb, **{**row, **given}).id

    def lead(self, match: int, *states: str) -> int:
        for state in states:
            self.step(match, state)
        return match

    def row(self, match: int) -> Row[Any]:
        return self.run("SELECT * FROM match WHERE id = :id", id=match).one()

    @contextmanager
    def refused(self, why: str) -> Iterator[None]:
        """What is done inside fails with `why`; the transaction goes on."""
        with pytest.raises(DBAPIError, match=why), self.session.begin_nested():
            yield
