"""Refused rows as a workbook, with the reason beside each, ready to be mended and sent again."""

import io
from collections import defaultdict

import xlsxwriter

from services.imports.preview import Preview, Rejected
from services.imports.rows import Problem
from services.imports.words import plain

#: A spreadsheet's own limit for one cell.
_LONGEST = 32_767


def rejected_workbook(preview: Preview) -> bytes:
    """An .xlsx with a sheet for each sheet of the file: row, what to mend, then the cells as they came.

    Every cell is written as text, so that no spreadsheet program calculates any of them.
    """
    faults: dict[str, list[Problem]] = defaultdict(list)
    for problem in preview.problems:
        faults[problem.row].append(problem)
    by_sheet: dict[str, list[Rejected]] = defaultdict(list)
    for row in preview.rejected:
        by_sheet[row.sheet].append(row)
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    marked = book.add_format({"bg_color": "#FDE7E9", "text_wrap": True, "valign": "top"})
    normal = book.add_format({"valign": "top", "num_format": "@"})
    bold = book.add_format({"bold": True})
    for number, (sheet, rows) in enumerate(by_sheet.items(), 1):
        page = book.add_worksheet(f"Refused {number}")
        headers = [column.header for column in preview.columns if column.sheet == sheet]
        for at, header in enumerate(["Row", "What to mend", *headers]):
            page.write_string(0, at, header[:_LONGEST], bold)
        for line, row in enumerate(rows, 1):
            wrong = {problem.column for problem in faults[row.row]}
            page.write_string(line, 0, row.row, normal)
            page.write_string(line, 1, _sentences(faults[row.row]), marked)
            for at, cell in enumerate(row.cells):
                is_wrong = at < len(headers) and headers[at] in wrong
                page.write_string(line, at + 2, plain(cell)[:_LONGEST], marked if is_wrong else normal)
        page.set_column(0, 0, 8)
        page.set_column(1, 1, 48)
        page.set_column(2, len(headers) + 1, 22)
        page.freeze_panes(1, 2)
    if not by_sheet:
        book.add_worksheet("Refused")
    book.close()
    return made.getvalue()


def _sentences(problems: list[Problem]) -> str:
    return "\n".join(
        f"{problem.column}: {problem.sentence}" if problem.column else problem.sentence for problem in problems
    )
