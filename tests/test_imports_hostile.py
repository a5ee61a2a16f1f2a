"""Files that are broken, locked, hostile or no table at all: one sentence, nothing changed, soon."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from sqlalchemy import func, select

from db.models import Mentor, TrailEntry
from db.settings import ROOT
from services import imports, reading, transaction
from services.access import OPERATOR
from services.errors import Invalid
from tests import files

SHEET = "xl/worksheets/sheet1.xml"
GOOD = files.xlsx({"Mentors": [files.MENTORS, *files.mentors(3)]})
TEXT = files.csv(files.MENTORS, *files.mentors(3))
ROWS = (
    "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{}</sheetData></worksheet>"
)
ENTITY = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x {}>]>'


def zipped(name: str, content: bytes = b"x") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def wide(columns: int) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    book.add_worksheet().write_row(0, 0, [f"c{n}" for n in range(columns)])
    book.close()
    return made.getvalue()


def sheet(content: str) -> bytes:
    return files.parts(GOOD, **{SHEET: content.encode()})


def entity(what: str) -> bytes:
    return files.parts(GOOD, **{"xl/sharedStrings.xml": (ENTITY.format(what) + "<sst>&x;</sst>").encode()})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "empty"),
    "blanks": (lambda: b"\xef\xbb\xbf \r\n\r\n", "empty"),
    "broken zip": (lambda: GOOD[: len(GOOD) // 2], "damaged"),
    "flipped bytes": (lambda: GOOD[:400] + bytes(200) + GOOD[600:], "damaged"),
    "no zip at all": (lambda: b"PK\x03\x04" + b"nonsense" * 99, "damaged"),
    "password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 9, "password"),
    "old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook" * 99, ".xls kind"),
    "OpenDocument": (lambda: zipped("mimetype"), "OpenDocument"),
    "Numbers": (lambda: zipped("Index/Document.iwa"), "Numbers"),
    "text document": (lambda: zipped("word/document.xml"), "text document"),
    "binary workbook": (lambda: zipped("xl/workbook.bin"), ".xlsb"),
    "other archive": (lambda: zipped("readme.txt"), "archive"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(300), "picture"),
    "document": (lambda: b"%PDF-1.7 " + b"x" * 300, "PDF"),
    "web page": (lambda: b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
    "too large": (lambda: b"a,b\n" * 13_000_000, "10 MB"),
    "one long line": (lambda: b"x" * 9_000_000, "quotation mark"),
    "bomb": (lambda: sheet(ROWS.format("<row/>") + " " * (70 << 20)), "larger inside"),
    "swollen": (
        lambda: sheet(ROWS.format("<row><c t='inlineStr'><is><t>A</t></is></c></row>" * 400_000)),
        "larger inside|far more",
    ),
    "used but empty rows": (
        lambda: sheet(
            ROWS.format("".join(f'<row r="{n}" spans="1:{n % 97}" ht="{n % 89}"/>' for n in range(1, 1_000_001)))
        ),
        "far more rows",
    ),
    "columns": (lambda: wide(16_384), "more than 100 columns"),
    "columns of text": (lambda: files.csv([f"c{n}" for n in range(100_000)]), "more than 100 columns"),
    "billion laughs": (lambda: entity('"ha"'), "document type"),
    "external entity": (lambda: entity('SYSTEM "file:///etc/passwd"'), "document type"),
    "late document type": (
        lambda: files.parts(GOOD, **{"xl/workbook.xml": b"<!--" + b" " * 300_000 + b"--><!DOCTYPE a><a/>"}),
        "document type",
    ),
    "hidden document type": (
        lambda: files.parts(GOOD, **{"xl/styles.xml": (ENTITY.format('"x"') + "<a/>").encode("utf-16")}),
        "document type",
    ),
    "macros": (lambda: files.parts(GOOD, **{"xl/vbaProject.bin": b"x"}), "macros"),
    "external links": (lambda: files.parts(GOOD, **{"xl/externalLinks/externalLink1.xml": b"<a/>"}), "links"),
    "embedded object": (lambda: files.parts(GOOD, **{"xl/embeddings/oleObject1.bin": b"x"}), "embedded"),
    "climbing part": (lambda: files.parts(GOOD, **{"../evil.xml": b"<a/>"}), "damaged"),
    "no sheet": (lambda: files.parts(GOOD, **{SHEET: None}), "damaged"),
    "broken sheet": (lambda: sheet("<worksheet><row>"), "damaged"),
    "zeros": (lambda: TEXT.replace(b"Grace1", b"Gra\x00ce"), "no text has"),
    "lone surrogate": (lambda: TEXT.replace(b"Grace1", b"\xed\xa0\x80"), "no text has"),
    "lone surrogate, wide": (lambda: TEXT.decode().encode("utf-16") + b"\x00\xd8", "no text has"),
    "lone surrogate in a workbook": (
        lambda: sheet(ROWS.format("<row><c t='inlineStr'><is><t>&#xD800;</t></is></c></row>")),
        "damaged",
    ),
    "too many rows": (lambda: files.csv(files.MENTORS, *files.mentors(20_001)), "20,000 rows"),
    "open quotation mark": (lambda: TEXT.replace(b"Fraser, Grace2", b'"Fraser'), "quotation mark"),
    "no table": (lambda: b"Dear colleague,\nplease find the list attached.\nThanks\n", "not clear|no table"),
    "headers alone": (lambda: files.csv(files.MENTORS), "no table"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_cannot_be_used_gets_one_sentence_and_changes_nothing(desk: str, what: str) -> None:
    build, expected = HOSTILE[what]
    data = build()
    with pytest.raises(Invalid, match=expected) as refused, transaction() as session:
        imports.apply(session, data, "list.xlsx", by=OPERATOR)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Mentor)) == 0
        assert session.scalar(select(func.count()).select_from(TrailEntry)) == 0


#: In a process of its own: what any child of this one took until now would count as well.
READ_ALL = """
import contextlib, resource
from services import imports, reading
from services.access import OPERATOR
from services.errors import Invalid
from tests.test_imports_hostile import GOOD, HOSTILE

heavy = ("bomb", "swollen", "used but empty rows", "columns", "one long line")
for data in (GOOD, *(HOSTILE[what][0]() for what in heavy)):
    with contextlib.suppress(Invalid), reading() as session:
        imports.preview(session, data, "list.xlsx", by=OPERATOR)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_reading_workbooks_never_takes_more_than_its_share_of_memory(desk: str) -> None:
    read = subprocess.run([sys.executable, "-c", READ_ALL], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 0 < int(read.stdout) < 800 * 1024


def test_a_sheet_that_lies_about_its_size_is_read_whole(desk: str) -> None:
    said = zipfile.ZipFile(io.BytesIO(GOOD)).read(SHEET).decode()
    lying = said.replace('<dimension ref="A1:E4"/>', '<dimension ref="A1:XFD1"/>')
    assert lying != said
    with reading() as session:
        assert imports.preview(session, sheet(lying), "mentors.xlsx", by=OPERATOR).good == 3


@pytest.mark.parametrize("name", ["list", "list.CSV", "list.csv.exe", "list.xlsx", "../../etc/passwd"])
def test_the_name_of_a_file_decides_nothing(desk: str, name: str) -> None:
    with reading() as session:
        assert imports.preview(session, TEXT.replace(b"Fraser, ", b"Fraser "), name, by=OPERATOR).good == 3
        assert imports.preview(session, GOOD, name, by=OPERATOR).good == 3
