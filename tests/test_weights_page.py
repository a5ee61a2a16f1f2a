"""The weights page: nothing is planned before a weight changes, and the effect stands there before it is saved."""

import pytest
from streamlit.testing.v1 import AppTest

from services import programmes, reading, trial, weights
from tests.pages import Open, opened, words

__all__ = ["opened"]
PAGE = "pages/setup/weights.py"


def in_use() -> weights.Weights:
    with reading() as session:
        return weights.current(session, programmes.main(session).id)


def box(page: AppTest, key: str = "languages"):
    return page.number_input(key=f"weight_{key}")


def button(page: AppTest, label: str):
    return next(one for one in page.button if one.label == label)


def test_unchanged_it_plans_nothing_and_cannot_be_saved(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "attempt", None)
    page = opened(PAGE)
    assert "Change a weight to see what it would do" in words(page)
    assert button(page, "Save these weights").disabled
    assert [one.label for one in page.number_input] == [weights.name(key) for key in weights.KEYS]


def test_a_change_shows_its_effect_saves_with_a_note_and_can_be_taken_back(opened: Open) -> None:
    page = opened(PAGE)
    before = box(page).value
    box(page).set_value(1000).run()
    assert any("would move" in header.value for header in page.header)
    assert in_use().version == 1
    button(page, "Save these weights").click().run()
    assert "why the weights change" in words(page)
    assert in_use().version == 1
    page.text_input(key="weights_why_1").set_value("Languages first")
    button(page, "Save these weights").click().run()
    assert not page.exception
    assert "Version 2 is in use." in [said.value for said in page.success]
    assert (in_use().version, in_use().languages) == (2, 1000)
    assert "Languages first" in words(page)
    assert page.text_input(key="weights_why_2").value == ""
    assert button(page, "Save these weights").disabled
    page.button(key="again_1").click().run()
    assert box(page).value == before
    assert any("would move" in header.value for header in page.header)
    assert in_use().version == 2


def test_all_at_nothing_is_refused_with_a_sentence(opened: Open) -> None:
    page = opened(PAGE)
    for key in weights.KEYS:
        box(page, key).set_value(0)
    page.run()
    assert "All weights are 0" in words(page)


def test_the_fairness_view_has_a_sentence_for_each_division(opened: Open) -> None:
    said = words(opened(PAGE, show="Fairness"))
    assert "For coordinators only" in said
    assert said.count("goes beyond chance") + said.count("stands apart") + said.count("Too few to tell") == 3
