"""Cover for an absence: from day to day, ending by itself, within everybody's places; and who stands uncovered."""

import datetime as dt

import pytest

from db.models import Role
from services import caseload, clock, cover, owed, reading, transaction
from services.counting import figures
from services.counting.figure import Scope
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import coached, make

DAY = dt.timedelta(days=1)


class World:
    """Two agencies; the first has one coach who goes away, and one who stays."""

    def __init__(self) -> None:
        with transaction() as session:
            programme, cohort = coached.programme_and_cohort(session)
            agency, other = make.agency(session), make.agency(session)
            self.away, self.here = coached.coach(session, agency, 5), coached.coach(session, agency, 3)
            self.abroad = coached.coach(session, other, 5)
            self.matches = coached.running(session, cohort, self.away, 3)
            coached.running(session, cohort, self.here, 1)
            self.cora = make.actor(session)
            self.me = coached.signed_in(session, self.here)
            self.programme_id = programme.id
        self.today = make.today()

    def plan(self, first: dt.date, last: dt.date, *coaches: int) -> str:
        covers = {match.ref: coach for match, coach in zip(self.matches, coaches, strict=False)}
        with transaction() as session:
            return cover.plan(session, self.away.id, first, last, covers, by=self.cora, programme_id=self.programme_id)

    def uncovered(self, day: dt.date) -> int:
        with reading() as session:
            return figures.figure(session, Scope(self.programme_id, day), "uncovered").count

    def mine(self, who) -> set[str]:
        with reading() as session:
            rows = owed.owed(session, by=who, programme_id=self.programme_id).rows
        return set(rows.loc[rows["is_mine"], "ref"])


def test_cover_begins_and_ends_by_itself(any_desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    said = world.plan(world.today, world.today + 2 * DAY, world.here.id, world.here.id)
    assert said.endswith("two matches covered.")
    days = [world.uncovered(world.today + offset * DAY) for offset in (-1, 0, 2, 3)]
    assert days == [0, 1, 1, 0]
    covered = {match.ref for match in world.matches[:2]}
    assert covered <= world.mine(world.me)
    with reading() as session:
        rows = caseload.uncovered(session, by=world.cora, programme_id=world.programme_id)
        assert list(rows["ref"]) == [world.matches[2].ref]
        assert list(rows["why"]) == [f"{world.away.name} is away"]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + 3 * DAY)
    with transaction() as session:
        later = coached.signed_in(session, world.here)
    assert not covered & world.mine(later)


def test_the_plan_keeps_everybodys_places_and_stays_at_home_unless_asked(any_desk: str) -> None:
    world = World()
    asked = {"by": world.cora, "programme_id": world.programme_id}
    with reading() as session:
        at_home = cover.suggest(session, world.away.id, world.today, world.today, **asked)
        across = cover.suggest(session, world.away.id, world.today, world.today, **asked, across=True)
    assert sorted(at_home.rows["to_id"].dropna()) == [world.here.id] * 2
    assert sorted(across.rows["to_id"]) == sorted([world.here.id, world.here.id, world.abroad.id])
    assert "For one match nobody has room" in at_home.sentence
    with pytest.raises(Conflict, match="no free place"):
        world.plan(world.today, world.today, *[world.here.id] * 3)
    with pytest.raises(Conflict, match="own absence"):
        world.plan(world.today, world.today, world.away.id)
    assert world.uncovered(world.today) == 0


def test_whoever_is_away_too_covers_nothing(any_desk: str) -> None:
    world = World()
    world.plan(world.today, world.today + 5 * DAY, *[world.here.id] * 2)
    with transaction() as session:
        asked = {"by": world.cora, "programme_id": world.programme_id}
        cover.plan(session, world.here.id, world.today + DAY, world.today + DAY, {}, **asked)
    assert [world.uncovered(world.today + offset * DAY) for offset in (0, 1, 2)] == [1, 4, 1]


def test_another_agency_knows_of_a_match_while_it_covers_it_and_no_longer(
    any_desk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    ref = world.matches[0].ref
    world.plan(world.today + DAY, world.today + 2 * DAY, world.abroad.id)
    seen, now = [], clock.now()
    for offset in range(4):
        monkeypatch.setattr(clock, "now", lambda offset=offset: now + offset * DAY)
        with transaction() as session:
            by = coached.signed_in(session, world.abroad)  # sign-ins end after some hours
        with reading() as session:
            seen.append(ref in set(owed.owed(session, by=by, programme_id=world.programme_id).rows["ref"]))
    assert seen == [False, True, True, False]


def test_an_absence_called_off_never_was(any_desk: str) -> None:
    world = World()
    world.plan(world.today - DAY, world.today + DAY)
    assert world.uncovered(world.today) == 3
    with reading() as session:
        (one,) = cover.absences(session, by=world.cora, programme_id=world.programme_id)
    assert (one.coach, one.matches, one.covered) == (world.away.name, 3, 0)
    with transaction() as session:
        cover.call_off(session, one.ref, by=world.cora)
    assert [world.uncovered(world.today + offset * DAY) for offset in (-1, 0)] == [0, 0]
    with pytest.raises(NotFound), transaction() as session:
        cover.call_off(session, one.ref, by=world.cora)


def test_days_that_cannot_be_are_refused(any_desk: str) -> None:
    world = World()
    with pytest.raises(Invalid, match="before it begins"):
        world.plan(world.today, world.today - DAY)
    with pytest.raises(Invalid, match="are over"):
        world.plan(world.today - 2 * DAY, world.today - DAY)
    world.plan(world.today, world.today + DAY)
    with pytest.raises(Conflict, match="away on some of these days already"):
        world.plan(world.today + DAY, world.today + 9 * DAY)


@pytest.mark.parametrize("role", [Role.COACH, Role.MANAGER, Role.PRESENTER, Role.ADMINISTRATOR])
def test_nobody_but_a_coordinator_plans_absences(desk: str, role: Role) -> None:
    world = World()
    with transaction() as session:
        by = make.actor(session, role, **({"agency_id": world.here.agency_id} if role is Role.COACH else {}))
    asked = {"by": by, "programme_id": world.programme_id}
    with reading() as session:
        for act in (
            lambda: cover.absences(session, **asked),
            lambda: cover.suggest(session, world.away.id, world.today, world.today, **asked),
            lambda: cover.plan(session, world.away.id, world.today, world.today, {}, **asked),
            lambda: cover.call_off(session, "0" * 16, by=by),
            lambda: caseload.uncovered(session, **asked),
            lambda: caseload.caseload_of(session, Scope(world.programme_id, world.today), by=by),
        ):
            with pytest.raises(NotAllowed):
                act()
