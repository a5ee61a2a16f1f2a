"""What the engine promises beside the others, checked on what was measured."""

from collections.abc import Sequence

from tests.bench.engine.results import Results
from tests.bench.engine.solvers import LONGEST_WAIT, OURS, SOLVERS

EXACT = {solver.name for solver in SOLVERS if solver.exact} - {OURS}
OWN = {OURS, LONGEST_WAIT}
SLOWER_THAN_FASTEST = 1.5
FASTER_THAN_MENTOR_MATCH = 5_000
DENSE_MB = 1.5 * 1024
#: One decision among so many mentees takes at most this part of what this solver takes for this case.
DECISIONS = {1_000: (1 / 20, "mentor-match", "100"), 20_000: (1 / 50, OURS, "20000")}


def broken(results: Results, cases: Sequence[str]) -> list[str]:
    """A sentence for each promise about these cases that the results do not keep."""
    found = [said for case in cases for said in _broken_at(case, results.only([case]))]
    return found + (_mentor_match(results) if "1000" in cases else []) + _decisions(results, cases)


def _broken_at(case: str, results: Results) -> list[str]:
    ours = results.row(OURS, case)
    if ours is None:
        return [f"At {case} there is no plan of ours."]
    others = [row for row in results.rows if row["solver"] not in OWN]
    found = [
        f"At {case} a plan of {row['solver']} breaks {row['broken']} rules."
        for row in results.rows
        if row["solver"] in OWN and row["broken"]
    ]
    own = results.row(LONGEST_WAIT, case)
    if own and own["matched"] < ours["matched"]:
        found.append(f"At {case} the waiting bands cost {ours['matched'] - own['matched']} matches.")
    for row in others:
        if (row["matched"], row["fit"]) > (ours["matched"], ours["fit"]) and not row["broken"]:
            better = f"matches {row['matched']} with a fit of {row['fit']}"
            found.append(f"At {case} {row['solver']} {better}, ours {ours['matched']} with {ours['fit']}.")
    exact = [row for row in others if row["solver"] in EXACT]
    fastest = min(exact, key=lambda row: row["seconds"], default=None)
    if fastest and ours["seconds"] > SLOWER_THAN_FASTEST * fastest["seconds"]:
        times = ours["seconds"] / fastest["seconds"]
        found.append(f"At {case} our full solve takes {times:.2f} times as long as {fastest['solver']}.")
    if case == "dense" and ours["peak_mb"] > DENSE_MB:
        found.append(f"The dense case takes {ours['peak_mb']:.0f} MiB of memory.")
    return found


def _mentor_match(results: Results) -> list[str]:
    ours, theirs = results.row(OURS, "1000"), results.row("mentor-match", "1000")
    if not ours or not theirs or ours["seconds"] * FASTER_THAN_MENTOR_MATCH <= theirs["seconds"]:
        return []
    times = theirs["seconds"] / ours["seconds"]
    return [f"At 1000 our full solve is only {times:,.0f} times faster than mentor-match."]


def _decisions(results: Results, cases: Sequence[str]) -> list[str]:
    found = []
    for row in results.only(cases).decisions:
        part, solver, case = DECISIONS[row["size"]]
        against = results.row(solver, case)
        if against and row["p50"] > part * against["seconds"]:
            of = f"{solver} on {case}, more than {part:.0%}"
            found.append(f"One decision among {row['size']} takes {row['p50'] / against['seconds']:.1%} of {of}.")
    return found
