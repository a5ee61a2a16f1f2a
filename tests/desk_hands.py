"""The hands of two coordinators on a real desk, which know from the model what must happen."""

import datetime as dt
import re
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy.orm import Session

from db.models import LoginSession, Role
from db.settings import settings
from services import audit, clock, reading, transaction
from services.access import Actor
from services.counting.matches import matches_to_date
from services.errors import ServiceError
from services.imports import ensure_groups
from tests import desk_rows, make
from tests.databases import copy_of
from tests.desk_model import Act, Desk, Pair, Stand, Who

START = dt.datetime(2023, 3, 6, 15, 0, tzinfo=dt.UTC)
GROUPS = ("Engineering", "Law")
WHY = "They work on one street"
WHICH, WHO = st.integers(0, 99), st.integers(0, 1)
STALE = st.sampled_from((False,) * 9 + (True,))
_SENTENCE = re.compile(r"[A-Z«].*[.!?]", re.DOTALL)


def seed() -> tuple[Actor, Actor]:
    """A programme without people, and two coordinators who stay signed in."""
    with transaction() as session:
        cohort = make.cohort(session, starts_on=START.date(), ends_on=START.date() + dt.timedelta(days=900))
        make.setting(session, cohort, fit_floor=0)
        ensure_groups(session, make.actor(session, Role.COORDINATOR))
        hands = make.actor(session, name="Cora Lindqvist"), make.actor(session, name="Omar Haddad")
        for login in session.query(LoginSession):
            login.expires_at = START + dt.timedelta(days=9_000)
    return hands


class Hands(RuleBasedStateMachine):
    """Every act is done by the services on a desk of its own, and expected of the model."""

    source: ClassVar[str]
    coordinators: ClassVar[tuple[Actor, Actor]]

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.newcomers = 0
        self.opened = ExitStack()
        url = self.opened.enter_context(copy_of(self.source))
        patch = self.opened.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("DATABASE_URL", url)
        settings.cache_clear()
        patch.setattr(clock, "now", lambda: self.now)
        self.model = Desk(self.today)
        self.rows = self.look()
        self.programme = self.rows["cohort"][0]["programme_id"]

    def teardown(self) -> None:
        self.opened.close()
        settings.cache_clear()

    @property
    def today(self) -> dt.date:
        return clock.local(self.now, "America/Toronto").date()

    @rule(days=st.sampled_from((1, 1, 2, 6, 20, 31)))
    def days_pass(self, days: int) -> None:
        self.now += dt.timedelta(days=days)
        self.model.today = self.today

    def look(self) -> desk_rows.Rows:
        """Every row; what is true of them whatever was done, is."""
        with reading() as session:
            assert desk_rows.broken(session.connection()) == []
            assert audit.verify(session) == []
            return desk_rows.read(session.connection())

    def do(self, act: Callable[[Session], Any], *, refused: bool | None = None) -> Any:
        """What the service answers, None when it refuses; `refused`: whether it has to, None when it may do either."""
        self.now += dt.timedelta(minutes=1)
        self.model.today = self.today
        try:
            with transaction() as session:
                answer = act(session)
        except ServiceError as error:
            said = str(error)
            assert _SENTENCE.fullmatch(said), said
            assert not re.search(r"\bNone\b|  |\bnan\b", said), said
            assert refused is not False, said
            assert self.look() == self.rows, f"refused, and changed something: {said}"
            return None
        assert refused is not True, f"done, and had to be refused: {answer}"
        self.rows = self.look()
        return answer

    def match_the_model(self) -> None:
        """The rows say what the model says."""
        assert self.model.broken() == []
        for kind in ("mentor", "mentee"):
            known = {n: _person(who) for n, who in self.model.people(kind).items()}
            assert desk_rows.people(self.rows, kind) == known
        assert desk_rows.stands(self.rows) == {n: _stand(pair) for n, pair in self.model.pairs.items()}
        with reading() as session:
            for as_of in (self.today, self.today - dt.timedelta(days=9)):
                assert matches_to_date(session, self.programme, as_of).value == self.model.started(as_of)

    def by(self, who: int) -> Actor:
        return self.coordinators[who]

    def version(self, number: int, *, stale: bool = False) -> int:
        now: int = next(row["version"] for row in self.rows["match"] if row["id"] == number)
        return now + (1 if now == 1 else -1) if stale else now

    def pick(self, which: int, *states: str) -> int:
        """A match in one of these states, led there if there is none; now and then any."""
        if which % 9 == 0 and self.model.pairs:
            return list(self.model.pairs)[which // 9 % len(self.model.pairs)]
        while not (here := [n for n, pair in self.model.pairs.items() if pair.stand.state in states]):
            self.bring_about(states[0], which * 9 + 1)
        return here[which % len(here)]

    def bring_about(self, state: str, which: int) -> None:
        """Do what leads some match nearer to a state."""
        raise NotImplementedError

    def someone(self, which: int, kind: str) -> int | None:
        here = sorted(n for n, who in self.model.people(kind).items() if not who.erased)
        if which % 2:  # the busiest, and those away, are where most can go wrong
            here.sort(
                key=lambda n: (self.model.people(kind)[n].withdrawn is None, -len(self.model.of(kind, n, is_open=True)))
            )
            which = which // 2 % 3
        return here[which % len(here)] if here else None

    def led(self, what: str, who: int, after: dict[int, Stand], made: tuple[int, ...] = ()) -> None:
        """The model follows what was done."""
        act = Act(what, who, self.now, {number: self.model.pairs[number].stand for number in after}, made)
        self.model.take(act, after)
        self.match_the_model()

    def new_pairs(self) -> dict[int, Pair]:
        """Proposals that the model does not know yet, as the rows have them."""
        groups = {row["id"]: row["name"] for row in self.rows["occupational_group"]}
        return {
            row["id"]: Pair(
                row["ref"],
                row["mentor_id"],
                row["mentee_id"],
                groups[row["group_id"]],
                bool(row["override_reason"]),
                dt.date.fromisoformat(row["proposed_on"]),
            )
            for row in self.rows["match"]
            if row["id"] not in self.model.pairs
        }


def _person(who: Who) -> tuple[Any, ...]:
    return who.ref, who.group, who.capacity, _day(who.ready), _day(who.withdrawn)


def _stand(pair: Pair) -> tuple[Any, ...]:
    stand = pair.stand
    return (
        pair.mentor,
        pair.mentee,
        pair.group,
        pair.override,
        stand.state,
        *map(_day, (pair.proposed, stand.decided, stand.started, stand.ended, stand.hold_until)),
        stand.never,
        *map(_day, (stand.orientation, stand.first_meeting, stand.agreement)),
    )


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
