"""What follows an approval, and putting it right: acts on a whole desk."""

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy.orm import Session

from services import life, life_undo
from tests.desk_hands import STALE, START, WHICH, WHO, WHY, Hands
from tests.desk_model import ENDED, PENDING, STEPS, WITHIN, Pair, Stand

ENDINGS = ("hired_in_field", "poor_fit", "no_contact", "mentee_withdrew", "other")
LIFE = ("start", "record", "take_back", "complete", "end_early", "reopen", "redate")
STARTED, DECLINED = ("active", *ENDED), ("declined", "declined_by_mentor")
AGO = st.sampled_from((0, 0, 0, 1, 5, 20, -1))


class Leading(Hands):
    """What the page of matches does."""

    def bring_about(self, state: str, which: int) -> None:
        if state not in ENDED:
            super().bring_about(state, which)
        elif which % 2:
            self.complete(which, which % 2, stale=False, ago=0)
        else:
            self.end_early(which, which % 2, stale=False, ago=0, reason="no_contact")

    @rule(which=WHICH, who=WHO, stale=STALE, ago=AGO)
    def start(self, which: int, who: int, *, stale: bool, ago: int) -> None:
        number = self.pick(which, "approved")
        on, stand = self._day(ago), self.model.pairs[number].stand
        then = replace(stand, state="active", started=on)
        self._lead(life.start, number, who, then, of=("approved",), stale=stale, on=on)

    @rule(which=WHICH, who=WHO, stale=STALE, ago=AGO)
    def complete(self, which: int, who: int, *, stale: bool, ago: int) -> None:
        number = self.pick(which, "active")
        on, stand = self._day(ago), self.model.pairs[number].stand
        then = replace(stand, state="completed", ended=on)
        self._lead(life.complete, number, who, then, of=("active",), stale=stale, on=on)

    @rule(which=WHICH, who=WHO, stale=STALE, ago=AGO, reason=st.sampled_from(ENDINGS))
    def end_early(self, which: int, who: int, *, stale: bool, ago: int, reason: str) -> None:
        number = self.pick(which, "active")
        on, stand = self._day(ago), self.model.pairs[number].stand
        then = replace(stand, state="ended_early", ended=on, reason=reason)
        self._lead(life.end_early, number, who, then, of=("active",), stale=stale, on=on, reason=reason)

    @rule(which=WHICH, who=WHO, stale=STALE, why=st.sampled_from((WHY, WHY, "?")))
    def reopen(self, which: int, who: int, *, stale: bool, why: str) -> None:
        number = self.pick(which, *ENDED)
        stand = self.model.pairs[number].stand
        then = replace(stand, state="active", ended=None, reason=None)
        self._lead(life.reopen, number, who, then, of=ENDED, stale=stale, why=why)

    @rule(which=WHICH, who=WHO, stale=STALE, ago=AGO, end=st.booleans())
    def redate(self, which: int, who: int, *, stale: bool, ago: int, end: bool) -> None:
        states = ENDED if end else ("active",)
        number = self.pick(which, *states)
        on, stand = self._day(ago), self.model.pairs[number].stand
        then = replace(stand, ended=on) if end else replace(stand, started=on)
        day = "end" if end else "start"
        self._lead(life.redate, number, who, then, of=states, stale=stale, which=day, on=on, why=WHY)

    @rule(which=WHICH, who=WHO, stale=STALE, rare=st.integers(0, 2))
    def void(self, which: int, who: int, *, stale: bool, rare: int) -> None:
        if rare or not self.model.pairs:
            return
        number = self.pick(which * 9)
        stand = self.model.pairs[number].stand
        then = replace(stand, state="void", hold_until=None, never=False)
        self._lead(life.void, number, who, then, of=(*PENDING, "approved", *STARTED, *DECLINED), stale=stale, why=WHY)

    @rule(which=WHICH, who=WHO, stale=STALE, ago=AGO, step=st.sampled_from(STEPS))
    def record(self, which: int, who: int, *, stale: bool, ago: int, step: str) -> None:
        number = self.pick(which, *STARTED)
        on, stand = self._day(ago), self.model.pairs[number].stand
        then, was = replace(stand, **{step: on}), getattr(stand, step)
        self._lead(life.record, number, who, then, of=STARTED, stale=stale, step=step, on=on, was=was, why=WHY)

    @rule(which=WHICH, who=WHO, stale=STALE, step=st.sampled_from(STEPS))
    def take_back(self, which: int, who: int, *, stale: bool, step: str) -> None:
        number = self.pick(which, *STARTED)
        stand = self.model.pairs[number].stand
        was = getattr(stand, step)
        if was is None:
            return
        then = replace(stand, **{step: None})
        self._lead(life.take_back, number, who, then, of=STARTED, stale=stale, step=step, was=was, why=WHY)

    @rule(which=WHICH, who=WHO, stale=STALE)
    def undo_of_a_life(self, which: int, who: int, *, stale: bool) -> None:
        number = self.pick(which, *STARTED)
        pair: Pair = self.model.pairs[number]
        act = pair.act
        recent = act is not None and act.by == who and act.at > self.now + dt.timedelta(minutes=1) - WITHIN
        ends = recent and act.what == "withdraw" and pair.stand.state == "ended_early"
        may = not stale and recent and (act.what in LIFE or ends)
        then = act.before[number] if may else None
        lawful = may and not self.model.would_break({number: then})
        version = self.version(number, stale=stale)
        if self.do(lambda session: life_undo.undo(session, pair.ref, version, by=self.by(who)), refused=not lawful):
            recorded = act.what in ("record", "take_back")
            self.led("undo of a record" if recorded else "undo", who, {number: then})

    @rule(what=st.sampled_from(("complete", "end_early", "reopen", "redate", "record")), which=WHICH, who=WHO, ago=AGO)
    def think_of_a_life_again(self, what: str, which: int, who: int, ago: int) -> None:
        """A step taken back at once."""
        given: dict[str, Any] = {
            "complete": {"ago": ago},
            "end_early": {"ago": ago, "reason": "no_contact"},
            "reopen": {"why": WHY},
            "redate": {"ago": ago, "end": bool(which % 2)},
            "record": {"ago": ago, "step": "orientation"},
        }[what]
        self.days_pass(days=1)
        getattr(self, what)(which, who, stale=False, **given)
        last = max(self.model.pairs, key=lambda n: act.at if (act := self.model.pairs[n].act) else START)
        self.undo_of_a_life(list(self.model.pairs).index(last) * 9, who, stale=False)

    def _day(self, ago: int) -> dt.date:
        return self.today - dt.timedelta(days=ago)

    def _lead(
        self, act: Any, number: int, who: int, then: Stand, *, of: tuple[str, ...], stale: bool, **given: Any
    ) -> None:
        """A step that takes a match of these states to stand so, if no rule is against it."""
        pair, version = self.model.pairs[number], self.version(number, stale=stale)
        lawful = pair.stand.state in of and not stale and given.get("why", WHY) == WHY
        lawful = lawful and given.get("on", self.today) <= self.today
        lawful = lawful and not self.model.would_break({number: then})

        def go(session: Session) -> Any:
            return act(session, pair.ref, version, by=self.by(who), **given)

        if self.do(go, refused=not lawful):
            self.led(act.__name__, who, {number: then})
