"""A sheet as a workbook: every figure with what it counts, and a sheet for each table."""

import io
import re
from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import Any, Self

import xlsxwriter

from services.counting.figure import Figure
from services.exports import palette
from services.exports.letters import plain
from services.factsheet.model import Item, Section, Sheet

#: A spreadsheet's own limits for a cell and for the name of a sheet.
_LONGEST, _NAME = 32_767, 31
_HEAD_ROW = 4
#: Height of a line in points, and the most lines that a row shows.
_LINE, _LINES = 14.5, 20
_FIGURES = (
    ("Part", 24),
    ("Figure", 40),
    ("Printed", 11),
    ("Value", 11),
    ("Unit", 20),
    ("Numerator", 11),
    ("Base", 9),
    ("Base counts", 22),
    ("Objective", 10),
    ("From", 12),
    ("To", 12),
    ("As of", 12),
    ("Rounded", 10),
    ("Rule", 52),
)
_SECTION = (("", 44), ("Printed", 12), ("Value", 12), ("Numerator", 12), ("Base", 10), ("Mark", 12))
_PUBLISHED = (
    ("Under", 18),
    ("Line", 44),
    ("Published", 13),
    ("Computed", 13),
    ("Counted from", 26),
    ("As of", 13),
    ("Verdict", 11),
)


def workbook(sheet: Sheet) -> bytes:
    """An .xlsx. Text stays text, whatever it begins with; numbers are numbers, rates exact per cents."""
    sheet = plain(sheet)
    made = io.BytesIO()
    with _Book(made, sheet) as book:
        figures = [_figure_row("Headline", sheet.headline), *_figure_rows(sheet.sections)]
        book.table("Figures", sheet.opening, _FIGURES, figures, frozen=2, across=True)
        for section in sheet.sections:
            if section.items:
                rows = [_section_row(item) for item in section.items]
                head = ((section.name, _SECTION[0][1]), *_SECTION[1:])
                book.table(section.name, section.finding, head, rows, note=_note(section))
        if sheet.published:
            lines = [
                (line.under, line.what, line.published, line.computed, line.base, line.as_of, line.verdict)
                for line in sheet.published
            ]
            book.table("Published beside computed", f"{sheet.verdict}.", _PUBLISHED, lines, frozen=2)
        told = [(text,) for text in (*sheet.background, sheet.partners, sheet.rule, f"{sheet.basis}.") if text]
        told += [(f"{part.title}: {part.text}",) for part in sheet.how]
        book.table("About", sheet.title, (("How the programme works, and how it was counted", 76),), told)
    return made.getvalue()


def _figure_rows(sections: Sequence[Section]) -> list[tuple[Any, ...]]:
    return [_figure_row(section.name, item) for section in sections for item in section.items]


def _figure_row(part: str, item: Item) -> tuple[Any, ...]:
    figure = item.figure
    return (
        part,
        item.label,
        item.text,
        _value(item),
        "per cent" if figure.unit == "%" else figure.unit,
        figure.numerator,
        figure.base,
        figure.base_unit,
        figure.objective,
        figure.period.first,
        figure.period.last,
        figure.as_of,
        "yes" if figure.protected else "no",
        f"{figure.rule} {figure.absent}".strip(),
    )


def _section_row(item: Item) -> tuple[Any, ...]:
    figure: Figure = item.figure
    return (item.label, item.text, _value(item), figure.numerator, figure.base, item.mark)


def _value(item: Item) -> float | int | None:
    size = item.size
    return int(size) if size is not None and item.figure.unit != "%" and size == int(size) else size


def _note(section: Section) -> str:
    aim = f"Objective: {section.objective} per cent." if section.objective is not None else ""
    return " ".join(part for part in (section.note, aim) if part)


def _tall(texts: Sequence[tuple[str, float]], line: float = _LINE) -> float:
    """How high a row must be for its texts, each in its width in letters, to be read whole."""
    return min(max((ceil(len(said) / width) for said, width in texts), default=1), _LINES) * line or line


class _Book:
    """A workbook whose every tab has the same head: finding, day and mode, then a table that prints on one width."""

    def __init__(self, made: io.BytesIO, sheet: Sheet) -> None:
        self._sheet = sheet
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(made, options)
        created = datetime(*sheet.counted_on.timetuple()[:3])  # noqa: DTZ001 - the format has no zone
        self._book.set_properties(
            {"title": sheet.title, "author": sheet.organisation, "subject": sheet.status, "created": created}
        )
        self._names: set[str] = set()
        base = {"font_name": "Arial", "font_size": 10, "font_color": palette.INK, "valign": "top"}
        line = {**base, "bottom": 1, "bottom_color": palette.LINE}
        self._title = self._book.add_format({**base, "bold": True, "font_size": 15, "text_wrap": True})
        self._quiet = self._book.add_format({**base, "font_color": palette.QUIET, "text_wrap": True})
        self._text = self._book.add_format({**line, "text_wrap": True})
        self._whole = self._book.add_format({**line, "num_format": "#,##0"})
        self._exact = self._book.add_format({**line, "num_format": "#,##0.00"})
        self._day = self._book.add_format({**line, "num_format": "d mmm yyyy", "align": "left"})
        head = {
            **base,
            "bold": True,
            "bg_color": palette.PANEL,
            "bottom": 2,
            "bottom_color": palette.RULE,
            "text_wrap": True,
        }
        self._head = self._book.add_format(head)
        self._head_right = self._book.add_format({**head, "align": "right"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def table(
        self,
        name: str,
        finding: str,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Sequence[Any]],
        *,
        note: str = "",
        frozen: int = 1,
        across: bool = False,
    ) -> None:
        """A tab. `across` prints it on the long side of the paper."""
        tab = self._book.add_worksheet(self._free(name))
        tab.hide_gridlines(2)
        wide, last = sum(width for _, width in columns), len(columns) - 1
        heading = ((finding, self._title), (f"{self._sheet.organisation} · {self._sheet.title}", self._quiet))
        for place, (said, look) in enumerate((*heading, (f"{self._sheet.status} {note}".strip(), self._quiet))):
            tab.set_row(place, _tall([(said, wide * (0.6 if look is self._title else 1))], 20 if place == 0 else _LINE))
            if last:
                tab.merge_range(place, 0, place, last, "", look)
            tab.write_string(place, 0, said[:_LONGEST], look)
        for at, (head, width) in enumerate(columns):
            tab.set_column(at, at, width)
            is_number = any(isinstance(row[at], int | float) for row in rows)
            tab.write_string(_HEAD_ROW, at, head, self._head_right if is_number else self._head)
        for number, row in enumerate(rows, _HEAD_ROW + 1):
            tab.set_row(number, _tall([(v, w) for v, (_, w) in zip(row, columns, strict=True) if isinstance(v, str)]))
            for place, value in enumerate(row):
                self._write(tab, number, place, value)
        tab.freeze_panes(_HEAD_ROW + 1, frozen if len(columns) > frozen else 0)
        tab.repeat_rows(_HEAD_ROW)
        tab.print_area(0, 0, _HEAD_ROW + len(rows), last)
        tab.fit_to_pages(1, 0)
        tab.set_paper(1)
        tab.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        if across:
            tab.set_landscape()
        tab.set_footer("&L&8&A&R&8Page &P of &N")

    def _write(self, tab: Any, row: int, at: int, value: Any) -> None:
        if value is None:
            tab.write_blank(row, at, None, self._text)
        elif isinstance(value, str):
            tab.write_string(row, at, value[:_LONGEST], self._text)
        elif isinstance(value, int | float):
            tab.write_number(row, at, value, self._whole if isinstance(value, int) else self._exact)
        else:
            tab.write_datetime(row, at, value, self._day)

    def _free(self, name: str) -> str:
        """The name as a tab may carry it, with a number when it is taken."""
        short = re.sub(r"[\[\]:*?/\\]", " ", name).strip(" '")[:_NAME] or "Table"
        found, number = short, 2
        while found.casefold() in self._names or found.casefold() == "history":
            found, number = f"{short[: _NAME - 3]} {number}", number + 1
        self._names.add(found.casefold())
        return found
