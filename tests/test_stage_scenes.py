"""The scenes of the stage: their words at any count, a dot for each match, and frames that stand side by side."""

import dataclasses
import datetime as dt
import re
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from pages.ui import pictures
from pages.ui.charts.stage import bars
from pages.ui.stage import fit, partners, professions, screen
from pages.ui.stage.screen import headline
from pages.ui.theme import DARK, LIGHT
from services.stage.board import Board, Finding, Mark, Profession, Ring, Thanked
from services.stage.show import CELEBRATE, SCENES, Shown, pages_of

EVENING = dt.datetime(2026, 11, 24, 19, 42, tzinfo=dt.UTC)
EMPTY = Board(
    programme="Profession to Profession",
    organisation="City of Toronto",
    title="Matches",
    one="match",
    unit="matches",
    total=0,
    since=None,
    goal=100,
    to_go=100,
    celebrated=None,
    cohorts=(),
    marks=(),
    latest_on=None,
    latest_at=None,
    latest_in=None,
    as_of=EVENING,
)
FULL = dataclasses.replace(
    EMPTY,
    total=2988,
    since=2004,
    goal=3000,
    to_go=12,
    cohorts=(Ring("2004", 29), Ring("2025", 2810), Ring("2026", 149)),
    marks=(Mark(2500, "2025"),),
    latest_on=EVENING.date(),
    latest_at=EVENING,
    latest_in="Engineering",
    professions=tuple(Profession(f"Occupation {i}", 2004 + i // 3) for i in range(16)),
    mentors=1124,
    mentors_now=108,
    partners=tuple(f"Agency {i}" for i in range(15)),
    findings=(Finding("74 %", "of mentees worked in their profession", "82 of 111 asked, 30 September 2026"),),
    names=tuple(Thanked(f"Zoë Ångström {i}", "Law") for i in range(13)),
)
ALL = (*SCENES, CELEBRATE)


def counted(total: int, **more: object) -> Board:
    return dataclasses.replace(
        FULL, total=total, goal=total + 12, to_go=12, cohorts=(Ring("2025", total - 1), Ring("2026", 1)), **more
    )


def drawn(*shown: tuple[Shown, str]) -> AppTest:
    def page(shown) -> None:
        from pages.ui.stage import screen

        screen.dress()
        for one, where in shown:
            screen.draw(one, where=where)

    return AppTest.from_function(page, args=(shown,), default_timeout=20).run()


def words(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(element.value for kind in (page.title, page.header, page.text) for element in kind)


def dots(picture: str) -> int:
    return picture.count("h0")


@pytest.mark.parametrize("board", [EMPTY, FULL], ids=["empty", "full"])
def test_every_scene_is_drawn_with_its_foot(board: Board) -> None:
    told = words(drawn(*((Shown(board, scene), f"_{scene}") for scene in ALL)))
    assert told.count("Profession to Profession, City of Toronto") == len(ALL)
    assert told.count("Connection lost, last figures from 19:42") == len(ALL)
    assert "None" not in told
    assert "nan" not in told
    assert all(headline(Shown(board, scene)) for scene in ALL)


def test_two_small_frames_stand_beside_each_other_and_below_the_large_one() -> None:
    page = drawn((Shown(FULL, "thanks"), ""), (Shown(FULL, "years"), "now"), (Shown(FULL, "years"), "next"))
    assert not page.exception
    assert len(page.title) == 3


@pytest.mark.parametrize("total", [1, 9_999, 10_000, 100_000])
def test_the_count_is_text_with_what_is_missing_to_the_next_milestone(total: int) -> None:
    page = drawn((Shown(counted(total), "count"), ""))
    assert page.title[0].value == f"{total:,}"
    assert page.header[0].value == f"of {total + 12:,}: :yellow[twelve to go]"
    unit = "match" if total == 1 else "matches"
    assert headline(Shown(counted(total), "count")) == f"{total:,} {unit} of {total + 12:,}: twelve to go"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Engineering, at 19:42"),
        ({"latest_in": None}, "Today at 19:42"),
        ({"latest_in": None, "latest_at": None}, "24 November 2026"),
        ({"latest_in": None, "latest_at": None, "latest_on": None}, "The first match is still to come"),
    ],
)
def test_the_latest_match_is_told_as_far_as_it_may_be(more: dict[str, object], said: str) -> None:
    assert said in words(drawn((Shown(dataclasses.replace(FULL, **more), "count"), ""))).splitlines()


def test_a_milestone_of_today_is_named_in_the_count() -> None:
    assert headline(Shown(counted(3000, celebrated=3000), "count")) == "3,000 matches: the 3,000th match"
    assert headline(Shown(counted(3002, celebrated=3000), "count")) == "3,002 matches: the 3,000th match, today"


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        ("years", "From 29 matches a year to 149"),
        ("professions", "From 3 professions to 16"),
        ("outcomes", "What the matches led to"),
        ("partners", "Fifteen partner agencies"),
        ("thanks", "Thank you to the 108 mentors of 2026, and to all 1,124 since 2004, 1 of 2"),
        ("celebrate", "The 2,988th match"),
    ],
)
def test_the_headline_says_what_is_seen(scene: str, said: str) -> None:
    assert headline(Shown(FULL, scene)) == said


def test_the_roll_has_twelve_names_a_screen_and_says_where_it_is() -> None:
    assert [pages_of(FULL, scene) for scene in ALL] == [1, 1, 1, 1, 1, 2, 1]
    assert pages_of(EMPTY, "thanks") == 1
    first, second = (words(drawn((Shown(FULL, "thanks", page=page), ""))) for page in (0, 1))
    assert [roll.count("Zoë Ångström") for roll in (first, second)] == [12, 1]
    assert "1 of 2" in first.splitlines()
    # Names that were withdrawn meanwhile leave no empty screen.
    assert "Zoë Ångström 12" in words(drawn((Shown(FULL, "thanks", page=7), "")))


def test_names_are_shown_letter_by_letter() -> None:
    board = dataclasses.replace(FULL, names=(Thanked("**Ana** :red[x]", "`Law`"),), partners=("[A](http://b)",))
    assert "**Ana** :red[x]" in [one.value for one in drawn((Shown(board, "thanks"), "")).text]
    assert "[A](http://b)" in [one.value for one in drawn((Shown(board, "partners"), "")).text]


def test_the_foot_tells_live_from_slow_from_last_figures() -> None:
    foot = {scene: words(drawn((Shown(FULL, scene), ""))).splitlines() for scene in ("count", "years")}
    assert "Live, 24 November 2026, 19:42" in foot["count"]
    assert "As of 24 November 2026" in foot["years"]
    last = words(drawn((Shown(FULL, "count", is_live=False), ""))).splitlines()
    assert "Last figures from 19:42" in last
    assert "Live, 24 November 2026, 19:42" not in last


def test_the_milestone_names_its_occupation_only_while_it_is_the_latest_match() -> None:
    now, later = counted(3000, celebrated=3000), counted(3001, celebrated=3000)
    assert "Engineering, 24 November 2026" in words(drawn((Shown(now, CELEBRATE, celebrated=3000), "")))
    assert "Engineering" not in words(drawn((Shown(later, CELEBRATE, celebrated=3000), "")))


@pytest.mark.parametrize("number", [1, 9, 25, 50, 100, 500, 1000, 3000, 5000, 6000])
def test_a_milestone_is_written_with_exactly_its_dots(number: int) -> None:
    assert dots(pictures.dotted_number(number, DARK)) == number


@pytest.mark.parametrize(("number", "each"), [(6500, 10), (10_000, 10), (100_000, 100)])
def test_above_six_thousand_a_dot_is_more_than_one_match_and_the_screen_says_so(number: int, each: int) -> None:
    assert dots(pictures.dotted_number(number, LIGHT)) == number // each
    said = "Every dot is ten matches" if each == 10 else f"Every dot is {each} matches"
    assert said in words(drawn((Shown(counted(number), CELEBRATE, celebrated=number), "")))


@pytest.mark.parametrize("number", [1, 2, 3, 30])
def test_the_years_are_drawn_for_any_number_of_cohorts(number: int) -> None:
    cohorts = tuple((f"Intake of autumn {2000 + i}", i) for i in range(number))
    drawn_bars = bars(cohorts, ((500, cohorts[-1][0]),), DARK).to_dict()
    assert [len(rows) for rows in drawn_bars["datasets"].values()] == [number]


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 800), min_size=1, max_size=7), st.integers(0, 300))
def test_the_disc_has_a_dot_for_each_match_and_a_ring_for_each_that_is_missing(cohorts: list[int], open_: int) -> None:
    total = sum(cohorts)
    # An open place is a dot of ink with one of paper on it.
    assert dots(pictures.disc(tuple(cohorts), total + open_, DARK)) == total + 2 * open_


def moves(*shown: Shown) -> list[str]:
    """What each of these draws of one screen moves."""

    def page(shown) -> None:
        import streamlit as st

        from pages.ui.stage import motion

        for one in shown:
            motion.forget_others(one, "")
            st.text(motion.of_celebration(one, "") if one.scene == "celebrate" else motion.of_count(one, ""))

    return [one.value for one in AppTest.from_function(page, args=(shown,)).run().text]


def test_the_number_moves_once_for_each_change_and_not_when_its_scene_comes_back() -> None:
    counts = [Shown(counted(total), "count") for total in (5, 5, 6, 6, 7)]
    assert moves(*counts) == ["still", "still", "even", "even", "odd"]
    assert moves(counts[0], Shown(FULL, CELEBRATE), counts[-1])[::2] == ["still", "still"]
    assert moves(counts[0], dataclasses.replace(counts[2], is_still=True))[-1] == "still"


def test_a_screen_that_joins_late_begins_where_the_others_are_and_stays_there() -> None:
    def at(seconds: float, **more: bool) -> Shown:
        return Shown(FULL, CELEBRATE, celebrated=3000, seconds=seconds, **more)

    assert moves(at(0), at(1.2), at(9)) == ["s0"] * 3
    assert moves(at(1.7), at(4)) == ["s3"] * 2
    assert moves(at(7), at(8)) == ["still"] * 2
    assert moves(at(7), at(0.2)) == ["still", "s0"]
    assert moves(at(0, is_still=True)) == ["still"]


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.text("abc de", min_size=1, max_size=40), st.integers(2004, 2026)), max_size=70))
def test_any_professions_fit_in_four_steps_that_end_with_all_of_them(found: list[tuple[str, int]]) -> None:
    steps = professions._steps([Profession(*one) for one in found])
    assert len(steps) <= 4
    assert sum(len(step.names) for step in steps) == len(found)
    assert not steps or steps[-1].number == len(found)
    if steps:
        plan = professions._fitting("From 3 professions to 16", steps)
        assert fit.fits(partial(plan.height, title="From 3 professions to 16"))


@pytest.mark.parametrize("number", [1, 2, 8, 15, 40, 300])
def test_any_number_of_partners_fits_or_says_how_many_more(number: int) -> None:
    names = tuple(f"Northgate Newcomer Centre {i}" for i in range(number))
    shown = [name for part in partners._fitting("Partner agencies", names) for name in part]
    rest = [int(said[1]) for name in shown if (said := re.fullmatch(r"and (\d+) more", name))]
    assert len(shown) - len(rest) + sum(rest) == number


def test_the_style_is_not_taken_for_markup() -> None:
    # Streamlit drops a style sheet that holds what looks like a tag.
    assert not re.search(r"<[a-z/!]", screen.CSS.read_text(), re.IGNORECASE)
