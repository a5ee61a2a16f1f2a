"""From everything that managers and the public see, no protected count can be narrowed to fewer than three values."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.counting.narrowing import Layer, Sum, is_wide
from services.counting.protect import printed
from services.counting.published import Publication, Snapshot, publication_days, table
from tests.attacker import Seen, fewest, plain, prints_as, work_out

DAYS = publication_days(dt.date(2006, 1, 9), dt.date(2008, 12, 31))
GROUPS_2006 = (17, 16, 16, 11, 8, 3, 2, 2, 1, 1)


def desk(count: int, limit: int) -> str:
    return printed(count, limit).text


def told(histories, **given) -> list[Snapshot]:
    """Snapshots of counts, one publication day after the other; labels are A, B, C …"""
    return [
        Snapshot(day, sum(counts), {chr(65 + label): count for label, count in enumerate(counts)}, **given)
        for day, counts in zip(DAYS, histories, strict=False)
    ]


def sheets(history: list[Snapshot], publish=table, **how) -> list[Publication | None]:
    """What is shown as of each of the days."""
    return [publish(history[: day + 1], **how) for day in range(len(history))]


# The attacker is able: plain rounding loses each time.


def test_plain_rounding_leaves_two_values_to_a_ten() -> None:
    assert prints_as("10", 99, plain) == [11, 12]


def test_plain_rounding_cut_off_by_a_public_total_leaves_two_values() -> None:
    assert prints_as(plain(28), 29, plain) == [28, 29]
    assert len(prints_as(desk(28, 29), 29, desk)) >= 3


def test_plain_rounding_beside_an_exact_total_tells_everything_at_the_extremes() -> None:
    found = work_out([Seen((31, 31), ("15", "20"))], 2, plain)
    assert found.tolist() == [[[13, 13], [18, 18]]]


def test_plain_rounding_day_by_day_tells_who_joined() -> None:
    found = work_out([Seen((31, 31), ("15", "15")), Seen((32, 32), ("20", "15"))], 2, plain)
    assert found[1].tolist() == [[18, 18], [14, 14]]


def test_a_split_of_the_programme_less_those_of_its_cohorts_tells_of_both() -> None:
    """Even in our classes: two cohorts print 15 each, and the programme 35."""
    whole = prints_as("35", 200, desk)
    found = work_out([Seen((whole[0], whole[-1]), ("15", "15"))], 2, desk, rising=False)
    assert found.tolist() == [[[16, 17], [16, 17]]]


# Tables, as someone sees them who solves for every count.

edges = st.sampled_from([0, 1, 3, 10, 11, 12, 17, 18, 22, 23]) | st.integers(0, 60)
steps = st.sampled_from([0, 0, 0, 1, 1, 2, 5, 12, 30])


@st.composite
def histories(draw: st.DrawFn) -> list[list[int]]:
    """Counts of each day, never falling; every second day is no publication day."""
    labels, days = draw(st.integers(2, 6)), draw(st.integers(1, 4))
    told = [draw(st.lists(edges, min_size=labels, max_size=labels))]
    while len(told) < 2 * days - 1:
        more = draw(st.lists(steps, min_size=labels, max_size=labels))
        told.append([count + step for count, step in zip(told[-1], more, strict=True)])
    return told


def known(counts: list[list[int]], shown: list[Publication | None]) -> list[Seen]:
    """Exact totals of all days, and every sheet on the day that it is of."""
    texts = {sheet.day: tuple(sheet.rows["text"]) for sheet in shown if sheet}
    return [Seen((sum(one),) * 2, None if day % 2 else texts.get(DAYS[day // 2])) for day, one in enumerate(counts)]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(counts=histories())
def test_every_count_of_every_day_keeps_three_values(counts: list[list[int]]) -> None:
    days = [day for day in known(counts, sheets(told(counts[::2]))) if day.total[0] >= 2]
    if days:
        assert fewest(work_out(days, len(counts[0]), desk)) >= 3


@settings(max_examples=25, deadline=None, derandomize=True)
@given(counts=st.lists(st.lists(edges, min_size=4, max_size=4), min_size=1, max_size=3))
def test_counts_that_may_fall_keep_three_values_on_each_day(counts: list[list[int]]) -> None:
    days = [
        day for day in known([x for one in counts for x in (one, one)], sheets(told(counts), rising=False)) if day.texts
    ]
    if days:
        assert fewest(work_out(days, 4, desk, rising=False)) >= 3


# Small tables, as someone sees them who runs the desk's own code on every history there could be.


def shares(total: int, labels: int) -> Iterator[tuple[int, ...]]:
    if labels == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in shares(total - first, labels - 1))


def every_history(totals: tuple[int, ...], labels: int) -> list[tuple[tuple[int, ...], ...]]:
    whole: list[tuple[tuple[int, ...], ...]] = [(first,) for first in shares(totals[0], labels)]
    for before, after in pairwise(totals):
        whole = [
            (*one, tuple(a + b for a, b in zip(one[-1], more, strict=True)))
            for one in whole
            for more in shares(after - before, labels)
        ]
    return whole


def fewest_behind(histories, see: Callable) -> int:
    """Of histories that look the same, how many values the best known count has."""
    alike = defaultdict(list)
    for history in histories:
        alike[see(history)].append([count for day in history for count in day])
    return min(len(set(values)) for group in alike.values() for values in zip(*group, strict=True))


def look(history, publish=table, **how):
    return tuple((one.day, *one.rows["text"]) if one else None for one in sheets(told(history), publish, **how))


@pytest.mark.parametrize(
    ("totals", "labels", "smallest"),
    [((28, 31), 2, 11), ((28, 29, 31), 2, 11), ((8, 9, 11), 2, 3), ((20, 21, 22), 2, 3), ((6, 8), 3, 3)],
)
def test_no_count_is_told_even_by_what_was_held_back(totals, labels, smallest) -> None:
    assert fewest_behind(every_history(totals, labels), lambda one: look(one, smallest=smallest)) >= 3


def without_decoys(history: list[Snapshot]) -> Publication | None:
    """The plain way: publish what leaves three values beside all that was published, hold back the rest."""
    latest: Publication | None = None
    before: list[Layer] = []
    for one in history:
        cells = tuple(printed(count, one.total) for count in one.counts.values())
        layer = Layer(cells, (Sum(tuple(range(len(cells))), one.total, one.total),))
        if is_wide([*before, layer]):
            before.append(layer)
            latest = Publication(one.day, one.total, "", pd.DataFrame({"text": [cell.text for cell in cells]}))
    return latest


def test_holding_back_without_a_decoy_tells_counts() -> None:
    """After "20" and "<11" of 28, nothing but 21 and 10 or 22 and 9 is held back of 31."""
    assert fewest_behind(every_history((28, 31), 2), lambda one: look(one, without_decoys)) == 2


def test_parts_of_a_protected_total_are_not_told_beside_sums_printed_elsewhere() -> None:
    """Reasons of early endings, beside how many ended early and how many of them were hired."""
    limit, alike = 6, defaultdict(list)
    for counts in (one for total in range(limit + 1) for one in shares(total, 3)):
        known = (*counts, counts[0] + counts[1], sum(counts))
        sheet = table(told([counts], limit=limit, also=(("A", "B"),)), smallest=3, rising=False)
        alike[*(printed(one, limit, 3).text for one in known[3:]), *(sheet.rows["text"] if sheet else ())].append(known)
    assert any(len(seen) > 2 for seen in alike)
    assert min(len(set(values)) for group in alike.values() for values in zip(*group, strict=True)) >= 3


# What is left to read.


def test_the_cohort_of_2006_is_published() -> None:
    sheet = table(told([(17, 16, 16, 11, 8, 3, 2, 2, 1, 1)]))
    assert sheet is not None
    assert (sheet.total, sheet.total_text) == (77, "77")
    assert list(sheet.rows["text"]) == ["15"] * 4 + ["<11"] * 6
    assert list(sheet.rows["value"].dropna()) == [15] * 4
    assert dict(sheet.rows.dtypes.astype(str)) == {"label": "str", "value": "Int64", "text": "str"}


def cohort(chance: random.Random, size: int) -> list[list[int]]:
    """Ten groups of unlike size that fill over three quarters, then stay."""
    weights = [0.8**label for label in range(10)]
    joined = chance.choices(range(10), weights, k=size)
    ends = (size * 3 // 10, size * 8 // 10, size, size)
    return [[joined[:end].count(label) for label in range(10)] for end in ends]


def test_cohorts_of_80_to_220_over_ten_groups_are_published() -> None:
    chance = random.Random(3)
    latest = [table(told(cohort(chance, chance.randint(80, 220)))) for _ in range(60)]
    assert all(latest)
    assert sum(sheet.day == DAYS[2] for sheet in latest if sheet) >= 50


def test_a_published_table_stays_when_nobody_or_too_few_have_joined() -> None:
    first = [20, 14, 9, 6]
    assert [sheet and sheet.total for sheet in sheets(told([first, first, [21, 14, 9, 6]]))] == [49, 49, 49]


@pytest.mark.parametrize("counts", [(3, 2), (10,) * 10, (9, 9, 9, 2), (28,)])
def test_tables_with_too_few_are_not_shown(counts: tuple[int, ...]) -> None:
    assert table(told([counts])) is None


def test_of_a_protected_total_the_sheet_prints_the_class() -> None:
    sheet = table(told([(24, 9, 3)], limit=80), rising=False)
    assert sheet is not None
    assert (sheet.total, sheet.total_text, list(sheet.rows["text"])) == (35, "35", ["25", "<11", "<11"])


def test_publication_days_are_the_ends_of_quarters() -> None:
    assert publication_days(dt.date(2006, 3, 31), dt.date(2006, 9, 30)) == [
        dt.date(2006, 3, 31),
        dt.date(2006, 6, 30),
        dt.date(2006, 9, 30),
    ]
    assert publication_days(dt.date(2006, 4, 1), dt.date(2006, 6, 29)) == []
    assert publication_days(dt.date(2006, 4, 2), dt.date(2006, 4, 1)) == []


@pytest.mark.parametrize("wrong", [[(3, 4), (3, 3)], [(9, 9), (9, 9, 1)]])
def test_a_history_that_cannot_be_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match=r"fall|order"):
        table(told(wrong))
