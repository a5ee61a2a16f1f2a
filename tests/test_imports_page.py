"""The import page: files in, a preview, and nothing stored before the button."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from db.models import Mentor, Role
from services import reading, transaction
from services.access import Actor
from services.imports import Kind
from tests import files, make

ROOT = Path(__file__).parent.parent
ROSTER = ROOT / "tests" / "rosters" / "mentors_city.xlsx"


@pytest.fixture
def page(desk: str) -> AppTest:
    with transaction() as session:
        who: Actor = make.actor(session, Role.COORDINATOR)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.user = {"sub": who.login_ref}
    app.run()
    app.switch_page("pages/setup/imports.py").run()
    assert [title.value for title in app.title] == ["Import"]
    return app


def give(page: AppTest, *given: tuple[str, bytes]) -> AppTest:
    page.file_uploader(key="import_files").set_value([(name, data, "") for name, data in given]).run()
    assert not page.exception
    return page


def said(page: AppTest) -> str:
    return "\n".join(part.value for part in (*page.markdown, *page.error, *page.warning, *page.success))


def button(page: AppTest, label: str):
    return next(button for button in page.button if button.label.startswith(label))


def mentors() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Mentor)) or 0


def test_a_roster_is_shown_then_applied_then_known(page: AppTest) -> None:
    give(page, (ROSTER.name, ROSTER.read_bytes()))
    assert "107 mentors: 107 new, 0 changed, 0 unchanged; 9 refused, 4 repeats" in said(page)
    assert "«human ressources» is taken for **Human resources**" in said(page)
    assert len(page.dataframe[0].value) >= 9
    assert mentors() == 0
    button(page, "Apply").click().run()
    assert "Stored: 107 mentors added, 0 changed." in said(page)
    assert mentors() == 107


def test_a_column_is_mapped_by_hand(page: AppTest) -> None:
    data = files.csv(
        ("Name", "Box", "Occupation", "Max. mentees", "Where"), ["Al Bo", "none yet", "Law", 1, "City Hall"]
    )
    give(page, ("list.csv", data))
    assert "No column for E-mail was found" in said(page)
    next(box for box in page.selectbox if box.label == "Where").set_value("office").run()
    next(box for box in page.selectbox if box.label == "Box").set_value("email").run()
    assert "1 refused" in said(page)


def test_a_broken_file_is_one_sentence_and_stops_no_other(page: AppTest) -> None:
    good = files.csv(files.MENTORS, *files.mentors(2, name="Al Bo"))
    give(page, ("broken.xlsx", b"PK\x03\x04nonsense"), ("list.csv", good))
    assert "damaged" in page.error[0].value
    assert "2 mentors: 2 new" in said(page)


def test_what_a_sender_writes_does_nothing_on_the_page(page: AppTest) -> None:
    row = ["Al Bo", "a@b.ca", "![x](http://evil.example/p.png)", 1, ":material/delete: **bold**"]
    other = ["Cy Du", "c@d.ca", "Law", 1, "[a](javascript:alert(1))"]
    give(page, ("list.csv", files.csv(files.MENTORS, row, other)))
    assert "](javascript" not in said(page)
    assert "![x](" not in said(page)


def test_what_the_rows_are_is_shown_and_can_be_said_otherwise(page: AppTest) -> None:
    give(page, ("list.csv", files.csv(("Name", "E-mail", "Occupation"), ["Al Bo", "a@b.ca", "Law"])))
    assert "not clear what the file holds" in page.error[0].value
    page.button_group[0].set_value(Kind.MENTEES).run()
    assert "1 mentees: 1 new" in said(page)
    page.button_group[0].set_value(Kind.MENTORS).run()
    assert "1 mentors: 1 new" in said(page)
