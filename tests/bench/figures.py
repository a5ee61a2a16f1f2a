"""Eight figures of a programme as of a day, counted by the desk and by a notebook that reads the tables into pandas.

    python -m tests.bench.figures

Both answer from the same rows in one run, and must agree. Times are medians of five, as ratios to the desk's.
"""

import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pandas as pd
from sqlalchemy.orm import Session

from db.migrations import upgrade
from db.settings import settings
from services import programmes, reading, transaction
from services.access import OPERATOR
from services.counting import figures
from services.counting.figure import Scope, rounded
from services.demo.build import build

SIZES = (3_000, 20_000)
NAMES = ("started_matches", "active", "mentors", "repeat_mentors", "time_to_match", "hours", "employed", "orientation")
ROUNDS = 5


def by_desk(session: Session, programme_id: int, day: dt.date) -> list[float]:
    """Each figure in one statement."""
    found = figures.figures(session, Scope(programme_id, day), NAMES)
    return [float(rounded(found[name].value or 0, 1)) for name in NAMES]


def by_notebook(session: Session, programme_id: int, day: dt.date) -> list[float]:
    """All tables into frames, then the same rules."""

    def read(table: str, *days: str) -> pd.DataFrame:
        return pd.read_sql(f"SELECT * FROM {table}", session.connection(), parse_dates=list(days))  # noqa: S608 - ours

    on = pd.Timestamp(day)
    match = read("match", "started_on", "ended_on", "decided_on")
    match = match[match["programme_id"].eq(programme_id) & match["state"].ne("void")]
    started = match[match["started_on"].le(on)]
    per_mentor = started.groupby("mentor_id").size()
    ready = started.merge(read("mentee", "ready_on"), left_on="mentee_id", right_on="id", suffixes=("", "_mentee"))
    waited = (ready["decided_on"] - ready["ready_on"]).dt.days
    done = started[started["state"].eq("completed") & started["ended_on"].le(on)]
    met = read("mentoring_session", "on_day")
    minutes = met[met["on_day"].le(on)].groupby("match_id")["minutes"].sum()
    outcome = read("outcome", "on_day")
    known = outcome[outcome["on_day"].le(on) & outcome["finding"].ne("unknown")].sort_values(["on_day", "id"])
    latest = known.groupby("mentee_id")["finding"].last()
    event = read("event", "starts_at")
    held = event[event["kind"].eq("orientation") & event["starts_at"].lt(on + pd.Timedelta(days=1, hours=4))]
    came = read("attendance")
    came = came[came["event_id"].isin(held["id"]) & came["attended"].notna()]["attended"]
    return [
        float(len(started)),
        float((started["ended_on"].isna() | started["ended_on"].gt(on)).sum()),
        float(len(per_mentor)),
        float((per_mentor > 1).sum()),
        float(waited[waited.ge(0)].median()),
        float(minutes[minutes.index.isin(done["id"])].median() / 60),
        100 * latest.isin(["employed_in_field", "employed_elsewhere"]).mean(),
        100 * came.astype(bool).mean(),
    ]


def timed(ask: Callable[[Session], list[float]]) -> tuple[float, list[float]]:
    """The median of the rounds in milliseconds, and the answer; each in a reading of its own, which knows nothing."""
    taken, answer = [], []
    for _ in range(1 + ROUNDS):
        with reading() as session:
            began = time.perf_counter()
            answer = ask(session)
            taken.append(1000 * (time.perf_counter() - began))
    return median(taken[1:]), answer


def main() -> None:
    """Print the README's table."""
    print(f"Python {sys.version.split()[0]}, pandas {pd.__version__}, {os.cpu_count()} cores, SQLite")  # noqa: T201
    print("| matches | rows in all | the desk | pandas over the tables |\n|---|---|---|---|")  # noqa: T201
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.db'}"
            settings.cache_clear()
            upgrade()
            with transaction() as session:
                build(session, by=OPERATOR, matches=size)
            with reading() as session:
                programme = programmes.main(session)
                day = programmes.today(session, programme.id)
                rows = sum(
                    pd.read_sql(f"SELECT count(*) FROM {table}", session.connection()).iloc[0, 0]  # noqa: S608 - ours
                    for table in ("match", "mentee", "mentoring_session", "outcome", "event", "attendance")
                )
            ours, told = timed(lambda s, p=programme.id, d=day: by_desk(s, p, d))
            theirs, said = timed(lambda s, p=programme.id, d=day: by_notebook(s, p, d))
            apart = [(n, a, b) for n, a, b in zip(NAMES, told, said, strict=True) if abs(a - b) > 0.06]
            if apart:
                raise SystemExit(f"they differ: {apart}")
            print(f"| {size:,} | {rows:,} | 1.00 × ({ours:.0f} ms) | {theirs / ours:.1f} × ({theirs:.0f} ms) |")  # noqa: T201


if __name__ == "__main__":
    main()
