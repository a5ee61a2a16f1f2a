"""Single protected figures: classes of three values at least, shares of printed numbers, sentences for too few."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.counting.figure import Figure, Period
from services.counting.protect import classes, median_allowed, printed, protect_figure, rate, together

DAY = dt.date(2006, 3, 31)


def figure(value, unit="%", **given) -> Figure:
    return Figure(value, unit, "A rule.", Period(None, DAY), DAY, **given)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(limit=st.integers(0, 400), smallest=st.integers(1, 30))
def test_classes_leave_three_values_and_print_one_of_them(limit: int, smallest: int) -> None:
    cells = classes(limit, smallest)
    assert (cells[0].low, cells[-1].high) == (0, limit)
    assert all(below.high + 1 == above.low for below, above in pairwise(cells))
    assert all(cell.high - cell.low >= 2 for cell in cells) or limit < 2
    assert all(cell.low <= cell.value <= cell.high and cell.value % 5 == 0 for cell in cells[1:])
    assert len({cell.text for cell in cells}) == len(cells)


@pytest.mark.parametrize(
    ("count", "limit", "text"),
    [
        *((0, 77, "<11"), (10, 77, "<11"), (11, 77, "15"), (17, 77, "15"), (18, 77, "20"), (28, 29, "25")),
        *((28, 30, "30"), (5, 9, "<11"), (12, 12, "<13"), (13, 15, "15"), (1137, 1137, "1,135")),
    ],
)
def test_counts_print_by_their_class(count: int, limit: int, text: str) -> None:
    assert printed(count, limit).text == text


@pytest.mark.parametrize("smallest", [11, 20])
def test_a_share_tells_neither_of_its_numbers(smallest: int) -> None:
    for limit in range(2, 45):
        alike = defaultdict(set)
        for base in range(limit + 1):
            for numerator in range(base + 1):
                alike[str(rate(numerator, base, limit, smallest=smallest))].add((numerator, base))
        assert min(len(set(values)) for pairs in alike.values() for values in zip(*pairs, strict=True)) >= 3


def test_no_share_reads_100_per_cent_as_the_rounding_alone_may_be_it() -> None:
    for base in range(18, 80):
        for numerator in range(base + 1):
            shown = protect_figure(figure(Decimal(50), numerator=numerator, base=base), 80)
            assert shown.value is None or shown.value < 100
            assert shown.is_nearly_all is (shown.numerator is not None and shown.numerator == shown.base)
    few = protect_figure(figure(Decimal(75), numerator=12, base=16), 80)
    assert (few.numerator, few.base, few.is_nearly_all) == (15, 15, False), "11 to 17 of 11 to 17 may be any of them"


def test_the_share_of_2005_comes_from_what_is_printed() -> None:
    shown = protect_figure(figure(Decimal(2500) / 38, numerator=25, base=38, base_unit="mentees reached"), 40)
    assert (shown.numerator, shown.base, shown.text, shown.protected) == (25, 40, "63 %", True)


@pytest.mark.parametrize(
    ("numerator", "base", "sentence"),
    [
        (9, 12, "Fewer than 18 mentees reached: too few to show a share."),
        (0, 0, "Fewer than 11 mentees reached: too few to show a share."),
        (2, 41, "<11 of 40 mentees reached: too few to show a share."),
        (18, 21, "Nearly all of about 20 mentees reached; rounded, no share can be told."),
    ],
)
def test_too_few_are_said_and_not_shown(numerator: int, base: int, sentence: str) -> None:
    exact = figure(Decimal(1), numerator=numerator, base=base, base_unit="mentees reached")
    shown = protect_figure(exact, 77)
    assert (shown.value, shown.text, shown.absent) == (None, "–", sentence)


def test_nothing_to_count_reads_like_a_small_number() -> None:
    nothing = figure(None, numerator=0, base=0, base_unit="answers", absent="Nobody was asked.")
    few = figure(Decimal(50), numerator=3, base=6, base_unit="answers")
    assert protect_figure(nothing, 77) == protect_figure(few, 77)


def test_a_median_shows_where_its_base_is_large_enough() -> None:
    assert protect_figure(figure(19, "days", base=18), 77) == figure(19, "days", base=20, protected=True)
    hidden = protect_figure(figure(19, "days", base=17, base_unit="matches"), 77)
    assert (hidden.value, hidden.absent) == (None, "Fewer than 18 matches: too few to show.")
    assert [median_allowed(printed(base, 77)) for base in (0, 17, 18, 77)] == [False, False, True, True]


def test_a_part_and_a_count_print_by_their_class() -> None:
    part = protect_figure(figure(26, "mentors", base=71), 77)
    assert (part.value, part.base, part.text) == (25, 70, "25")
    small = protect_figure(figure(4, "mentors", base=71, numerator=4), 77)
    assert (small.value, small.numerator, small.absent) == (None, None, "Fewer than 11 mentors: too few to show.")


def test_the_programme_is_told_from_what_its_cohorts_show() -> None:
    cohorts = [
        protect_figure(figure(Decimal(1), numerator=numerator, base=base), 80)
        for numerator, base in [(25, 38), (40, 61), (2, 9)]
    ]
    whole = together(cohorts)
    assert (whole.numerator, whole.base, whole.text, whole.protected) == (65, 100, "65 %", True)
    assert together(cohorts[2:]).absent == "Too few in every cohort to show a share."
    with pytest.raises(ValueError, match="protected"):
        together([figure(Decimal(1), numerator=25, base=38)])


@pytest.mark.parametrize(("numerator", "base", "limit"), [(3, 2, 9), (1, 10, 9), (-1, 5, 9)])
def test_numbers_out_of_order_are_refused(numerator: int, base: int, limit: int) -> None:
    with pytest.raises(ValueError, match=r"out of|outside"):
        rate(numerator, base, limit)
