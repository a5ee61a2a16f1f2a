"""Charts say every number in words on their marks, in the colours of the palette, whatever the rows hold."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import altair as alt
import pandas as pd
import pytest

from pages.ui import words
from pages.ui.charts import (
    attendance,
    cohorts,
    course,
    endings,
    funnel,
    groups,
    outcomes,
    pace,
    placements,
    returning,
    trend,
)
from pages.ui.theme import DARK, LIGHT, Tokens

THEMES = pytest.mark.parametrize("t", [LIGHT, DARK], ids=["light", "dark"])


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split()).astype(object)


COHORTS = frame("cohort matches", ("2004 pilot", 29), ("2005", 40), ("2006", 77), ("2007", 12345))
GROUPS = frame(
    "group now before now_text before_text",
    ("Accounting", 17, 12, None, None),
    ("Social work and social policy, with all that belongs to both", 16, 0, None, None),
    ("Engineering", 9, 11, None, None),
    ("Purchasing", 3, 3, None, None),
    ("Library services", None, 15, "<11", None),
    ("Law", None, None, "<11", "<11"),
    ("Recreation", 0, None, None, "<11"),
)
OUTCOMES = frame(
    "cohort note employed in_field",
    ("2004", "of 28, Dec 2004", Decimal("78.5"), Decimal("71.4")),
    ("2005", "of 38, Apr 2006", Decimal(2500) / 38, Decimal(2100) / 38),
    ("2006", "of <11", None, None),
    ("2007", "of 40, Apr 2008", Decimal("92.5"), None),
)
FUNNEL = frame(
    "step mentees text", ("Ready", 118, ""), ("Proposed", 96, "81 % of ready"), ("Started", 0, None), ("Done", None, "")
)
ATTENDANCE = frame(
    "event share text note",
    ("Orientation, mentors", Decimal("93.5"), "94 %", "72 of 77"),
    ("Workshop", None, "too few to show", None),
    ("Recognition", 0, "0 %", "0 of 5"),
)
ENDINGS = frame(
    "reason matches text is_success",
    ("Hired in their field", 15, "15", True),
    ("No contact", None, "<11", False),
    ("Moved away", 0, "0", False),
)
TREND = frame(
    "day value", (dt.date(2026, 1, 1), 31), (dt.date(2026, 2, 1), None), (dt.date(2026, 3, 1), Decimal("21.5"))
)
PACE = frame(
    "month order cohort matches",
    ("Jan", 1, "2026", 6),
    ("Feb", 2, "2026", 20),
    ("Jan", 1, "2025", 2),
    ("Feb", 2, "2025", None),
    ("Mar", 3, "2025", 24),
)
FAN = frame("month order low high", ("Mar", 3, 30, 38))
PLACEMENTS = frame(
    "cohort committed hired permanent",
    ("Co-Op Engineering 2012", 50, 35, 28),
    ("Career Bridge", 10, 11, 9),
    ("Next", None, 0, 0),
)
CURVE = frame(
    "day total mark",
    (dt.date(2004, 5, 3), 4, None),
    (dt.date(2009, 5, 4), 10, 10),
    (dt.date(2026, 11, 24), 37, None),
)
AHEAD = {
    "goal": 50,
    "expected": dt.date(2027, 3, 9),
    "earliest": dt.date(2026, 12, 29),
    "latest": dt.date(2027, 5, 25),
}
RETURNING = frame("cohort first_time returning", ("2025", 52, 106), ("2026", 49, 0))

Draw = Callable[[pd.DataFrame, Tokens], alt.LayerChart]
Say = Callable[[pd.DataFrame], str]
#: Each chart with its rows, how it is drawn and how it is said.
CHARTS: dict[str, tuple[pd.DataFrame, Draw, Say]] = {
    "columns": (COHORTS, cohorts.columns, cohorts.columns_words),
    "columns_target": (
        COHORTS,
        lambda f, t: cohorts.columns(f, t, chosen="2006", target=75),
        lambda f: cohorts.columns_words(f, chosen="2006", target=75),
    ),
    "dumbbell": (
        GROUPS,
        lambda f, t: groups.dumbbell(f, t, now="2006", before="2005"),
        lambda f: groups.dumbbell_words(f, now="2006", before="2005"),
    ),
    "dumbbell_alone": (
        GROUPS,
        lambda f, t: groups.dumbbell(f, t, now="2006", before=None),
        lambda f: groups.dumbbell_words(f, now="2006", before=None),
    ),
    "shares": (
        OUTCOMES,
        lambda f, t: outcomes.shares(f, t, chosen="2005", objective=60),
        lambda f: outcomes.shares_words(f, objective=60),
    ),
    "steps": (FUNNEL, lambda f, t: funnel.steps(f, t, subject="Started"), funnel.steps_words),
    "attendance": (ATTENDANCE, attendance.bars, attendance.bars_words),
    "endings": (ENDINGS, endings.bars, endings.bars_words),
    "sparkline": (
        TREND,
        lambda f, t: trend.sparkline(f, t, objective=28),
        lambda f: trend.sparkline_words(f, objective=28, unit="days"),
    ),
    "sparkline_bars": (TREND, lambda f, t: trend.sparkline(f, t, kind="bars"), trend.sparkline_words),
    "months": (
        PACE,
        lambda f, t: pace.months(f, t, target=160, chosen="2026", before="2025", fan=FAN),
        lambda f: pace.months_words(f, target=160, chosen="2026", before="2025", fan=FAN),
    ),
    "placements": (PLACEMENTS, placements.bars, placements.bars_words),
    "curve": (
        CURVE,
        lambda f, t: course.curve(f, t, goal=50, expected=AHEAD["expected"]),
        lambda f: course.curve_words(f, goal=50, expected=AHEAD["expected"]),
    ),
    "projection": (
        CURVE[["day", "total"]].iloc[[0, 2]],
        lambda f, t: course.projection(f, t, **AHEAD),
        lambda f: course.projection_words(f, **AHEAD),
    ),
    "stacks": (RETURNING, returning.stacks, returning.stacks_words),
}
EACH = pytest.mark.parametrize("name", CHARTS)


def inside(node: object) -> Iterator[tuple[str, Any]]:
    """Every key of a specification with its value."""
    if isinstance(node, dict):
        yield from node.items()
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from inside(part)


def labels(chart: alt.LayerChart) -> set[str]:
    """Every text on the chart, from the fields and values that text marks show."""
    spec = chart.to_dict()
    shown = set()
    for key, text in inside(spec):
        if key == "text" and "field" in text:
            shown |= {
                str(row[text["field"]]) for rows in spec["datasets"].values() for row in rows if text["field"] in row
            }
        elif key == "text" and "value" in text:
            shown.add(text["value"])
    return shown - {""}


def rows_of(chart: alt.LayerChart) -> list[dict[str, Any]]:
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


@EACH
@THEMES
def test_every_colour_is_of_the_palette(name: str, t: Tokens) -> None:
    rows, draw, _ = CHARTS[name]
    palette = set(re.findall(r"#[0-9A-F]{6}", repr(t)))
    assert set(re.findall(r"#[0-9A-Fa-f]{3,8}\b", json.dumps(draw(rows, t).to_dict()))) <= palette


@EACH
def test_no_legend_no_title_and_the_common_dress(name: str) -> None:
    rows, draw, _ = CHARTS[name]
    spec = draw(rows, LIGHT).to_dict()
    assert spec["config"]["legend"] == {"disable": True}
    assert spec["config"]["background"] == "transparent"
    assert "title" not in spec
    assert [value for key, value in inside(spec["layer"]) if key == "legend" and value] == []


def degenerate(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """No row, one, many, every number missing, and columns of the other kind."""
    yield rows.head(0)
    yield rows.head(1)
    yield rows.tail(1)
    yield pd.concat([rows] * 6)
    kept = ("cohort", "group", "note", "step", "event", "reason", "is_success", "day", "month", "order")
    yield rows.assign(**dict.fromkeys(rows.columns.difference(kept), None))
    yield rows.convert_dtypes()


@EACH
def test_any_rows_are_drawn_and_said_without_nan(name: str) -> None:
    rows, draw, say = CHARTS[name]
    for some in degenerate(rows):
        spec = json.dumps(draw(some, LIGHT).to_dict(), allow_nan=False)
        assert not re.search(r"(?i)\bnan\b|<na>|\bnone\b", spec), some
        assert not re.search(r"(?i)\bnan\b|<na>|\bnone\b", say(some)), some
        assert say(some).endswith(".")


@EACH
def test_the_words_name_every_value(name: str) -> None:
    rows, _, say = CHARTS[name]
    told = say(rows)
    for column in rows.columns.difference(["order", "share", "is_success", "day", "month"]):
        if name == "dumbbell_alone" and column.startswith("before"):
            continue
        for value in rows[column].dropna():
            if column in ("employed", "in_field"):
                assert words.per_cent(value) in told
            else:
                assert (value if isinstance(value, str) else words.number(value)) in told


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("columns", {"29", "40", "77", "12,345"}),
        ("columns_target", {"29", "40", "77", "12,345", "target 75"}),
        ("dumbbell", {"17", "16", "9", "3", "<11", "0", "2005", "2006", "12", "11", "15", "new", "as in 2005"}),
        ("dumbbell_alone", {"17", "16", "9", "3", "<11", "0"}),
        ("shares", {"79 %", "71 %", "66 %", "55 %", "93 %", "too few to show", "employed", "in their field"}),
        ("steps", {"118", "96", "81 % of ready", "0", words.NOTHING}),
        ("attendance", {"94 %", "72 of 77", "too few to show", "0 %", "0 of 5"}),
        ("endings", {"15", "a success", "<11", "0"}),
        ("sparkline", set()),
        ("months", {"2026: 20", "2025: 2", "target 160", "30 to 38"}),
        ("curve", {"10", "May 2009", "50", "expected 9 Mar"}),
        ("projection", {"50", "37 today", "29 Dec 2026 to 25 May 2027"}),
        ("stacks", {"0 returning", "49 first-time"}),
        ("placements", {"50 committed", "35 hired", "28 permanent", "10 committed", "11 hired", "9 permanent"}),
    ],
)
def test_labels_carry_every_number(name: str, expected: set[str]) -> None:
    rows, draw, _ = CHARTS[name]
    shown = labels(draw(rows, LIGHT))
    assert expected <= shown
    assert not re.search(r"\d\.\d", " ".join(shown))


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("columns_target", "target", 75),
        ("shares", "goal", 60),
        ("sparkline", "value", 28),
        ("months", "matches", 160),
        ("placements", "committed", 50),
    ],
)
@THEMES
def test_an_objective_is_a_dashed_line_at_its_value_and_nothing_else_has_its_colour(
    name: str, field: str, value: float, t: Tokens
) -> None:
    rows, draw, _ = CHARTS[name]
    spec = draw(rows, t).to_dict()
    lines = [
        layer
        for key, layers in inside(spec)
        if key == "layer"
        for layer in layers
        if layer.get("mark", {}).get("color") == t.objective and layer["mark"]["type"] != "text"
    ]
    assert {line["mark"]["type"] for line in lines} == {"rule"}
    assert all(line["mark"]["strokeDash"] for line in lines)
    placed = [line["encoding"].get(axis) for line in lines for axis in ("x", "y")]
    assert field in {place.get("field") for place in placed if isinstance(place, dict)}
    assert value in {row.get(field) for row in rows_of(draw(rows, t))}


def subject(chart: alt.LayerChart) -> list[str]:
    return [row["cohort"] for row in rows_of(chart) if row["chosen"]]


def test_the_last_cohort_is_the_subject_unless_another_is_chosen() -> None:
    assert subject(cohorts.columns(COHORTS, LIGHT)) == ["2007"]
    assert subject(cohorts.columns(COHORTS, LIGHT, chosen="2005")) == ["2005"]
    assert subject(cohorts.columns(COHORTS, LIGHT, chosen="1999")) == []


def test_the_number_of_the_subject_stands_above_the_columns_that_it_reaches_over() -> None:
    rows = frame("cohort matches", ("2022", 223), ("2023", 90), ("2024", 158), ("2025", 149))
    mine = next(row for row in rows_of(cohorts.columns(rows, LIGHT)) if row["chosen"])
    assert [mine[f"within_{reach}"] for reach in (1, 2, 3)] == [158, 158, 223]
    text = [layer for layer in cohorts.columns(rows, LIGHT).to_dict()["layer"] if layer["mark"].get("fontSize") == 19]
    assert {layer["encoding"]["y"]["field"] for layer in text} == {"number_y"}


def test_groups_come_with_the_most_of_now_first() -> None:
    rows = rows_of(groups.dumbbell(GROUPS.iloc[::-1], LIGHT, now="2006", before="2005"))
    assert [row["group"] for row in rows][:2] == ["Accounting", GROUPS["group"][1]]
    assert rows[-1]["group"] == "Recreation"


def test_what_is_printed_as_under_a_bound_is_nowhere_in_the_chart() -> None:
    slip = frame(
        "group now before now_text before_text", ("Law", 7, 9, "<11", "<11"), ("Engineering", 25, 30, None, None)
    )
    for before in ("2005", None):
        drawn = rows_of(groups.dumbbell(slip, LIGHT, now="2006", before=before))
        assert {7, 9} & {value for row in drawn for value in row.values() if isinstance(value, float)} == set()
    ended = rows_of(endings.bars(frame("reason matches text is_success", ("Moved", 7, "<11", False)), LIGHT))
    assert 7 not in ended[0].values()


def test_a_name_of_any_letters_stays_a_name() -> None:
    odd = """O'Neil "x" | 'y' \\ </script> datum.z"""
    for name, (rows, draw, _) in CHARTS.items():
        first = rows.columns[0]
        if first != "day":
            spec = draw(
                rows.assign(**{first: odd, "cohort": odd} if "cohort" in rows else {first: odd}), LIGHT
            ).to_dict()
            assert json.loads(json.dumps(spec)) == spec, name
    spec = json.dumps(cohorts.columns(COHORTS.assign(cohort=odd), LIGHT, chosen=odd).to_dict())
    assert json.dumps(json.dumps(odd))[1:-1] in spec


def test_words_and_numbers_are_printed_as_figures_are() -> None:
    assert [words.number(value) for value in (0, 2988, 21.5, Decimal("21.04"), 12345.25)] == [
        "0",
        "2,988",
        "21.5",
        "21",
        "12,345.3",
    ]
    assert [words.per_cent(value) for value in (92.5, Decimal("65.79"), 0)] == ["93 %", "66 %", "0 %"]
    assert [words.listed(some) for some in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
