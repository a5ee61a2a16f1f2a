"""A show: what the screens of one link draw at this moment, turned by keys and by the presenter's phone.

It lives in the memory of the stage's process, which writes nothing: a restart begins with the count.
"""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from services import clock
from services.stage.board import Board
from services.stage.rehearsal import Rehearsal

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: The celebration comes by itself, at its moment; the other scenes in their order.
CELEBRATE = "celebrate"
TITLES = {
    "count": "The count",
    "years": "The years",
    "professions": "The professions",
    "outcomes": "Outcomes",
    "partners": "Partners",
    "thanks": "Thank you",
    CELEBRATE: "The milestone",
}
SCENES = tuple(scene for scene in TITLES if scene != CELEBRATE)
#: Seconds: of a celebration, and of each screenful while the show plays by itself.
CELEBRATES, PLAYS = 25, 12
#: Who starts the stage within so many seconds of the match that made a milestone full still celebrates it.
_STILL_NEWS = 15
#: Names of one screenful of the roll of thanks.
NAMES_A_PAGE = 12


@dataclass(frozen=True)
class Shown:
    """One state of the screen: everything that draws it."""

    board: Board
    scene: str
    #: Of scenes with more than one screenful (the roll of thanks), from 0 on.
    page: int = 0
    #: The milestone of the celebration, and the seconds since its moment.
    celebrated: int | None = None
    seconds: float = 0
    #: Motion is paused.
    is_still: bool = False
    #: False: these are the last figures, the database does not answer.
    is_live: bool = True


def pages_of(board: Board, scene: str) -> int:
    """Screenfuls of a scene."""
    return max(1, -(-len(board.names) // NAMES_A_PAGE)) if scene == "thanks" else 1


def _one_at_a_time(turn: Callable[Concatenate["Show", _P], _T]) -> Callable[Concatenate["Show", _P], _T]:
    """Keys, phones and the clock come from threads of their own."""

    @wraps(turn)
    def alone(self: "Show", *given: _P.args, **named: _P.kwargs) -> _T:
        with self._lock:
            return turn(self, *given, **named)

    return cast("Callable[Concatenate[Show, _P], _T]", alone)


class Show:
    """The state of one link; every change raises `version`, which screens and phones wait for."""

    def __init__(self, moment: Callable[[], dt.datetime] = clock.now) -> None:
        self._now, self._lock = moment, threading.RLock()
        self.version = 0
        self.scene, self.page = SCENES[0], 0
        self.is_playing = self.is_still = False
        self.rehearsal: Rehearsal | None = None
        #: What the database says, and whether it still does; a rehearsal does not change it.
        self.real: Board | None = None
        self.is_live = True
        self._turned = moment()
        self._last: Board | None = None
        self._celebrating: tuple[int, dt.datetime] | None = None
        self._celebrated: set[int] = set()
        self._drawn: Shown | None = None

    @_one_at_a_time
    def tick(self, real: Board | None, *, is_live: bool = True) -> None:
        """Take in the newest figures and the time that went by."""
        self.real, self.is_live = real or self.real, is_live
        if self.rehearsal and self.rehearsal.is_over(self._now()):
            self.rehearse(None)
        if self.real:
            board = self.rehearsal.board(self.real, self._now()) if self.rehearsal else self.real
            self._watch(board)
            self._last = board
        if self._celebrating:
            if self._since(self._celebrating[1]) >= CELEBRATES:
                self.turn(SCENES[0])
        elif self.is_playing and self._since(self._turned) >= PLAYS:
            self.step(1)
        self._redraw()

    @_one_at_a_time
    def shown(self) -> Shown | None:
        """What is on the screens now; None before the first figures."""
        if self._last is None:
            return None
        if self._celebrating:
            number, since = self._celebrating
            seconds = self._since(since)
            return Shown(self._last, CELEBRATE, 0, number, seconds, self.is_still, self.is_live)
        page = min(self.page, pages_of(self._last, self.scene) - 1)
        return Shown(self._last, self.scene, page, is_still=self.is_still, is_live=self.is_live)

    @_one_at_a_time
    def following(self) -> Shown | None:
        """What comes next."""
        shown = self.shown()
        if shown is None:
            return None
        scene, page = (SCENES[0], 0) if self._celebrating else self._beside(1)
        return replace(shown, scene=scene, page=page, celebrated=None, seconds=0)

    @_one_at_a_time
    def turn(self, scene: str) -> None:
        """Show a scene; a celebration can be shown again while its day lasts."""
        if scene == CELEBRATE and self._last and self._last.celebrated:
            self._celebrating = (self._last.celebrated, self._now())
        elif scene in SCENES:
            self._celebrating = None
            self.scene, self.page = scene, 0
        self._turned = self._now()
        self.version += 1

    @_one_at_a_time
    def step(self, by: int) -> None:
        """Go on, or back, by one screenful."""
        self.scene, self.page = (self.scene, self.page) if self._celebrating else self._beside(by)
        self._celebrating = None
        self._turned = self._now()
        self._redraw()

    @_one_at_a_time
    def play(self, is_playing: bool) -> None:  # noqa: FBT001 - a switch
        """Let the scenes follow each other by themselves, or stop."""
        self.is_playing, self._turned = is_playing, self._now()
        self.version += 1

    @_one_at_a_time
    def still(self, is_still: bool) -> None:  # noqa: FBT001
        """Pause all motion, or let it go on."""
        self.is_still = is_still
        self._redraw()

    @_one_at_a_time
    def rehearse(self, number: int | None) -> None:
        """Begin a rehearsal up to a milestone, or end it; the room sees made-up approvals, the database none."""
        self.rehearsal = Rehearsal(number, self._now()) if number else None
        self._celebrating, self._last = None, None
        self._celebrated.clear()
        self.scene, self.page, self.is_playing = SCENES[0], 0, False
        self.version += 1
        self.tick(self.real, is_live=self.is_live)

    def _watch(self, board: Board) -> None:
        """Celebrate a milestone in the moment in which its match comes in, and never twice."""
        number = board.celebrated
        if number is None or number in self._celebrated:
            return
        if self._last is None:
            # just begun: news only if it came in seconds ago
            began = board.latest_at if board.total == number else None
            is_new = began is not None and self._since(began) < _STILL_NEWS
        else:
            began, is_new = self._now(), self._last.total < number <= board.total
        self._celebrated.add(number)
        if is_new and began:
            self._celebrating = (number, began)

    def _since(self, moment: dt.datetime) -> float:
        return (self._now() - moment).total_seconds()

    def _beside(self, by: int) -> tuple[str, int]:
        page = self.page + by
        if self._last and 0 <= page < pages_of(self._last, self.scene):
            return self.scene, page
        scene = SCENES[(SCENES.index(self.scene) + by) % len(SCENES)]
        last = pages_of(self._last, scene) - 1 if self._last and by < 0 else 0
        return scene, last

    def _redraw(self) -> None:
        shown = self.shown()
        drawn = replace(shown, seconds=0) if shown else None
        if drawn != self._drawn:
            self._drawn = drawn
            self.version += 1
