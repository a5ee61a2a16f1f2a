"""Programmes of a size at which numbers are printed: how many of each fate is drawn, who they are is not."""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from db.models import CountingRule, EventKind, Finding
from services.counting.waiting import Ending
from tests.world_lives import STATES, Life, proposal
from tests.worlds import World

FIRST = dt.date(2019, 1, 7)
CODES = ("positive", "mentor_again", "told_a_friend")
FAST = {"check_in_days": [10, 20], "closing_day": 30}
_EDGES = st.sampled_from((0, 1, 3, 11, 12, 13, 17, 18, 19, 22, 23, 28))
QUARTERS = (dt.date(2019, 6, 30), dt.date(2019, 9, 30), dt.date(2019, 12, 31))


@dataclass(frozen=True)
class Fates:
    """How many matches of a cohort went which way, and how many spoke of it."""

    completed: int
    early: dict[Ending, int]
    running: int
    #: Of those who ended early, who got another match.
    rematched: int
    found: tuple[int, int, int]  # in field, elsewhere, looking for work
    #: By code: how often it was asked, answers each time, those who agree.
    answers: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    #: By side: how often, invited each time, those who came.
    came: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    @property
    def matches(self) -> int:
        return self.completed + sum(self.early.values()) + self.running


@dataclass
class Crowd:
    world: World
    fates: dict[int, Fates]
    days: tuple[dt.date, dt.date]

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:  # noqa: FBT001 - as hypothesis calls it
        """What was drawn; the rows would fill pages."""
        given = self.world.rows["programme"] + self.world.rows.get("programme_setting", [])
        printer.text(f"Crowd({self.fates}, {[str(day) for day in self.days]}, {given})")


@st.composite
def fates(draw: st.DrawFn) -> Fates:
    early = {reason: draw(_EDGES) for reason in draw(st.lists(st.sampled_from(Ending), max_size=2, unique=True))}
    completed, running = draw(_EDGES), draw(st.sampled_from((0, 0, 1, 2, 12)))
    size = completed + sum(early.values()) + running
    some = st.sampled_from(sorted({0, size, max(size - 1, 0), size // 2, size * 2 // 3}))
    in_field, employed, reached = sorted((draw(some), draw(some), draw(some)))

    def told() -> tuple[int, int, int]:
        few, many = sorted((draw(some), draw(some)))
        return draw(st.sampled_from((1, 1, 2))), many, few

    return Fates(
        completed,
        early,
        running,
        min(draw(st.sampled_from((0, 0, 1, 2))), sum(early.values())),
        (in_field, employed - in_field, reached - employed),
        {code: told() for code in CODES},
        {side: told() for side in ("mentor", "mentee")},
    )


@st.composite
def crowds(draw: st.DrawFn) -> Crowd:
    rules = (CountingRule.STARTED_MATCHES, CountingRule.STARTED_MATCHES, CountingRule.COMPLETED_MATCHES)
    small = {"smallest_cell": 3, "percent_base": 5}
    clocks = draw(st.sampled_from(({}, FAST))) | draw(st.sampled_from(({}, {}, small)))
    of = [draw(fates()) for _ in range(draw(st.sampled_from((1, 1, 2))))]
    later = draw(st.integers(60, 700).map(lambda n: FIRST + dt.timedelta(days=n)))
    days = tuple(sorted((draw(st.sampled_from(QUARTERS)), later)))
    return crowd(of, days, rule=draw(st.sampled_from(rules)), clocks=clocks, seed=draw(st.integers(0, 99)))


def crowd(
    of: list[Fates],
    days: tuple[dt.date, dt.date],
    *,
    rule: CountingRule = CountingRule.STARTED_MATCHES,
    clocks: dict[str, object] | None = None,
    seed: int = 0,
) -> Crowd:
    """Cohorts two months apart, each of which went as it is said."""
    chance, world = random.Random(seed), World()
    world.add("programme", name="Programme", organisation="The City", kind="mentoring", counting_rule=rule)
    for name, value in (clocks or {}).items():
        world.add("programme_setting", programme_id=1, name=name, value={"value": value})
    for number in range(3):
        world.add("occupational_group", name=f"Group {number}")
        world.add("agency", name=f"Agency {number}", partner_since=FIRST)
    for number, one in enumerate(of):
        starts = FIRST + dt.timedelta(days=60 * number)
        ends = starts + dt.timedelta(days=70)
        cohort = world.add("cohort", programme_id=1, name=f"{2019 + number}", starts_on=starts, ends_on=ends)
        _live(world, cohort, one, chance)
    return Crowd(world, dict(enumerate(of, 1)), days)


def _live(world: World, cohort: int, of: Fates, chance: random.Random) -> None:
    starts = world.rows["cohort"][cohort - 1]["starts_on"]
    ends = [STATES.COMPLETED] * of.completed + [STATES.ACTIVE] * of.running
    ends += [reason for reason, many in of.early.items() for _ in range(many)]
    chance.shuffle(ends)
    again = of.rematched
    mentees: list[int] = []
    free: list[tuple[int, dt.date]] = []
    for end in ends:
        before = free.pop() if again and free else None
        again -= before is not None
        group = before and next(m for m in world.rows["mentee"] if m["id"] == before[0])["group_id"]
        group = group or chance.choice((1, 1, 1, 2, 2, 3))
        mentee = (
            before[0]
            if before
            else _person(world, "mentee", group, agency_id=chance.choice((1, 1, 2, None)), ready_on=starts)
        )
        day = before[1] + dt.timedelta(days=1) if before else starts + dt.timedelta(days=chance.choice((0, 0, 5, 40)))
        mentor = _person(world, "mentor", group, capacity=3)
        people = {"mentor_id": mentor, "mentee_id": mentee, "group_id": group}
        life = proposal(len(world.lives) + 1, programme_id=1, cohort_id=cohort, **people, proposed_on=day)
        _end(world, life, end, chance)
        world.lives.append(life)
        if isinstance(end, Ending) and not before:
            free.append((mentee, life.steps[-1]["on_day"]))
        if not before:
            mentees.append(mentee)
    mentors = [life.match["mentor_id"] for life in world.lives if life.match["cohort_id"] == cohort]
    _tell(world, cohort, of, mentors, mentees, starts)


def _end(world: World, life: Life, end: object, chance: random.Random) -> None:
    life.step(STATES.APPROVED, 0)
    life.step(STATES.ACTIVE, 0)
    days = chance.choice((2, 12, 60, 100))
    if end is STATES.COMPLETED:
        life.step(STATES.COMPLETED, days)
        if chance.random() < 0.95:
            world.add(
                "mentoring_session",
                match_id=life.match["id"],
                on_day=life.started_on,
                minutes=chance.randrange(600, 1500),
            )
    elif isinstance(end, Ending):
        life.step(STATES.ENDED_EARLY, days, end)
    if chance.random() < 0.8:
        kept = {"health": chance.choice(("good", "concern")), "contact": "both", "mode": "phone"}
        world.add("check_in", match_id=life.match["id"], on_day=life.started_on + dt.timedelta(days=9), **kept)


def _tell(world: World, cohort: int, of: Fates, mentors: list[int], mentees: list[int], starts: dt.date) -> None:
    kinds = (Finding.EMPLOYED_IN_FIELD, Finding.EMPLOYED_ELSEWHERE, Finding.LOOKING)
    findings = [kind for kind, many in zip(kinds, of.found, strict=True) for _ in range(many)]
    for number, (mentee, finding) in enumerate(zip(mentees, findings, strict=False)):
        on_day = starts + dt.timedelta(days=100 + 3 * number)
        world.add("outcome", mentee_id=mentee, cohort_id=cohort, on_day=on_day, finding=finding)
    for code, (times, many, agree) in of.answers.items():
        for turn in range(times):
            survey = world.add("survey", cohort_id=cohort, name=f"{code} {turn}")
            question = world.add("survey_question", survey_id=survey, code=code, wording="Was it?")
            people = [{"mentor_id": m, "mentee_id": None} for m in mentors]
            if code == "positive":
                people = [{"mentor_id": None, "mentee_id": m} for m in mentees]
            for number, person in enumerate(people[:many]):
                world.add(
                    "survey_response",
                    question_id=question,
                    **person,
                    on_day=starts + dt.timedelta(days=80),
                    agrees=number < agree,
                )
    for side, (times, many, came) in of.came.items():
        for turn in range(times):
            at = dt.datetime.combine(starts + dt.timedelta(days=10 + turn), dt.time(15), dt.UTC)
            event = world.add(
                "event",
                cohort_id=cohort,
                kind=EventKind.WORKSHOP,
                name=f"{side} {turn}",
                starts_at=at,
                ends_at=at + dt.timedelta(hours=2),
            )
            for number, one in enumerate((mentors if side == "mentor" else mentees)[:many]):
                person = {"mentor_id": None, "mentee_id": None, f"{side}_id": one}
                world.add("attendance", event_id=event, **person, attended=number < came)


def _person(world: World, table: str, group: int, **row: object) -> int:
    number = len(world.ids(table)) + 1
    email = f"{table}{number}@city.example"
    named = {"first_name": "Ada", "last_name": f"Osei{number}", "email": email, "email_key": email, "group_id": group}
    return world.add(table, **named, **row)
