"""The first morning of an empty desk: what is left to do, and what every page says before it has something to show."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import bcrypt
import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from db.models import Account, Role
from pages.ui.site import PLACES, Place
from services import programmes, reading, transaction
from services.access import MATRIX, OPERATOR
from services.passwords import prepared
from services.setup import agencies, cohorts, groups, milestones, steps
from services.setup.steps import Lack
from tests import make
from tests.pages import signed_in, words


def nothing() -> None:
    """Nothing but accounts."""


def a_programme() -> None:
    with transaction() as session:
        make.agency(session, "Harbour Skills")
        programmes.create(session, by=OPERATOR, name="Profession to Profession", organisation="City of Toronto")


def a_cohort() -> None:
    a_programme()
    today = make.today()
    with transaction() as session:
        terms = cohorts.Terms("2026", today, today + dt.timedelta(days=180), 150, 60)
        cohorts.save(session, programmes.main(session).id, terms, by=OPERATOR)


def people() -> None:
    a_cohort()
    with transaction() as session:
        group = make.group(session, "Engineering")
        make.mentor(session, group)
        make.mentee(session, group)


def opens(place: Place, role: Role) -> bool:
    return place.permission is None or role in MATRIX[place.permission]


def walk(role: Role) -> Iterator[tuple[Place, AppTest]]:
    """Every page that the role may open, as someone who goes from one to the next meets it."""
    page = signed_in(role, PLACES[0].script)
    for place in PLACES:
        if opens(place, role):
            page.query_params.clear()
            page.switch_page(place.script).run()
            assert not page.exception, place.address
            yield place, page


STATES: dict[str, Callable[[], None]] = {
    "nothing": nothing,
    "programme": a_programme,
    "cohort": a_cohort,
    "people": people,
}
#: What each state lacks first, and who can take the next step.
TOLD = {
    "nothing": (Lack.PROGRAMME, "There is no mentoring programme yet.", {Role.ADMINISTRATOR}),
    "programme": (Lack.COHORT, "There is no cohort yet.", {Role.ADMINISTRATOR, Role.COORDINATOR}),
    "cohort": (Lack.PEOPLE, "There are not both mentors and mentees yet.", {Role.ADMINISTRATOR, Role.COORDINATOR}),
    "people": (Lack.MATCHES, "No match has been proposed yet.", {Role.COORDINATOR}),
}
#: Pages that can be used before there is anything, from a state on: something is made there.
USABLE = {"programme": Lack.PROGRAMME, "import": Lack.PROGRAMME, "accounts": Lack.PROGRAMME, "audit": Lack.PROGRAMME}
USABLE |= {
    "events": Lack.PEOPLE,
    "weights": Lack.PEOPLE,
    "specialities": Lack.COHORT,
    "people": Lack.MATCHES,
    "match-review": Lack.MATCHES,
}
#: What a role's Today shows from a state on.
FULL = {Role.ADMINISTRATOR: Lack.PROGRAMME, Role.COORDINATOR: Lack.MATCHES, Role.PRESENTER: Lack.PEOPLE}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_desk_that_has_just_begun_says_what_to_do_next(desk: str, state: str, role: Role) -> None:
    STATES[state]()
    lack, sentence, can = TOLD[state]
    for place, page in walk(role):
        said = words(page)
        told = (place.address, said)
        assert not page.error, told
        assert "nan" not in said.casefold().split(), told
        assert not re.search(r"(?<!\d)0[ \u00a0]?%", said), told
        assert not page.get("vega_lite_chart"), told
        since = FULL.get(role, Lack.NOTHING) if place.address == "today" else USABLE.get(place.address, Lack.NOTHING)
        if lack >= since:
            continue
        assert sentence in said, told
        if role in can:
            assert "Do this next" in said, told
            assert page.get("page_link"), told
        else:
            assert "administrator" in said or "coordinator" in said, told


def steps_done() -> list[bool]:
    with reading() as session:
        return [step.is_done for step in steps.steps(session, by=OPERATOR)]


def test_each_step_is_ticked_by_what_is_there_and_the_list_goes_when_all_are(desk: str) -> None:
    today = make.today()
    assert steps_done() == [False] * 10
    with transaction() as session:
        number = programmes.create(session, by=OPERATOR, name="P2P", organisation="City of Toronto")
    assert steps_done() == [True] + [False] * 9
    with transaction() as session:
        agencies.save(session, agencies.Terms("Harbour Skills", today), by=OPERATOR)
        groups.usual(session, by=OPERATOR)
        make.account(session, Role.COORDINATOR)
        make.account(session, Role.COACH)
        cohorts.save(session, number, cohorts.Terms("2026", today, today), by=OPERATOR)
        milestones.save(session, number, "10, 100", "started_matches", by=OPERATOR)
    assert steps_done() == [True] * 7 + [False] * 3
    with transaction() as session:
        group = make.group(session)
        mentor = make.mentor(session, group)
        make.match(session, programmes.cohort(session, number), mentor, make.mentee(session, group), fit=None)
    assert steps_done() == [True] * 9 + [False], "history is no proposal"
    page = signed_in(Role.ADMINISTRATOR, "pages/desk/today.py")
    assert "One step left until the desk works" in words(page)
    assert "Propose the first matches" in words(page)
    assert "Name the programme" not in words(page), "the figures stand there already"
    with transaction() as session:
        make.match(session, programmes.cohort(session, number), mentor, make.mentee(session, group))
    assert all(steps_done())
    assert "until the desk works" not in words(signed_in(Role.ADMINISTRATOR, "pages/desk/today.py"))


def button(page: AppTest, label: str) -> Any:
    return next(one for one in page.button if one.label == label)


def test_an_account_is_made_on_its_page_and_its_password_is_shown_once(desk: str) -> None:
    page = signed_in(Role.ADMINISTRATOR, "pages/setup/accounts.py")
    for label, value in (("Name", "Cora Lindqvist"), ("Username", "cora")):
        next(field for field in page.text_input if field.label == label).set_value(value)
    button(page, "Make the account").click().run()
    assert not page.exception
    (password,) = [code.value for code in page.code]
    assert "Cora Lindqvist can sign in as cora" in words(page)
    with reading() as session:
        kept = session.scalar(select(Account.password_hash).where(Account.username == "cora"))
    assert bcrypt.checkpw(prepared(password).encode(), kept.encode())
    page.run()
    assert not page.code
    button(page, "Make the account").click().run()
    assert "A username has 2 to 100 letters" in words(page)
    page.selectbox[0].select("cora").run()
    button(page, "Close the account").click().run()
    assert "Cora Lindqvist cannot sign in any more" in words(page)
    with reading() as session:
        assert session.scalar(select(Account.disabled_at).where(Account.username == "cora"))


def test_what_is_typed_stays_when_it_is_refused(desk: str) -> None:
    a_programme()
    page = signed_in(Role.COORDINATOR, "pages/setup/programme.py", view="Agencies")
    name = next(field for field in page.text_input if field.label == "Name")
    name.set_value("HARBOUR skills")
    button(page, "Save the agency").click().run()
    assert "is on the list already" in words(page)
    assert next(field for field in page.text_input if field.label == "Name").value == "HARBOUR skills"
    next(field for field in page.text_input if field.label == "Name").set_value("Lakeshore")
    button(page, "Save the agency").click().run()
    assert "Lakeshore is added" in words(page)
    assert next(field for field in page.text_input if field.label == "Name").value == ""


@pytest.mark.parametrize("view", ["Programme", "Agencies", "Groups", "Cohorts", "Milestones", "Reminders", "Reasons"])
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR])
def test_every_view_of_the_programme_opens_before_and_after_there_is_one(desk: str, view: str, role: Role) -> None:
    for make_state in (nothing, a_cohort):
        make_state()
        page = signed_in(role, "pages/setup/programme.py", view=view)
        assert not page.error
        assert page.title[0].value == "Programme"
    for one in page.button:
        if one.label.startswith("Save") and view in ("Milestones", "Reminders", "Reasons", "Programme"):
            one.click().run()
            assert not page.exception
            assert "aved" in words(page) or "Nothing was changed" in words(page)
            break
