"""Any life of a match: steps that `MOVES` allows, on days that stay in order, entered late or not."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from db.models import MOVES, OPEN, MatchState
from services.counting.waiting import Ending

STATES = MatchState
_RUNS = (STATES.APPROVED, STATES.ACTIVE)
#: Ways a match goes, the usual ones oftener; any allowed steps may follow.
ROUTES = (
    (*_RUNS, STATES.COMPLETED),
    _RUNS,
    (*_RUNS, STATES.ENDED_EARLY),
    (*_RUNS, STATES.COMPLETED),
    _RUNS,
    (*_RUNS, STATES.ENDED_EARLY),
    (*_RUNS, STATES.COMPLETED),
    (STATES.ON_HOLD, STATES.PROPOSED, *_RUNS, STATES.COMPLETED),
    (*_RUNS, STATES.PROPOSED, *_RUNS),
    (STATES.APPROVED, STATES.DECLINED_BY_MENTOR),
    (STATES.DECLINED,),
    (STATES.APPROVED,),
    (STATES.ON_HOLD,),
    (),
)
_AT = dt.datetime(2020, 1, 1, 12, tzinfo=dt.UTC)


@dataclass
class Life:
    """A match as it is proposed, and its steps in the order of entry."""

    match: dict[str, Any]
    steps: list[dict[str, Any]] = field(default_factory=list)
    state: MatchState = STATES.PROPOSED
    decided_on: dt.date = dt.date.min
    started_on: dt.date | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def step(self, to: MatchState, gap: int, reason: Ending = Ending.OTHER) -> None:
        """One step on, `gap` days after the first day that is allowed: it may lie before the day of the last step."""
        starts = to is STATES.ACTIVE and self.state in {STATES.APPROVED, STATES.ACTIVE}
        lowest = self.match["proposed_on"]
        if to in {STATES.COMPLETED, STATES.ENDED_EARLY}:
            lowest = self.started_on or lowest
        elif starts or to is STATES.DECLINED_BY_MENTOR:
            lowest = self.decided_on
        on_day = lowest + dt.timedelta(days=gap)
        self.steps.append(
            {
                "match_id": self.match["id"],
                "seq": len(self.steps) + 2,
                "from_state": self.state,
                "to_state": to,
                "on_day": on_day,
                "at": _AT,
                "by_name": "test",
                "reason": reason.value if to in {STATES.DECLINED, STATES.ENDED_EARLY} else None,
                "hold_until": on_day + dt.timedelta(days=9) if to is STATES.ON_HOLD else None,
            }
        )
        if self.state is STATES.PROPOSED and to in {STATES.APPROVED, STATES.DECLINED}:
            self.decided_on = on_day
        if starts:
            self.started_on = on_day
        self.state = to


def proposal(number: int, **row: Any) -> Life:
    return Life({"id": number, "proposed_at": _AT, "override_reason": "They asked for it.", **row})


@st.composite
def lived(draw: st.DrawFn, life: Life) -> Life:
    """The match, taken any way from its proposal."""
    gaps, endings = st.sampled_from((0, 1, 2, 5, 9, 12)), st.sampled_from(Ending)
    for to in draw(st.sampled_from(ROUTES)):
        life.step(to, draw(gaps), draw(endings) if to is STATES.ENDED_EARLY else Ending.OTHER)
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2, 4)))):
        if moves := MOVES.get(life.state):
            to = draw(st.sampled_from(moves))
            life.step(to, draw(gaps), draw(endings) if to is STATES.ENDED_EARLY else Ending.OTHER)
    return life
