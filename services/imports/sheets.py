"""What a file is once it is opened: sheets of numbered rows of plain cells."""

import datetime as dt
from dataclasses import dataclass

MAX_BYTES = 10 * 2**20
MAX_ROWS = 20_000
MAX_COLUMNS = 100


@dataclass(frozen=True)
class Formula:
    """A cell that a spreadsheet calculates: what it shows cannot be trusted, so it is never read."""

    def __str__(self) -> str:
        return "(a formula)"


FORMULA = Formula()

Cell = str | int | float | dt.date | Formula | None


@dataclass(frozen=True)
class Row:
    """One row: its number as a person counts worksheet rows or text lines, and its cells."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, index: int) -> Cell:
        """The cell of a column; None beyond the row's end."""
        return self.cells[index] if index < len(self.cells) else None


@dataclass(frozen=True)
class Sheet:
    """One worksheet, or a whole text file; only rows that hold something."""

    name: str
    rows: tuple[Row, ...]
    is_text: bool = False
