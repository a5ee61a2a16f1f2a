"""The fact sheet page: what it says, who may see it how exactly, and that its files are the same sheet."""

import datetime as dt
from pathlib import Path

from streamlit.testing.v1 import AppTest

from db.models import Role
from services import transaction
from services.factsheet.model import Mode
from tests import make

ROOT = Path(__file__).parent.parent


def open_page(role: Role, *, cohort: str | None = None, as_of: dt.date | None = None) -> AppTest:
    with transaction() as session:
        who = make.actor(session, role=role)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.user = {"sub": who.login_ref}
    app.run()
    app.switch_page("pages/story/fact_sheet.py").run()
    if as_of:
        app.date_input(key="as_of").set_value(as_of).run()
    if cohort:
        app.selectbox(key="cohort").set_value(cohort).run()
    assert not app.exception
    return app


def said(page: AppTest) -> str:
    return "\n".join(part.value for part in (*page.title, *page.header, *page.markdown, *page.info)).replace("\\", "")


def test_the_2006_sheet_stands_on_the_page_with_its_published_lines(demo_desk: str) -> None:
    page = open_page(Role.COORDINATOR, cohort="2006", as_of=dt.date(2006, 9, 21))
    assert page.title[0].value == "Fact sheet, 2006 cohort"
    assert page.metric[0].value == "77"
    assert "As of 21 September 2006. Figures as published." in said(page)
    assert "Ten occupational groups, four of them new" in said(page)
    assert "27 of 27 lines agree with the fact sheet of 21 September 2006" in said(page)
    lines = page.dataframe[0].value
    assert list(lines["Verdict"].unique()) == ["agrees"]
    assert len(page.get("vega_lite_chart")) == 3
    assert len(page.get("download_button")) == 3


def test_the_page_reads_66_and_55_per_cent_of_38_as_of_april_2006(demo_desk: str) -> None:
    page = open_page(Role.COORDINATOR, cohort="2005", as_of=dt.date(2006, 4, 30))
    assert "38 mentees of the 2005 cohort reached, as of 30 April 2006." in said(page)
    outcomes = page.get("vega_lite_chart")[2].proto
    assert "66 per cent (25 of 38)" in str(outcomes)
    assert "55 per cent (21 of 38)" in str(outcomes)


def test_a_coordinator_switches_to_the_public_sheet(demo_desk: str) -> None:
    page = open_page(Role.COORDINATOR, cohort="2006", as_of=dt.date(2006, 9, 21))
    page.button_group(key="sheet_mode").set_value(Mode.PUBLIC).run()
    assert not page.exception
    assert "Public figures, protected." in said(page)
    assert len(page.dataframe) == 0


def test_a_manager_gets_the_public_sheet_and_no_switch(demo_desk: str) -> None:
    page = open_page(Role.MANAGER, cohort="2006", as_of=dt.date(2006, 9, 21))
    assert "Public figures, protected." in said(page)
    assert "lines agree" not in said(page)
    assert not page.get("button_group")
    assert len(page.get("download_button")) == 3


def test_a_coach_may_not_open_it(demo_desk: str) -> None:
    page = open_page(Role.COACH)
    assert page.title[0].value == "Nothing here for your account"


def test_before_the_first_match_the_page_says_so(demo_desk: str) -> None:
    page = open_page(Role.COORDINATOR, as_of=dt.date(2003, 1, 1))
    assert "No match of the 2004 pilot had started by 1 January 2003." in said(page)
    assert len(page.get("vega_lite_chart")) == 0


def test_an_empty_desk_says_what_is_missing(desk: str) -> None:
    page = open_page(Role.COORDINATOR)
    assert page.title[0].value == "Fact sheet"
    assert "There is no mentoring programme yet." in said(page)
