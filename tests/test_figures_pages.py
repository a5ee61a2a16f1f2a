"""Cohorts, Milestones and Today as pages: they obey cohort and day, show what a role may see, and never a NaN."""

import contextlib
import re
import sqlite3

import pytest

from db.models import Role
from db.settings import settings
from services import transaction
from tests import make
from tests.pages import opened, signed_in, words

__all__ = ["opened"]

COHORTS, MILESTONES, TODAY = "pages/desk/cohorts.py", "pages/story/milestones.py", "pages/desk/today.py"
NOT_A_FIGURE = re.compile(r"\bnan\b|\bNone\b|NaT|Decimal|<NA>|inf\b")


def metrics(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def test_on_30_april_2006_two_thirds_of_the_2005_mentees_reached_had_work(opened) -> None:
    page = opened(COHORTS, cohort="2005", as_of="2006-04-30")
    assert page.title[0].value == "2005 cohort"
    shown = metrics(page)
    assert (shown["Employed"], shown["Employed in field"], shown["Matches"]) == ("66 %", "55 %", "40")
    assert "25 of 38 mentees reached" in words(page)
    assert "21 of 38 mentees reached" in words(page)


def test_the_2006_intake_grew_by_93_per_cent(opened) -> None:
    said = words(opened(COHORTS, cohort="2006", as_of="2006-09-21"))
    assert "77 matches, 93 % more than 2005, in ten occupational groups" in said
    assert "The 2006 intake nearly doubled the one before; it is the largest so far" in said


def test_on_7_october_2013_there_were_1137_matches(opened) -> None:
    page = opened(MILESTONES, as_of="2013-10-07")
    assert metrics(page)["Matches to date"] == "1,137"
    assert "The 1,000th match: 26 April 2013" in words(page) or "The 1,000th match" in words(page)
    assert "1,137" in words(opened(TODAY, as_of="2013-10-07"))
    manager = opened(TODAY, Role.MANAGER, as_of="2013-10-07")
    assert metrics(manager)["Matches to date"] == "1,137"


def test_milestones_tell_the_day_to_come_and_name_whom_to_thank_to_coordinators_only(opened) -> None:
    page = opened(MILESTONES)
    assert "in eight of ten replays" in words(page)
    assert any("Mentor" in frame.value.columns for frame in page.dataframe)
    assert "Recognition list" in words(page)
    for role in (Role.MANAGER, Role.PRESENTER):
        other = opened(MILESTONES, role)
        assert "in eight of ten replays" in words(other)
        assert "Recognition list" not in words(other)
        assert not any("Mentor" in frame.value.columns for frame in other.dataframe)


def test_a_manager_reads_protected_figures_and_no_name(opened) -> None:
    page = opened(COHORTS, Role.MANAGER, cohort="2005", as_of="2006-04-30")
    assert metrics(page)["Employed"] == "63 %"
    assert "25 of 40 mentees reached, Mar 2006, rounded" in words(page)
    behind = opened(COHORTS, Role.MANAGER, cohort="2006", rows="employed")
    assert "Mentee" not in {column for frame in behind.dataframe for column in frame.value.columns}


def test_a_coordinator_opens_a_figure_to_exactly_its_rows(opened) -> None:
    page = opened(COHORTS, cohort="2006", rows="started_matches")
    frame = page.dataframe[-1].value
    assert len(frame) == 77
    assert {"Mentee", "Mentor", "Occupation"} <= set(frame.columns)


def test_an_unknown_figure_in_the_address_is_a_sentence(opened) -> None:
    page = opened(COHORTS, rows="horoscope")
    assert "There is no figure «horoscope»" in page.error[0].value


@pytest.mark.parametrize("role", [Role.COACH, Role.PRESENTER])
def test_a_role_without_figures_finds_no_cohorts(opened, role: Role) -> None:
    assert opened(COHORTS, role).title[0].value == "Nothing here for your account"


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER, Role.ADMINISTRATOR])
@pytest.mark.parametrize(
    "asked",
    [
        {"as_of": "2004-01-10", "cohort": "2004"},
        {"as_of": "1999-12-31"},
        {"as_of": "2006-05-14"},
        {"programme": "Career Bridge"},
        {"programme": "Co-Op Engineering", "as_of": "2003-10-01"},
        {"view": "All cohorts", "as_of": "2009-02-28"},
        {"view": "All cohorts", "as_of": "1999-12-31"},
    ],
    ids=str,
)
def test_no_day_and_no_cohort_shows_anything_but_figures_and_sentences(opened, role: Role, asked) -> None:
    page = opened(COHORTS, role, **asked)
    assert not page.error
    assert not NOT_A_FIGURE.search(words(page))


def test_the_sister_programmes_stand_as_published(opened) -> None:
    bridge = opened(COHORTS, programme="Career Bridge", cohort="2005")
    assert metrics(bridge)["Hired"] == "11"
    assert "against a commitment of 10" in words(bridge)
    coop = opened(COHORTS, programme="Co-Op Engineering")
    assert (metrics(coop)["Hired"], metrics(coop)["Permanent employment"]) == ("50", "70 %")
    assert "35 of 50 hired" in words(coop)


@pytest.mark.parametrize("script", [COHORTS, MILESTONES, TODAY])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_an_empty_desk_says_what_to_do(desk: str, script: str, role: Role) -> None:
    page = signed_in(role, script)
    assert "There is no mentoring programme yet" in words(page)


@pytest.mark.parametrize("script", [COHORTS, MILESTONES, TODAY])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_a_programme_without_cohorts_and_a_cohort_without_matches_have_their_sentence(desk, script, role) -> None:
    with transaction() as session:
        programme = make.programme(session)
    page = signed_in(role, script)
    assert not NOT_A_FIGURE.search(words(page))
    with transaction() as session:
        make.cohort(session, session.get(make.Programme, programme.id))
    page = signed_in(role, script)
    assert not NOT_A_FIGURE.search(words(page))


def test_a_count_opens_to_those_it_counts(opened) -> None:
    page = opened(COHORTS, rows="quiet")
    assert len(page.dataframe[-1].value) == int(metrics(page)["Quiet matches"])
    assert "Counts" not in page.dataframe[-1].value.columns


def test_a_manager_opens_the_figures_of_milestones_by_cohort_and_reads_who_opens_the_stage(opened) -> None:
    page = opened(MILESTONES, Role.MANAGER, rows="matches_to_date")
    assert "ask one of them for a link" in words(page)
    cohorts = page.dataframe[-1].value["Matches"]
    assert sum(int(many) for many in cohorts) == int(metrics(page)["Matches to date"].replace(",", ""))
    assert "ask one of them for a link" not in words(opened(MILESTONES))


def test_a_cohorts_name_is_text_in_a_managers_cards(opened) -> None:
    with contextlib.closing(sqlite3.connect(settings().database_url.removeprefix("sqlite:///"))) as database, database:
        database.execute("UPDATE cohort SET name = ':red[x] [l](http://x)' WHERE name = '2025'")
    page = opened(TODAY, Role.MANAGER)
    changes = [metric.delta for metric in page.metric if "red" in metric.delta]
    assert changes
    assert all("\\:red\\[x\\]" in change for change in changes)
