"""What was measured, as JSON: a run of some sizes replaces the rows of these sizes and keeps all others."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Row = dict[str, Any]
FILE = Path(__file__).parents[1] / "results" / "engine.json"


def size_of(case: str) -> dict[str, Any]:
    """The size of a case as rows name it: 5,000 with a word for the dense one."""
    return {"size": 5_000, "case": "dense"} if case == "dense" else {"size": int(case)}


def case_of(row: Row) -> str:
    """The case a row belongs to."""
    return row.get("case") or str(row["size"])


@dataclass
class Results:
    """Rows of solvers that answered, of solvers that did not, and of decisions; and what they were measured with."""

    about: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    #: Solver, size and what came instead of an answer.
    unfinished: list[Row] = field(default_factory=list)
    decisions: list[Row] = field(default_factory=list)

    def row(self, solver: str, case: str) -> Row | None:
        """The row of a solver that answered."""
        return next((row for row in self.rows if row["solver"] == solver and case_of(row) == case), None)

    def only(self, cases: Sequence[str]) -> "Results":
        """The rows of these cases."""
        lists = ([row for row in rows if case_of(row) in cases] for rows in self._lists())
        return Results(self.about, *lists)

    def with_newer(self, newer: "Results", cases: Sequence[str]) -> "Results":
        """These results, with the rows of `cases` taken from a newer run."""
        lists = (
            [row for row in old if case_of(row) not in cases] + new
            for old, new in zip(self._lists(), newer._lists(), strict=True)
        )
        return Results(newer.about, *(sorted(rows, key=_place) for rows in lists))

    def _lists(self) -> tuple[list[Row], list[Row], list[Row]]:
        return self.rows, self.unfinished, self.decisions


def read(path: Path = FILE) -> Results:
    """What earlier runs have measured; nothing when there was none."""
    if not path.exists():
        return Results()
    told = json.loads(path.read_text())
    lists = {name: told.pop(name) for name in ("rows", "unfinished", "decisions")}
    return Results(about=told, **lists)


def write(results: Results, path: Path = FILE) -> None:
    """One row a line, so that a change of one size is a small difference."""
    parts = {name: json.dumps(value, ensure_ascii=False) for name, value in results.about.items()}
    for name in ("rows", "unfinished", "decisions"):
        lines = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in getattr(results, name))
        parts[name] = f"[\n{lines}\n ]" if lines else "[]"
    path.parent.mkdir(exist_ok=True)
    path.write_text("{\n" + ",\n".join(f' "{name}": {text}' for name, text in parts.items()) + "\n}\n")


def _place(row: Row) -> tuple[bool, int]:
    return "case" in row, row["size"]
