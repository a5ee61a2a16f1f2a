"""Measure, write the JSON, print the tables, and say which promise does not hold: `make bench-engine`.

`BENCH_SIZES=100,1000,dense` limits it to these sizes; what the JSON holds of others stays.
"""

import datetime as dt
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.engine import promises, results
from tests.bench.engine.peers import ROOT, python_of
from tests.bench.engine.programmes import CASES
from tests.bench.engine.results import Results, Row
from tests.bench.engine.solvers import SOLVERS, Solver
from tests.bench.engine.table import table

#: Start, loading and answer together; who needs longer is left out of the larger sizes.
LIMIT_SECONDS = 180
#: Solvers that answer sooner take turns so often, and the median counts: what slows the machine slows all of them.
ROUNDS, QUICK_SECONDS = 5, 15
DECISIONS = ("1000", "20000")


class Refused(Exception):
    """A process gave no answer."""


def cases_asked() -> list[str]:
    """The sizes of BENCH_SIZES, or all."""
    asked = [name.strip() for name in os.environ.get("BENCH_SIZES", "").split(",") if name.strip()]
    unknown = set(asked) - set(CASES)
    if unknown:
        raise SystemExit(f"BENCH_SIZES knows {', '.join(CASES)}, not {', '.join(sorted(unknown))}.")
    return [case for case in CASES if case in asked] or list(CASES)


def run(python: Path, module: str, *arguments: str | Path) -> Any:
    """What a module of the bench prints, as JSON."""
    command = [python, "-m", f"tests.bench.engine.{module}", *arguments]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise Refused(f"over {LIMIT_SECONDS} s") from late
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        raise Refused(f"stops with {last.split(':')[0].split('.')[-1]}")
    return json.loads(done.stdout) if done.stdout else None


class Bench:
    """One run over some cases."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pythons = {solver.name: python_of(solver.peer) for solver in SOLVERS}
        self.measured = Results()
        self.versions: dict[str, str] = {}
        #: Of a call that gave no answer: what came instead, and at which case.
        self.given_up: dict[str, tuple[str, str]] = {}

    def programme(self, case: str) -> Path:
        """The file of the case, made in its own process."""
        path = self.folder / f"{case}.npz"
        if not path.exists():
            run(Path(sys.executable), "programmes", case, path)
        return path

    def case(self, case: str) -> None:
        """All solvers on one programme, in turns."""
        told: dict[str, list[Row]] = {call: [] for solver in SOLVERS for call in solver.calls}
        for number in range(ROUNDS):
            for solver in SOLVERS:
                for call in solver.calls:
                    if number == 0 or (told[call] and told[call][0]["seconds"] < QUICK_SECONDS):
                        told[call] += self.ask(solver, call, case)
        for solver in SOLVERS:
            rows = [_row(solver, call, case, told[call]) for call in solver.calls if told[call]]
            if rows:
                self.measured.rows.append(min(rows, key=lambda row: row["seconds"]))
            elif solver.calls[0] in self.given_up:
                why, where = self.given_up[solver.calls[0]]
                instead = why if where == case else f"{why} at {where}"
                self.measured.unfinished.append({"solver": solver.name, **results.size_of(case), "instead": instead})

    def ask(self, solver: Solver, call: str, case: str) -> list[Row]:
        """One answer; none when the solver is not installed, or gives up here or has before."""
        python = self.pythons[solver.name]
        if python is None or call in self.given_up:
            return []
        try:
            told = run(python, "process", call, self.programme(case))
        except Refused as why:
            self.given_up[call] = str(why), case
            _say(f"{case:>6} {call:36} {why}")
            return []
        installed = told.pop("versions")
        self.versions |= {name: installed[name] for name in (solver.peer or "scipy", "numpy", "Python")}
        _say(f"{case:>6} {call:36} {told['seconds']:10.4f} s  {told['matched']:6} {told['fit']:10}")
        return [told]

    def decide(self, case: str) -> None:
        """How long one decision takes in this programme."""
        size = results.size_of(case)
        try:
            told = run(Path(sys.executable), "decisions", self.programme(case))
        except Refused as why:
            _say(f"{case:>6} one decision {why}")
            self.measured.unfinished.append({"solver": "one decision", **size, "instead": str(why)})
        else:
            self.measured.decisions.append({**size, **told, "date": _today()})


def _row(solver: Solver, call: str, case: str, told: list[Row]) -> Row:
    times = {name: round(median(each[name] for each in told), 6) for name in ("seconds", "prepare_seconds")}
    peak = {"peak_mb": median(each["peak_mb"] for each in told)}
    named = {"solver": solver.name, **results.size_of(case)}
    if len(solver.calls) > 1:
        named["call"] = call.split(":")[1]
    return named | told[0] | times | peak | {"runs": len(told), "date": _today()}


def _about(versions: dict[str, str]) -> dict[str, Any]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{os.cpu_count()} cores {platform.machine()}, {memory:.0f} GiB, {platform.system()}",
        "date": _today(),
        "versions": versions,
        "command": "make bench-engine",
    }


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def main() -> int:
    """Exit 1 when a promise does not hold."""
    cases, together = cases_asked(), results.read()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for case in cases:
            bench.case(case)
            if case in DECISIONS:
                bench.decide(case)
            # after each size, so that a run that is interrupted has lost no other
            bench.measured.about = _about({**together.about.get("versions", {}), **bench.versions})
            together = together.with_newer(bench.measured.only([case]), [case])
            results.write(together)
    sys.stdout.writelines(f"{line}\n" for line in table(together, cases))
    said = promises.broken(together, cases)
    for sentence in said:
        _say(sentence)
    return 1 if said else 0


if __name__ == "__main__":
    raise SystemExit(main())
