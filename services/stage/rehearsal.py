"""A rehearsal: the last steps to a milestone on made-up approvals, which no database ever sees."""

import datetime as dt
from dataclasses import dataclass, replace
from itertools import accumulate

from services import clock, milestones
from services.stage.board import Board, Ring

#: Made-up approvals, the seconds between two, and how long the room is left with the last.
STEPS, BETWEEN, AFTER = 5, 6, 45


@dataclass(frozen=True)
class Rehearsal:
    """From five before a number up to it; it ends by itself, so that no made-up number is left on a wall."""

    number: int
    began: dt.datetime

    def is_over(self, now: dt.datetime) -> bool:
        """Whether the last made-up approval is long past."""
        return (now - self.began).total_seconds() > STEPS * BETWEEN + AFTER

    def board(self, real: Board, now: dt.datetime) -> Board:
        """The board as it would look, of the programme's own cohorts, cut or grown to the made-up count."""
        step = min(int((now - self.began).total_seconds() // BETWEEN), STEPS)
        total = max(self.number - STEPS + step, 0)
        goal = self.number if step < STEPS else milestones.around(self.number, (self.number,))[1]
        at = clock.local(self.began + dt.timedelta(seconds=step * BETWEEN), _zone(real))
        made_up = [one.name for one in real.professions]
        return replace(
            real,
            total=total,
            goal=goal,
            to_go=goal - total,
            celebrated=self.number if step == STEPS else None,
            cohorts=_rings(real, total),
            marks=tuple(mark for mark in real.marks if mark.number <= total),
            latest_on=at.date(),
            latest_at=at if step else None,
            latest_in=made_up[step % len(made_up)] if step and made_up else None,
        )


def _rings(real: Board, total: int) -> tuple[Ring, ...]:
    names = [ring.cohort for ring in real.cohorts] or [str(real.as_of.year)]
    ends = list(accumulate(ring.matches for ring in real.cohorts)) or [0]
    ends[-1] = max(ends[-1], total)
    cut = [min(end, total) for end in ends]
    sizes = [after - before for before, after in zip([0, *cut], cut, strict=False)]
    begun = next((place for place, end in enumerate(ends) if end >= total), len(ends) - 1)
    return tuple(Ring(name, size) for name, size in list(zip(names, sizes, strict=True))[: begun + 1])


def _zone(real: Board) -> str:
    return str(real.as_of.tzinfo)
