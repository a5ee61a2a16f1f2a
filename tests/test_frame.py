"""The frame: who sees which page, and that nothing of a page runs for anybody else."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.models import Account, Role
from pages.ui.site import ANSWER, PLACES
from pages.ui.words import short
from services import clock, survey_links, transaction
from services.access import MATRIX, Actor
from tests import asked, coached, make

ROOT = Path(__file__).parent.parent
MILESTONES = "pages/story/milestones.py"
NOTHING = "Nothing here for your account"


def actor(role: Role) -> Actor:
    with transaction() as session:
        return make.actor(session, role)


def opened(script: str, who: Actor | None) -> AppTest:
    desk = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    desk.user = {"sub": who.login_ref if who else None}
    desk.run()
    desk.switch_page(script).run()
    assert not desk.exception
    return desk


def shows_the_form_alone(desk: AppTest) -> bool:
    return [box.label for box in desk.text_input] == ["Username", "Password"] and not desk.title


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.address)
def test_without_an_account_every_address_shows_the_sign_in_form(desk: str, place) -> None:
    assert shows_the_form_alone(opened(place.script, None))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.address)
def test_a_page_is_served_to_the_roles_that_may_open_it(desk: str, place, role: Role) -> None:
    titles = [title.value for title in opened(place.script, actor(role)).title]
    may = place.permission is None or role in MATRIX[place.permission]
    assert (titles == [NOTHING]) is not may


def test_an_invented_sign_in_is_nobody(desk: str) -> None:
    assert shows_the_form_alone(opened(MILESTONES, Actor("x", login_ref="0123456789abcdef")))


def test_a_closed_account_meets_the_form_at_the_next_click(desk: str) -> None:
    who = actor(Role.COORDINATOR)
    page = opened("pages/desk/match_review.py", who)
    with transaction() as session:
        session.get(Account, who.account_id).disabled_at = clock.now()
        make.group(session)
    assert shows_the_form_alone(page.run())


def test_a_changed_role_bites_at_the_next_click(desk: str) -> None:
    who = actor(Role.COORDINATOR)
    page = opened("pages/desk/match_review.py", who)
    with transaction() as session:
        session.get(Account, who.account_id).role = Role.MANAGER
        make.group(session)
    assert [title.value for title in page.run().title] == [NOTHING]


def test_a_desk_without_accounts_says_how_to_make_the_first(desk: str) -> None:
    assert "matchdesk account create" in opened(MILESTONES, None).code[0].value


def test_an_empty_form_asks_for_both(desk: str) -> None:
    page = opened(MILESTONES, None)
    page.button[0].click().run()
    assert [error.value for error in page.error] == ["Type your username and your password."]


def by_link(script: str, token: str) -> AppTest:
    screen = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    screen.user = {"sub": None}
    screen.run()
    screen.switch_page(script)
    screen.query_params["token"] = token
    return screen.run()


def test_a_link_to_a_survey_shows_its_questions_and_leaves_the_address(desk: str) -> None:
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        by = make.actor(session)
        asked.ended(session, cohort, ago=20)
        survey = asked.survey(session, by, cohort)
        (made,) = survey_links.make(session, survey.id, by=by)
    page = by_link(ANSWER.script, made.address.partition("token=")[2])
    assert [group.label for group in page.get("button_group")] == [
        question.wording.replace(".", "\\.") for question in survey.questions
    ]
    assert "token" not in page.query_params
    assert shows_the_form_alone(by_link("pages/desk/follow_up.py", "x"))
    wrong = by_link(ANSWER.script, "x")
    assert ([title.value for title in wrong.title], wrong.get("button_group")) == (["This link is not open"], [])


def test_no_page_script_lies_where_streamlit_would_serve_it_unasked() -> None:
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_a_long_occupation_is_short_in_a_list_unless_another_begins_like_it() -> None:
    names = ["Social work and social policy", "Policy and research", "Social work and social policy"]
    assert short(names) == ["Social work", "Policy and research", "Social work"]
    assert short([*names, "Social work and child care"])[::3] == [names[0], "Social work and child care"]
