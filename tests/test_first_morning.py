"""The first morning of an empty desk: what is left to do, and what every page says before it has something to show."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from db.models import Role
from pages.ui.site import PLACES, Place
from services import programmes, transaction
from services.access import MATRIX, OPERATOR
from services.setup import cohorts
from services.setup.steps import Lack
from tests import make
from tests.pages import signed_in, words

ADDRESSES = {place.address: place for place in PLACES}


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
    "stage": Lack.COHORT,
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
