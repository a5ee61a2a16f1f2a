"""A full house at work: how long pages take while sixty people use the desk at once.

    python -m tests.bench.load [--sessions 60] [--minutes 5] [--think 10]

The demo on a PostgreSQL of its own and one server. As many coaches, coordinators and others as a programme of fifteen
agencies has; each opens one page after the other and reads it for ten seconds on average. First twenty-five come within
two seconds, as on a Monday at nine.
"""

import argparse
import os
import random
import threading
import time
from collections import defaultdict
from pathlib import Path
from statistics import median, quantiles

from services import sign_in, transaction
from tests.bench.stage import open_socket, programme, rerun
from tests.browser.conftest import served

#: Of sixty: who they are, how many, and the pages of their day.
PEOPLE = (
    ("farah", 22, ("", "caseload", "outcomes", "events")),
    ("luis", 22, ("", "caseload", "outcomes", "events")),
    ("cora", 4, ("", "match-review", "matches", "people", "caseload", "events")),
    ("dev", 4, ("", "match-review", "matches", "people", "cohorts", "outcomes")),
    ("maya", 5, ("", "cohorts", "milestones", "fact-sheet")),
    ("theo", 2, ("milestones",)),
    ("ada", 1, ("programme", "accounts", "audit")),
)
ARRIVALS, WITHIN = 25, 2.0
SETTLED = 60.0  # seconds after which everybody has come


class House:
    """Who is there, and how long each waited for what."""

    def __init__(self, address: str, think: float) -> None:
        self.address, self.think = address, think
        self.opened = time.perf_counter()
        self.waits: dict[str, list[float]] = defaultdict(list)
        #: Of pages that were asked for once everybody had come.
        self.settled: list[float] = []
        self.arrivals: list[float] = []
        self.errors: list[str] = []
        self.closed = threading.Event()

    def one(self, username: str, pages: tuple[str, ...], seed: int, late: float) -> None:
        """A person's day: the first page, then one after another until the house closes."""
        chance = random.Random(seed)
        time.sleep(late)
        try:
            began = time.perf_counter()
            socket = open_socket(self.address, cookie(username, seed))
            rerun(socket, pages[0])
            if late <= WITHIN:
                self.arrivals.append(time.perf_counter() - began)
            while not self.closed.wait(chance.expovariate(1 / self.think)):
                page = chance.choice(pages)
                asked = time.perf_counter() - self.opened
                self.waits[page or "today"].append(wait := rerun(socket, page))
                if asked > SETTLED:
                    self.settled.append(wait)
        except Exception as error:  # noqa: BLE001  whatever it is, it is counted
            self.errors.append(repr(error))


def cookie(username: str, number: int) -> str:
    """A sign-in of its own for each browser."""
    browser = f"bench {number}"
    with transaction() as session:
        knock = sign_in.knock(session, username)
        sign_in.admit(session, knock, browser=browser, next_path="/")
        entered = sign_in.redeem(session, browser)
    assert entered is not None
    return f"desk_session={entered.token}"


def memory(process: int) -> float:
    """MiB that a process holds."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def main() -> None:
    """Print how long pages took, by page, what failed, and what the server's memory did."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--sessions", type=int, default=60)
    asked.add_argument("--minutes", type=float, default=5)
    asked.add_argument("--think", type=float, default=10)
    given = asked.parse_args()
    everyone = [(who, pages) for who, many, pages in PEOPLE for _ in range(many)]
    random.Random(7).shuffle(everyone)
    with programme() as (_, _, desk, _, own), served(desk) as address:
        rerun(open_socket(address, own), "")
        house, before = House(address, given.think), memory(address.process.pid)
        spread = [WITHIN * n / ARRIVALS if n < ARRIVALS else 10 + n / 2 for n in range(given.sessions)]
        chosen = [everyone[n % len(everyone)] for n in range(given.sessions)]
        day = [
            threading.Thread(target=house.one, args=(who, pages, n, late))
            for n, ((who, pages), late) in enumerate(zip(chosen, spread, strict=True))
        ]
        os.nice(5)  # they would be other machines
        for person in day:
            person.start()
        time.sleep(60 * given.minutes / 2)
        halfway = memory(address.process.pid)
        time.sleep(60 * given.minutes / 2)
        after = memory(address.process.pid)
        house.closed.set()
        for person in day:
            person.join(60)
    every = [wait for waits in house.waits.values() for wait in waits]
    said = [f"{given.sessions} sessions, {given.minutes:g} minutes, {len(every)} pages, {len(house.errors)} errors"]
    said.append(f"all pages: median {median(every):.2f} s, p95 {quantiles(every, n=20)[-1]:.2f} s")
    said.append(
        f"once all are there: median {median(house.settled):.2f} s, p95 {quantiles(house.settled, n=20)[-1]:.2f} s"
    )
    for page, waits in sorted(house.waits.items(), key=lambda item: -median(item[1])):
        said.append(f"  {page}: {len(waits)} times, median {median(waits):.2f} s, slowest {max(waits):.2f} s")
    said.append(f"{ARRIVALS} arriving within {WITHIN:g} s: slowest first page {max(house.arrivals):.1f} s")
    said.append(f"memory: {before:.0f} MiB before, {halfway:.0f} halfway, {after:.0f} at the end")
    print("\n".join(said + house.errors[:5]))  # noqa: T201


if __name__ == "__main__":
    main()
