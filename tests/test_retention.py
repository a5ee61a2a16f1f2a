"""No data is kept longer than the programme's rule says, and none goes that is still in use."""

import datetime as dt
import json
import threading
from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from db.models import Erasure, MatchState, Mentee, Mentor, Role, TrailEntry
from pages.ui.setup.keeping import _meaning
from services import audit, clock, person, programmes, reading, transaction
from services.__main__ import app
from services.access import OPERATOR, Actor
from services.counting.figure import Scope
from services.counting.figures import figure
from services.errors import Conflict, Invalid, NotAllowed
from services.kinds import TABLES
from services.privacy import erasing, holds, retention
from services.privacy.retention import Outlook
from services.setup import reminders
from tests import coached, make
from tests.pages import signed_in, words

YEARS = 2
DAY = dt.timedelta(days=1)


class Desk:
    """People who left long ago or lately, one who waits, one with a running match, two whose match has ended."""

    def __init__(self, session: Session) -> None:
        programme, cohort = coached.programme_and_cohort(session)
        self.programme_id, self.timezone, self.began = programme.id, programme.timezone, clock.now()
        group, today = make.group(session), make.today()
        make.mentee(session, group)
        (running,) = coached.running(session, cohort, coached.coach(session, make.agency(session)))
        (over,) = coached.running(session, cohort, coached.coach(session, make.agency(session)))
        make.step(session, over, MatchState.COMPLETED, on_day=today)
        self.in_use = {session.get_one(Mentee, running.mentee_id).ref, session.get_one(Mentor, running.mentor_id).ref}
        self.over = session.get_one(Mentee, over.mentee_id).ref
        self.left = {}
        for ago in (729, 400, 31, 30, 1, 0):
            gone = today - ago * DAY
            since = {"withdrawn_on": gone, "withdrawn_reason": "Moved away"}
            one = make.mentor(session, group, volunteer_since=gone, **since)
            other = make.mentee(session, group, ready_on=gone, **since)
            self.left |= {one.ref: gone, other.ref: gone}


@pytest.fixture
def world(any_desk: str) -> Desk:
    with transaction() as session:
        return Desk(session)


def keep(years: int, programme_id: int) -> None:
    with transaction() as session:
        retention.save(session, programme_id, years, by=OPERATOR)


def run(*, is_right: bool = True) -> list[retention.Due]:
    """What the night does."""
    found: list[retention.Due] = []
    while True:
        with transaction() as session:
            gone = retention.erase(session, by=OPERATOR, is_right=is_right)
        if not gone:
            return found
        found += gone


def erased() -> set[str]:
    with reading() as session:
        return set(session.scalars(select(Erasure.ref)))


def go_to(days: int, world: Desk, monkeypatch: pytest.MonkeyPatch) -> dt.date:
    then = world.began + days * DAY
    monkeypatch.setattr(clock, "now", lambda: then)
    return clock.today(world.timezone)


def test_over_three_years_nobody_is_kept_past_their_day_and_nobody_goes_before_it(
    world: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(YEARS, world.programme_id)
    with reading() as session:
        before = figure(session, Scope(world.programme_id, make.today()), "matches_to_date").value
    assert before == len(["the one that runs", "the one that is over"])
    for month in range(37):
        today = go_to(30 * month, world, monkeypatch)
        run()
        owed = {ref for ref, gone in world.left.items() if holds.years_after(gone, YEARS) <= today}
        assert erased() - {world.over} == owed
        with reading() as session:
            assert retention.due(session, by=OPERATOR) == []
            assert figure(session, Scope(world.programme_id, today), "matches_to_date").value == before
    assert erased() == {*world.left, world.over}
    assert not erased() & world.in_use
    with reading() as session:
        rows = session.scalars(select(TrailEntry).where(TrailEntry.action == "person erased")).all()
        assert len(rows) == len(erased())
        assert {row.by_name for row in rows} == {OPERATOR.name}


def test_whoever_is_due_is_whoever_a_coordinator_could_erase_after_as_many_years(
    demo_desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + 500 * DAY
    monkeypatch.setattr(clock, "now", lambda: later)
    with transaction() as session:
        programme = programmes.main(session)
        retention.save(session, programme.id, YEARS, by=OPERATOR)
        today = clock.today(programme.timezone)
        found = {one.ref for one in retention.due(session, by=OPERATOR)}
        asked = 0
        for table in TABLES.values():
            for who in session.scalars(select(table).where(table.id % 17 == 0)):
                use = holds.last_use(session, who, programme.id, programme.timezone)
                is_over = use is not None and holds.years_after(use.day, YEARS) <= today
                assert (who.ref in found) == (is_over and not holds.barred(session, who))
                asked += 1
        assert asked > 100
        assert 0 < len(found) < sum(session.scalar(select(func.count(table.id))) for table in TABLES.values())


def test_without_a_rule_nobody_goes_by_itself(world: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    go_to(40 * 365, world, monkeypatch)
    assert run() == []
    assert erased() == set()


def test_unusually_many_at_once_are_erased_only_when_somebody_says_that_it_is_right(
    world: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(YEARS, world.programme_id)
    go_to(3 * 365, world, monkeypatch)
    with pytest.raises(Conflict, match="Nobody was"):
        run(is_right=False)
    assert erased() == set()
    assert {one.ref for one in run()} == {*world.left, world.over}


@pytest.mark.parametrize("act", ["uses", "erases"])
def test_whom_somebody_uses_or_erases_in_the_same_moment_stops_nobody_else(
    world: Desk, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    keep(YEARS, world.programme_id)
    go_to(2, world, monkeypatch)
    ref, other = sorted(ref for ref, gone in world.left.items() if gone == min(world.left.values()))
    is_held, may_end = threading.Event(), threading.Event()

    def meanwhile() -> None:
        with transaction() as session:
            (who,) = person.hold(session, ref)
            is_held.set()
            may_end.wait(5)
            if act == "uses":
                audit.record(session, OPERATOR, "person changed", person.kind_of(who).value, who.id)
            else:
                erasing.carry_out(session, who, by=OPERATOR, on=make.today(), agreed_on=make.today())

    somebody = threading.Thread(target=meanwhile)
    somebody.start()
    is_held.wait(5)
    threading.Timer(0.5, may_end.set).start()
    gone = {one.ref for one in run()}
    somebody.join()
    assert gone == {other}
    assert erased() == ({other} if act == "uses" else {ref, other})


@pytest.mark.parametrize("years", [-1, retention.LONGEST + 1])
def test_years_out_of_reason_are_refused(world: Desk, years: int) -> None:
    with pytest.raises(Invalid, match="whole number of years"):
        keep(years, world.programme_id)


def test_the_rule_is_set_by_who_sets_up_and_carried_out_by_who_may_erase(world: Desk) -> None:
    def may(what: str, who: Actor) -> bool:
        try:
            with transaction() as session:
                if what == "save":
                    retention.save(session, world.programme_id, YEARS, by=who)
                elif what == "outlook":
                    retention.outlook(session, world.programme_id, YEARS, by=who)
                elif what == "due":
                    retention.due(session, by=who)
                else:
                    retention.erase(session, by=who)
        except NotAllowed:
            return False
        return True

    with transaction() as session:
        staff = {role: make.actor(session, role) for role in Role if role is not Role.COACH}
    for role, who in staff.items():
        sets_up = role in {Role.COORDINATOR, Role.ADMINISTRATOR}
        assert [may(what, who) for what in ("save", "outlook")] == [sets_up] * 2
        assert [may(what, who) for what in ("due", "erase")] == [role is Role.COORDINATOR] * 2


def test_the_command_says_who_by_reference_and_erases_them(world: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    night = partial(CliRunner().invoke, app)
    assert "Nobody's data is due." in night(["erase", "--due"]).output
    assert night(["erase"]).exit_code == 1
    assert night(["erase", "--again", "list.json", "--dry-run"]).output.startswith("Say --again")
    keep(YEARS, world.programme_id)
    go_to(2, world, monkeypatch)
    oldest = {ref for ref, gone in world.left.items() if gone == min(world.left.values())}
    said = night(["erase", "--due", "--dry-run"]).output
    assert len(said.splitlines()) == len(oldest)
    assert all(ref in said for ref in oldest)
    assert erased() == set()
    assert {one["ref"] for one in json.loads(night(["erase", "--due", "--json"]).output)} == oldest
    assert erased() == oldest
    go_to(3 * 365, world, monkeypatch)
    refused = night(["erase", "--due"])
    assert refused.exit_code == 1
    assert erased() == oldest
    assert night(["erase", "--due", "--many"]).exit_code == 0
    assert erased() == {*world.left, world.over}


def test_the_page_says_what_years_mean_before_they_are_saved(desk: str) -> None:
    with transaction() as session:
        world = Desk(session)
    page = signed_in(Role.ADMINISTRATOR, "pages/setup/programme.py", view="Keeping")
    assert "nobody’s data goes by itself" in words(page)
    page.number_input(key="keep_years 0").set_value(YEARS).run()
    assert "**Data of <11 people goes the next night**, of 17 in all, and of <11 more within a year" in words(page)
    page.button(key="keep_years_save").click().run()
    assert "Nothing goes before the next night" in words(page)
    with reading() as session:
        assert programmes.clocks(session, world.programme_id).keep_years == YEARS


def test_so_many_that_the_night_would_stop_are_said_to_need_a_word() -> None:
    said = _meaning(Outlook(7, "1,200", "121", "9", is_unusual=True))
    assert said.startswith("**Data of 121 people goes the next night**, of 1,200 in all, and of 9 more")
    assert "the server is told `matchdesk erase --due --many`" in said
    assert "--many" not in _meaning(Outlook(7, "1,200", "9", "8", is_unusual=False))


def test_who_sees_no_exact_figures_reads_classes_of_them(world: Desk) -> None:
    with transaction() as session:
        staff = [make.actor(session, role) for role in (Role.COORDINATOR, Role.ADMINISTRATOR)]
    with reading() as session:
        exact, rounded = (retention.outlook(session, world.programme_id, YEARS, by=who) for who in staff)
    assert (exact.now, rounded.now) == ("0", "<11")
    assert (exact.kept, exact.soon, rounded.soon) == ("17", "4", "<11")


def test_nobody_goes_while_they_are_still_to_be_asked_what_became_of_them(
    world: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Invalid, match="Choose two years or more"):
        keep(1, world.programme_id)
    keep(YEARS, world.programme_id)
    with transaction() as session:
        reminders.save(session, world.programme_id, {"follow_up_months": [6, 40]}, by=OPERATOR)
        shortest = holds.least(programmes.clocks(session, world.programme_id))
    assert 365 * shortest >= 40 * 31 + 90
    go_to(365 * 3, world, monkeypatch)
    run()
    assert world.over not in erased()
    go_to(366 * shortest, world, monkeypatch)
    run()
    assert world.over in erased()
