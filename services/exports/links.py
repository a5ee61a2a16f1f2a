"""Personal links as a file to send them from: name, e-mail, link."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from services.exports.letters import plain
from services.survey_links import Made

_HEADER = ("Name", "E-mail", "Link")
#: By which spreadsheet programs know what to calculate, also the wide ones of East Asian keyboards.
_SIGNS = "=+-@|%＝＋－＠"


def as_csv(made: Sequence[Made]) -> bytes:
    """UTF-8 with its mark, as spreadsheet programs ask for; nothing in it is calculated by any of them."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, quoting=csv.QUOTE_ALL)  # where lists are cut at semicolons, a name stays whole
    lines.writerow(_HEADER)
    lines.writerows([_harmless(cell) for cell in _cells(one)] for one in made)
    return written.getvalue().encode("utf-8-sig")


def as_workbook(made: Sequence[Made]) -> bytes:
    """An .xlsx with every cell as text."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("Links")
    bold = book.add_format({"bold": True})
    for at, title in enumerate(_HEADER):
        page.write_string(0, at, title, bold)
    for line, one in enumerate(made, 1):
        for at, cell in enumerate(_cells(one)):
            page.write_string(line, at, cell)
    page.set_column(0, 1, 30)
    page.set_column(2, 2, 80)
    page.freeze_panes(1, 0)
    book.close()
    return written.getvalue()


def _cells(one: Made) -> tuple[str, str, str]:
    return plain(one.name), plain(one.email), one.address


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(tuple(_SIGNS)) else cell
