"""Whole lives of matches at random: the desk's database against a model of plain Python that knows the rules."""

# ruff: noqa: S608 (plain SQL, put together from our own words, is the subject here)

from dataclasses import dataclass, replace
from typing import ClassVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from db.session import engine_for
from tests.board import Board, day

OPEN = {"proposed", "on_hold", "approved", "active"}
MENTORS, MENTEES = range(2), range(3)
#: Written out again, so that a slip in the desk's own table shows.
LIFE = {
    "proposed": {"on_hold", "approved", "declined", "void"},
    "on_hold": {"proposed", "void"},
    "approved": {"active", "declined_by_mentor", "proposed", "void"},
    "active": {"completed", "ended_early", "approved", "proposed", "active", "void"},
    "completed": {"active", "completed", "void"},
    "ended_early": {"active", "ended_early", "void"},
    "declined": {"proposed", "void"},
    "declined_by_mentor": {"approved", "void"},
    "void": set(),
}
STATES = st.sampled_from(sorted(LIFE))
#: Days before today; one of them lies ahead.
AGO = st.integers(0, 60) | st.just(-3)

#: Without shrinking, which takes minutes: the steps of a failure are few enough to read.
SHORT = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@dataclass
class Pairing:
    """A match as the model knows it; days count backwards from today."""

    mentor: int
    mentee: int
    group: int
    override: bool
    proposed: int
    state: str = "proposed"
    decided: int | None = None
    started: int | None = None
    ended: int | None = None
    never: bool = False
    steps: int = 1

    def after(self, to: str, ago: int, *, never: bool) -> "Pairing":
        """The match as it stands when the step is taken."""
        decided, started = self.decided, self.started
        if to in {"on_hold", "proposed", "declined", "declined_by_mentor", "approved"}:
            started = None
        if to in {"on_hold", "proposed"}:
            decided = None
        if to == "declined" or (self.state, to) == ("proposed", "approved"):
            decided = ago
        if to == "active" and self.state in {"approved", "active"}:
            started = ago
        ended = ago if to in {"completed", "ended_early"} else self.ended if to == "void" else None
        never = never and to == "declined"
        changes = {"decided": decided, "started": started, "ended": ended, "never": never}
        return replace(self, state=to, steps=self.steps + 1, **changes)

    def in_order(self, ago: int) -> bool:
        """Rule 5, with the day of the step that led here."""
        before = self.decided if self.state == "declined_by_mentor" else self.proposed
        return 0 <= ago <= before and self.days() == sorted(self.days(), reverse=True)

    def days(self) -> list[int]:
        return [d for d in (self.proposed, self.decided, self.started, self.ended) if d is not None]


class Lives(RuleBasedStateMachine):
    """Every act is tried on the database and on the model; both must take it or both refuse it."""

    engine: ClassVar[Engine]

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(self.engine)
        self.board = Board(self.session)
        self.groups = [self.board.group.id, self.board.other_group.id]
        self.capacity = [1 + n % 2 for n in MENTORS]
        self.mentors = [self.board.mentor(capacity=places) for places in self.capacity]
        self.mentees = [self.board.mentee() for _ in MENTEES]
        self.mentor_group, self.mentee_group = [0 for _ in MENTORS], [0 for _ in MENTEES]
        self.matches: dict[int, Pairing] = {}

    def teardown(self) -> None:
        self.session.close()  # nothing is stored, so the next life begins empty

    def open_of(self, *, mentor: int | None = None, mentee: int | None = None) -> list[Pairing]:
        return [
            m
            for m in self.matches.values()
            if m.state in OPEN and mentor in {None, m.mentor} and mentee in {None, m.mentee}
        ]

    def may_be_open(self, pair: Pairing) -> bool:
        """Rules 1 to 4 for a match about to be opened."""
        alike = pair.group == self.mentor_group[pair.mentor] == self.mentee_group[pair.mentee]
        never = any(
            m.never
            for m in self.matches.values()
            if m is not pair and (m.mentor, m.mentee) == (pair.mentor, pair.mentee)
        )
        free = not self.open_of(mentee=pair.mentee)
        room = len(self.open_of(mentor=pair.mentor)) < self.capacity[pair.mentor]
        return free and room and (alike or pair.override) and not never

    def tried(self, act: object, *args: object, **given: object) -> object:
        """What the database answers; None when it refuses."""
        try:
            with self.session.begin_nested():
                return act(*args, **given)
        except DBAPIError:
            return None

    @rule(
        mentor=st.sampled_from(MENTORS), mentee=st.sampled_from(MENTEES), ago=st.just(60) | AGO, override=st.booleans()
    )
    def propose(self, *, mentor: int, mentee: int, ago: int, override: bool) -> None:
        pair = Pairing(mentor, mentee, self.mentee_group[mentee], override, ago)
        lawful = ago >= 0 and self.may_be_open(pair)
        made = self.tried(
            self.board.propose,
            self.mentors[mentor],
            self.mentees[mentee],
            proposed_on=day(ago),
            group_id=self.groups[pair.group],
            override_reason="They know each other's field" if override else None,
        )
        assert (made is not None) == lawful
        if lawful:
            self.matches[made] = pair

    @precondition(lambda self: self.matches)
    @rule(data=st.data(), anything=STATES, sensible=st.integers(0, 5), ago=AGO, never=st.booleans())
    def step(self, *, data: st.DataObject, anything: str, sensible: int, ago: int, never: bool) -> None:
        """Mostly a step that its state allows and that leads on, now and then any."""
        number = data.draw(st.sampled_from(sorted(self.matches)))
        was = self.matches[number]
        onward = LIFE[was.state] - {"void"}
        to = data.draw(st.sampled_from(sorted(onward))) if sensible and onward else anything
        ago = max(0, min(was.days()) - ago % 3) if sensible else ago
        now = was.after(to, ago, never=never)
        opens = to in OPEN and was.state not in OPEN
        lawful = to in LIFE[was.state] and now.in_order(ago) and (not opens or self.may_be_open(was))
        made = self.tried(self.board.step, number, to, on_day=day(ago), never_again=never)
        assert (made is not None) == lawful, (was, to, ago)
        if lawful:
            self.matches[number] = now

    @rule(mentor=st.sampled_from(MENTORS), places=st.sampled_from([0, 1, 1, 1, 2, 3]))
    def change_capacity(self, mentor: int, places: int) -> None:
        row = self.tried(
            self.board.run, "UPDATE mentor SET capacity = :c WHERE id = :m", c=places, m=self.mentors[mentor]
        )
        lawful = places >= max(1, len(self.open_of(mentor=mentor)))
        assert (row is not None) == lawful
        if lawful:
            self.capacity[mentor] = places

    @rule(side=st.sampled_from(["mentor", "mentee"]), who=st.sampled_from(MENTORS), group=st.sampled_from([0, 0, 0, 1]))
    def change_group(self, side: str, who: int, group: int) -> None:
        people, groups = (self.mentors, self.mentor_group) if side == "mentor" else (self.mentees, self.mentee_group)
        row = self.tried(
            self.board.run, f"UPDATE {side} SET group_id = :g WHERE id = :p", g=self.groups[group], p=people[who]
        )
        tied = any(not m.override and m.group != group for m in self.open_of(**{side: who}))
        assert (row is not None) == (groups[who] == group or not tied)
        if row is not None:
            groups[who] = group

    @invariant()
    def every_match_stands_where_the_model_says(self) -> None:
        rows = self.board.run(
            "SELECT id, state, version, decided_on, started_on, ended_on, never_again FROM match"
        ).all()
        assert {row.id: tuple(row)[1:] for row in rows} == {
            number: (m.state, m.steps, _day(m.decided), _day(m.started), _day(m.ended), m.never)
            for number, m in self.matches.items()
        }

    @invariant()
    def the_latest_transition_is_the_state(self) -> None:
        astray = self.board.run(
            "SELECT count(*) FROM match m LEFT JOIN match_transition t ON t.match_id = m.id AND t.seq = m.version"
            " WHERE t.to_state IS NOT m.state"
            " OR m.version <> (SELECT count(*) FROM match_transition WHERE match_id = m.id)"
        )
        assert astray.scalar() == 0

    @invariant()
    def the_rules_hold_when_counted_from_rows(self) -> None:
        held = "state IN ('proposed', 'on_hold', 'approved', 'active')"
        alone = f"{held} AND override_reason IS NULL"
        for broken in (
            f"SELECT mentee_id FROM match WHERE {held} GROUP BY mentee_id, programme_id HAVING count(*) > 1",
            f"SELECT id FROM mentor p WHERE capacity < (SELECT count(*) FROM match WHERE mentor_id = p.id AND {held})",
            f"SELECT m.id FROM match m JOIN mentor a ON a.id = mentor_id WHERE {alone} AND a.group_id <> m.group_id",
            f"SELECT m.id FROM match m JOIN mentee a ON a.id = mentee_id WHERE {alone} AND a.group_id <> m.group_id",
            "SELECT id FROM match WHERE proposed_on > decided_on OR decided_on > started_on OR started_on > ended_on",
            "SELECT id FROM match WHERE state IN ('active', 'completed', 'ended_early') AND started_on IS NULL",
            "SELECT id FROM match WHERE (state IN ('completed', 'ended_early')) > (ended_on IS NOT NULL)",
        ):
            assert self.board.run(broken).all() == [], broken


def _day(ago: int | None) -> str | None:
    return None if ago is None else day(ago)


def test_random_lives_keep_the_rules(desk: str) -> None:
    Lives.engine = engine_for(desk)
    run_state_machine_as_test(Lives, settings=SHORT)
