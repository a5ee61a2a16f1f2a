"""People changed, withdrawn, merged and erased: acts on a whole desk."""

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy.orm import Session

from services import people_edit, people_merge, people_withdraw, person, reading, transaction
from services.people_merge import KEEP, OTHER
from services.privacy import erasing
from tests.desk_hands import GROUPS, STALE, WHICH, WHO, WHY, Hands
from tests.desk_model import Act, Stand

KIND = st.sampled_from(("mentor", "mentee"))


class Keeping(Hands):
    """What the page of people does."""

    @rule(
        kind=KIND,
        which=WHICH,
        who=WHO,
        stale=STALE,
        capacity=st.integers(0, 3),
        moves=st.sampled_from((False, False, True)),
        ago=st.sampled_from((0, 3, 90, 400, -2)),
        why=st.sampled_from(("", WHY)),
    )
    def edit(
        self, kind: str, which: int, who: int, *, stale: bool, capacity: int, moves: bool, ago: int, why: str
    ) -> None:
        if (number := self.someone(which, kind)) is None:
            return
        now = self.model.people(kind)[number]
        then = replace(now, group=GROUPS[now.group == GROUPS[0]] if moves else now.group)
        if kind == "mentor":
            then.capacity = capacity
        else:
            then.ready = self.today - dt.timedelta(days=ago)
        with transaction() as session:
            seen = people_edit.editable(session, now.ref, by=self.by(who)).values
        self.rows = self.look()  # that they were read stands in the trail
        given = {**seen, "group": then.group}
        given |= {"capacity": capacity} if kind == "mentor" else {"ready_on": then.ready}
        if stale:
            seen = {**seen, "title": "Planner"}
        held = self.model.of(kind, number, is_open=True)
        bound = [n for n in held if moves and self.model.pairs[n].group != then.group]
        bound = [n for n in bound if not self.model.pairs[n].override]
        wrong = not capacity >= 1 or capacity < len(held) if kind == "mentor" else ago < 0
        if self.do(
            lambda session: people_edit.edit(session, now.ref, given, seen=seen, by=self.by(who), across=why),
            refused=stale or wrong or (bool(bound) and not why),
        ):
            self.model.people(kind)[number] = then
            for n in bound:
                self.model.pairs[n].override = True
            self.match_the_model()

    @rule(kind=KIND, which=WHICH, who=WHO, stale=STALE, ago=st.sampled_from((0, 0, 3, 40, -1)), ends=st.booleans())
    def withdraw(self, kind: str, which: int, who: int, *, stale: bool, ago: int, ends: bool) -> None:
        if which % 2 or (number := self.someone(which // 2, kind)) is None:
            return
        whom, on = self.model.people(kind)[number], self.today - dt.timedelta(days=ago)
        with reading() as session:
            seen = people_withdraw.preview(session, whom.ref, by=self.by(who)).seen
        held = self.model.of(kind, number, is_open=True)
        stale = stale and bool(seen)
        after = {n: self._closed(kind, self.model.pairs[n].stand, on) for n in held}
        runs = any(self.model.pairs[n].stand.state == "active" for n in held)
        wrong = stale or ago < 0 or whom.withdrawn or (runs and not ends) or bool(self.model.would_break(after))

        def go(session: Session) -> Any:
            return people_withdraw.withdraw(
                session, whom.ref, by=self.by(who), on=on, reason="Other", end_running=ends, seen=() if stale else seen
            )

        if self.do(go, refused=bool(wrong)):
            whom.withdrawn = on
            for n, stand in after.items():
                self.model.take(Act("withdraw", who, self.now, {n: self.model.pairs[n].stand}), {n: stand})
            self.match_the_model()

    def _closed(self, kind: str, stand: Stand, on: dt.date) -> Stand:
        if stand.state == "active":
            ended = max(on, stand.started or on)
            return replace(stand, state="ended_early", ended=ended, reason=f"{kind}_withdrew")
        said = f"{kind.title()} withdrew"
        return (
            stand.turned_down(said)
            if (stand.state, kind) == ("approved", "mentor")
            else stand.declined(self.today, said)
        )

    @rule(which=WHICH, who=WHO)
    def come_back(self, which: int, who: int) -> None:
        everyone = [*self.model.mentees.values(), *self.model.mentors.values()]
        here = [one for one in everyone if (one.withdrawn or which % 9 == 0) and not one.erased]
        if not here:
            return
        whom = here[which % len(here)]
        if self.do(
            lambda session: people_withdraw.take_back(session, whom.ref, by=self.by(who)), refused=not whom.withdrawn
        ):
            whom.withdrawn = None
            self.match_the_model()

    @rule(kind=KIND, which=WHICH, who=WHO, stale=STALE, agreed=st.booleans())
    def erase(self, kind: str, which: int, who: int, *, stale: bool, agreed: bool) -> None:
        people = self.model.people(kind)
        free = [n for n, one in people.items() if not (one.erased or self.model.of(kind, n, is_open=True))]
        number = free[which % len(free)] if free and which % 4 else self.someone(which // 4, kind)
        if number is None or len([n for n in people if not people[n].erased]) < 4:  # so that enough are left to match
            return
        whom, on = people[number], self.today if agreed else None
        with reading() as session:
            found = erasing.preview(session, whom.ref, by=self.by(who))
        refused = stale or bool(self.model.of(kind, number, is_open=True)) or bool(found.held and not agreed)
        seen = "" if stale else found.seen
        if self.do(
            lambda session: erasing.erase(session, whom.ref, by=self.by(who), seen=seen, agreed_on=on), refused=refused
        ):
            whom.erased, whom.withdrawn = True, whom.withdrawn or self.today
            self.match_the_model()

    @rule(
        kind=KIND,
        first=WHICH,
        second=WHICH,
        who=WHO,
        stale=STALE,
        stays=st.fixed_dictionaries(
            {field: st.sampled_from((KEEP, OTHER)) for field in ("group", "ready_on", "withdrawn")}
        ),
        capacity=st.integers(0, 4),
    )
    def merge(
        self, kind: str, first: int, second: int, who: int, *, stale: bool, stays: dict[str, str], capacity: int
    ) -> None:
        keep, other = self.someone(first, kind), self.someone(second, kind)
        people, model = self.model.people(kind), self.model
        if keep is None or other is None or (len(people) < 5 and keep != other):
            return
        mine, theirs = people[keep], people[other]
        with transaction() as session:
            seen = "" if stale or keep == other else people_merge.preview(
                session, mine.ref, theirs.ref, by=self.by(who)
            ).seen  # fmt: skip
        self.rows = self.look()  # that the two were read stands in the trail
        then = replace(
            mine,
            group=(mine if stays["group"] == KEEP else theirs).group,
            ready=(mine if stays["ready_on"] == KEEP else theirs).ready,
            withdrawn=(mine if stays["withdrawn"] == KEEP else theirs).withdrawn,
            capacity=(capacity or mine.capacity) if kind == "mentor" else 0,
        )
        refused = stale or keep == other or bool(self._in_the_way(kind, keep, other, then))

        def go(session: Session) -> Any:
            return people_merge.merge(
                session, mine.ref, theirs.ref, by=self.by(who), stays=stays, capacity=capacity, seen=seen
            )

        if self.do(go, refused=refused):
            model.merge(kind, keep, other)
            people[keep] = then
            self.match_the_model()
            with reading() as session:
                assert {ref: person.find(session, ref).ref for ref in model.leads} == model.leads

    def _in_the_way(self, kind: str, keep: int, other: int, then: Any) -> list[str]:
        """The rules that the merged entry would break; the model is left as it was."""
        model = self.model
        people, leads = dict(model.people(kind)), dict(model.leads)
        theirs = model.of(kind, other)
        model.merge(kind, keep, other)
        model.people(kind)[keep] = then
        found = model.broken()
        model.people(kind).clear()
        model.people(kind).update(people)
        for number in theirs:
            setattr(model.pairs[number], kind, other)
        model.leads = leads
        return found
