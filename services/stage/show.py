"""A show: what the screens of one link draw at this moment, turned by keys and by the presenter's phone."""

from dataclasses import dataclass

from services.stage.board import Board

#: Scenes in their order; "celebrate" comes by itself, at its moment.
SCENES = ("count", "years", "professions", "outcomes", "partners", "thanks")
CELEBRATE = "celebrate"


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
