"""A program of its own: workbook on standard input, cells as JSON on standard output.

It is started for one file and ends with it, so that a hostile workbook can take neither the desk's memory nor its time.
Exit status 1 with one word on standard output says why a workbook cannot be read.
"""

import datetime as dt
import io
import json
import resource
import sys
import warnings
from typing import Any

_MEMORY = 768 * 2**20
_CPU_SECONDS = 20


def main() -> None:
    """Read one workbook under limits."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    warnings.simplefilter("ignore")
    most_rows, most_columns = int(sys.argv[1]), int(sys.argv[2])
    try:
        said = json.dumps(_sheets(sys.stdin.buffer.read(), most_rows, most_columns), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        _stop("text")
    except Exception:  # noqa: BLE001 - whatever a broken workbook brings about, it cannot be read
        _stop("damaged")
    sys.stdout.buffer.write(said)


def _stop(why: str) -> None:
    sys.stdout.write(why)
    sys.exit(1)


def _sheets(data: bytes, most_rows: int, most_columns: int) -> list[dict[str, Any]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - under the limits set above

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheets = []
    for sheet in book.worksheets:
        hidden = sheet.sheet_state != "visible"
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        rows: list[tuple[int, list[Any]]] = []
        for number, cells in enumerate([] if hidden else sheet.iter_rows(), 1):
            values = [_value(cell) for cell in cells]
            while values and (values[-1] is None or values[-1] == ""):
                values.pop()
            if len(values) > most_columns:
                _stop("columns")
            if any(not isinstance(value, str) or value.strip() for value in values if value is not None):
                rows.append((number, values))
            if len(rows) > most_rows + 100:
                _stop("rows")
        sheets.append({"name": sheet.title, "hidden": hidden, "rows": rows})
    if not sheets:
        _stop("damaged")
    return sheets


def _value(cell: Any) -> Any:
    value = cell.value
    if cell.data_type == "f":
        return {"formula": True}
    if isinstance(value, dt.datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    if value is None or isinstance(value, str | int | float):
        return value
    return str(value)


if __name__ == "__main__":
    main()
