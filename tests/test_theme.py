"""Streamlit's theme and the palette of charts are one, and its words can be read."""

import tomllib
from pathlib import Path

import pytest

from pages.ui.theme import DARK, LIGHT, Tokens, bar_path

ROOT = Path(__file__).parent.parent
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
HUES = ("red", "orange", "yellow", "green", "blue", "gray")
THEMES = pytest.mark.parametrize(("name", "t"), [("light", LIGHT), ("dark", DARK)], ids=["light", "dark"])


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two #RRGGBB colours."""

    def luminance(colour: str) -> float:
        shares = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@THEMES
def test_the_theme_is_the_palette(name: str, t: Tokens) -> None:
    theme = CONFIG["theme"][name]
    expected = {
        "primaryColor": t.chosen,
        "backgroundColor": t.paper,
        "secondaryBackgroundColor": t.panel,
        "textColor": t.ink,
        "linkColor": t.chosen,
        "borderColor": t.line,
        "dataframeBorderColor": t.grid,
        "dataframeHeaderBackgroundColor": t.panel,
        "dataframeHeaderTextColor": t.quiet,
        "chartCategoricalColors": [t.chosen, t.context, t.objective, t.green.mark],
        "sidebar": {"backgroundColor": t.side, "secondaryBackgroundColor": t.paper, "borderColor": t.line},
    }
    for hue in HUES:
        colour = getattr(t, hue)
        expected |= {f"{hue}Color": colour.mark, f"{hue}BackgroundColor": colour.tint, f"{hue}TextColor": colour.text}
    assert theme == expected


@THEMES
def test_words_stand_out_at_least_7_to_1(name: str, t: Tokens) -> None:
    papers = (t.paper, t.panel, t.side)
    pairs = [(words, paper) for words in (t.ink, t.chosen) for paper in papers]
    pairs += [(getattr(t, hue).text, paper) for hue in HUES for paper in (*papers, getattr(t, hue).tint)]
    pairs += [(t.paper, t.chosen)]  # a primary button
    assert [(name, *pair) for pair in pairs if contrast(*pair) < 7] == []


@THEMES
def test_marks_stand_out_at_least_3_to_1(name: str, t: Tokens) -> None:
    marks = [t.context, *(getattr(t, hue).mark for hue in HUES)]
    assert [(name, mark) for mark in marks if contrast(mark, t.paper) < 3] == []


def test_every_bar_is_there_in_the_colours_of_its_theme() -> None:
    for dark, t in ((False, LIGHT), (True, DARK)):
        for value in range(1, 101):
            picture = (ROOT / bar_path(value, dark=dark).removeprefix("app/")).read_text()
            assert t.track in picture
            assert value < 3 or t.chosen in picture


def test_a_bar_more_than_full_is_full() -> None:
    assert bar_path(130, dark=False) == bar_path(100, dark=False)


def test_every_face_of_the_font_is_there() -> None:
    faces = CONFIG["theme"]["fontFaces"]
    assert [f["url"] for f in faces if not (ROOT / f["url"].removeprefix("app/")).is_file()] == []
    assert {f["family"] for f in faces} == {CONFIG["theme"]["font"].split(",")[0]}
