"""What every slide is made of: a title, the day and the mode, text, tables and notes."""

import re
from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from services.exports import palette
from services.factsheet.model import Sheet

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT = Inches(0.65)
WIDE = WIDTH - 2 * LEFT
#: On every machine; the sheet's own typeface would be replaced by whatever there is.
FONT = "Arial"
_TITLE_ONLY = 5
_TITLE_LENGTH = 70
#: The theme's colours, so that what is edited later stays in the palette.
_THEME = {
    "dk1": palette.INK,
    "lt1": palette.PAPER,
    "dk2": palette.QUIET,
    "lt2": palette.PANEL,
    "accent1": palette.CHOSEN,
    "accent2": palette.CONTEXT,
    "accent3": palette.OBJECTIVE,
    "accent4": palette.GOOD,
    "accent5": palette.BAD,
    "accent6": palette.RULE,
    "hlink": palette.CHOSEN,
    "folHlink": palette.QUIET,
}


class Deck:
    """Slides of one layout: a title, and below it what each needs."""

    def __init__(self, presentation: Any, sheet: Sheet) -> None:
        self.presentation = presentation
        presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
        _dress(presentation)
        self._layout = presentation.slide_layouts[_TITLE_ONLY]
        self._keep_title_only()
        self._foot = f"{sheet.organisation} · {sheet.title} · {sheet.status}"

    def slide(self, title: str, under: str = "") -> Any:
        """A new slide."""
        slide = self.presentation.slides.add_slide(self._layout)
        frame = slide.shapes.title.text_frame
        frame.text = title
        run = frame.paragraphs[0].runs[0] if frame.paragraphs[0].runs else frame.paragraphs[0]
        run.font.size = Pt(34 if len(title) < _TITLE_LENGTH and under else 28 if len(title) < _TITLE_LENGTH else 22)
        if under:
            text(slide, under, LEFT, Inches(1.08), WIDE, Inches(0.4), size=Pt(18), colour=palette.QUIET)
        number = f" · {len(self.presentation.slides)}"
        text(slide, self._foot + number, LEFT, Inches(6.95), WIDE, Inches(0.35), size=Pt(11), colour=palette.QUIET)
        return slide

    def _keep_title_only(self) -> None:
        for shape in list(self._layout.placeholders):
            if shape.placeholder_format.idx:
                shape._element.getparent().remove(shape._element)  # noqa: SLF001 - the library offers no removal
        title = self._layout.placeholders[0]
        title.left, title.top, title.width, title.height = LEFT, Inches(0.4), WIDE, Inches(0.75)
        title.text_frame.word_wrap = True
        title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        _no_margins(title.text_frame)
        for paragraph in self.presentation.slide_master.placeholders[0].text_frame.paragraphs:
            paragraph.alignment = PP_ALIGN.LEFT
        style = self.presentation.slide_master.element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
        style.set("algn", "l")
        style.find(qn("a:defRPr")).set("b", "1")


def _dress(presentation: Any) -> None:
    """Our colours and typeface in the theme of the presentation."""
    for part in presentation.slide_master.part.rels.values():
        if not part.reltype.endswith("/theme"):
            continue
        xml = part.target_part.blob.decode()
        xml = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{FONT}", xml)
        for name, colour in _THEME.items():
            mark = f'<a:{name}><a:srgbClr val="{colour[1:]}"/></a:{name}>'
            xml = re.sub(rf"<a:{name}>.*?</a:{name}>", mark, xml, flags=re.DOTALL)
        part.target_part._blob = xml.encode()  # noqa: SLF001 - the library has no theme editing


def colour_of(code: str) -> RGBColor:
    """A colour of the palette as the library wants it."""
    red, green, blue = bytes.fromhex(code[1:])
    return RGBColor(red, green, blue)


def text(  # noqa: PLR0913 - a place has four numbers
    slide: Any,
    said: str,
    left: int,
    top: int,
    width: int,
    height: int,
    *,
    size: int,
    colour: str = palette.INK,
    bold: bool = False,
) -> None:
    """A text box that is shown as it is: no field, no link."""
    if not said:
        return
    frame = slide.shapes.add_textbox(int(left), int(top), int(width), int(height)).text_frame
    frame.word_wrap = True
    _no_margins(frame)
    run = frame.paragraphs[0].add_run()
    run.text = said
    run.font.size, run.font.bold, run.font.color.rgb = size, bold, colour_of(colour)


def table(
    slide: Any, rows: Sequence[Sequence[str]], left: int, top: int, width: int, widths: Sequence[float], alt: str
) -> None:
    """A table with a head; `widths` are shares of the whole. Numbers stand to the right."""
    frame = slide.shapes.add_table(len(rows), len(widths), left, top, width, Inches(0.33) * len(rows))
    describe(frame, alt)
    grid = frame.table
    frame._element.find(f".//{qn('a:tableStyleId')}").text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # noqa: SLF001 - no style, no grid
    for column, share in zip(grid.columns, widths, strict=True):
        column.width = int(width * share / sum(widths))
    above = ""
    for at, row in enumerate(rows):
        grid.rows[at].height = Inches(0.33)
        shown = ("" if at and row[0] == above else row[0], *row[1:])
        above = row[0]
        for place, said in enumerate(shown):
            _cell(grid.cell(at, place), said, head=at == 0, strong=place in (0, 2, 3), number=place in (2, 3))


def _cell(cell: Any, said: str, *, head: bool, strong: bool, number: bool) -> None:
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.margin_left = cell.margin_right = Inches(0.08)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour_of(palette.PANEL if head else palette.PAPER)
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if number else PP_ALIGN.LEFT
    run = paragraph.add_run()
    run.text = said
    run.font.size, run.font.bold = Pt(12), head or strong
    verdict = {"agrees": palette.GOOD, "differs": palette.BAD}.get(said, palette.INK)
    run.font.color.rgb = colour_of(palette.QUIET if head else verdict)


def describe(shape: Any, alt: str) -> None:
    """The text alternative of a chart or table."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", alt)  # noqa: SLF001 - the library has no setter


def notes(slide: Any, *lines: str) -> None:
    """What a speaker reads: the figures in words, with their rule."""
    slide.notes_slide.notes_text_frame.text = "\n".join(line for line in lines if line)


def _no_margins(frame: Any) -> None:
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
