"""The stage's figures as of a day, asked as the view asks them."""

import datetime as dt

from sqlalchemy.orm import Session

from db.models import DisplayToken, Event, EventKind, StageName
from services import clock
from services.counting import public
from services.sign_in import digest
from services.stage.board import Board, board
from tests import make

SCREEN, PHONE = "screen-of-the-hall", "phone-of-theo"


def board_of(session: Session, programme_id: int, day: dt.date) -> Board:
    """The board of a programme; the clock must stand on that day too."""
    rows = [row for row in session.execute(public.told(day)) if row.programme_id == programme_id]
    return board(rows)


def opened(session: Session, programme_id: int, event_id: int | None = None) -> DisplayToken:
    """A link that the tokens `SCREEN` and `PHONE` open for an hour."""
    row = DisplayToken(
        token_hash=digest(SCREEN),
        remote_hash=digest(PHONE),
        programme_id=programme_id,
        event_id=event_id,
        label="Hall",
        created_at=clock.now(),
        expires_at=clock.now() + dt.timedelta(hours=1),
    )
    return make._keep(session, row)


def evening(session: Session, cohort_id: int, *names: str) -> Event:
    """A recognition event that begins in an hour, and who agreed to be named there."""
    begins = clock.now() + dt.timedelta(hours=1)
    event = make._keep(
        session,
        Event(
            cohort_id=cohort_id,
            kind=EventKind.RECOGNITION,
            name="Evening",
            starts_at=begins,
            ends_at=begins + dt.timedelta(hours=3),
        ),
    )
    for name in names:
        row = StageName(
            event_id=event.id,
            name=name,
            occupation="Engineering",
            consent="in writing",
            consented_on=clock.now().date(),
            recorded_at=clock.now(),
        )
        make._keep(session, row)
    return event
