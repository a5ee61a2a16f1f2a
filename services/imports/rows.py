"""One row at a time: is it anybody, what do its cells say, and what is wrong with them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from services.imports import words
from services.imports.columns import Table
from services.imports.groups import Groups
from services.imports.lists import Lists
from services.imports.sheets import Cell, Formula, Row
from services.imports.words import DateOrder, clean, fold, is_blank, is_formula

_NAMES = ("name", "first_name", "last_name")
_DATES = ("_on", "_since", "_from", "_until")
_SUMS = {"total", "totals", "subtotal", "sum", "count", "average", "mean", "grand", "overall", "somme"}
_LONGEST = 2_000
_LONGEST_NAME = 150
_FIRST_YEAR = 1900
_MOST_YEARS = 80
_MOST_PLACES = 99


@dataclass(frozen=True)
class Problem:
    """Why a row is refused: a code for programs, a sentence for people, the column it stands in."""

    row: str
    code: str
    sentence: str
    column: str


@dataclass(frozen=True)
class Context:
    """What all rows of a file share."""

    groups: Groups
    lists: Lists
    today: dt.date
    orders: dict[tuple[str, str], DateOrder]


@dataclass
class Reading:
    """A row being read: every fault it has is noted, the first is the one it is refused for."""

    table: Table
    row: Row
    label: str
    context: Context
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def refuse(self, code: str, sentence: str, key: str = "") -> None:
        """Note a fault of the row."""
        self.problems.append(Problem(self.label, code, sentence, self.header(key)))

    def header(self, key: str) -> str:
        """The header of a field's column, as the sender wrote it."""
        index = self.table.index(key)
        return self.table.header[index] if index is not None else ""

    def cell(self, key: str) -> Cell:
        """What stands in a field's column; None when blank or when there is no such column."""
        index = self.table.index(key)
        value = self.row.cell(index) if index is not None else None
        return None if is_blank(value) and not isinstance(value, Formula) else value

    def check_formulas(self) -> None:
        """Refuse what a spreadsheet would calculate, in any column that is read."""
        for column in self.table.columns:
            value = self.row.cell(column.index)
            in_name = column.field.endswith(_NAMES)
            if column.field and (isinstance(value, Formula) or is_formula(value, in_name=in_name)):
                self.refuse("formula", "The cell holds a formula. Type the words themselves instead.", column.field)

    def text(self, key: str) -> str | None:
        """Clean text, or None when blank."""
        value = clean(self.cell(key))
        if len(value) > _LONGEST:
            self.refuse("too long", f"The cell has more than {_LONGEST:,} characters. Shorten it.", key)
        return value or None

    def name(self, prefix: str = "") -> tuple[str, str] | None:
        """First and last name, out of one column or two; None when both are blank."""
        first, last = clean(self.cell(f"{prefix}first_name")), clean(self.cell(f"{prefix}last_name"))
        if not (first or last) and (joined := self.cell(f"{prefix}name")) is not None:
            family_first = fold(self.header(f"{prefix}name")).endswith(("last first", "surname first"))
            first, last = words.names(joined, family_first=family_first)
        if max(len(first), len(last)) > _LONGEST_NAME:
            self.refuse("too long", f"The name has more than {_LONGEST_NAME} characters. Shorten it.", f"{prefix}name")
        return (first, last) if first or last else None

    def email(self, key: str, whose: str) -> str | None:
        """A valid address; refuses a missing or a bad one."""
        value = self.cell(key)
        if value is None:
            self.refuse("missing email", f"{whose} has no e-mail address. Write one.", key)
            return None
        address = words.email(value)
        if address is None:
            self.refuse("bad email", "This is no e-mail address. Write one like name@place.ca.", key)
        return address

    def group(self) -> str | None:
        """The occupational group's name; refuses a missing or an unknown one."""
        value = self.cell("group")
        if value is None:
            self.refuse("missing group", "The occupational group is missing. Write one.", "group")
            return None
        found = self.context.groups.find(value)
        if found is None:
            sentence = f"«{clean(value)[:60]}» is no occupational group. Choose one of the programme's groups."
            self.refuse("unknown group", sentence, "group")
        return found.name if found else None

    def day(self, key: str, *, may_lie_ahead: bool = False) -> dt.date | None:
        """A day; refuses what is no day and what lies ahead of today."""
        value = self.cell(key)
        if value is None:
            return None
        order = self.context.orders.get((self.table.sheet, key), DateOrder.DAY_FIRST)
        day = words.date(value, order)
        if day is None or day.year < _FIRST_YEAR:
            self.refuse("bad date", "This is no day of the calendar. Write it like 2026-03-31.", key)
            return None
        if day > self.context.today and not may_lie_ahead:
            self.refuse("future date", "This day lies in the future. Write today or an earlier day.", key)
        return day

    def years(self) -> int | None:
        """Years of experience; refuses negative ones, and leaves out with a remark what is no number."""
        value = self.cell("years_experience")
        years = words.whole(value)
        if years is not None and years < 0:
            sentence = "Years of experience cannot be negative. Write 0 or more."
            self.refuse("negative years", sentence, "years_experience")
        elif value is not None and (years is None or years > _MOST_YEARS):
            self.remarks.append(f"years of experience that are no whole number up to {_MOST_YEARS} were left out")
            return None
        return years

    def capacity(self) -> int | None:
        """Mentees at once; refuses what is no whole number of one or more."""
        value = self.cell("capacity")
        if value is None:
            return None
        places = words.whole(value)
        if places is None or places > _MOST_PLACES:
            sentence = "Places must be a whole number such as 1 or 2."
            self.refuse("capacity not a number", sentence, "capacity")
        elif places < 1:
            self.refuse("capacity not positive", "A mentor needs at least one place. Write 1 or more.", "capacity")
        return places

    def check_width(self) -> None:
        """Refuse a row with cells beyond the last column: something in it moved its cells aside."""
        width = self.table.width
        if width and any(not is_blank(cell) for cell in self.row.cells[width:]):
            self.refuse("too many cells", "The row has more cells than the header. Mend the row.", "")


def people(table: Table, *emails: str) -> Iterator[tuple[Row, bool]]:
    """Every row, and whether it is anybody: notes, headings, sums and footers are not."""
    at = [index for key in emails if (index := table.index(key)) is not None]
    named = [column.index for column in table.columns if column.field]
    for row in table.rows:
        yield row, _is_anybody(row, at, named)


def _is_anybody(row: Row, emails: Sequence[int], named: Sequence[int]) -> bool:
    if any(isinstance(cell := row.cell(index), str) and "@" in cell for index in emails):
        return True
    said = [cell for index in named if not is_blank(cell := row.cell(index))]
    first = next((fold(cell) for cell in row.cells if not is_blank(cell)), "")
    return len(said) > min(2, len(named) - 1) and not _SUMS.intersection(first.split()[:2])


def date_orders(tables: Sequence[Table]) -> tuple[dict[tuple[str, str], DateOrder], list[str]]:
    """How each date column writes its days; where a column does not say, the file's other columns do.

    Returns the orders by sheet and field, and a warning for every column that could be read both ways.
    """
    orders: dict[tuple[str, str], DateOrder] = {}
    open_columns = []
    for table in tables:
        for column in table.columns:
            if column.field.endswith(_DATES):
                order, asked = words.date_order(row.cell(column.index) for row in table.rows)
                if order:
                    orders[table.sheet, column.field] = order
                elif asked:
                    open_columns.append((table.sheet, column))
    said = set(orders.values())
    warnings = []
    for sheet, column in open_columns:
        if len(said) == 1:
            orders[sheet, column.field] = next(iter(said))
        else:
            warnings.append(
                f"Days in «{column.header}» can be read two ways; they were read as day/month/year. "
                "Write them like 2026-03-31 if that is wrong."
            )
    return orders, warnings
