"""The titles of charts: true sentences for any figures."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pandas as pd
import pytest

from services import findings
from services.counting.figure import Figure, Period
from services.findings import Size
from services.wording import counted, fraction, joined, spelled

DAY = dt.date(2006, 9, 21)


def figure(value, unit="%", **given) -> Figure:
    exact = None if value is None else Decimal(str(value))
    return Figure(exact, unit, "A rule.", Period(None, DAY), DAY, **given)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (100, 200, "was 50 % smaller than the one before"),
        (197, 203, "was about as large as the one before"),
        (97, 100, "was about as large as the one before"),
        (96, 100, "was 4 % smaller than the one before"),
        (100, 100, "was about as large as the one before"),
        (103, 100, "was about as large as the one before"),
        (104, 100, "was 4 % larger than the one before"),
        (184, 100, "was 84 % larger than the one before"),
        (185, 100, "nearly doubled the one before"),
        (77, 40, "nearly doubled the one before"),
        (199, 100, "nearly doubled the one before"),
        (200, 100, "doubled the one before"),
        (201, 100, "more than doubled the one before"),
        (250, 100, "more than doubled the one before"),
        (1, 8, "was 88 % smaller than the one before"),
    ],
)
def test_an_intake_is_measured_by_the_one_before(now: int, before: int, said: str) -> None:
    largest = "it is the largest so far" if now > before else "the largest came in 2005"
    largest = "none was larger" if now == before else largest
    sizes = [Size("2005", before), Size("2006", now)]
    assert findings.intake(sizes, "2006") == f"The 2006 intake {said}; {largest}"


@pytest.mark.parametrize(
    ("sizes", "chosen", "said"),
    [
        ([], "2006", "No match of the 2006 cohort has started yet"),
        ([("2004", 29)], "2006", "No match of the 2006 cohort has started yet"),
        ([("2004", 29), ("2006", 0)], "2006", "No match of the 2006 cohort has started yet"),
        ([("2004", 29)], "2004", "The 2004 intake is 29 matches"),
        ([("2004", 1)], "2004", "The 2004 intake is one match"),
        ([("2004", 12)], "2004", "The 2004 intake is twelve matches"),
        ([("2004", 29), ("2005", 40)], "2004", "The 2004 intake is 29 matches; the largest came in 2005"),
        ([("2004", 29), ("2005", 29)], "2004", "The 2004 intake is 29 matches; none was larger"),
        ([("2004", 29), ("2005", 20)], "2004", "The 2004 intake is 29 matches; it is the largest so far"),
        ([("2004", 0), ("2005", 40)], "2005", "The 2005 intake is 40 matches; it is the largest so far"),
        (
            [("2004", 60), ("2005", 40), ("2006", 60)],
            "2006",
            "The 2006 intake was 50 % larger than the one before; none was larger",
        ),
        (
            [("2004", 60), ("2005", 40), ("2006", 50)],
            "2006",
            "The 2006 intake was 25 % larger than the one before; the largest came in 2004",
        ),
        (
            [("2005", 60), ("2006", 70), ("2007", 90)],
            "2006",
            "The 2006 intake was 17 % larger than the one before; the largest came in 2007",
        ),
    ],
)
def test_an_intake_without_one_before_is_a_number_and_the_largest_is_named(sizes, chosen: str, said: str) -> None:
    assert findings.intake([Size(*size) for size in sizes], chosen) == said


def test_a_running_intake_falls_short_only_so_far() -> None:
    sizes = [Size("2005", 100), Size("2006", 80)]
    said = "The 2006 intake is so far 20 % smaller than the one before; the largest came in 2005"
    assert findings.intake(sizes, "2006", is_running=True) == said


@pytest.mark.parametrize(
    ("hired", "said"),
    [
        ((2, 11), "13 hired in two cohorts, 11 of them in 2005"),
        ((2, 0), "2 hired in two cohorts, none of them in 2005"),
        ((0, 11), "11 hired in two cohorts, all of them in 2005"),
    ],
)
def test_cohorts_of_placements_are_told_together(hired: tuple[int, int], said: str) -> None:
    assert findings.placements_by_cohort([Size("2004", hired[0]), Size("2005", hired[1])], "2005") == said


def parts(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["group", "now", "before"])
    return frame.astype({"now": "Int64", "before": "Int64"})


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "Every occupational group is too small to show"),
        ([("IT", None, None)], "Every occupational group is too small to show"),
        ([("IT", 16, None), ("Law", 3, None)], "IT brought most, 16 matches"),
        ([("IT", 1, None)], "IT brought most, one match"),
        ([("Social work", 16, 0), ("IT", 16, 9)], "Social work, new in 2006, brought 16 of the 23 more matches"),
        ([("Social work", 4, 3), ("IT", 16, 9)], "IT brought seven of the eight more matches"),
        ([("IT", 10, 9), ("Law", 3, 3)], "IT brought the one match more"),
        ([("IT", 9, 12), ("Law", 2, 5)], "IT brought most, nine matches"),
        ([("IT", 9, 9), ("Law", 2, 2)], "IT brought most, nine matches"),
        ([("IT", 12, 9), ("Law", 2, 9)], "IT grew most, by three matches"),
        ([("IT", 10, 9), ("Law", 2, 9)], "IT grew most, by one match"),
        ([("IT", 20, 9), ("Law", 2, 9)], "IT grew most, by eleven matches"),
        ([("Law", 2, 0), ("IT", 7, 9)], "Law, new in 2006, grew most, by two matches"),
    ],
)
def test_occupations_are_told_by_what_they_brought(rows, said: str) -> None:
    assert findings.groups(parts(*rows), "2006", exact=True) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("IT", 20, None), ("Law", 15, 15)], "IT brought most, about 20 matches"),
        ([("IT", 20, 15), ("Law", 20, 15)], "IT and Law brought most, about 20 matches each"),
        ([("IT", 15, 15), ("Law", 15, 15), ("Tax", 15, 0)], "IT, Law and Tax brought most, about 15 matches each"),
        ([(name, 15, None) for name in "ABCD"], "Matches of the 2006 cohort by occupational group"),
        ([("IT", 15, None), ("Law", None, 15)], "IT brought most, about 15 matches"),
        ([("IT", None, None)], "Every occupational group is too small to show"),
    ],
)
def test_printed_classes_are_told_as_about_and_compared_with_nothing(rows, said: str) -> None:
    assert findings.groups(parts(*rows), "2006", exact=False) == said


@pytest.mark.parametrize(
    ("share", "objective", "said"),
    [
        (Decimal(2500) / 38, 60, "66 % found employment, six points above the objective"),
        (61, 60, "61 % found employment, one point above the objective"),
        (60, 60, "60 % found employment, just at the objective"),
        (59.5, 60, "60 % found employment, just at the objective"),
        (59.4, 60, "59 % found employment, one point below the objective"),
        (40, 60, "40 % found employment, 20 points below the objective"),
        (0, 60, "0 % found employment, 60 points below the objective"),
        (66, None, "66 % found employment"),
        (None, 60, "Too little is known yet of how the 2005 mentees fared"),
        (None, None, "Too little is known yet of how the 2005 mentees fared"),
    ],
)
def test_an_outcome_is_held_against_the_objective_as_both_are_printed(share, objective, said: str) -> None:
    assert findings.outcome(figure(share, objective=objective), "2005") == said


def test_a_protected_outcome_is_about() -> None:
    shown = figure(63, objective=60, protected=True)
    assert findings.outcome(shown, "2005") == "About 63 % found employment, three points above the objective"
    nearly = replace(shown, value=None, is_nearly_all=True)
    assert findings.outcome(nearly, "2005") == "Nearly all of the 2005 mentees reached had found work"


@pytest.mark.parametrize(
    ("proposed", "started", "said"),
    [
        (0, 0, "Nobody has been proposed yet"),
        (200, 0, "None of those proposed got a match"),
        (200, 200, "All of those proposed got a match"),
        (200, 199, "Nearly all of those proposed got a match"),
        (300, 1, "Hardly any of those proposed got a match"),
        (154, 77, "Half of those proposed got a match"),
        (258, 214, "83 % of those proposed got a match"),
        (100, 81, "Eight in ten of those proposed got a match"),
    ],
)
def test_the_way_is_told_by_those_proposed_who_got_a_match(proposed: int, started: int, said: str) -> None:
    assert findings.funnel({"mentees_proposed": proposed, "mentees_started": started}) == said


def came(*shares) -> pd.DataFrame:
    return pd.DataFrame(shares, columns=["event", "side", "share"])


@pytest.mark.parametrize(
    ("rows", "about", "said"),
    [
        ([], False, "No attendance has been taken yet"),
        ([("Orientation", "mentors", None)], False, "No attendance has been taken yet"),
        ([("Orientation", "mentors", Decimal(100))], False, "Everybody came to everything"),
        ([("Orientation", "mentors", Decimal(0))], False, "All of the mentors missed the orientation"),
        (
            [("Orientation", "mentors", Decimal(90)), ("Workshop", "mentees", Decimal(60))],
            False,
            "40 % of the mentees missed the workshop",
        ),
        ([("Workshop", "mentees", Decimal(75)), ("Orientation", "mentees", None)], False,
         "One in four of the mentees missed the workshop"),
        ([("Workshop", "mentees", Decimal("99.7"))], False, "Hardly any of the mentees missed the workshop"),
        ([("Workshop", "mentees", Decimal("62.5"))], True, "About 38 % of the mentees missed the workshop"),
        ([("Workshop", "mentees", Decimal(100))], True, "Nearly everybody came to what can be shown"),
    ],
)  # fmt: skip
def test_attendance_is_told_by_the_gathering_that_most_missed(rows, about, said: str) -> None:
    assert findings.attendance(came(*rows), about=about) == said


def ends(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["reason", "matches", "is_success"]).astype({"matches": "Int64"})


@pytest.mark.parametrize(
    ("rows", "total", "said"),
    [
        ([], "0", "No match ended early"),
        ([("Relocated", 1, False)], "1", "One match ended early, none for work"),
        ([("Relocated", 1, False), ("Other", 3, False)], "4", "Four matches ended early, none for work"),
        ([("Hired in field", 1, True)], "1", "The one match that ended early did so for work"),
        ([("Hired in field", 1, True), ("Other", 3, False)], "4", "One of the four that ended early was hired"),
        (
            [("Hired in field", 2, True), ("Hired elsewhere", 1, True), ("Other", 3, False)],
            "6",
            "Three of the six that ended early were hired",
        ),
        (
            [("Hired in field", 15, True), ("Other", None, False)],
            "",
            "Hired in field: about 15 of the matches that ended early",
        ),
        (
            [("Hired in field", 15, True), ("Relocated", 15, False), ("Other", None, False)],
            "",
            "Hired in field and relocated: about 15 each of the matches that ended early",
        ),
    ],
)
def test_early_endings_are_told_by_those_for_work(rows, total: str, said: str) -> None:
    assert findings.endings(ends(*rows), total) == said


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([], "What mentors and mentees said"),
        ([("Mentees: rated it positive", 91, False)], "Nine in ten of the mentees rated it positive"),
        ([("Mentors: would do it again", 96, False)], "96 % of the mentors said they would do it again"),
        ([("Mentees: rated it positive", 91, True)], "About 91 % of the mentees rated it positive"),
        ([("Mentees: rated it positive", 0, False)], "None of the mentees rated it positive"),
        (
            [("Mentees: rated it positive", 85, False), ("Mentors: would do it again", 100, False)],
            "All of the mentors said they would do it again",
        ),
    ],
)
def test_of_all_answers_the_one_that_most_gave_is_told(shares, said: str) -> None:
    assert findings.answers([figure(v, label=label, protected=p) for label, v, p in shares]) == said


@pytest.mark.parametrize(
    ("hired", "committed", "permanent", "said"),
    [
        (0, 10, 0, "Nobody has been hired yet"),
        (0, None, 0, "Nobody has been hired yet"),
        (11, 10, 0, "11 hired against a commitment of 10"),
        (2, None, 0, "2 hired"),
        (50, None, 35, "50 hired; 35 found permanent employment"),
        (50, 60, 1, "50 hired against a commitment of 60; 1 found permanent employment"),
    ],
)
def test_placements_are_held_against_what_was_committed_to(hired, committed, permanent, said: str) -> None:
    assert findings.placements(hired, committed, permanent) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "no"), (1, "one"), (12, "twelve"), (13, "13"), (1137, "1,137"), (-1, "-1")],
)
def test_twelve_and_below_are_words(number: int, said: str) -> None:
    assert spelled(number) == said


def test_words_are_joined_as_people_do() -> None:
    assert [joined(list(words)) for words in ("", "A", "AB", "ABC")] == ["", "A", "A and B", "A, B and C"]
    assert (counted(1, "group", "groups"), counted(0, "group", "groups")) == ("one group", "no groups")


def test_a_fraction_is_never_far_from_the_share_and_only_nobody_is_none() -> None:
    said = {"one in ten": 10, "one in five": 20, "one in four": 25, "one in three": 33.3, "half": 50, "six in ten": 60,
            "two in three": 66.7, "seven in ten": 70, "three in four": 75, "eight in ten": 80, "nine in ten": 90,
            "all": 100, "none": 0, "hardly any": 0, "nearly all": 100}  # fmt: skip
    for tenths in range(1001):
        word = fraction(Decimal(tenths) / 10)
        nearest = said[word] if word in said else float(word.removesuffix(" %"))
        assert abs(nearest - tenths / 10) <= 1.6, word
        assert (word == "none") == (tenths == 0)
        assert (word == "all") == (tenths == 1000)
        assert word not in ("0 %", "100 %")
