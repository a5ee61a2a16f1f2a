"""The sheet as a file: opened again by another program, it says what the sheet says, and nothing in it runs."""

import io
import zipfile
from typing import Any

import openpyxl
import pypdf
import pytest
from pptx import Presentation

from pages.ui.theme import LIGHT
from services.exports import palette
from services.exports.letters import plain
from services.exports.pdf import pdf
from services.exports.slides import slides
from services.exports.workbook import workbook
from services.factsheet.model import Mode, Section, Sheet
from tests import sheets

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "@SUM(A1) +1 -1",
    '#import "x": * #sys.inputs $x^2$ *b* _i_ `c` <a> @ref',
    "<b>&amp;</b> ]]> \" '",
    "Nguyễn Thị Ánh Đặng",
    "Ştefan Zażółć Łódź Čapek",
    "مهندسون",
    "{{x}} [A](javascript:y) //z/*",
)
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrik" * 4


def pdf_text(sheet: Sheet) -> str:
    """Without the blanks where a line ends or a long word is broken."""
    reader = pypdf.PdfReader(io.BytesIO(pdf(sheet)))
    return squeezed(" ".join(page.extract_text() for page in reader.pages))


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").replace("\u00ad", "").split())


def deck(sheet: Sheet) -> Any:
    return Presentation(io.BytesIO(slides(sheet)))


def deck_text(presentation: Any) -> str:
    said = []
    for slide in presentation.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                said.append(shape.text_frame.text)
            if shape.has_table:
                said += [cell.text for row in shape.table.rows for cell in row.cells]
            if shape.has_chart:
                said += [*shape.chart.plots[0].categories, alternative(shape).replace(" per cent", " %")]
        said.append(slide.notes_slide.notes_text_frame.text)
    return "\n".join(said)


def alternative(shape: Any) -> str:
    return shape._element.xpath(".//p:cNvPr")[0].get("descr")


def charts(presentation: Any) -> list[Any]:
    return [shape for slide in presentation.slides for shape in slide.shapes if shape.has_chart]


def book(sheet: Sheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(sheet)))


def cells(tab: Any) -> list[Any]:
    return [cell.value for row in tab.iter_rows() for cell in row if cell.value is not None]


def every_text(sheet: Sheet) -> list[str]:
    lines = [text for line in sheet.published for text in (line.what, line.published, line.computed, line.verdict)]
    items = [text for part in sheet.sections for item in part.items for text in (item.label, item.text)]
    headings = [part.finding for part in (sheet.groups, sheet.outcomes, *sheet.panels)]
    how = [text for part in sheet.how for text in (part.title, part.text)]
    ends = [sheet.organisation, sheet.programme, sheet.sentence, sheet.status, sheet.partners, sheet.rule, sheet.basis]
    return [*ends, *headings, *items, *how, *lines]


def test_the_pdf_holds_every_line_of_the_sheet_and_is_made_for_screen_readers() -> None:
    made = pdf(sheets.sheet())
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert b"pdfuaid" in made
    assert reader.metadata.title == "Profession to Profession: fact sheet, 2006 cohort"
    assert reader.pages[0].mediabox[2:] == [612, 792]
    said = pdf_text(sheets.sheet())
    assert [text for text in every_text(sheets.sheet()) if squeezed(text) not in said] == []
    assert squeezed("1 of 2 lines agree with the fact sheet of 21 September 2006") in said


def test_the_charts_of_the_slides_are_native_and_hold_the_numbers_of_the_sheet() -> None:
    sheet = sheets.sheet()
    shown = charts(deck(sheet))
    assert [list(shape.chart.plots[0].series[0].values) for shape in shown] == [
        [item.size for item in part.items] for part in (sheet.cohorts, sheet.groups, sheet.outcomes)
    ]
    assert list(shown[1].chart.plots[0].categories) == [name for name, *_ in sheets.GROUPS]
    alts = [alternative(shape) for shape in shown]
    assert "Engineering 11" in alts[1]
    assert "66 per cent (25 of 38)" in alts[2]


def test_the_slides_are_wide_and_each_says_its_day_and_its_mode() -> None:
    sheet = sheets.sheet()
    made = deck(sheet)
    assert round(made.slide_width / made.slide_height, 2) == 1.78
    assert 4 <= len(made.slides) <= 6
    for slide in made.slides:
        assert any(shape.has_text_frame and sheet.status in shape.text_frame.text for shape in slide.shapes)
        assert slide.shapes.title.text_frame.text
    said = squeezed(deck_text(made))
    assert [text for text in every_text(sheet) if squeezed(text) not in said] == []


def test_the_workbook_has_every_figure_with_what_it_counts_and_a_tab_for_each_table() -> None:
    sheet = sheets.sheet()
    made = book(sheet)
    assert made.sheetnames == [
        "Figures",
        "Matches started by cohort",
        "Occupational groups",
        "Outcomes",
        "The 2004 pilot",
        "Published beside computed",
        "About",
    ]
    rows = list(made["Figures"].iter_rows(min_row=6, values_only=True))
    assert len(rows) == 1 + sum(len(part.items) for part in sheet.sections)
    employed = next(row for row in rows if row[1] == "Found employment")
    assert employed[2] == "66 %"
    assert employed[3] == pytest.approx(65.789, abs=0.001)
    assert (employed[4:9], employed[13]) == (("per cent", 25, 38, "mentees reached", 60), "Of those reached.")
    assert employed[11].date() == sheets.AS_OF
    groups = [row[:3] for row in made["Occupational groups"].iter_rows(min_row=6, values_only=True)]
    assert groups == [(name, str(n), n) for name, n, _ in sheets.GROUPS]
    assert all(tab.freeze_panes and tab.page_setup.fitToHeight == 0 for tab in made)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_others_is_text_in_every_file(text: str) -> None:
    sheet = sheets.sheet(
        organisation=text,
        partners=text,
        sentence=text,
        cohort=text,
        groups=sheets.groups(((text, 5, True), ("Law", 4, False))),
        panels=(Section(text, (), absent=text, name=text),),
    )
    assert squeezed(text)[::-1] in pdf_text(sheet) or squeezed(text) in pdf_text(sheet)
    assert squeezed(text) in squeezed(deck_text(deck(sheet)))
    made = book(sheet)
    assert text in [value for tab in made for value in cells(tab)]
    assert all(
        cell.data_type != "f" and cell.hyperlink is None for tab in made for row in tab.iter_rows() for cell in row
    )


@pytest.mark.parametrize("text", [LONG, "张伟 会计", "a\x00b\x0b\u202ec\ud800d\ufffe", ""])
def test_what_no_font_or_file_can_hold_does_not_keep_the_sheet_from_being_made(text: str) -> None:
    sheet = sheets.sheet(organisation=text, sentence=text, groups=sheets.groups(((text, 5, True),)))
    assert pdf(sheet)
    assert deck(sheet)
    assert plain(text) in cells(book(sheet)["Occupational groups"]) or not text


def test_small_cells_are_printed_and_not_drawn() -> None:
    sheet = sheets.sheet(
        mode=Mode.PUBLIC, published=(), groups=sheets.groups((("Engineering", 15, False), ("Law", None, True)))
    )
    assert squeezed("Law <11") in pdf_text(sheet)
    assert squeezed("Public figures, protected.") in pdf_text(sheet)
    chart = charts(deck(sheet))[1].chart.plots[0]
    assert (list(chart.categories), list(chart.series[0].values)) == (["Engineering", "Law: <11"], [15, None])
    row = next(book(sheet)["Occupational groups"].iter_rows(min_row=7, values_only=True))
    assert row[:3] == ("Law", "<11", None)


def test_a_sheet_with_nothing_to_show_says_so_in_sentences() -> None:
    nobody = Section("No outcome is known yet", (), absent="Nobody has been reached by this day.", name="Outcomes")
    none = Section("No occupational groups", (), absent="No match had started by this day.", name="Groups")
    sheet = sheets.sheet(
        headline=sheets.Item("Matches started", sheets.count(0)),
        sentence="No match of the 2027 cohort had started.",
        cohorts=sheets.cohorts((("2027", 0),)),
        groups=none,
        outcomes=nobody,
        panels=(),
        how=(),
        background=(),
        partners="",
        published=(),
    )
    for said in (pdf_text(sheet), squeezed(deck_text(deck(sheet)))):
        assert squeezed(nobody.absent) in said
        assert squeezed(none.absent) in said
        assert squeezed(sheet.sentence) in said
        assert "nan" not in said.casefold()
        assert "0%" not in said
    assert len(charts(deck(sheet))) == 0
    assert "About" in book(sheet).sheetnames


def test_many_cohorts_groups_and_lines_find_room() -> None:
    rows = tuple((f"Group {n}", 40 - n, n % 3 == 0) for n in range(24))
    sheet = sheets.sheet(
        groups=sheets.groups(rows),
        cohorts=sheets.cohorts(tuple((str(year), year - 1990) for year in range(2004, 2027))),
        published=sheets.sheet().published * 20,
    )
    said = pdf_text(sheet)
    assert all(squeezed(name) in said for name, *_ in rows)
    assert said.count("agrees") == 20
    assert deck_text(deck(sheet)).count("agrees") == 20


@pytest.mark.parametrize("export", [pdf, slides, workbook])
def test_the_same_sheet_says_the_same_twice(export: Any) -> None:
    first, second = export(sheets.sheet()), export(sheets.sheet())
    if export is slides:  # the numbers behind a chart are a workbook that carries the moment it was made
        packed = [zipfile.ZipFile(io.BytesIO(made)) for made in (first, second)]
        first, second = ([p.read(n) for n in p.namelist() if not n.endswith(".xlsx")] for p in packed)
    assert first == second


def test_the_colours_of_print_are_those_of_the_light_theme() -> None:
    assert {
        palette.PAPER: LIGHT.paper,
        palette.PANEL: LIGHT.panel,
        palette.INK: LIGHT.ink,
        palette.QUIET: LIGHT.quiet,
        palette.LINE: LIGHT.line,
        palette.RULE: LIGHT.rule,
        palette.CONTEXT: LIGHT.context,
        palette.CHOSEN: LIGHT.chosen,
        palette.OBJECTIVE: LIGHT.objective,
        palette.GOOD: LIGHT.green.text,
        palette.BAD: LIGHT.red.text,
    } == {colour: colour for colour in palette.COLOURS.values()}
