"""One person's file as a workbook: a tab for each kind of rows."""

import datetime as dt
import io
from typing import Any

import xlsxwriter

from services.exports.letters import plain
from services.privacy.personal_file import PersonalFile

#: A spreadsheet's own limits for the name of a tab and for a cell.
_NAME, _LONGEST = 31, 32_767
_NARROW, _WIDE = 12, 60


def as_workbook(file: PersonalFile) -> bytes:
    """An .xlsx. Text stays text, whatever it begins with."""
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(written, options)
    created = dt.datetime(*file.day.timetuple()[:3])  # noqa: DTZ001 - the format has no zone
    book.set_properties({"title": f"Everything that is kept of one {file.kind}", "created": created})
    bold = book.add_format({"bold": True, "bottom": 2, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "d mmm yyyy", "align": "left", "valign": "top"})
    for sheet in file.sheets:
        tab = book.add_worksheet(sheet.name[:_NAME])
        for at, head in enumerate(sheet.heads):
            longest = max(len(str(row[at])) for row in sheet.rows)
            tab.set_column(at, at, min(max(len(head) + 2, longest, _NARROW), _WIDE))
            tab.write_string(0, at, head, bold)
            for line, row in enumerate(sheet.rows, 1):
                _write(tab, line, at, row[at], text, day)
        tab.freeze_panes(1, 0)
        tab.repeat_rows(0)
        tab.set_paper(1)
        tab.set_landscape()
        tab.fit_to_pages(1, 0)
    book.close()
    return written.getvalue()


def _write(tab: Any, line: int, at: int, value: Any, text: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        tab.write_string(line, at, "yes" if value else "no", text)
    elif isinstance(value, int | float):
        tab.write_number(line, at, value, text)
    elif isinstance(value, dt.date):
        tab.write_datetime(line, at, value, day)
    else:
        tab.write_string(line, at, plain(str(value))[:_LONGEST], text)
