"""Bytes to sheets: what a file is, told by its content and never by its name."""

from pathlib import PurePath

from services.errors import Invalid
from services.imports import text, workbook
from services.imports.sheets import MAX_BYTES, Sheet

_HOW = "Open it in your spreadsheet program and save it as .xlsx or .csv, then choose that file."
_BEGINS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", f"This is a picture, not a table. {_HOW}"),
    (b"\xff\xd8\xff", f"This is a picture, not a table. {_HOW}"),
    (b"GIF8", f"This is a picture, not a table. {_HOW}"),
    (b"%PDF", f"This is a PDF document, not a table. {_HOW}"),
    (b"{\\rtf", f"This is a text document, not a table. {_HOW}"),
    (b"MZ", "This is a program, not a table. Choose an .xlsx or .csv file."),
    (b"\x1f\x8b", "This file is packed. Unpack it and choose the .xlsx or .csv file inside."),
    (b"<", f"This is a web page or XML, not a table. {_HOW}"),
)
_OLD = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def read(data: bytes, filename: str) -> tuple[list[Sheet], list[str]]:
    """The sheets of an .xlsx or of delimited text, and what a coordinator should know about the reading.

    Raises `Invalid` with one sentence for everything that cannot be read safely.
    """
    if len(data) > MAX_BYTES:
        message = f"The file is larger than {MAX_BYTES >> 20} MB. Split it into smaller files."
        raise Invalid(message)
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        message = "The file is empty. Choose a file with a table in it."
        raise Invalid(message)
    if data.startswith(_OLD):
        if _LOCKED in data:
            message = "The workbook is protected by a password. Save it without one, then choose it again."
        else:
            message = f"This is a workbook of the old .xls kind. {_HOW}"
        raise Invalid(message)
    if data.startswith(b"PK"):
        return workbook.read(data)
    for begin, sentence in _BEGINS:
        if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(begin):
            raise Invalid(sentence)
    rows, notes = text.read(data)
    return [Sheet(PurePath(filename).stem, rows, is_text=True)], notes
