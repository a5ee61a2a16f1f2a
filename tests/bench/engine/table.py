"""The tables of the README, in Markdown.

    python -m tests.bench.engine.table [README.md]

prints them from what all runs have stored, or puts them between the marks of a file.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.bench.engine.promises import DECISIONS
from tests.bench.engine.results import Results, Row, case_of, read
from tests.bench.engine.solvers import OURS, SOLVERS

LIBRARIES = ("mentor-match", "munkres", "matching", "ortools", "lapx", "scipy", "numpy", "Python")
MARK, END = "<!-- engine -->", "<!-- /engine -->"
#: What is done once for a programme is told from this part of a solve on.
SEEN = 0.01


def table(results: Results, cases: Sequence[str]) -> Iterator[str]:
    """A line at a time: what it was measured with, a row for each solver, and the decisions."""
    about = results.about
    versions = ", ".join(f"{name} {about['versions'][name]}" for name in LIBRARIES if name in about["versions"])
    yield f"`{about['command']}` on {about['date']}: {about['machine']}; {versions}."
    yield ""
    yield f"| solver | {' | '.join(_title(case) for case in cases)} |"
    yield f"|---{'|---' * len(cases)}|"
    for solver in SOLVERS:
        cells = [_cell(results, solver.name, case) for case in cases]
        if any(cells):
            yield f"| {solver.name} | {' | '.join(cell or '–' for cell in cells)} |"
    decided = [row for row in results.decisions if case_of(row) in cases]
    if decided:
        yield ""
        yield "| one decision among | half take at most | 95 % take at most | beside |"
        yield "|---|---|---|---|"
        yield from (_decided(results, row) for row in decided)


def _title(case: str) -> str:
    return "dense 5,000" if case == "dense" else f"{int(case):,}"


def _cell(results: Results, solver: str, case: str) -> str:
    row, ours = results.row(solver, case), results.row(OURS, case)
    if row is None:
        told = next((r for r in results.unfinished if r["solver"] == solver and case_of(r) == case), None)
        return told["instead"] if told else ""
    times = f"{_ratio(row['seconds'] / ours['seconds'])} × " if ours else ""
    rules = f", {row['broken']} rules broken" if row["broken"] else ""
    long = f"{row['oldest_matched'] / row['oldest']:.0%}" if row["oldest"] else "–"
    worth = f"{row['matched']:,}, {row['fit']:,}, {long}{rules}"
    before = f" + {duration(row['prepare_seconds'])}" if row["prepare_seconds"] > SEEN * row["seconds"] else ""
    return f"{times}({duration(row['seconds'])}{before}), {_memory(row['peak_mb'])}<br>{worth}"


def _decided(results: Results, row: Row) -> str:
    _, solver, case = DECISIONS[row["size"]]
    against = results.row(solver, case)
    said = _beside(row, against) if against else "–"
    return f"| {row['size']:,} | {duration(row['p50'])} | {duration(row['p95'])} | {said} |"


def _beside(row: Row, against: Row) -> str:
    name = f"{against['solver']} on {against['size']:,}"
    return f"1/{against['seconds'] / row['p50']:,.0f} of {name} ({duration(against['seconds'])})"


def _memory(mb: float) -> str:
    return f"{mb:,.0f} MiB" if mb >= 1 else "under 1 MiB"


def _ratio(times: float) -> str:
    return f"{times:,.0f}" if times >= 10 else f"{times:.2f}"


def duration(seconds: float) -> str:
    """Two or three digits, in the unit that needs no noughts."""
    if seconds < 1:
        return f"{seconds * 1000:.2g} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s"


def put(file: Path, lines: Iterable[str]) -> None:
    """Replace what stands between the marks of a file."""
    before, _, rest = file.read_text().partition(MARK)
    _, _, after = rest.partition(END)
    file.write_text("\n".join([before + MARK, *lines, END + after]))


def main(*files: str) -> None:
    """Print, or write."""
    stored = read()
    lines = list(table(stored, list({case_of(row): None for row in stored.rows})))
    for file in files:
        put(Path(file), lines)
    if not files:
        sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main(*sys.argv[1:])
