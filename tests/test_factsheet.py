"""The fact sheet: 2006's line for line, true of any cohort and any day, and only as exact as its reader may see."""

import datetime as dt
import io
import random
import re
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from db.models import Cohort, Finding, Outcome, Role
from services import audit, reading, transaction
from services.__main__ import app
from services.access import OPERATOR
from services.counting import figures
from services.counting.results import EMPLOYED
from services.errors import Invalid, NotAllowed, NotFound
from services.exports.pdf import pdf
from services.factsheet import build
from services.factsheet.model import Mode, Sheet
from services.stage import findings
from tests import asked, coached, make
from tests.story import told

DAY_2006 = dt.date(2006, 9, 21)


def numbers(sheet: Sheet) -> list[tuple[str, str]]:
    return [(item.label, item.text) for item in sheet.groups.items]


def test_the_2006_sheet_is_rebuilt_line_for_line(demo: Session) -> None:
    sheet = build.sheet(demo, by=OPERATOR, cohort="2006", as_of=DAY_2006)
    assert [(line.what, line.published, line.computed) for line in sheet.published if not line.holds] == []
    assert len(sheet.published) == 27
    assert sheet.verdict == "27 of 27 lines agree with the fact sheet of 21 September 2006"
    assert sheet.opening == (
        "77 City staff matched with skilled immigrants of the same profession, 93 per cent more than in 2005."
    )
    assert [(item.label, item.text) for item in sheet.cohorts.items] == [
        ("2004 pilot", "29"),
        ("2005", "40"),
        ("2006", "77"),
    ]
    assert sheet.groups.finding == "Ten occupational groups, four of them new"
    assert sum(item.figure.count for item in sheet.groups.items) == 77
    assert [(item.text, item.part) for item in sheet.outcomes.items] == [("66 %", "25 of 38"), ("55 %", "21 of 38")]
    assert sheet.outcomes.objective == 60
    pilot = [item.text for item in sheet.panels[0].items]
    assert pilot[1:] == ["91 %", "90 %"]
    assert sheet.panels[0].items[0].figure.value > 70
    assert "Silver award, Public Sector Quality Fair." in sheet.panels[0].note
    assert sheet.basis.endswith(" from 146 matches of the cohorts 2004 pilot to 2006, started by 21 September 2006")


def test_the_sheet_of_2005_reads_66_and_55_per_cent_as_of_april_2006(demo: Session) -> None:
    sheet = build.sheet(demo, by=OPERATOR, cohort="2005", as_of=dt.date(2006, 4, 30))
    assert [(item.text, item.part) for item in sheet.outcomes.items] == [("66 %", "25 of 38"), ("55 %", "21 of 38")]
    assert "38 mentees of the 2005 cohort reached, as of 30 April 2006." in sheet.outcomes.note
    assert sheet.published == ()


def test_a_changed_row_shows_in_the_published_lines(demo_desk: str) -> None:
    with transaction() as session:
        worked = session.scalars(
            select(Outcome)
            .join(Cohort, Cohort.id == Outcome.cohort_id)
            .where(Cohort.name == "2005", Outcome.on_day <= dt.date(2006, 4, 30), Outcome.finding.in_(EMPLOYED))
        )
        for outcome in worked.all()[:6]:
            outcome.finding = Finding.LOOKING
            audit.record(session, OPERATOR, "changed for a test", "outcome", outcome.id)
        session.flush()
        sheet = build.sheet(session, by=OPERATOR, cohort="2006", as_of=DAY_2006)
        assert "Mentees who had found employment, as of April 2006" in [
            line.what for line in sheet.published if not line.holds
        ]
        assert not sheet.verdict.startswith("27 of 27")


def test_on_any_day_the_sheet_agrees_with_the_counting_and_says_no_empty_number(demo: Session) -> None:
    chance = random.Random(2006)
    for _ in range(25):
        day = dt.date(2004, 1, 1) + dt.timedelta(days=chance.randrange(8300))
        mode = chance.choice(list(Mode))
        sheet = build.sheet(demo, by=OPERATOR, as_of=day, mode=mode)
        exact = figures.by_cohort(demo, figures.Scope(1, day), "started_matches")
        assert [item.figure.value for item in sheet.cohorts.items] == [
            figure.value for figure in list(exact.values())[: len(sheet.cohorts.items)]
        ]
        said = " ".join([sheet.opening, sheet.rule, *(f"{part.finding} {part.note}" for part in sheet.sections)])
        assert not re.search(r"\bnan\b|None|–|\b0 %", said), (day, said)
        for section in sheet.sections:
            assert section.items or section.absent, (day, section.name)


def test_in_public_no_small_cell_and_no_exact_share_is_printed(demo: Session) -> None:
    for year in range(2004, 2027):
        sheet = build.sheet(demo, by=OPERATOR, cohort=str(year), as_of=dt.date(year, 12, 31), mode=Mode.PUBLIC)
        assert sheet.published == ()
        for label, text in numbers(sheet):
            assert text.startswith("<") or int(text) % 5 == 0, (year, label, text)
        assert not any(item.mark for item in sheet.groups.items)
        for item in sheet.outcomes.items:
            assert item.figure.protected
            assert item.figure.base % 5 == 0
            assert item.figure.base >= 20


def test_who_may_not_see_exact_figures_gets_the_public_sheet(demo_desk: str) -> None:
    with transaction() as session:
        manager, coach = make.actor(session, role=Role.MANAGER), make.actor(session, role=Role.COACH)
        coordinator = make.actor(session)
    with reading() as session:
        assert build.sheet(session, by=manager).mode is Mode.PUBLIC
        assert build.sheet(session, by=coordinator).mode is Mode.AS_PUBLISHED
        with pytest.raises(NotAllowed):
            build.sheet(session, by=manager, mode=Mode.AS_PUBLISHED)
        with pytest.raises(NotAllowed):
            build.sheet(session, by=coach)


def test_what_is_not_there_is_said_in_a_sentence(demo: Session) -> None:
    with pytest.raises(NotFound, match="There is no cohort «1999»"):
        build.sheet(demo, by=OPERATOR, cohort="1999")
    with pytest.raises(NotFound, match="no such programme"):
        build.sheet(demo, by=OPERATOR, programme_id=99)
    with pytest.raises(Invalid, match="makes no matches"):
        build.sheet(demo, by=OPERATOR, programme_id=2)


def test_a_programme_of_another_employer_has_a_sheet_in_its_own_words(session: Session) -> None:
    told(session)
    sheet = build.sheet(session, by=OPERATOR, as_of=dt.date(2020, 3, 1))
    assert sheet.headline.text == "3"
    assert sheet.opening == "3 staff matched with skilled immigrants of the same profession."
    assert sheet.groups.finding == "One occupational group"
    assert sheet.panels == ()
    assert pdf(sheet)


def test_a_programme_without_cohorts_says_so(session: Session) -> None:
    make.programme(session)
    with pytest.raises(NotFound, match="There is no cohort yet"):
        build.sheet(session, by=OPERATOR)


@pytest.mark.parametrize("ending", ["pdf", "pptx", "xlsx"])
def test_the_command_writes_the_sheet_by_the_name_of_the_file(demo: Session, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"sheet.{ending}"
    done = CliRunner().invoke(app, ["sheet", "--cohort", "2006", "--as-of", "2006-09-21", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "27 of 27 lines agree" in done.output
    assert out.read_bytes()[:2] == (b"%P" if ending == "pdf" else b"PK")


def test_the_public_sheet_of_the_command_prints_no_small_cell(demo: Session, tmp_path: Path) -> None:
    out = tmp_path / "sheet.pdf"
    done = CliRunner().invoke(
        app, ["sheet", "--cohort", "2006", "--as-of", "2006-09-21", "--public", "--out", str(out)]
    )
    assert done.exit_code == 0
    said = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages)
    assert "Public figures, protected." in said
    assert "<11" in said
    assert "Published beside computed" not in said


def test_the_command_refuses_a_file_of_another_kind_and_an_unknown_cohort(demo: Session, tmp_path: Path) -> None:
    refused = CliRunner().invoke(app, ["sheet", "--out", str(tmp_path / "sheet.doc")])
    assert (refused.exit_code, refused.stderr.strip()) == (
        1,
        "A fact sheet is no .doc. Name it .pdf, .pptx or .xlsx.",
    )
    unknown = CliRunner().invoke(app, ["sheet", "--cohort", "1999", "--out", str(tmp_path / "sheet.pdf")])
    assert unknown.exit_code == 1
    assert "There is no cohort «1999»" in unknown.stderr


def test_the_sheet_of_a_cohort_with_a_survey_and_the_stages_findings_are_written_on_each_engine(any_desk: str) -> None:
    with transaction() as session:
        _, cohort = coached.programme_and_cohort(session)
        asked.ended(session, cohort, ago=20)
        asked.survey(session, make.actor(session), cohort)
        cohort.ends_on = make.today()  # only then the sheet looks for its surveys
    with transaction() as session:
        assert build.sheet(session, by=OPERATOR, mode=Mode.PUBLIC).headline.figure.count == 1
        findings.publish(session, by=OPERATOR)
