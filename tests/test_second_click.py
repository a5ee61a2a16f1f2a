"""A button pressed twice before anybody can have read what the first press did."""

import pytest
from sqlalchemy import func, select

from db.models import Account, DisplayToken, Outcome, Role
from pages.ui import acts
from services import reading, transaction
from tests import asked, coached, make
from tests.pages import signed_in, words

pytestmark = pytest.mark.usefixtures("desk")
_REAL = acts.ECHO


@pytest.fixture(autouse=True)
def _nobody_has_looked(monkeypatch: pytest.MonkeyPatch, _whoever_tests_has_looked: None) -> None:
    monkeypatch.setattr(acts, "ECHO", 60)


def many(table: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_counts_for_less_than_a_second_after_the_page_is_drawn() -> None:
    assert 0.5 <= _REAL < 1


def test_it_is_no_answer_for_the_next_person_who_stands_there_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        for ago in (220, 200):
            asked.ended(session, cohort, ago=ago)
    page = signed_in(Role.COORDINATOR, "pages/desk/today.py").switch_page("pages/desk/follow_up.py").run()
    first = page.header[0].value
    page.button(key="found_employed_in_field").click().run()
    second = page.header[0].value
    page.button(key="found_employed_in_field").click().run()
    assert (many(Outcome), page.header[0].value) == (1, second)
    assert f"{first}: in their field" in words(page)
    page.button(key="undo_follow_up").click().run()  # another button is another act, however soon
    assert (many(Outcome), page.header[0].value) == (0, first)
    page.button(key="found_employed_in_field").click().run()
    monkeypatch.setattr(acts, "ECHO", 0)
    page.button(key="found_employed_in_field").click().run()
    assert many(Outcome) == 2


def test_a_password_that_is_shown_once_stays_through_it_and_no_other_click(monkeypatch: pytest.MonkeyPatch) -> None:
    page = signed_in(Role.ADMINISTRATOR, "pages/setup/accounts.py")
    before = many(Account)
    fields = {field.label: field for field in page.text_input}
    fields["Name"].input("Omar Park")
    fields["Username"].input("omar")
    page.button(key="make_account").click().run()
    (password,) = [code.value for code in page.code]
    page.button(key="make_account").click().run()
    assert ([code.value for code in page.code], many(Account)) == ([password], before + 1)
    assert "can sign in as omar" in words(page)
    monkeypatch.setattr(acts, "ECHO", 0)
    page.run()
    assert not page.code


def test_the_links_of_a_stage_stay_on_the_screen_and_are_made_once() -> None:
    with transaction() as session:
        make.cohort(session)
    page = signed_in(Role.PRESENTER, "pages/story/milestones.py")
    page.text_input[0].input("Council chamber")
    for _ in range(2):
        next(button for button in page.button if button.label == "Open the stage").click().run()
    assert len(page.code) == 2
    assert many(DisplayToken) == 1
    assert not page.warning
