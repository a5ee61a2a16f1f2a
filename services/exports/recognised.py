"""The recognition list as a workbook."""

import io
from typing import Any

import pandas as pd
import xlsxwriter

from services.exports.letters import plain

#: Column of the list, its head, and its width.
_COLUMNS = (
    ("mentor", "Mentor", 34),
    ("completed", "Matches completed", 18),
    ("tier", "Tier", 16),
    ("since", "Tier reached", 14),
    ("first", "First completed", 15),
    ("latest", "Last completed", 15),
)


def as_workbook(listed: pd.DataFrame) -> bytes:
    """An .xlsx of the rows of `recognition.listed`, in their order; text stays text, whatever it begins with."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("Recognition")
    bold = book.add_format({"bold": True, "bottom": 2})
    day = book.add_format({"num_format": "d mmm yyyy", "align": "left"})
    for at, (column, head, width) in enumerate(_COLUMNS):
        page.set_column(at, at, width)
        page.write_string(0, at, head, bold)
        for line, value in enumerate(listed[column], 1):
            _write(page, line, at, value, day)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(listed), 1), len(_COLUMNS) - 1)
    page.repeat_rows(0)
    page.set_paper(1)
    page.fit_to_pages(1, 0)
    book.close()
    return written.getvalue()


def _write(page: Any, line: int, at: int, value: Any, day: Any) -> None:
    if isinstance(value, str):
        page.write_string(line, at, plain(value))
    elif isinstance(value, int):
        page.write_number(line, at, value)
    else:
        page.write_datetime(line, at, value, day)
