"""What a room is told is what the counting module counts, on any history, and it names nobody without consent."""

import datetime as dt
import re

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from db.models import (
    Agency,
    CountingRule,
    Event,
    EventKind,
    MatchState,
    Milestone,
    MilestoneKind,
    Programme,
    ProgrammeKind,
    StageFinding,
    StageName,
)
from db.settings import ROOT, settings
from db.stage import look
from services import clock, milestones, transaction
from services.counting import figures, matches, public
from services.counting.figure import Scope
from services.stage.board import Board, Finding, Mark, Profession, Ring, Thanked, board
from tests import make
from tests.staged import board_of
from tests.test_counting_figures import examples
from tests.worlds import ASKED, OTHER, World, build

CANARY = "Canary"


def test_the_view_that_migrations_make_is_the_statement_of_the_counting_module(drafting_engine: Engine) -> None:
    files = sorted((ROOT / "db/migrations/rules").glob(f"*_{drafting_engine.dialect.name}.sql"))
    newest = [file.read_text() for file in files if "VIEW stage_board" in file.read_text()][-1]
    made = re.search(r"CREATE VIEW stage_board AS\n.*?(?=\n-->|\n?\Z)", newest, re.DOTALL)
    assert made
    assert made[0] == public.as_view(drafting_engine.dialect)


@examples(15)
def test_the_board_of_any_history_is_what_is_counted_elsewhere(one_engine: Engine, world: World) -> None:
    with Session(one_engine) as session, pytest.MonkeyPatch.context() as patch:
        build(session, world)
        own = [session.get_one(Programme, number).counting_rule for number in (ASKED, OTHER)]
        asked = [(ASKED, world.days[-1], rule) for rule in CountingRule]
        for programme_id, day, rule in (*asked, (ASKED, world.days[0], own[0]), (OTHER, world.days[-1], own[1])):
            noon = clock.start_of(day, session.get_one(Programme, programme_id).timezone) + dt.timedelta(hours=12)
            patch.setattr(clock, "now", lambda noon=noon: noon)
            session.get_one(Programme, programme_id).counting_rule = rule
            session.flush()
            same_as_counted(session, programme_id, day, rule)


def same_as_counted(session: Session, programme_id: int, day: dt.date, rule: CountingRule) -> None:
    """Every number of the board against the definition that other pages show."""
    scope, shown = Scope(programme_id, day), board_of(session, programme_id, day)
    count = lambda name: figures.figure(session, scope, name).count  # noqa: E731 - read four times
    parts = matches.by_cohort(session, programme_id, day, rule)
    assert shown.total == matches.matches_to_date(session, programme_id, day, rule).count
    assert shown.cohorts == tuple(Ring(part.cohort, part.matches) for part in parts)
    assert shown.latest_on == max((part.latest_on for part in parts if part.latest_on), default=None)
    reached, goal = milestones.around(shown.total, milestones.named(session, programme_id))
    assert (shown.goal, shown.to_go) == (goal, goal - shown.total)
    full = matches.nth(session, programme_id, reached, day, rule)
    assert shown.marks == tuple(Mark(nth.number, nth.cohort) for nth in full)
    assert (len(shown.professions), shown.mentors) == (count("groups"), count("mentors"))
    assert len(shown.partners) == count("partners")
    if parts:
        newest = figures.by_cohort(session, scope, "mentors")
        last = [number for number, name in ids_of(session, programme_id) if name == parts[-1].cohort][-1]
        assert shown.mentors_now == newest[last].count


def ids_of(session: Session, programme_id: int) -> list[tuple[int, str]]:
    return [*session.query(make.Cohort.id, make.Cohort.name).filter_by(programme_id=programme_id)]


def started(session: Session, cohort: make.Cohort, day: dt.date | None = None, group=None) -> make.Match:
    """One more match, between people whose every word is a canary."""
    group = group or make.group(session, f"{CANARY} group {make.next_number()}")
    mentor = make.mentor(session, group, first_name=CANARY, last_name=CANARY, title=CANARY, office=CANARY)
    mentee = make.mentee(session, group, first_name=CANARY, last_name=CANARY, goal=CANARY, title=CANARY)
    day = day or clock.today("America/Toronto")
    match = make.match(session, cohort, mentor, mentee, proposed_on=day)
    make.step(session, match, MatchState.APPROVED, on_day=day, note=CANARY)
    return make.step(session, match, MatchState.ACTIVE, on_day=day)


@pytest.fixture
def cohort(any_desk: str) -> make.Cohort:
    """A cohort of the main programme, with three matches of long ago."""
    with transaction() as session:
        programme = make.programme(session, name="Profession to Profession", kind=ProgrammeKind.MENTORING)
        cohort = make.cohort(session, programme, name="This year", starts_on=dt.date(2020, 1, 1))
        for day in (1, 2, 3):
            started(session, cohort, dt.date(2020, 1, day))
    return cohort


def seen(cohort: make.Cohort, event: int | None = None) -> Board:
    """What the stage reads by the very view, on a connection that may read nothing else on SQLite."""
    settings.cache_clear()
    rows = [row for row in look(settings().database_url) if row.programme_id == cohort.programme_id]
    return board(rows, event)


def test_the_board_follows_an_approval_and_its_being_taken_back(cohort) -> None:
    before = seen(cohort)
    assert (before.total, before.goal, before.to_go, before.latest_at) == (3, 10, 7, None)
    with transaction() as session:
        match = started(session, cohort)
    after = seen(cohort)
    assert (after.total, after.to_go, after.latest_on) == (4, 6, after.as_of.date())
    assert abs(after.latest_at - clock.now()) < dt.timedelta(minutes=1)
    with transaction() as session:
        make.step(session, session.get(make.Match, match.id), MatchState.PROPOSED)
    taken_back = seen(cohort)
    assert (taken_back.total, taken_back.latest_at, taken_back.cohorts) == (3, None, before.cohorts)


def test_the_board_counts_under_the_programmes_rule(cohort) -> None:
    with transaction() as session:
        session.get(Programme, cohort.programme_id).counting_rule = CountingRule.COMPLETED_MATCHES
        make.step(session, session.query(make.Match).first(), MatchState.COMPLETED)
    now = seen(cohort)
    assert (now.total, now.title, [ring.matches for ring in now.cohorts]) == (1, "Matches completed", [1])
    assert now.latest_at is not None


def test_a_milestone_is_celebrated_at_its_number_and_for_its_day(cohort) -> None:
    with transaction() as session:
        for number in (3, 4, 9):
            row = Milestone(programme_id=cohort.programme_id, kind=MilestoneKind.COUNT, name=str(number), number=number)
            make._keep(session, row)
    assert (seen(cohort).celebrated, seen(cohort).goal, seen(cohort).to_go) == (3, 4, 1)
    for total in (4, 5):
        with transaction() as session:
            started(session, cohort)
        now = seen(cohort)
        assert (now.total, now.celebrated, now.goal, now.to_go) == (total, 4, 9, 9 - total)
    assert now.marks == (Mark(3, "This year"), Mark(4, "This year"))


def test_a_milestone_passed_on_an_earlier_day_is_celebrated_no_more(cohort) -> None:
    with transaction() as session:
        row = Milestone(programme_id=cohort.programme_id, kind=MilestoneKind.COUNT, name="2", number=2)
        make._keep(session, row)
    assert (seen(cohort).total, seen(cohort).celebrated) == (3, None)


def test_an_occupation_is_told_only_where_enough_people_share_it(cohort) -> None:
    with transaction() as session:
        make.setting(session, cohort, smallest_cell=3)
        group = make.group(session, "Engineering")
        for _ in range(2):
            started(session, cohort, group=group)
    assert (seen(cohort).latest_at is None, seen(cohort).latest_in) == (False, None)
    with transaction() as session:
        started(session, cohort, group=group)
    assert seen(cohort).latest_in == "Engineering"
    with transaction() as session:
        started(session, cohort, group=make.group(session, "Urban planning"))
    assert seen(cohort).latest_in is None


def test_names_are_of_their_event_and_gone_after_it(cohort) -> None:
    now = clock.now()
    with transaction() as session:
        ids = [
            make._keep(
                session,
                Event(
                    cohort_id=cohort.id, kind=EventKind.RECOGNITION, name="Evening", starts_at=now + begins,
                    ends_at=now + begins + dt.timedelta(hours=2),
                ),
            ).id
            for begins in (dt.timedelta(hours=1), dt.timedelta(hours=-9), dt.timedelta(days=7))
        ]  # fmt: skip
        for place, event in enumerate(ids):
            session.add(
                StageName(
                    event_id=event, name=f"Zoë Nguyễn {place}", occupation="Engineering", consent="in writing",
                    consented_on=now.date(), recorded_at=now,
                )
            )  # fmt: skip
    assert seen(cohort, ids[0]).names == (Thanked("Zoë Nguyễn 0", "Engineering"),)
    assert seen(cohort, ids[1]).names == seen(cohort).names == ()
    with transaction() as session:
        event = session.get(Event, ids[2])
        event.cancelled_at = now
        make._keep(session, event)
    assert seen(cohort, ids[2]).names == ()


def test_findings_professions_and_partners_are_told_as_they_are_kept(cohort) -> None:
    with transaction() as session:
        for place, value in ((1, "55 %"), (0, "75 %")):
            session.add(
                StageFinding(programme_id=cohort.programme_id, place=place, value=value, words="found work\nof 40")
            )
        for name, until in (("Zeal House", None), ("Acorn Works", None), ("Gone", dt.date(2021, 1, 1))):
            make.agency(session, name)
            session.query(Agency).filter_by(name=name).update(
                {"partner_since": dt.date(2020, 1, 1), "partner_until": until}
            )
    now = seen(cohort)
    assert now.findings == (Finding("75 %", "found work", "of 40"), Finding("55 %", "found work", "of 40"))
    assert now.partners == ("Acorn Works", "Zeal House")
    assert {one.since for one in now.professions} == {2020}
    assert isinstance(now.professions[0], Profession)


def test_nothing_of_a_person_or_a_single_match_is_on_the_board(cohort) -> None:
    with transaction() as session:
        started(session, cohort)
    shown = seen(cohort)
    told = repr([part for part in dataclass_words(shown) if part != "professions"])
    assert CANARY.casefold() not in told.casefold()
    assert "example" not in repr(shown)


def dataclass_words(shown: Board) -> list[object]:
    """All but the names of the occupations, which are canaries here and public everywhere."""
    return [value for name, value in vars(shown).items() if name != "professions"]
