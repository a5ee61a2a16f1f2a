"""The desk's pages as a signed-in person runs them, without a browser."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from db.models import Role
from db.settings import ROOT
from services import transaction
from tests import make

Open = Callable[..., AppTest]


def signed_in(role: Role, script: str, **asked: str) -> AppTest:
    """A page as someone of that role opens its address, already run."""
    with transaction() as session:
        who = make.actor(session, role, username=f"{role.value}-{make.next_number()}")
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=40)
    page.user = {"sub": who.login_ref}
    for name, value in asked.items():
        page.query_params[name] = value
    page.switch_page(script).run()
    assert not page.exception
    return page


@pytest.fixture
def opened(demo_desk: str) -> Open:
    """`opened("pages/desk/cohorts.py", Role.MANAGER, cohort="2005")`: that page over the demo, already run."""

    def open_page(script: str, role: Role = Role.COORDINATOR, **asked: str) -> AppTest:
        return signed_in(role, script, **asked)

    return open_page


def words(page: AppTest) -> str:
    """Everything that is written on a page."""
    kinds = ("title", "header", "markdown", "info", "warning", "error")
    said = [element.value for kind in kinds for element in getattr(page, kind)]
    said += [f"{metric.label} {metric.value}" for metric in page.metric]
    return "\n".join(said).replace("\\", "").replace("\u200b", "").replace("\u00a0", " ")
