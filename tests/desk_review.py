"""Lists brought in, matches proposed and decided, and decisions taken back: acts on a whole desk."""

import datetime as dt
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from services import bulk, imports, overrides, proposals, review
from services.deciding import Answer, Kind
from tests import files
from tests.desk_hands import GROUPS, STALE, WHICH, WHO, WHY, Hands
from tests.desk_model import CHOSE, MADE_ROOM, PENDING, WITHIN, Stand, Who

DECLINED = "They know each other"
DECISIONS = ("approve", "hold", "decline", "choose", "start", "mentor declined", "withdraw", "together")
DECIDED_FROM = (*PENDING, "approved")
ROW = st.tuples(st.integers(0, 7), st.sampled_from((0, 0, 0, 1)), st.sampled_from((1, 1, 1, 3)), st.integers(0, 30))


class Reviewing(Hands):
    """What Match review, Propose matches and Import do."""

    @initialize(
        mentors=st.lists(ROW, min_size=3, max_size=4, unique_by=lambda row: row[0]),
        mentees=st.lists(ROW, min_size=5, max_size=8, unique_by=lambda row: row[0]),
    )
    def open_the_desk(self, mentors: list[Any], mentees: list[Any]) -> None:
        self.bring_in("mentor", mentors, 0)
        self.bring_in("mentee", mentees, 0)

    def bring_about(self, state: str, which: int) -> None:
        pending = any(pair.stand.state in PENDING for pair in self.model.pairs.values())
        if state not in PENDING and pending:
            self.approve(which, which % 2, stale=False, ask=state == "approved")
            return
        self.propose(which % 2)
        if not any(pair.stand.state in PENDING for pair in self.model.pairs.values()):
            self.newcomers += 1
            for kind in ("mentor", "mentee"):
                self.bring_in(kind, [(9 + self.newcomers, which % 2, 2, 1 + which % 20)], which % 2)

    @rule(
        kind=st.sampled_from(("mentor", "mentee")),
        rows=st.lists(ROW, min_size=1, max_size=3, unique_by=lambda row: row[0]),
        who=WHO,
    )
    def bring_in(self, kind: str, rows: list[Any], who: int) -> None:
        known = {row["email"]: row["id"] for row in self.rows[kind]}
        data, expected = [], {}
        for n, group, number, years in rows:
            email = f"{kind}{n}@roster.example"
            ready = self.today - dt.timedelta(days=number * 10)
            data.append([f"{kind.title()} Osei{n}", email, GROUPS[group], years, number if kind == "mentor" else ready])
            expected[email] = (GROUPS[group], number if kind == "mentor" else 0, None if kind == "mentor" else ready)
        header = ("Name", "E-mail", "Occupation", "Years of experience", "Max. mentees")
        if kind == "mentee":
            header = (*header[:-1], "Job-ready since")
        file = files.csv(header, *data)
        self.do(
            lambda session: imports.apply(session, file, f"{kind}s.csv", by=self.by(who), kind=imports.Kind(f"{kind}s"))
        )
        for row in self.rows[kind]:
            if row["email"] in expected:
                group_name, capacity, ready_on = expected[row["email"]]
                person = Who(row["ref"], kind, group_name, capacity, ready_on)
                if row["email"] in known and not self._takes(kind, row["id"], person):
                    continue
                before = self.model.people(kind).get(row["id"])
                self.model.people(kind)[row["id"]] = replace(person, withdrawn=before.withdrawn if before else None)
        self.match_the_model()

    def _takes(self, kind: str, number: int, then: Who) -> bool:
        """Whether open matches let a known person become so."""
        held = self.model.of(kind, number, is_open=True)
        moved = then.group != self.model.people(kind)[number].group
        bound = any(not self.model.pairs[n].override for n in held)
        return not (kind == "mentor" and then.capacity < len(held)) and not (moved and bound)

    @rule(who=WHO)
    def propose(self, who: int) -> None:
        waiting = self.model.waiting()
        free = {n: self.model.free(n) for n in self.model.mentors}
        made = self.do(lambda session: proposals.apply(session, by=self.by(who)), refused=False)
        new = self.new_pairs()
        assert len(new) == made
        for pair in new.values():
            assert pair.mentee in waiting
            assert self.model.could_be_proposed(pair.mentor, pair.mentee)
            assert not pair.override
            waiting.remove(pair.mentee)
            free[pair.mentor] -= 1
        left = [(j, i) for i in waiting for j in free if free[j] > 0 and self.model.could_be_proposed(j, i)]
        assert left == [], "there was a place for someone who waits"
        self.model.pairs |= new
        self.led("propose", who, {}, tuple(new))

    @rule(which=WHICH, who=WHO, stale=STALE, ask=st.sampled_from((None, True, True, False)))
    def approve(self, which: int, who: int, *, stale: bool, ask: bool | None) -> None:
        number = self.pick(which, *PENDING)
        pair, version = self.model.pairs[number], self.version(number, stale=stale)
        if self.do(
            lambda session: review.approve(session, pair.ref, version, by=self.by(who), ask_mentor=ask),
            refused=stale or pair.stand.state not in PENDING,
        ):
            answer = Answer(Kind.APPROVE, ask_mentor=bool(ask))
            self.led("approve", who, {number: self._answered(answer, pair.stand)})

    @rule(which=WHICH, who=WHO, stale=STALE, days=st.sampled_from((1, 7, 7, 30, 0)))
    def hold(self, which: int, who: int, *, stale: bool, days: int) -> None:
        number = self.pick(which, *PENDING)
        pair, version = self.model.pairs[number], self.version(number, stale=stale)
        until = self.today + dt.timedelta(days=days)
        if self.do(
            lambda session: review.hold(session, pair.ref, version, by=self.by(who), until=until),
            refused=stale or pair.stand.state not in PENDING or not days,
        ):
            self.led("hold", who, {number: pair.stand.pending(until)})

    @rule(which=WHICH, who=WHO, stale=STALE, never=st.booleans())
    def decline(self, which: int, who: int, *, stale: bool, never: bool) -> None:
        number = self.pick(which, *PENDING)
        pair, version = self.model.pairs[number], self.version(number, stale=stale)
        if self.do(
            lambda session: review.decline(
                session, pair.ref, version, by=self.by(who), reason=DECLINED, never_again=never
            ),
            refused=stale or pair.stand.state not in PENDING,
        ):
            self.led("decline", who, {number: pair.stand.declined(self.today, DECLINED, never=never)})

    @rule(which=WHICH, mentor=WHICH, who=WHO, stale=STALE, why=st.sampled_from(("", WHY, WHY)))
    def choose(self, which: int, mentor: int, who: int, *, stale: bool, why: str) -> None:
        number, other = self.pick(which, *PENDING), self.someone(mentor, "mentor")
        promised = [p.mentor for p in self.model.pairs.values() if p.stand.state == "proposed"]
        if mentor % 2 and (full := [j for j in promised if self.model.free(j) <= 0 and self._suits(j, number)]):
            other = full[mentor // 2 % len(full)]
        model, pair, version = self.model, self.model.pairs[number], self.version(number, stale=stale)
        plain = model.could_be_proposed(other, pair.mentee)
        never = any(p.stand.never and (p.mentor, p.mentee) == (other, pair.mentee) for p in model.pairs.values())
        cannot = never or other == pair.mentor or model.mentors[other].withdrawn is not None
        must = not (stale or cannot or pair.stand.state not in PENDING) and plain and model.free(other) > 0
        refused = stale or cannot or pair.stand.state not in PENDING or not (plain or why)
        before = model.pairs | {}
        done = self.do(
            lambda session: overrides.choose(
                session, pair.ref, version, model.mentors[other].ref, by=self.by(who), reason=why
            ),
            refused=False if must else True if refused else None,
        )
        if not done:
            return
        new = self.new_pairs()
        declined = {row["id"] for row in self.rows["match"] if row["state"] == "declined"}
        moved = {n for n, p in before.items() if n in declined and p.stand.state != "declined"} - {number}
        assert all(before[n].stand.state == "proposed" for n in moved)
        chosen = [p for p in new.values() if p.mentee == pair.mentee]
        assert [(p.mentor, p.override) for p in chosen] == [(other, not plain)]
        again = [p for p in new.values() if p.mentee != pair.mentee]
        assert {p.mentee for p in again} <= {before[n].mentee for n in moved}
        assert len({p.mentee for p in again}) == len(again)
        assert all(model.could_be_proposed(p.mentor, p.mentee) and not p.override for p in again)
        assert not (moved and model.free(other) > 0), "a place was free, and someone was moved all the same"
        model.pairs |= new
        after = {n: before[n].stand.declined(self.today, MADE_ROOM) for n in moved}
        self.led("choose", who, {**after, number: pair.stand.declined(self.today, CHOSE)}, tuple(new))

    def _suits(self, mentor: int, number: int) -> bool:
        pair = self.model.pairs[number]
        return mentor != pair.mentor and self.model.could_be_proposed(mentor, pair.mentee)

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        """The last decision of a coordinator is taken back whole, or nothing is."""
        before, moment = self.rows["match"], self.now
        acts = [
            pair.moved
            for pair in self.model.pairs.values()
            if pair.moved and pair.moved.by == who and pair.moved.what in DECISIONS
            if pair.moved.at > moment + dt.timedelta(minutes=1) - WITHIN
            if all(stand.state in DECIDED_FROM for stand in pair.moved.before.values())
        ]
        last = max(acts, key=lambda act: act.at, default=None)
        must = last and self.model.is_whole(last) and not self.model.would_break(self.model.undone(last))
        done = self.do(
            lambda session: review.undo(session, by=self.by(who)),
            refused=False if must else True if not last else None,
        )
        if not done:
            return
        versions = {row["id"]: row["version"] for row in before}
        changed = {row["id"] for row in self.rows["match"] if row["version"] != versions.get(row["id"])}
        for act in sorted(acts, key=lambda act: act.at, reverse=True):
            if self.model.stands(act) and changed == set(self.model.undone(act)):
                self.led("undo", who, self.model.undone(act))
                return
        back = {}  # some of many, where the others have gone on
        for number in changed:
            act = self.model.pairs[number].moved
            assert act in acts
            assert act.what != "choose"
            back[number] = act.before[number]
        self.led("undo", who, back)

    @rule(
        kind=st.sampled_from(Kind),
        some=st.integers(1, 63),
        who=WHO,
        stale=STALE,
        days=st.sampled_from((7, 7, 30, 0)),
        never=st.booleans(),
        ask=st.booleans(),
    )
    def answer_together(
        self, kind: Kind, some: int, who: int, *, stale: bool, days: int, never: bool, ask: bool
    ) -> None:
        """One answer to several matches; what it does not fit is left out."""
        self.pick(1, *PENDING)
        until = self.today + dt.timedelta(days=days)
        fits, chosen = [], {}
        for place, (number, pair) in enumerate(reversed(self.model.pairs.items())):
            if some >> place % 6 & 1:
                old = stale and place % 2 == 0
                chosen[pair.ref] = self.version(number, stale=old)
                held = pair.stand.hold_until
                waits = held == until if kind is Kind.HOLD else held is not None and held > self.today
                if pair.stand.state in PENDING and not old and not waits:
                    fits.append(number)
        answer = Answer(kind, until=until, reason=DECLINED, never_again=never, ask_mentor=ask)
        if self.do(
            lambda session: bulk.carry_out(session, answer, chosen, by=self.by(who)),
            refused=not fits or (kind is Kind.HOLD and not days),
        ):
            self.led("together", who, {n: self._answered(answer, self.model.pairs[n].stand) for n in fits})

    def _answered(self, answer: Answer, stand: Stand) -> Stand:
        if answer.kind is Kind.HOLD:
            return stand.pending(answer.until)
        if answer.kind is Kind.DECLINE:
            return stand.declined(self.today, DECLINED, never=answer.never_again)
        return Stand(
            "approved" if answer.ask_mentor else "active",
            decided=self.today,
            started=None if answer.ask_mentor else self.today,
        )

    @rule(
        what=st.sampled_from(("approve", "hold", "decline", "choose", "choose", "mentor_declined")),
        which=WHICH,
        mentor=WHICH,
        who=WHO,
    )
    def think_again(self, what: str, which: int, mentor: int, who: int) -> None:
        """A decision taken back at once."""
        decided = {
            "approve": {"ask": None},
            "hold": {"days": 7},
            "decline": {"never": True},
            "choose": {"mentor": mentor, "why": WHY},
            "mentor_declined": {},
        }
        getattr(self, what)(which, who=who, stale=False, **decided[what])
        self.undo(who)

    @rule(which=WHICH, who=WHO, stale=STALE)
    def mentor_declined(self, which: int, who: int, *, stale: bool) -> None:
        number = self.pick(which, "approved")
        pair, version = self.model.pairs[number], self.version(number, stale=stale)
        if self.do(
            lambda session: review.mentor_declined(session, pair.ref, version, by=self.by(who), reason="No time now"),
            refused=stale or pair.stand.state != "approved",
        ):
            self.led("mentor declined", who, {number: pair.stand.turned_down("No time now")})
