"""Files as senders make them, for tests of the import."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

MENTORS = ("Name", "E-mail", "Occupation", "Max. mentees", "Division")
MENTEES = ("First name", "Last name", "E-mail", "Occupation", "Job-ready since", "Agency")


def csv(*rows: Sequence[Any], sep: str = ",", encoding: str = "utf-8", end: str = "\n") -> bytes:
    return "".join(sep.join(map(str, row)) + end for row in rows).encode(encoding)


def xlsx(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_urls": False})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    return made.getvalue()


def mentors(count: int, **other: Any) -> list[list[Any]]:
    """Rows under `MENTORS`."""
    return [
        [
            other.get("name", f"Fraser, Grace{n}"),
            f"grace{n}@toronto.example",
            other.get("group", "Engineering"),
            other.get("capacity", 2),
            "City Planning",
        ]
        for n in range(count)
    ]


def parts(workbook: bytes, **changed: bytes | None) -> bytes:
    """A workbook with parts replaced, added or (None) taken out."""
    old = zipfile.ZipFile(io.BytesIO(workbook))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *changed}:
            content = changed[name] if name in changed else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return made.getvalue()
