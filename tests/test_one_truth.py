"""One figure is one figure: pages, exports and the stage say the same on any day."""

import datetime as dt
import io
import random
import zipfile

import pypdf
import pytest
from pptx import Presentation
from sqlalchemy.orm import Session

from services import clock, cohorts, milestones, overview, programmes, scopes
from services.access import OPERATOR
from services.counting import figures
from services.counting.figure import Scope
from services.exports.pdf import pdf
from services.exports.slides import slides
from services.exports.workbook import workbook
from services.factsheet import build
from services.wording import counted
from tests import make
from tests.staged import board_of

FIRST = dt.date(2004, 2, 1)
DAYS = sorted(
    FIRST + dt.timedelta(days=days) for days in random.Random(7).sample(range((make.DEMO_DAY - FIRST).days), 200)
)


def at_noon(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    """It is noon in Toronto on that day."""
    moment = clock.start_of(day, "America/Toronto") + dt.timedelta(hours=12)
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_pages_sheet_workbook_and_stage_agree_on_200_days(demo: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = programmes.main(demo)
    for day in DAYS:
        at_noon(monkeypatch, day)
        scope = Scope(programme.id, day)
        total = figures.figure(demo, scope, "matches_to_date").count
        each = {row.cohort: int(row.matches) for row in milestones.cohorts(demo, by=OPERATOR, as_of=day).itertuples()}
        board = board_of(demo, programme.id, day)
        standing = milestones.standing(demo, by=OPERATOR, as_of=day)
        assert (standing.figure.count, sum(each.values()), board.total) == (total, total, total), day
        assert {ring.cohort: ring.matches for ring in board.cohorts} == each, day
        assert (board.goal, board.to_go) == (standing.next_number, standing.to_go), day
        if not each:
            continue
        sheet = build.sheet(demo, by=OPERATOR, as_of=day)
        assert [item.figure.count for item in sheet.cohorts.items] == list(each.values()), day
        assert sheet.headline.figure.count == each[sheet.cohort], day
        assert f" from {counted(total, 'match', 'matches')} of the " in sheet.basis, day
        with zipfile.ZipFile(io.BytesIO(workbook(sheet))) as parts:
            cells = parts.read("xl/worksheets/sheet1.xml").decode()
        assert f"<v>{each[sheet.cohort]}</v>" in cells, day


@pytest.mark.parametrize("day", DAYS[9::20], ids=str)
def test_every_page_and_every_export_in_full_agree(demo: Session, day: dt.date) -> None:
    chosen = scopes.choices(demo, by=OPERATOR)[0]
    cohort = chosen.cohort(None, day)
    scope = Scope(chosen.id, day, cohort.id)
    exact = figures.figures(demo, scope, [*cohorts.BAND, "growth", "support_contacts_kept"])
    one = cohorts.one(demo, scope, by=OPERATOR)
    beside = cohorts.side_by_side(demo, scope, by=OPERATOR).set_index("Cohort").loc[cohort.name]
    cards = {card.figure.name: card.figure for card in overview.overview(demo, scope, by=OPERATOR).cards}
    for name, figure in exact.items():
        if name in one.band:
            assert one.band[name] == figure
        if cohorts.COLUMNS.get(name) in beside:
            assert beside[cohorts.COLUMNS[name]] == figure.text
        if name in cards and figure.value is not None:
            assert cards[name] == figure
    sheet = build.sheet(demo, by=OPERATOR, as_of=day)
    assert sheet.headline.figure == exact["started_matches"]
    printed = f"{exact['started_matches'].count:,}"
    assert printed in " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(sheet))).pages)
    shapes = [shape for slide in Presentation(io.BytesIO(slides(sheet))).slides for shape in slide.shapes]
    assert any(printed in shape.text_frame.text for shape in shapes if shape.has_text_frame)
    charts = [shape.chart for shape in shapes if shape.has_chart]
    assert any(exact["started_matches"].count in plot.series[0].values for c in charts for plot in c.plots)
