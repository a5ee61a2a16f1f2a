"""Whom a programme thanks: tiers and returning mentors against counts in loops, and who may read names."""

import datetime as dt
import io
from dataclasses import replace

import openpyxl
import pypdf
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from db.models import Role, TrailEntry
from services import programmes, reading, recognition, transaction
from services.access import OPERATOR
from services.counting import recognition as counting
from services.counting.figure import Scope
from services.errors import NotAllowed
from services.exports.boxes import boxed
from services.exports.certificates import certificates
from services.exports.recognised import as_workbook
from services.recognition import Certificate
from tests import make, reference_recognition
from tests.reference_rows import Asked, Rows
from tests.test_counting_figures import examples
from tests.worlds import ASKED, World, build

DAY = dt.date(2026, 11, 24)
ONE = Certificate("Ana Lima", "Profession to Profession", "City of Toronto", 1, DAY)
NAMES = (
    "Nguyễn Thị Ánh Đặng",
    "Ştefan Zażółć Łódź Čapek",
    "*b* #sys.inputs $x$",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik" * 3,
)


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").replace("\u00ad", "").split())


@examples(25)
def test_tiers_and_returning_mentors_are_what_loops_over_the_rows_count(one_engine: Engine, world: World) -> None:
    with Session(one_engine) as session:
        build(session, world)
        for day in world.days[:2]:
            asked, scope = Asked(Rows.of(session), ASKED, day), Scope(ASKED, day)
            found = counting.completed_by_mentor(session, scope)
            done = reference_recognition.completed(asked)
            expected = {
                one: (len(days), days[0], days[-1], tier := reference_recognition.tier(len(days)), days[tier - 1])
                for one, days in done.items()
            }
            assert {row[0]: row[1:] for row in found.itertuples(index=False, name=None)} == expected
            assert counting.by_tier(found) == reference_recognition.tiers(asked)
            back = recognition.returning(session, scope, by=OPERATOR)
            assert [*back.itertuples(index=False, name=None)] == reference_recognition.returning(asked)


def test_the_demos_tiers_are_what_loops_over_its_rows_count(demo: Session) -> None:
    programme = programmes.main(demo).id
    found = recognition.tiers(demo, Scope(programme, DAY), by=OPERATOR)
    counts = reference_recognition.tiers(Asked(Rows.of(demo), programme, DAY))
    assert [*found.rows["value"]] == counts
    assert found.total == sum(counts)
    assert (found.day, found.protected) == (DAY, False)


def test_a_manager_reads_tiers_of_the_quarter_in_classes_that_hold_three_counts(
    staffed: Session, staff: dict[Role, object]
) -> None:
    programme = programmes.main(staffed).id
    found = recognition.tiers(staffed, Scope(programme, DAY), by=staff[Role.MANAGER])
    assert (found.day, found.total, found.protected) == (dt.date(2026, 9, 30), None, True)
    exact = recognition.tiers(staffed, Scope(programme, found.day), by=staff[Role.COORDINATOR])
    for shown, text, known in zip(found.rows["value"], found.rows["text"], exact.rows["value"], strict=True):
        if known < 11:
            assert text == "<11"
        else:
            assert shown % 5 == 0
            assert abs(shown - known) <= 4


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_read_names(staffed: Session, staff: dict[Role, object], role: Role) -> None:
    scope = Scope(programmes.main(staffed).id, DAY)
    assert len(recognition.listed(staffed, scope, by=staff[Role.COORDINATOR])) > 0
    with pytest.raises(NotAllowed):
        recognition.listed(staffed, scope, by=staff[role])
    with pytest.raises(NotAllowed):
        recognition.take_out(staffed, scope, [1], by=staff[role])
    with pytest.raises(NotAllowed):
        recognition.certificates(staffed, scope, [1], by=staff[role])


@pytest.mark.parametrize("role", [Role.COACH, Role.PRESENTER])
def test_who_sees_no_figures_sees_neither_tiers_nor_who_came_back(
    staffed: Session, staff: dict[Role, object], role: Role
) -> None:
    scope = Scope(programmes.main(staffed).id, DAY)
    for ask in (recognition.tiers, recognition.returning):
        with pytest.raises(NotAllowed):
            ask(staffed, scope, by=staff[role])


def test_a_certificate_is_one_landscape_page_each_with_the_name_as_it_is_written() -> None:
    given = [replace(ONE, name=name, completed=number) for number, name in enumerate(NAMES, 1)]
    pages = pypdf.PdfReader(io.BytesIO(certificates(given))).pages
    assert len(pages) == len(NAMES)
    for page, one in zip(pages, given, strict=True):
        text = squeezed(page.extract_text())
        assert squeezed(one.name) in text
        assert squeezed("24 November 2026") in text
        assert squeezed("Profession to Profession") in text
        assert (page.mediabox.width, page.mediabox.height) == (792, 612)
    assert squeezed("for one match completed") in squeezed(pages[0].extract_text())
    assert squeezed("for two matches completed") in squeezed(pages[1].extract_text())


def test_certificates_are_made_for_screen_readers() -> None:
    assert b"pdfuaid" in certificates([ONE, replace(ONE, name="Nguyễn Thị Ánh Đặng")])


def test_a_name_that_would_be_printed_as_boxes_is_said_before() -> None:
    in_no_font, in_many_fonts = "𒀭𒈗", "Нина Ştefan Đặng"
    assert boxed([in_many_fonts, {"programme": "Profession to Profession"}]) == ""
    said = boxed([in_many_fonts, {"programme": f"Ana {in_no_font}"}])
    assert said.startswith(
        f"In the PDF these stand as boxes, as no font of this server has their letters: {in_no_font}."
    )
    assert b"pdfuaid" not in certificates([replace(ONE, name=in_no_font)])
    many = boxed([f"{in_no_font}{number}" for number in range(5)])
    assert "𒀭𒈗0, 𒀭𒈗1, 𒀭𒈗2 and 2 more." in many


def test_the_same_certificates_are_the_same_bytes() -> None:
    assert certificates([ONE]) == certificates([ONE])


def test_certificates_are_of_the_chosen_who_have_completed_a_match(demo: Session) -> None:
    scope = Scope(programmes.main(demo).id, DAY)
    everyone = recognition.listed(demo, scope, by=OPERATOR)
    some = [int(one) for one in everyone["mentor_id"][3:6]]
    given = recognition.certificates(demo, scope, [*some, 0], by=OPERATOR)
    assert [one.name for one in given] == [*everyone["mentor"][3:6]]
    assert [one.completed for one in given] == [*everyone["completed"][3:6]]


@pytest.mark.usefixtures("demo_desk")
def test_what_names_mentors_and_leaves_the_desk_stands_in_the_trail() -> None:
    with transaction() as session:
        scope, cora = Scope(programmes.main(session).id, DAY), make.actor(session)
        some = [int(one) for one in recognition.listed(session, scope, by=cora)["mentor_id"][:3]]
        assert list(recognition.take_out(session, scope, some, by=cora)["mentor_id"]) == some
        recognition.certificates(session, scope, some[:1], by=cora)
    with reading() as session:
        rows = session.scalars(select(TrailEntry).where(TrailEntry.action.endswith("taken out"))).all()
        told = [(row.action, row.account_id, row.detail) for row in rows]
    assert told == [
        ("recognition list taken out", cora.account_id, {"names": 3}),
        ("certificates taken out", cora.account_id, {"names": 1}),
    ]


def test_the_list_as_a_workbook_holds_its_rows_and_runs_nothing(demo: Session) -> None:
    listed = recognition.listed(demo, Scope(programmes.main(demo).id, DAY), by=OPERATOR).head(5)
    listed.loc[0, "mentor"] = "=cmd|' /C calc'!A0"
    page = openpyxl.load_workbook(io.BytesIO(as_workbook(listed))).active
    rows = [*page.iter_rows(min_row=2)]
    assert [row[0].value for row in rows] == [*listed["mentor"]]
    assert rows[0][0].data_type == "s"
    assert [row[1].value for row in rows] == [*listed["completed"]]
    assert [row[3].value.date() for row in rows] == [*listed["since"]]


def test_nobody_is_listed_before_a_match_is_completed(session: Session) -> None:
    cohort = make.cohort(session)
    scope = Scope(cohort.programme_id, make.today())
    assert recognition.listed(session, scope, by=OPERATOR).empty
    assert recognition.tiers(session, scope, by=OPERATOR).total == 0
    assert recognition.returning(session, scope, by=OPERATOR).empty
