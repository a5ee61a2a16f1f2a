"""Delimited text to rows: its encoding and its delimiter found out, its lines counted as a person counts them."""

import codecs
import csv
import io
import re
from collections import Counter
from itertools import islice

from charset_normalizer import from_bytes

from services.errors import Invalid
from services.imports.sheets import MAX_COLUMNS, MAX_ROWS, Row

_DELIMITERS = ",;\t|"
_LOOKED_AT = 200
_LONGEST_CELL = 32_767
#: Delimiters in one line that make it look like a row.
_WHOLE_LINE = 3
_UNCLOSED = "In line {} a quotation mark is opened and not closed. Mend that line."
_SURROGATE = re.compile(b"\xed[\xa0-\xbf][\x80-\xbf]")
#: Bytes that mean nothing in Windows-1252.
_UNDEFINED = re.compile(b"[\x81\x8d\x8f\x90\x9d]")
_NO_TEXT = "The file holds bytes that no text has. Save it again as .xlsx, or as .csv in UTF-8, then choose that file."


def read(data: bytes) -> tuple[tuple[Row, ...], list[str]]:
    """The rows of a text file that hold something, and notes about the reading. Raises `Invalid`."""
    content, notes = _decoded(data)
    skipped = 0
    if named := re.match(r"sep=(.)\r?\n", content):
        content, skipped = content[named.end() :], 1
    delimiter = named[1] if named else _delimiter(content)
    rows = []
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    number = 1
    try:
        for cells in reader:
            _check(cells, number, delimiter)
            if any(cell.strip() for cell in cells):
                rows.append(Row(number + skipped, tuple(cells)))
            if len(rows) > MAX_ROWS + 100:
                break
            number = reader.line_num + 1
    except csv.Error as error:
        message = f"Line {number} holds a cell that is far too long. A quotation mark may be missing; mend that line."
        raise Invalid(message) from error
    if rows:
        _check_end(
            io.StringIO(content, newline="").readlines()[rows[-1].number - skipped - 1 :], rows[-1].number, delimiter
        )
    return tuple(rows), notes


def _check(cells: list[str], number: int, delimiter: str) -> None:
    if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
        message = f"Line {number} has more than {MAX_COLUMNS} columns. Keep the columns that are needed."
        raise Invalid(message)
    for cell in cells:
        # A cell with whole lines in it, delimiters and all, has swallowed them behind an open quotation mark.
        swallowed = sum(line.count(delimiter) >= _WHOLE_LINE for line in cell.splitlines()[1:])
        if len(cell) > _LONGEST_CELL or swallowed > 1:
            raise Invalid(_UNCLOSED.format(number))


def _check_end(lines: list[str], number: int, delimiter: str) -> None:
    """Refuse a last record that the end of the file cut off inside quotation marks."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Invalid(_UNCLOSED.format(number)) from error


def _decoded(data: bytes) -> tuple[str, list[str]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16"), []
    if b"\x00" in data:
        # Text in UTF-16 without a mark has a zero in every other place.
        even, odd = data[0:4000:2].count(0), data[1:4000:2].count(0)
        if max(even, odd) * 3 < len(data[:4000]) / 2 or min(even, odd) * 4 > max(even, odd):
            raise Invalid(_NO_TEXT)
        return _strictly(data, "utf-16-le" if odd > even else "utf-16-be"), []
    data = data.removeprefix(codecs.BOM_UTF8)
    if _SURROGATE.search(data):
        raise Invalid(_NO_TEXT)
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        return _single_byte(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Invalid(_NO_TEXT) from error


def _single_byte(data: bytes) -> tuple[str, list[str]]:
    lines = data.splitlines(keepends=True)
    utf8 = sum(not line.isascii() and _is_utf8(line) for line in lines)
    if utf8:
        mixed = "".join(line.decode() if _is_utf8(line) else line.decode("cp1252", "replace") for line in lines)
        return mixed, ["The file mixes two encodings (UTF-8 and Windows-1252); look at accented letters."]
    if not _UNDEFINED.search(data):
        return data.decode("cp1252"), ["The file was read as Windows-1252; look at accented letters."]
    best = from_bytes(data[: 2**18]).best()
    if best is None:
        raise Invalid(_NO_TEXT)
    said = data.decode(best.encoding, "replace")
    return said, [f"The file was read as {best.encoding}; look at letters beyond A to Z."]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(content: str) -> str:
    """The sign that cuts most lines into the same number of cells, the more cells the better."""

    def evenness(sign: str) -> float:
        reader = csv.reader(io.StringIO(content[: 2**20], newline=""), delimiter=sign)
        try:
            widths = Counter(len(cells) for cells in islice(reader, _LOOKED_AT) if cells)
        except csv.Error:
            return 0
        width, lines = max(widths.items(), key=lambda kind: kind[0] * kind[1] if kind[0] > 1 else 0, default=(1, 0))
        return width * lines**2 / max(1, widths.total()) if width > 1 else 0

    return max(_DELIMITERS, key=evenness)
