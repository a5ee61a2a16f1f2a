"""Any history of a programme, beside another with the same people and one that places; and its rows in a database."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from db.models import Base, CountingRule, EventKind, Finding, Health
from services import audit
from services.access import OPERATOR
from tests.world_lives import STATES, Life, lived, proposal

#: New Year and a leap day lie within reach, and a day later in the year that begins by summer time.
FIRST = dt.date(2019, 12, 15)
#: The programme that is asked of, another with the same people, and one that places.
ASKED, OTHER, PLACING = 1, 2, 3
CODES = ("positive", "mentor_again")
#: Clocks of a programme that lives fast, so that they strike often in short stories.
FAST = {"check_in_days": [2, 5, 6], "closing_day": 9, "quiet_watch_days": 3, "quiet_act_days": 6}
#: In winter a day of Toronto begins at five of UTC, in summer at four.
TIMES = (dt.time(12), dt.time(4, 59), dt.time(5), dt.time(3, 59), dt.time(4), dt.time(23, 30))
#: People stand before matches, matches before the work around them.
EARLY = (
    "agency",
    "coach",
    "occupational_group",
    "division",
    "programme",
    "programme_setting",
    "cohort",
    "mentor",
    "mentee",
)


@dataclass
class World:
    """Rows by table, matches with their steps in the order of entry, and days worth asking of."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    lives: list[Life] = field(default_factory=list)
    days: tuple[dt.date, ...] = ()

    def add(self, table: str, **row: Any) -> int:
        rows = self.rows.setdefault(table, [])
        rows.append({"id": len(rows) + 1, **row})
        return len(rows)

    def ids(self, table: str) -> list[int]:
        return [row["id"] for row in self.rows.get(table, [])]

    def cohorts(self, *programmes: int) -> list[int]:
        return [row["id"] for row in self.rows["cohort"] if row["programme_id"] in programmes]


def build(session: Session, world: World) -> None:
    """Store it with few statements; the database's rules look at every row. A rematch comes a turn later."""
    for table in EARLY:
        _store(session, table, world.rows.get(table, []))
    so_far: Counter[int] = Counter()
    turns: dict[int, list[Life]] = {}
    for life in world.lives:
        so_far[life.match["mentee_id"]] += 1
        turns.setdefault(so_far[life.match["mentee_id"]], []).append(life)
    for lives in turns.values():
        _store(session, "match", [life.match for life in lives])
        _store(session, "match_transition", [step for life in lives for step in life.steps])
    for table in world.rows:
        if table not in EARLY:
            _store(session, table, world.rows[table])
    audit.record(session, OPERATOR, "made for a test", "world")


def _store(session: Session, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(Base.metadata.tables[table]), rows)


def day(offset: int) -> dt.date:
    return FIRST + dt.timedelta(days=offset)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World()
    _programmes(draw, world)
    _people(draw, world)
    for _ in range(draw(st.sampled_from((4, 7, 9, 2, 1, 0)))):
        _match(draw, world)
    _crowd(draw, world)
    _contacts(draw, world)
    _coaching(draw, world)
    _gatherings(draw, world)
    _findings(draw, world)
    world.days = tuple(sorted({draw(_near(world)) for _ in range(3)}))
    return world


def _near(world: World) -> st.SearchStrategy[dt.date]:
    """A day on which something happened, most often; or one shortly before or after, or about a year later."""
    steps = [step for life in world.lives for step in [life.match, *life.steps]]
    rows = [*steps, *(row for rows in world.rows.values() for row in rows)]
    days = {value for row in rows for value in row.values() if type(value) is dt.date}
    days |= {event["starts_at"].date() for event in world.rows.get("event", [])}
    return _beside(*sorted(days))


def _beside(*days: dt.date, deltas: tuple[int, ...] = (0, 0, 0, 0, 1, -1, 2, 3, 5, 6, 9, 25, 365)) -> Any:
    return st.builds(lambda a, d: a + dt.timedelta(days=d), st.sampled_from(days), st.sampled_from(deltas))


def _programmes(draw: st.DrawFn, world: World) -> None:
    rule = draw(st.sampled_from(CountingRule))
    for kind in ("mentoring", "mentoring", "placement"):
        name = f"Programme {len(world.ids('programme')) + 1}"
        world.add("programme", name=name, organisation="The City", kind=kind, counting_rule=rule)
    if draw(st.sampled_from((True, True, False))):
        for name, value in FAST.items():
            world.add("programme_setting", programme_id=ASKED, name=name, value={"value": value})
    for programme, numbers in ((ASKED, (2, 3, 1)), (OTHER, (1,)), (PLACING, (1, 2))):
        for _ in range(draw(st.sampled_from(numbers))):
            starts = draw(st.sampled_from((10, 0, 11, 20, 21)))
            world.add(
                "cohort",
                programme_id=programme,
                name=f"Cohort {len(world.ids('cohort')) + 1}",
                starts_on=day(starts),
                ends_on=day(starts + draw(st.sampled_from((10, 9, 1, 40)))),
                target=draw(st.sampled_from((None, 2, 0, 1))),
                objective_employed=draw(st.sampled_from((None, 60))),
            )


def _people(draw: st.DrawFn, world: World) -> None:
    some_day = st.one_of(st.none(), st.integers(-10, 40).map(day))
    for number in range(draw(st.sampled_from((2, 1, 0)))):
        world.add("agency", name=f"Agency {number}", partner_since=draw(some_day), partner_until=draw(some_day))
    for number in range(draw(st.sampled_from((2, 1, 3))) if world.ids("agency") else 0):
        agency = draw(st.sampled_from(world.ids("agency")))
        left = draw(st.one_of(st.none(), st.none(), some_day))
        email = f"coach{number}@agency.example"
        world.add("coach", agency_id=agency, name=f"Coach {number}", email=email, capacity=100, left_on=left)
    for number in (1, 2):
        world.add("occupational_group", name=f"Group {number}")
        world.add("division", name=f"Division {number}")
    for _ in range(draw(st.integers(1, 3))):
        _person(world, "mentor", capacity=1000, division_id=draw(st.sampled_from((1, None, 2))))
    for _ in range(draw(st.integers(1, 5))):
        _person(
            world,
            "mentee",
            agency_id=draw(st.sampled_from([None, *world.ids("agency")])),
            coach_id=draw(st.sampled_from([*world.ids("coach"), None])),
            country_of_education=draw(st.sampled_from(("India", None, "Iran"))),
            ready_on=draw(st.one_of(st.integers(-20, 10).map(day), some_day)),
            withdrawn_on=draw(st.one_of(st.none(), some_day)),
        )


def _person(world: World, table: str, **row: Any) -> int:
    number = len(world.ids(table)) + 1
    email = f"{table}{number}@city.example"
    named = {"first_name": "Ada", "last_name": f"Osei{number}", "email": email, "email_key": email, "group_id": 1}
    return world.add(table, **named, **row)


def _match(draw: st.DrawFn, world: World) -> None:
    """A match of someone who has none open in the programme; half the time of someone who has been matched before."""
    programme = draw(st.sampled_from((ASKED, ASKED, ASKED, OTHER)))
    here = [life for life in world.lives if life.match["programme_id"] == programme]
    taken = {life.match["mentee_id"] for life in here if life.is_open}
    free = [number for number in world.ids("mentee") if number not in taken]
    again = [number for number in free if number in {life.match["mentee_id"] for life in here}]
    if free:
        life = proposal(
            len(world.lives) + 1,
            programme_id=programme,
            cohort_id=draw(st.sampled_from(world.cohorts(programme))),
            mentor_id=draw(st.sampled_from(world.ids("mentor"))),
            mentee_id=draw(st.sampled_from(again if again and draw(st.booleans()) else free)),
            group_id=draw(st.sampled_from((1, 2))),
            proposed_on=day(draw(st.integers(-5, 30))),
        )
        world.lives.append(draw(lived(life)))


def _crowd(draw: st.DrawFn, world: World) -> None:
    """Now and then the first mentor has ten mentees more, each in any cohort."""
    cohorts = world.cohorts(ASKED)
    for number in range(draw(st.sampled_from((0, 0, 0, 0, 0, 10, 11)))):
        plain = {
            "agency_id": None,
            "coach_id": None,
            "country_of_education": None,
            "ready_on": None,
            "withdrawn_on": None,
        }
        row = {"programme_id": ASKED, "cohort_id": cohorts[number % len(cohorts)], "mentor_id": 1, "group_id": 1}
        mentee = _person(world, "mentee", **plain)
        life = proposal(len(world.lives) + 1, **row, mentee_id=mentee, proposed_on=day(number))
        life.step(STATES.APPROVED, 0)
        life.step(STATES.ACTIVE, 1)
        world.lives.append(life)


def _contacts(draw: st.DrawFn, world: World) -> None:
    """On days that clocks look at, before the match began and after it ended too."""
    for life in world.lives[:9]:
        start, match = life.started_on or life.match["proposed_on"], life.match["id"]
        for _ in range(draw(st.sampled_from((1, 0, 2, 3)))):
            on_day = draw(_beside(start, deltas=(0, 2, 3, 1, 5, 6, -1, 7, 9, 14, 20)))
            health = draw(st.sampled_from(Health))
            for found in (health, draw(st.sampled_from((None, None, *Health)))):  # now and then another of one day
                if found:
                    world.add("check_in", match_id=match, on_day=on_day, health=found, contact="both", mode="phone")
        for _ in range(draw(st.sampled_from((0, 1, 2)))):
            minutes = draw(st.sampled_from((60, 90, 1, 3, 9)))
            on_day = draw(_beside(start, deltas=(0, 3, 6, -1, 12, 40)))
            world.add("mentoring_session", match_id=match, on_day=on_day, minutes=minutes)


def _coaching(draw: st.DrawFn, world: World) -> None:
    """Hand-overs after the start, some to one who has left by now, and absences, some with cover."""
    coaches = world.rows.get("coach", [])
    for life in world.lives if coaches else []:
        start = next((step["on_day"] for step in life.steps if step["to_state"] is STATES.ACTIVE), None)
        turns = sorted(draw(st.lists(_beside(start, deltas=(0, 3, 6, 12, 40)), max_size=2))) if start else []
        for turn, on_day in enumerate(turns):
            here = [c["id"] for c in coaches if c["left_on"] is None or c["left_on"] > on_day]
            at = dt.datetime.combine(on_day, dt.time(12), dt.UTC)
            row = {"match_id": life.match["id"], "seq": turn + 2, "on_day": on_day, "at": at}
            row["coach_id"] = draw(st.sampled_from([None, *here]))
            world.rows.setdefault("match_coach", []).append(row)  # numbered on after the first ones
    for _ in range(draw(st.integers(0, 2)) if coaches else 0):
        first, away = draw(_near(world)), draw(st.sampled_from(coaches))["id"]
        last = first + dt.timedelta(days=draw(st.sampled_from((0, 3, 30))))
        at = dt.datetime.combine(first, dt.time(12), dt.UTC)
        called_off = draw(st.sampled_from((None, None, None, at)))
        row = {"ref": f"absence{len(world.ids('absence'))}", "coach_id": away, "first_day": first, "last_day": last}
        absence = world.add("absence", **row, made_at=at, called_off_at=called_off)
        others = [c["id"] for c in coaches if c["id"] != away and (c["left_on"] is None or c["left_on"] > last)]
        for life in world.lives if others else []:
            if draw(st.booleans()):
                coach = draw(st.sampled_from(others))
                world.rows.setdefault("cover", []).append(
                    {"absence_id": absence, "match_id": life.match["id"], "coach_id": coach}
                )


def _gatherings(draw: st.DrawFn, world: World) -> None:
    for number in range(draw(st.integers(0, 4))):
        on_day = draw(st.one_of(st.integers(-5, 40), st.just(200)))  # summer time
        at = dt.datetime.combine(day(on_day), draw(st.sampled_from(TIMES)), dt.UTC)
        cohort, kind = draw(st.sampled_from(_mostly(world))), draw(st.sampled_from(EventKind))
        cancelled_at = draw(st.sampled_from((None, None, None, at)))
        named = {"name": f"{number}", "starts_at": at, "ends_at": at + dt.timedelta(hours=2)}
        event = world.add("event", cohort_id=cohort, kind=kind, cancelled_at=cancelled_at, **named)
        for person in _some_people(draw, world):
            came, walked_in = draw(st.sampled_from((True, False, None))), draw(st.sampled_from((False, False, True)))
            world.add("attendance", event_id=event, **person, attended=came, walked_in=walked_in)


def _findings(draw: st.DrawFn, world: World) -> None:
    for cohort in draw(st.lists(st.sampled_from(_mostly(world)), max_size=3)):
        survey = world.add("survey", cohort_id=cohort, name=f"Survey {len(world.ids('survey'))}")
        for code in draw(st.sampled_from((CODES, CODES[:1]))):
            question = world.add("survey_question", survey_id=survey, code=code, wording="Was it?")
            for person in _some_people(draw, world):
                agrees = draw(st.sampled_from((True, False, None)))
                on_day = draw(_near(world))
                world.add("survey_response", question_id=question, **person, on_day=on_day, agrees=agrees)
    mentees = st.sampled_from(world.ids("mentee"))
    for _ in range(draw(st.sampled_from((2, 4, 6, 0)))):
        cohort, finding = draw(st.sampled_from(_mostly(world))), draw(st.sampled_from(Finding))
        world.add("outcome", mentee_id=draw(mentees), cohort_id=cohort, on_day=draw(_near(world)), finding=finding)
    for life in world.lives:
        if life.state is STATES.COMPLETED and draw(st.booleans()):
            row = {"mentee_id": life.match["mentee_id"], "cohort_id": life.match["cohort_id"]}
            on_day = draw(_beside(life.steps[-1]["on_day"], deltas=(0, 365, 366, -1, 364, 20)))
            world.add("outcome", **row, on_day=on_day, finding=draw(st.sampled_from(Finding)))
    for _ in range(draw(st.integers(0, 4))):
        hired_on = draw(_near(world))
        stayed = draw(st.sampled_from((None, 0, 5)))
        world.add(
            "placement",
            cohort_id=draw(st.sampled_from(world.cohorts(PLACING))),
            mentee_id=draw(mentees),
            division_id=draw(st.sampled_from((None, 1, 2))),
            hired_on=hired_on,
            permanent_on=None if stayed is None else hired_on + dt.timedelta(days=stayed),
        )


def _mostly(world: World) -> list[int]:
    """Cohorts of the programme that is asked of, and one of another."""
    return [*world.cohorts(ASKED), *world.cohorts(OTHER)[:1]]


def _some_people(draw: st.DrawFn, world: World) -> list[dict[str, int | None]]:
    people = [{"mentor_id": number, "mentee_id": None} for number in world.ids("mentor")]
    people += [{"mentor_id": None, "mentee_id": number} for number in world.ids("mentee")[:5]]
    return draw(st.lists(st.sampled_from(people), max_size=4, unique_by=lambda p: tuple(p.values())))
