"""Figures from the command line: one answer a question, as of any day, for people and for programs."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from db.models import ProgrammeKind
from services import transaction
from services.__main__ import app
from services.counting import figures
from tests import make

KEYS = {"name", "label", "text", "value", "exact", "unit", "numerator", "base", "base_unit", "objective", "period",
        "as_of", "rule", "absent"}  # fmt: skip

Says = Callable[..., Any]


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def said(*words: str) -> Any:
    """What a command prints as JSON; a NaN would be none."""
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout, parse_constant=refuse)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("growth --cohort 2006 --as-of 2006-09-21", {"value": 93, "exact": 92.5, "text": "93 %"}),
        ("growth --cohort 2006 --as-of 2006-09-21", {"numerator": 37, "base": 40}),
        ("employed --cohort 2005 --as-of 2006-04-30", {"value": 66, "numerator": 25, "base": 38}),
        ("employed --cohort 2005 --as-of 2006-04-30", {"objective": 60, "base_unit": "mentees reached"}),
        ("employed_in_field --cohort 2005 --as-of 2006-04-30", {"value": 55, "numerator": 21, "base": 38}),
        ("matches_to_date --as-of 2013-10-07", {"value": 1137, "text": "1,137", "unit": "matches"}),
        ("matches_to_date --as-of 2013-10-07", {"numerator": None, "base": None, "exact": 1137}),
        ("started_matches --cohort 2004 --as-of 2004-06-15", {"value": 29}),
        ("mentors --as-of 2016-12-31", {"value": 635}),
        ("repeat_mentors --as-of 2016-12-31", {"value": 283, "numerator": 283, "base": 635}),
        ("groups --as-of 2010-12-31", {"value": 16}),
        ("partners --as-of 2016-02-29", {"value": 15}),
        ("survey:positive --cohort 2004 --as-of 2004-12-31", {"value": 91}),
        ("permanent --programme Co-Op~Engineering --as-of 2005-12-31", {"value": 70, "numerator": 35, "base": 50}),
        ("placed_of_committed --programme Career~Bridge --as-of 2005-12-31", {"value": 11, "base": 10}),
        ("placed_of_committed --programme Career~Bridge --cohort 2005 --as-of 2005-12-31", {"value": 11, "base": 10}),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)  # fmt: skip
def test_a_figure_is_answered_by_its_name_as_of_a_day(demo: Session, words: str, expected: dict[str, Any]) -> None:
    answer = said("figure", *(word.replace("~", " ") for word in words.split()))
    assert set(answer) == KEYS
    assert {key: answer[key] for key in expected} == expected
    assert answer["as_of"] == answer["period"]["last"] == words.split("--as-of ")[1][:10]
    assert answer["rule"].endswith(".")
    assert answer["absent"] == ""


def test_from_moves_the_first_day_of_the_period(demo: Session) -> None:
    whole = said("figure", "served", "--from", "2004-01-01", "--as-of", "2006-12-31")
    late = said("figure", "served", "--from", "2006-12-31", "--as-of", "2006-12-31")
    assert whole["value"] == 146 > late["value"]


def test_for_people_the_base_and_the_rule_stand_below_the_value(demo: Session) -> None:
    done = CliRunner().invoke(app, ["figure", "employed", "--cohort", "2005", "--as-of", "2006-04-30"])
    assert done.stdout.splitlines() == [
        "Employed: 66 %",
        "25 of 38 mentees reached",
        "As of 2006-04-30. Mentees in work at their latest follow-up, of those reached; not of the cohort.",
    ]


def test_a_base_of_zero_is_no_value_and_a_sentence(demo: Session) -> None:
    words = ["figure", "employed", "--cohort", "2005", "--as-of", "2005-01-17"]
    answer = said(*words)
    assert (answer["value"], answer["exact"], answer["numerator"], answer["base"]) == (None, None, None, None)
    assert (answer["text"], answer["absent"]) == ("–", "Nobody has been reached at a follow-up by this day.")
    assert CliRunner().invoke(app, words).stdout.startswith("Employed: Nobody has been reached")


def test_a_programme_without_anything_answers_every_figure(desk: str) -> None:
    with transaction() as session:
        make.programme(session, name="New", kind=ProgrammeKind.MENTORING)
    for name in figures.names():
        answer = said("figure", name)
        assert answer["value"] in (0, None), name
        assert (answer["value"] is None) == bool(answer["absent"]), name
        assert answer["unit"] != "%" or answer["value"] is None, name


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nonsense"], "There is no figure «nonsense». Figures are: matches_to_date, started_matches"),
        (["survey:"], "There is no figure «survey:»."),
        (["growth", "--cohort", "1999"], "There is no cohort «1999» in Profession to Profession. Cohorts are: 2004"),
        (["placed", "--programme", "No"], "There is no programme «No». Programmes are: Profession to Profession, "),
        (["placed", "--programme", "Career Bridge", "--cohort", "2006"], "There is no cohort «2006» in Career Bridge."),
    ],
)  # fmt: skip
def test_what_is_not_there_is_one_sentence_and_status_1(demo: Session, words: list[str], sentence: str) -> None:
    done = CliRunner().invoke(app, ["figure", *words, "--as-of", "2006-09-21", "--json"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(sentence)
    assert len(done.stderr.splitlines()) == 1


def test_a_day_that_is_none_is_refused(demo: Session) -> None:
    done = CliRunner().invoke(app, ["figure", "mentors", "--as-of", "2006-02-30"])
    assert (done.exit_code, done.stdout) == (2, "")


def test_the_list_names_every_figure_once(desk: str) -> None:
    named = CliRunner().invoke(app, ["figure", "list"]).stdout.split()
    assert named == figures.names()
    assert len(set(named)) == len(named)


def test_the_ledger_names_the_match_that_was_the_thousandth(demo: Session) -> None:
    ledger = said("milestones")
    assert [row["number"] for row in ledger] == sorted((row["number"] for row in ledger), reverse=True)
    thousandth = next(row for row in ledger if row["number"] == 1000)
    assert "2012-11-14" < thousandth["day"] <= "2013-10-07"
    assert all(thousandth[key] for key in ("cohort", "match", "group", "agency"))
    assert [row["days"] for row in ledger[:-1]] == [row["days"] for row in ledger if isinstance(row["days"], int)]
    assert ledger[-1]["days"] is None


def test_the_ledger_of_a_day_stops_at_that_day(demo: Session) -> None:
    assert max(row["number"] for row in said("milestones", "--as-of", "2012-11-14")) == 500
    assert said("milestones", "--as-of", "2004-01-01") == []
    lines = CliRunner().invoke(app, ["milestones", "--as-of", "2013-10-07"]).stdout.splitlines()
    assert lines[0].startswith("1,000  20")
