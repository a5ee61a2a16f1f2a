"""The stage's figures as of a day, asked as the view asks them."""

import datetime as dt

from sqlalchemy.orm import Session

from services.counting import public
from services.stage.board import Board, board


def board_of(session: Session, programme_id: int, day: dt.date) -> Board:
    """The board of a programme; the clock must stand on that day too."""
    rows = [row for row in session.execute(public.told(day)) if row.programme_id == programme_id]
    return board(rows)
