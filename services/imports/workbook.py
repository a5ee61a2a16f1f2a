"""An .xlsx to sheets: guards first, then a process of its own that may neither grow nor linger."""

import datetime as dt
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from services.errors import Invalid
from services.imports.sheets import FORMULA, MAX_COLUMNS, MAX_ROWS, Cell, Row, Sheet

_MAX_EXPANDED = 80 * 2**20
_MAX_RATIO = 120
_MAX_PARTS = 300
#: Rows and cells as marked in the file, filled or not: what a program must walk through.
_MAX_MARKED_ROWS = 60_000
_MAX_MARKED_CELLS = 700_000
_SECONDS = 20
_READER = Path(__file__).parent / "workbook_reader.py"

_DAMAGED = "The workbook is damaged. Open it in your spreadsheet program, save it again as .xlsx and choose that file."
_ACTIVE = "The workbook holds macros, links to other files or embedded objects. Save it as a plain .xlsx without them."
_TOO_BIG = "The workbook is far larger inside than it looks. Copy the table into a new workbook and choose that file."
_OTHER = {
    "mimetype": "This is an OpenDocument file. Save it as .xlsx or .csv, then choose that file.",
    "Index/Document.iwa": "This is a Numbers file. Export it as .xlsx or .csv, then choose that file.",
    "Index.zip": "This is a Numbers file. Export it as .xlsx or .csv, then choose that file.",
    "word/document.xml": "This is a text document, not a workbook. Choose an .xlsx or .csv file.",
    "xl/workbook.bin": "This is a workbook of the .xlsb kind. Save it as .xlsx, then choose that file.",
}
_SENTENCES = {
    "rows": f"A sheet has more than {MAX_ROWS:,} rows. Split the workbook.",
    "columns": f"A sheet has more than {MAX_COLUMNS} columns. Keep the columns that are needed.",
    "text": "The workbook holds characters that no text has. Copy the table into a new workbook and choose that file.",
    "damaged": _DAMAGED,
}
_ACTIVE_PARTS = re.compile(
    r"vbaproject|^xl/(externallinks|embeddings|activex|ctrlprops|macrosheets)/|^xl/connections\.xml$"
    r"|\.(exe|zip|vbs|ocx|ole|dll|js)$",
    re.IGNORECASE,
)


def read(data: bytes) -> tuple[list[Sheet], list[str]]:
    """The visible sheets of a workbook, and notes about the others. Raises `Invalid`."""
    check(data)
    try:
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(_READER), str(MAX_ROWS), str(MAX_COLUMNS)],
            input=data,
            capture_output=True,
            timeout=_SECONDS,
            env={"OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Invalid(_TOO_BIG) from None
    if child.returncode:
        raise Invalid(_TOO_BIG if child.returncode < 0 else _SENTENCES.get(child.stdout.decode()[:20], _DAMAGED))
    said = json.loads(child.stdout)
    hidden = [sheet["name"] for sheet in said if sheet["hidden"]]
    notes = [f"The hidden sheet «{name}» was not read." for name in hidden]
    return [_sheet(sheet) for sheet in said if not sheet["hidden"]], notes


def _sheet(said: dict[str, Any]) -> Sheet:
    return Sheet(said["name"], tuple(Row(number, tuple(map(_cell, cells))) for number, cells in said["rows"]))


def _cell(said: Any) -> Cell:
    if isinstance(said, dict):
        return FORMULA if "formula" in said else dt.date.fromisoformat(said["date"])
    value: Cell = said
    return value


def check(data: bytes) -> None:
    """Refuse, before anything is parsed, what could hurt: bombs, macros, links, entities. Raises `Invalid`."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = archive.infolist()
        _check_parts(parts)
        for part in parts:
            if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                _check_xml(archive, part)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError) as error:
        raise Invalid(_DAMAGED) from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise Invalid(_DAMAGED) from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    for name, sentence in _OTHER.items():
        if name in names:
            raise Invalid(sentence)
    if any(part.flag_bits & 1 for part in parts):
        message = "The file is protected by a password. Save it without one, then choose it again."
        raise Invalid(message)
    if any(_ACTIVE_PARTS.search(name) for name in names):
        raise Invalid(_ACTIVE)
    if "xl/workbook.xml" not in names:
        message = "This is an archive without a workbook inside. Choose an .xlsx or .csv file."
        raise Invalid(message)
    unsafe = any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names)
    if len(names) > _MAX_PARTS or len(set(names)) != len(names) or unsafe:
        raise Invalid(_DAMAGED)
    swollen = any(part.file_size > 2**20 and part.file_size > _MAX_RATIO * max(1, part.compress_size) for part in parts)
    if swollen or sum(part.file_size for part in parts) > _MAX_EXPANDED:
        raise Invalid(_TOO_BIG)


def _check_xml(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """One pass over the unpacked text: no document type may stand in it, and a sheet's marks are counted."""
    rows = cells = 0
    tail = b""
    with archive.open(part) as stream:
        while block := stream.read(2**18):
            seen = (tail + block).replace(b"\x00", b"")
            upper = seen.upper() if b"<!" in seen else b""
            if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper:
                message = "The workbook holds a document type declaration, which no spreadsheet program writes."
                raise Invalid(message)
            if part.filename.startswith("xl/worksheets/"):
                rows += block.count(b"<row") + block.count(b":row ")
                cells += block.count(b"<c ") + block.count(b"<c>") + block.count(b":c ")
            if rows > _MAX_MARKED_ROWS:
                message = "A sheet has far more rows than people. Delete the rows below the table, empty ones too."
                raise Invalid(message)
            if cells > _MAX_MARKED_CELLS:
                raise Invalid(_TOO_BIG)
            tail = block[-10:]
