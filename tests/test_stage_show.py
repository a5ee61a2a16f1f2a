"""A show: scenes that turn, a milestone that is celebrated once, a rehearsal that touches nothing."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from db.models import DisplayToken
from db.settings import settings as desk_settings
from db.stage import look
from services import clock, transaction
from services.stage.board import Board, Mark, Profession, Ring, Thanked
from services.stage.rehearsal import AFTER, BETWEEN, STEPS
from services.stage.running import Stage
from services.stage.show import CELEBRATE, CELEBRATES, PLAYS, SCENES, Show, pages_of
from tests import make
from tests.staged import PHONE, SCREEN
from tests.staged import opened as opened_link

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("America/Toronto"))


def a_board(total: int, **given: object) -> Board:
    """A programme of two cohorts, with so many matches, on its way to a hundred."""
    said = {
        "programme": "Profession to Profession", "organisation": "The City", "title": "Matches", "one": "match",
        "unit": "matches", "total": total, "since": 2025, "goal": 100 if total < 100 else 250,
        "to_go": (100 if total < 100 else 250) - total, "celebrated": None,
        "cohorts": (Ring("2025", min(total, 60)), Ring("2026", max(total - 60, 0))), "marks": (Mark(50, "2025"),),
        "latest_on": NOON.date(), "latest_at": None, "latest_in": None, "as_of": NOON,
        "professions": (Profession("Engineering", 2025), Profession("Law", 2026)),
    }  # fmt: skip
    return Board(**{**said, **given})


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        """The moment it stands at."""
        return self.now

    def go(self, seconds: float) -> None:
        """Later."""
        self.now += dt.timedelta(seconds=seconds)


@pytest.fixture
def moment() -> Clock:
    return Clock()


@pytest.fixture
def show(moment: Clock) -> Show:
    """A show that stands at ninety-eight."""
    made = Show(moment)
    made.tick(a_board(98))
    return made


def scenes_of(show: Show, steps: int, by: int = 1) -> list[str]:
    """What is seen, step by step."""
    seen = []
    for _ in range(steps):
        seen.append(show.shown().scene)
        show.step(by)
    return seen


def test_scenes_follow_each_other_and_begin_again(show: Show) -> None:
    assert scenes_of(show, len(SCENES) + 1) == [*SCENES, SCENES[0]]
    show.turn("years")
    assert scenes_of(show, 3, -1) == ["years", "count", "thanks"]


def test_what_comes_next_is_what_the_next_step_shows(show: Show, moment: Clock) -> None:
    show.tick(a_board(98, names=tuple(Thanked(f"Name {n}", "Law") for n in range(30))))
    for _ in range(12):
        following = show.following()
        show.step(1)
        assert (show.shown().scene, show.shown().page) == (following.scene, following.page)


def test_the_roll_of_thanks_has_pages_and_a_shorter_roll_shows_its_last(show: Show) -> None:
    show.tick(a_board(98, names=tuple(Thanked(f"Name {n}", "Law") for n in range(30))))
    show.turn("thanks")
    assert [(show.step(1), show.shown().page)[1] for _ in range(2)] == [1, 2]
    show.tick(a_board(98, names=(Thanked("One", "Law"),)))
    assert (show.shown().scene, show.shown().page) == ("thanks", 0)
    assert [pages_of(a_board(1, names=(Thanked("A", "B"),) * n), "thanks") for n in (0, 1, 12, 13)] == [1, 1, 1, 2]


def test_every_change_is_a_new_version_and_nothing_else_is(show: Show, moment: Clock) -> None:
    before = show.version
    moment.go(0.7)
    show.tick(a_board(98))
    assert show.version == before
    show.tick(a_board(99))
    show.step(1)
    show.still(is_still=True)
    show.play(is_playing=True)
    assert show.version == before + 4


def test_a_milestone_is_celebrated_once_at_its_moment_and_then_the_count_is_back(show: Show, moment: Clock) -> None:
    show.turn("partners")
    show.tick(a_board(100, celebrated=100))
    moment.go(3)
    shown = show.shown()
    assert (shown.scene, shown.celebrated, shown.seconds) == (CELEBRATE, 100, 3)
    moment.go(CELEBRATES)
    show.tick(a_board(100, celebrated=100))
    assert show.shown().scene == "count"
    # taken back, and approved again
    show.tick(a_board(99))
    show.tick(a_board(100, celebrated=100))
    assert show.shown().scene == "count"


def test_many_at_once_that_pass_a_milestone_celebrate_it(show: Show) -> None:
    show.tick(a_board(104, celebrated=100))
    assert (show.shown().scene, show.shown().celebrated, show.shown().board.total) == (CELEBRATE, 100, 104)


@pytest.mark.parametrize(("ago", "scene"), [(5, CELEBRATE), (60, "count")])
def test_a_stage_that_starts_celebrates_only_what_is_news(moment: Clock, ago: int, scene: str) -> None:
    show = Show(moment)
    show.tick(a_board(100, celebrated=100, latest_at=NOON - dt.timedelta(seconds=ago)))
    assert show.shown().scene == scene
    assert show.shown().seconds == (ago if scene == CELEBRATE else 0)


def test_a_turn_ends_a_celebration_and_its_own_scene_shows_it_again(show: Show, moment: Clock) -> None:
    show.tick(a_board(100, celebrated=100))
    show.step(1)
    assert show.shown().scene == "count"
    show.turn(CELEBRATE)
    assert (show.shown().scene, show.shown().seconds) == (CELEBRATE, 0)
    show.turn("years")
    assert show.shown().scene == "years"


def test_without_a_milestone_today_there_is_nothing_to_celebrate(show: Show) -> None:
    show.turn(CELEBRATE)
    assert show.shown().scene == "count"


def test_it_plays_by_itself_until_it_is_stopped(show: Show, moment: Clock) -> None:
    show.play(is_playing=True)
    seen = []
    for _ in range(4):
        moment.go(PLAYS)
        show.tick(a_board(98))
        seen.append(show.shown().scene)
    show.play(is_playing=False)
    moment.go(PLAYS)
    show.tick(a_board(98))
    assert [*seen, show.shown().scene] == [*SCENES[1:5], SCENES[4]]


def test_the_last_figures_stay_while_the_database_is_away(show: Show) -> None:
    before = show.version
    show.tick(None, is_live=False)
    assert (show.shown().board.total, show.shown().is_live, show.version) == (98, False, before + 1)
    show.tick(a_board(99))
    assert (show.shown().board.total, show.shown().is_live) == (99, True)


@given(total=st.integers(0, 130), number=st.sampled_from([50, 100, 250, 1000, 3000]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_a_rehearsal_counts_up_to_its_milestone_celebrates_and_ends_with_the_truth(total: int, number: int) -> None:
    moment = Clock()
    show, real = Show(moment), a_board(total)
    show.tick(real)
    show.rehearse(number)
    counts, celebrations = [], 0
    was = ""
    for _ in range(STEPS * BETWEEN + AFTER + 3):
        shown = show.shown()
        counts.append(shown.board.total)
        assert sum(ring.matches for ring in shown.board.cohorts) == shown.board.total
        assert shown.board.to_go == shown.board.goal - shown.board.total > 0
        celebrations += shown.scene == CELEBRATE != was
        was = shown.scene
        moment.go(1)
        show.tick(real)
    assert sorted(set(counts[: STEPS * BETWEEN + AFTER])) == [*range(number - STEPS, number + 1)]
    assert celebrations == 1
    assert (show.rehearsal, show.shown().board) == (None, real)


def test_a_rehearsal_can_be_ended_and_the_milestone_itself_is_still_celebrated(show: Show, moment: Clock) -> None:
    show.rehearse(100)
    moment.go(STEPS * BETWEEN + 1)
    show.tick(a_board(98))
    assert show.shown().scene == CELEBRATE
    show.rehearse(None)
    assert (show.shown().scene, show.shown().board.total) == ("count", 98)
    show.tick(a_board(100, celebrated=100))
    assert show.shown().scene == CELEBRATE


@pytest.fixture
def opened(desk: str) -> tuple[Stage, dict[str, int]]:
    """A stage over a real database with one link, and how often it was asked."""
    asked = {"times": 0}

    def ask() -> object:
        asked["times"] += 1
        return look(desk_settings().database_url)

    with transaction() as session:
        programme = make.programme(session)
        make.cohort(session, programme)
        opened_link(session, programme.id)
    stage = Stage(ask)
    stage.tick()
    return stage, asked


def test_a_link_opens_one_show_for_its_screens_and_its_phone(opened) -> None:
    stage, asked = opened
    assert stage.show(SCREEN) is stage.remote(PHONE)
    assert [stage.show(token) for token in (PHONE, "", None, "x" * 10_000)] == [None] * 4
    assert stage.remote(SCREEN) is None
    for _ in range(100):
        stage.show(SCREEN).shown()
    assert asked["times"] == 1


def test_an_ended_link_closes_its_show_at_the_next_look(opened) -> None:
    stage, _ = opened
    with transaction() as session:
        link = session.query(DisplayToken).one()
        link.revoked_at = clock.now()
        make._keep(session, link)
    stage.tick()
    assert (stage.show(SCREEN), stage.remote(PHONE), stage.version(stage.show(SCREEN))) == (None, None, "closed")


def test_a_link_runs_out_also_while_the_database_is_away(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    stage, _ = opened

    def away() -> object:
        raise OperationalError("", None, Exception("away"))

    stage._look = away
    stage.tick()
    assert stage.show(SCREEN).shown().is_live is False
    later = clock.now() + dt.timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert stage.show(SCREEN) is None


def test_a_look_that_fails_in_any_other_way_stops_nothing(opened) -> None:
    stage, _ = opened
    before = dataclasses.replace(stage.show(SCREEN).shown())
    stage._look = lambda: [object()]
    with pytest.raises(AttributeError):
        stage.tick()
    assert stage.show(SCREEN).shown() == before
