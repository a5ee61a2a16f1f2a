"""One solver on one programme, in a process of its own.

    python -m tests.bench.engine.process MODULE:ADAPTER PROGRAMME

prints one line of JSON. Seconds are from the loaded input to the answer, peak memory is the growth of the peak resident
memory above the loaded input and libraries, over the first answer and what prepares it.
"""

import json
import os
import platform
import resource
import sys
import time
from importlib import import_module
from importlib.metadata import distributions
from pathlib import Path
from statistics import median

from tests.bench.engine.answers import judge
from tests.bench.engine.programmes import load

#: A quick answer is repeated, and its first time is a warm-up that does not count.
REPEATS, ENOUGH_SECONDS = 15, 2.0


def main(call: str, path: str) -> None:
    """Time, weigh and judge the answer."""
    module, name = call.split(":")
    adapter = getattr(import_module(f"tests.bench.engine.solvers.{module}"), name)
    groups = load(Path(path))
    # no more than the machine has: an allocation that fails is a result, a machine that swaps is none
    room = int(0.85 * _physical_bytes())
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    before = _peak()
    prepared, took, peak = [], [], 0
    while not took or (len(took) < REPEATS and sum(took) < ENOUGH_SECONDS):
        began = time.perf_counter()
        ask = adapter(groups)
        ready = time.perf_counter()
        answer = ask()
        took.append(time.perf_counter() - ready)
        prepared.append(ready - began)
        peak = peak or _peak()
    verdict = judge(groups, answer)
    told = {
        "seconds": median(took[1:] or took),
        "prepare_seconds": median(prepared[1:] or prepared),
        "peak_mb": round((peak - before) / 1024, 1),
        **vars(verdict),
        "broken": verdict.broken,
        "versions": {each.name: each.version for each in distributions()} | {"Python": platform.python_version()},
    }
    sys.stdout.write(json.dumps(told) + "\n")


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _physical_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


if __name__ == "__main__":
    main(*sys.argv[1:])
