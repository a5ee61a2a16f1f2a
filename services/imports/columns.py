"""Which column holds what: by the header's words, else by what stands below it, else by a coordinator's hand."""

import enum
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from services.errors import Invalid
from services.imports import headers as naming
from services.imports.sheets import MAX_ROWS, Cell, Row, Sheet
from services.imports.words import date, email, fold, is_blank

_HEADER_WITHIN = 60
_NEAR_HEADER = 90
_SHORTEST_NEAR = 5
_LONGEST_HEADER = 60
#: A row that names this many fields is the header.
_FEWEST_NAMED = 2
_SAMPLE = 200
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")


class Kind(enum.StrEnum):
    """What the rows of a file are."""

    MENTORS = "mentors"
    MENTEES = "mentees"
    MATCHES = "matches"
    ANSWERS = "answers"
    PLACEMENTS = "placements"


@dataclass(frozen=True)
class Field:
    """Something the desk keeps of each row, and the headers it goes by."""

    key: str
    label: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """A column of a sheet and the field it is taken for; `how` is "name", "content", "hand" or empty."""

    sheet: str
    index: int
    header: str
    field: str = ""
    how: str = ""


@dataclass(frozen=True)
class Table:
    """A sheet that holds people or matches: its columns by field, and the rows below the header."""

    sheet: str
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    #: Cells that a row of delimited text may have; 0 where rows cannot slip.
    width: int = 0

    def index(self, field: str) -> int | None:
        """Where a field stands; None when the sheet has no such column."""
        return next((column.index for column in self.columns if column.field == field), None)


@cache
def _listed() -> dict[str, dict[str, dict[str, list[str] | str]]]:
    return tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))


@cache
def fields(kind: Kind) -> dict[str, Field]:
    """Every field a file of a kind can have, by key, in the order of the screen."""
    listed = _listed()[kind.value]
    return {key: Field(key, str(said["label"]), tuple(said["names"])) for key, said in listed.items()}


#: Of each line one field has to be there, or nothing can be taken from the file.
NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.MENTORS: (("name", "last_name", "first_name"), ("email",), ("group",)),
    Kind.MENTEES: (("name", "last_name", "first_name"), ("email",), ("group",)),
    Kind.MATCHES: (("mentor_email",), ("mentee_email",), ("group",), ("started_on",)),
    Kind.ANSWERS: (("email",), ("answered_on",)),
    Kind.PLACEMENTS: (("email",), ("hired_on",)),
}
#: Only a header that names it is of placements; without it a list of them looks like one of people.
_HIRED = "hired_on"


def missing(kind: Kind, tables: Sequence[Table]) -> list[str]:
    """Labels of the fields that a file of this kind needs and no column holds."""
    found = {column.field for table in tables for column in table.columns}
    return [fields(kind)[keys[0]].label for keys in NEEDED[kind] if not found.intersection(keys)]


def kind_of(sheets: Sequence[Sheet], filename: str) -> Kind | None:
    """What a file holds, told by its headers and then by its names; None when that is open."""
    likely = _likely(sheets)
    if len(likely) == 1:
        return likely[0]
    words = fold(" ".join([filename, *(sheet.name for sheet in sheets)]))
    named = [kind for kind in likely if re.search(kind.value.rstrip("s").replace("matche", "match"), words)]
    return named[0] if len(named) == 1 else None


def _likely(sheets: Sequence[Sheet]) -> list[Kind]:
    """The kinds of which the headers name most fields."""
    scores = {kind: max((_best_header(sheet, kind)[1] for sheet in sheets), default=0) for kind in Kind}
    if not any(_names_hiring(sheet) for sheet in sheets):
        scores[Kind.PLACEMENTS] = 0
    return [kind for kind in Kind if scores[kind] == max(scores.values())]


def _names_hiring(sheet: Sheet) -> bool:
    position, _ = _best_header(sheet, Kind.PLACEMENTS)
    titles = [str(cell) if isinstance(cell, str) else "" for cell in sheet.rows[position].cells] if sheet.rows else []
    return any(column.field == _HIRED for column in _by_name("", titles, Kind.PLACEMENTS, {}))


def apart(sheets: Sequence[Sheet], kind: Kind) -> tuple[list[Sheet], dict[str, Kind]]:
    """The sheets that may hold rows of a kind, and those (by name) that plainly hold another."""
    told = {sheet.name: likely[0] for sheet in sheets if len(likely := _likely([sheet])) == 1}
    mine = [sheet for sheet in sheets if told.get(sheet.name, kind) is kind]
    if not mine:
        return list(sheets), {}
    return mine, {name: other for name, other in told.items() if other is not kind}


def tables(
    sheets: Sequence[Sheet], kind: Kind, mapping: Mapping[str, str] | None, is_group: Callable[[Cell], bool]
) -> list[Table]:
    """The sheets that hold rows of this kind. `mapping`: header (or letter) -> field, or "" to leave it out.

    Raises `Invalid` when the mapping names what is not there, or a table is too long.
    """
    _check(mapping or {}, kind)
    found = [table for sheet in sheets if (table := _table(sheet, kind, mapping or {}, is_group))]
    if len(found) > 1:  # a note or a summary is no table when another sheet is one
        found = [table for table in found if not missing(kind, [table])] or found
    headers = {fold(column.header) for table in found for column in table.columns}
    unknown = [header for header in mapping or {} if fold(header) not in headers]
    if unknown:
        message = f"The file has no column «{unknown[0]}». Choose one of its own columns."
        raise Invalid(message)
    if sum(len(table.rows) for table in found) > MAX_ROWS:
        message = f"The file has more than {MAX_ROWS:,} rows. Split it into smaller files."
        raise Invalid(message)
    return found


def _check(mapping: Mapping[str, str], kind: Kind) -> None:
    for field in mapping.values():
        if field and field not in fields(kind):
            message = f"There is no field «{field}» for {kind}. Fields are: {', '.join(fields(kind))}."
            raise Invalid(message)


def _table(sheet: Sheet, kind: Kind, mapping: Mapping[str, str], is_group: Callable[[Cell], bool]) -> Table | None:
    by_hand = {fold(header): field for header, field in mapping.items()}
    header: Row | None
    position, score = _best_header(sheet, kind, by_hand)
    if score >= _FEWEST_NAMED:
        header, rows = sheet.rows[position], sheet.rows[position + 1 :]
    elif _has_people(sheet):
        header, rows = _untold_header(sheet.rows, is_group)
    else:
        return None
    width = max((len(row.cells) for row in (*rows, *([header] if header else []))), default=0)
    titles = [str(header.cell(i) or "").strip() if header else "" for i in range(width)]
    columns = _by_name(sheet.name, titles, kind, by_hand)
    columns = _by_content(columns, titles, rows, kind, is_group, by_hand)
    repeated = {fold(title) for title in titles if title}
    kept = tuple(row for row in rows if not _repeats_header(row, repeated))
    limit = len(header.cells) if header and sheet.is_text else 0
    return Table(sheet.name, tuple(column.header for column in columns), tuple(columns), kept, limit)


def _repeats_header(row: Row, header: set[str]) -> bool:
    said = [cell for cell in row.cells if not is_blank(cell)]
    return len(said) > 1 and all(fold(cell) in header for cell in said)


def _best_header(sheet: Sheet, kind: Kind, by_hand: Mapping[str, str] | None = None) -> tuple[int, int]:
    """The row that names most fields of a kind, and how many it names."""
    best, most = 0, 0
    for position, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        if any(isinstance(cell, str) and "@" in cell for cell in row.cells):
            continue
        titles = [str(cell) if isinstance(cell, str) else "" for cell in row.cells]
        named = {column.field for column in _by_name("", titles, kind, by_hand or {}) if column.field}
        chosen = sum(fold(title) in (by_hand or {}) for title in titles if title)
        if max(len(named), chosen) > most:
            best, most = position, max(len(named), chosen)
    return best, most


def _untold_header(rows: tuple[Row, ...], is_group: Callable[[Cell], bool]) -> tuple[Row | None, tuple[Row, ...]]:
    """A first row of words above people, none of them a value, is a header although it names no field."""
    cells = [cell for cell in rows[0].cells if not is_blank(cell)]
    words = [cell for cell in cells if isinstance(cell, str) and "@" not in cell and not re.search(r"\d", cell)]
    if len(words) < len(cells) or len(cells) < _FEWEST_NAMED or any(map(is_group, cells)):
        return None, rows
    return rows[0], rows[1:]


def _has_people(sheet: Sheet) -> bool:
    rows = sheet.rows[:_SAMPLE]
    return sum(any(isinstance(cell, str) and "@" in cell for cell in row.cells) for row in rows) * 2 > len(rows)


def _by_name(sheet: str, titles: Sequence[str], kind: Kind, by_hand: Mapping[str, str]) -> list[Column]:
    keys = naming.unique(titles)
    taken: dict[int, tuple[str, str]] = {}
    for index, key in enumerate(keys):
        if fold(key) in by_hand:
            taken[index] = (by_hand[fold(key)], "hand")
    likeness = []
    for index, title in enumerate(titles):
        if title and index not in taken:
            said = fold(title), fold(_BRACKETS.sub(" ", title))
            likeness += [(-_likeness(*said, field.names), index, field.key) for field in fields(kind).values()]
    used = {field for field, _ in taken.values()}
    for score, index, field in sorted(likeness):
        if score and index not in taken and field not in used:
            taken[index] = (field, "name")
            used.add(field)
    return [Column(sheet, index, key, *taken.get(index, ("", ""))) for index, key in enumerate(keys)]


def _likeness(whole: str, bare: str, names: tuple[str, ...]) -> float:
    """How surely a folded header (whole, and without its brackets) means a field: 100 for its very words, or 0."""
    if whole in names:
        return 100
    if bare in names:
        return 99
    if not bare or len(bare) > _LONGEST_HEADER or _is_ignored(bare):
        return 0
    near = max(fuzz.ratio(bare, name) if len(name) >= _SHORTEST_NEAR else 0 for name in names)
    return near if near >= _NEAR_HEADER else 0


def _is_ignored(folded: str) -> bool:
    words = _listed()["ignored"]["words"]
    return any(folded == word or folded.startswith(f"{word} ") or folded.endswith(f" {word}") for word in words)


_PERSON = re.compile(r"^[^\W\d_][^\d@:;!?=]*[, ]\s*[^\W\d_][^\d@:;!?=]*$")


def _by_content(
    columns: list[Column],
    titles: Sequence[str],
    rows: Sequence[Row],
    kind: Kind,
    is_group: Callable[[Cell], bool],
    by_hand: Mapping[str, str],
) -> list[Column]:
    """Fill needed fields that no header named from columns that no header explained, by what stands in them."""
    columns = list(columns)

    def give(wanted: Sequence[str], fits: Callable[[Cell], bool], share: float = 0.6) -> None:
        for key in wanted:
            if key not in fields(kind) or any(column.field == key for column in columns):
                continue
            for at, column in enumerate(columns):
                if column.field or fold(column.header) in by_hand or _is_ignored(fold(titles[at])):
                    continue
                said = [cell for row in rows[:_SAMPLE] if not is_blank(cell := row.cell(column.index))]
                if len(said) * 3 >= len(rows[:_SAMPLE]) and sum(map(fits, said)) >= share * max(1, len(said)):
                    columns[at] = Column(column.sheet, column.index, column.header, key, "content")
                    break

    is_match = kind is Kind.MATCHES
    give(("mentor_email", "mentee_email") if is_match else ("email",), lambda cell: email(cell) is not None)
    give(("group",), is_group)
    if is_match:
        give(("started_on", "ended_on"), lambda cell: date(cell) is not None, 0.8)
    if not any(column.field in {"name", "last_name", "first_name"} for column in columns) or is_match:
        wanted = ("mentor_name", "mentee_name") if is_match else ("name",)
        if not any(column.field.endswith("last_name") for column in columns):
            give(wanted, lambda cell: isinstance(cell, str) and bool(_PERSON.match(cell.strip())), 0.7)
    return columns
