"""How many matches each mentor has completed, and the tier that earns."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from services.counting.definition import ask
from services.counting.figure import Scope
from services.counting.match_rows import completed_matches


@dataclass(frozen=True)
class Tier:
    """Reached with so many completed matches."""

    least: int
    label: str


#: A first match, then what the recognition event has always told apart; "more than 10" is the record's own figure.
TIERS = (Tier(1, "1 or 2"), Tier(3, "3 or 4"), Tier(5, "5 to 9"), Tier(10, "10"), Tier(11, "More than 10"))


def completed_by_mentor(session: Session, scope: Scope) -> pd.DataFrame:
    """mentor_id, completed, first, latest, tier (its least), since (the day it was reached): everyone with one or more.

    A completed match counts from its last day; of one day, the match entered first counts first.
    """
    done = completed_matches(ask(session, scope)).subquery()
    turn = func.row_number().over(partition_by=done.c.mentor_id, order_by=(done.c.day, done.c.match_id))
    turns = select(done.c.mentor_id, done.c.day, turn.label("turn")).subquery()
    at_a_tier = turns.c.turn.in_([tier.least for tier in TIERS])
    # Days come in the order of turns, so the last of either is of the highest tier.
    rows = session.execute(
        select(
            turns.c.mentor_id,
            func.count(),
            func.min(turns.c.day),
            func.max(turns.c.day),
            func.max(case((at_a_tier, turns.c.turn))),
            func.max(case((at_a_tier, turns.c.day))),
        )
        .group_by(turns.c.mentor_id)
        .order_by(turns.c.mentor_id)
    )
    return pd.DataFrame(
        [tuple(row) for row in rows], columns=["mentor_id", "completed", "first", "latest", "tier", "since"]
    )


def by_tier(completed: pd.DataFrame) -> list[int]:
    """How many mentors stand in each tier, in the order of `TIERS`."""
    return [int((completed["tier"] == tier.least).sum()) for tier in TIERS]
