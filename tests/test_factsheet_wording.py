"""Headings state what was found, and are true of any number."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.factsheet import wording
from tests import sheets


@pytest.mark.parametrize(
    ("numerator", "base", "said"),
    [
        (37, 40, ", 93 per cent more than in the 2004 pilot"),
        (-5, 40, ", 13 per cent fewer than in the 2004 pilot"),
        (0, 40, ", as many as in the 2004 pilot"),
        (1, 400, ", about as many as in the 2004 pilot"),
    ],
)
def test_growth_says_more_fewer_or_as_many(numerator: int, base: int, said: str) -> None:
    assert wording.growth(sheets.rate(numerator, base), "2004 pilot") == said


def test_without_a_cohort_before_nothing_is_said_of_growth() -> None:
    assert wording.growth(sheets.count(None), "2005") == ""


@pytest.mark.parametrize(
    ("number", "new", "said"),
    [
        (10, 4, "Ten occupational groups, four of them new"),
        (10, 0, "Ten occupational groups, none of them new"),
        (3, 3, "Three occupational groups, all of them new"),
        (16, 13, "16 occupational groups, 13 of them new"),
        (1, 1, "One occupational group, a new one"),
        (3, None, "Three occupational groups"),
        (0, 0, "No occupational groups"),
    ],
)
def test_groups_are_counted_in_words(number: int, new: int | None, said: str) -> None:
    assert wording.groups(number, new) == said


@pytest.mark.parametrize(
    ("numerator", "base", "said"),
    [
        (25, 38, "Two in three 2005 mentees reached had found work, above the objective"),
        (24, 40, "Six in ten 2005 mentees reached had found work, just at the objective"),
        (19, 38, "Half of 2005 mentees reached had found work, below the objective"),
        (0, 38, "None of the 2005 mentees reached had found work, below the objective"),
        (17, 38, "45 % of 2005 mentees reached had found work, below the objective"),
        (38, 38, "All 2005 mentees reached had found work, above the objective"),
    ],
)
def test_outcomes_are_set_against_the_objective(numerator: int, base: int, said: str) -> None:
    assert wording.outcome(sheets.rate(numerator, base), "2005", 60) == said


def test_protected_shares_are_said_as_about_and_on_no_side_of_the_objective() -> None:
    said = wording.outcome(sheets.rate(25, 40, protected=True), "2005", 60)
    assert said == "About 63 % of 2005 mentees reached had found work; the objective is 60 %"


@given(st.integers(1, 300).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base))))
@settings(derandomize=True, deadline=None)
def test_all_and_none_are_said_of_no_other_share(part: tuple[int, int]) -> None:
    said = wording.share(sheets.rate(*part))
    assert (said == "all") == (part[0] == part[1])
    assert (said == "none of the") == (part[0] == 0)


def test_a_running_cohort_is_only_so_far_smaller() -> None:
    fewer, more = sheets.rate(-5, 40), sheets.rate(5, 40)
    assert wording.growth(fewer, "2005", is_over=False) == ", so far 13 per cent fewer than in 2005"
    assert wording.growth(more, "2005", is_over=False) == ", 13 per cent more than in 2005"
