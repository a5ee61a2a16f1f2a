"""Every number has one definition and one rounding; what else looks like either is named here with its reason."""

import ast
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from db.settings import ROOT
from services.counting.figure import Figure, Period, rounded

DAY = dt.date(2006, 9, 21)
SETTINGS = settings(max_examples=300, deadline=None, derandomize=True)
halves = st.integers(-10_000, 10_000).map(lambda n: Decimal(n) / 10)


def half_away_from_zero(value: Decimal) -> int:
    """By hand: ten times a value with one decimal is a whole number."""
    ten = int(abs(value) * 10)
    return (1 if value >= 0 else -1) * (ten // 10 + (ten % 10 >= 5))


@SETTINGS
@given(value=halves)
def test_halves_are_rounded_away_from_nought(value: Decimal) -> None:
    assert rounded(value) == half_away_from_zero(value)
    assert rounded(value / 10, 1) * 10 == half_away_from_zero(value)


@SETTINGS
@example(value=Decimal("-0.4"), unit="%")
@given(value=halves, unit=st.sampled_from(["%", "days", "hours", "matches"]))
def test_a_figure_prints_what_rounding_says(value: Decimal, unit: str) -> None:
    tenths = unit == "hours"
    text = Figure(value / 10 if tenths else value, unit, "A rule.", Period(None, DAY), DAY).text
    number = text.removesuffix(f" {unit}").replace(",", "").replace("−", "-")
    whole = half_away_from_zero(value)
    assert number == (f"{Decimal(whole) / 10:.1f}" if tenths else str(whole))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *(("92.5", "93 %"), ("-92.5", "−93 %"), ("91.5", "92 %"), ("0.5", "1 %"), ("2.5", "3 %"), ("-0.4", "0 %")),
        *(("92.4999999999", "92 %"), ("0", "0 %"), ("1137.5", "1,138 %")),
    ],
)
def test_a_half_prints_as_the_city_prints_it(value: str, text: str) -> None:
    assert Figure(Decimal(value), "%", "A rule.", Period(None, DAY), DAY).text == text


#: What counts or rounds, as far as a word tells it.
SUSPECT = {
    "rounds": r"(?<![\w.])round\(|\.round\(|quantize\(|ROUND_|:[,+]?\.\d[f%]|\b(?:ceil|floor|trunc)\(",
    "averages": r"\.mean\(|\.median\(|\bstatistics\b|func\.avg\(|\.quantile\(",
    "counts rows": r"func\.(?:count|sum)\(",
    "makes a share": r"\b100(?:\.0)? ?\*(?!\*)|\* ?100\b(?!\d)|normalize=True|\.pct_change\(",
}
PLACES = "places of people, which the engine fills"
DRAWING = "a length on the screen"
#: Whatever else of services and pages counts or rounds, and why it is no figure.
ALLOWED: dict[str, dict[str, str]] = {
    "services/accounts.py": {"counts rows": "accounts"},
    "services/card.py": {"counts rows": PLACES},
    "services/commands/serving.py": {"counts rows": "whether there is any programme"},
    "services/pool.py": {"counts rows": PLACES},
    "services/record.py": {"makes a share": "compares with a published number within 5 per cent"},
    "services/setup/agencies.py": {"counts rows": "coaches beside an agency, in a list"},
    "services/sign_in.py": {"counts rows": "attempts to sign in"},
    "services/stage/occasions.py": {"counts rows": "names beside an event, in a list of choices"},
    "services/trail.py": {"counts rows": "lines of the trail, in its pages"},
    "pages/desk/match_review.py": dict.fromkeys(("rounds", "makes a share"), "a bar of today's decisions"),
    "pages/ui/charts/cohorts.py": {"rounds": DRAWING},
    "pages/ui/charts/rows.py": {"rounds": DRAWING},
    "pages/ui/charts/stage.py": {"rounds": DRAWING},
    "pages/ui/pictures.py": {"rounds": DRAWING},
    "pages/ui/stage/partners.py": {"rounds": DRAWING},
    "pages/ui/stage/professions.py": {"rounds": DRAWING},
    "pages/ui/theme.py": {"rounds": DRAWING},
    "pages/ui/typeface.py": {"rounds": DRAWING},
}  # fmt: skip
#: Where counting is at home, what reads files or weighs pairs, what makes up the demo, and what lays out exports.
ELSEWHERE = ("services/counting/", "services/imports/", "services/engine/", "services/demo/", "services/exports")


def read() -> list[Path]:
    files = [*(ROOT / "services").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"]
    return [path for path in sorted(files) if not at(path).startswith(ELSEWHERE)]


def at(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def code_of(source: str) -> str:
    """The source without its comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            body[0] = ast.Pass()
    return ast.unparse(tree)


def found_in(source: str) -> set[str]:
    code = code_of(source)
    return {what for what, pattern in SUSPECT.items() if re.search(pattern, code)}


@pytest.mark.parametrize("path", read(), ids=at)
def test_nothing_counts_or_rounds_outside_of_counting(path: Path) -> None:
    assert found_in(path.read_text(encoding="utf-8")) == set(ALLOWED.get(at(path), {}))


def test_every_allowance_is_of_a_file_that_is_there() -> None:
    assert {name for name in ALLOWED if not (ROOT / name).is_file()} == set()


def test_figures_are_rounded_in_one_place() -> None:
    where = {
        at(path) for path in (ROOT / "services" / "counting").rglob("*.py") if "rounds" in found_in(path.read_text())
    }
    not_figures = {"services/counting/narrowing.py": "whole numbers near the corners of what is possible"}
    assert where - set(not_figures) == {"services/counting/figure.py"}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        *(("x = round(92.5)", "rounds"), ("x = frame['a'].round(1)", "rounds"), ("x = f'{share:.0f} %'", "rounds")),
        *(("x = f'{share:,.1f}'", "rounds"), ("x = f'{share:.0%}'", "rounds"), ("x = math.ceil(y)", "rounds")),
        *(
            ("x = frame.mean()", "averages"),
            ("x = select(func.avg(y))", "averages"),
            ("x = hours.median()", "averages"),
        ),
        *(("x = select(func.count())", "counts rows"), ("x = func.sum(y)", "counts rows")),
        *(("x = 100 * a / b", "makes a share"), ("x = a / b * 100", "makes a share")),
    ],
)
def test_what_would_be_a_second_definition_is_seen(line: str, what: str) -> None:
    assert found_in(line) == {what}
    assert found_in(f'"""{line}"""\nx = rounded(figure.value)  # {line}') == set()
