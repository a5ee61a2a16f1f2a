"""The page of specialities and places: one click an answer, and nothing before it."""

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db.models import OwnWords, Place, Role, Speciality
from services import reading
from tests.pages import Open, opened, words

__all__ = ["opened"]
PAGE = "pages/setup/specialities.py"


def settled() -> int:
    with reading() as session:
        return len(session.scalars(select(OwnWords.id).where(OwnWords.settled_on.is_not(None))).all())


def button(page: AppTest, label: str):
    return next(button for button in page.button if button.label == label)


def test_an_entry_takes_one_click_and_can_be_taken_back(opened: Open) -> None:
    page = opened(PAGE)
    before = words(page)
    assert "to confirm" in before
    assert settled() == 0
    answer = next(button for button in page.button if button.key and button.key.startswith("none "))
    answer.click().run()
    assert not page.exception
    assert "none of the list" in words(page)
    assert settled() == 1
    button(page, "Undo").click().run()
    assert settled() == 0
    assert words(page) == before


def test_a_name_is_added_to_the_list_and_a_second_time_refused(opened: Open) -> None:
    page = opened(PAGE)
    for refused in (False, True):
        field = next(field for field in page.text_input if field.label == "New speciality")
        field.set_value("Beekeeping")
        button(page, "Add").click().run()
        assert not page.exception
        assert [error.value for error in page.error] == (["«Beekeeping» is on the list already\\."] if refused else [])
        with reading() as session:
            assert len(session.scalars(select(Speciality.id).where(Speciality.name == "Beekeeping")).all()) == 1


def test_a_place_is_added_with_its_coordinates(opened: Open) -> None:
    page = opened(PAGE, view="Places")
    assert "Mississauga" in words(page)
    page.text_input[0].set_value("Mississauga")
    page.number_input[0].set_value(43.59)
    page.number_input[1].set_value(-79.64)
    button(page, "Save").click().run()
    assert not page.exception
    with reading() as session:
        assert session.scalar(select(Place.latitude).where(Place.name == "Mississauga")) == 43.59


def test_a_manager_is_told_that_there_is_nothing_here(opened: Open) -> None:
    assert "Nothing here for your account" in words(opened(PAGE, Role.MANAGER))
