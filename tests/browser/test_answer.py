"""A mentee answers on a phone by a personal link, once; the coordinator's page moves."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from db.models import Mentee, SurveyResponse
from services import reading, survey_links, transaction
from services.access import Actor
from services.cookies import link_of
from tests import asked, coached, make
from tests.browser.conftest import Address, let_in, make_account

WAIT = 20_000
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def address(empty_desk: Address) -> tuple[str, str, str]:
    """A desk with one open link: where it is served, the link's token, and the mentee's last name."""
    make_account("cora")
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        (match,) = asked.ended(session, cohort, ago=20)
        name = session.get_one(Mentee, match.mentee_id).last_name
        by: Actor = make.actor(session)
        survey = asked.survey(session, by, cohort)
        (made,) = survey_links.make(session, survey.id, by=by)
    return empty_desk, made.address.partition("token=")[2], name


def main(page: Page) -> str:
    return page.locator('[data-testid="stMain"]').inner_text()


def test_a_mentee_answers_by_a_link_once_and_the_rate_moves(address, a_browser) -> None:
    at, token, name = address
    desk = let_in(a_browser(), at, "cora").new_page()
    desk.goto(f"{at}/outcomes?outcomes_view=Surveys")
    expect(desk.get_by_text("0 of 1 to be asked")).to_be_visible(timeout=WAIT)

    page = a_browser(**PHONE).new_page()
    page.goto(f"{at}/answer?token={token}")
    expect(page.get_by_role("button", name="Send my answers")).to_be_visible(timeout=WAIT)
    assert page.url == f"{at}/answer?link={link_of(token)}"
    assert token not in page.content()
    assert name not in main(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.reload()  # the link is not used up by looking
    agree = page.get_by_role("radio", name="Agree", exact=True).or_(
        page.get_by_role("button", name="Agree", exact=True)
    )
    agree.first.tap(timeout=WAIT)
    page.get_by_role("button", name="Send my answers").dblclick()
    expect(page.get_by_text("Your answers are stored")).to_be_visible(timeout=WAIT)
    with reading() as session:
        assert [row.agrees for row in session.scalars(select(SurveyResponse))] == [True]

    said = []
    for used in (token, token[:-1], ""):
        again = a_browser(**PHONE).new_page()
        again.goto(f"{at}/answer?token={used}")
        expect(again.get_by_text(re.compile("Whoever sent it to you can send another"))).to_be_visible(timeout=WAIT)
        said.append(main(again))
    assert said[0] == said[1] == said[2]

    desk.reload()
    expect(desk.get_by_text("1 of 1 to be asked")).to_be_visible(timeout=WAIT)
    expect(desk.get_by_text("1 of 1 answers")).to_be_visible(timeout=WAIT)
