"""The recognition events at which mentors are thanked by name: those to come, and how long names may stand."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from db.models import Cohort, Event, EventKind, StageName
from services import clock, programmes
from services.access import Actor, Permission, authorise
from services.counting.public import KEPT_HOURS
from services.errors import NotFound
from services.wording import day

#: How long after the end of its event a name may still stand; the view says the same.
STAYS = dt.timedelta(hours=KEPT_HOURS)
_NO_SUCH = "There is no such recognition event to come. Choose one of the list."


@dataclass(frozen=True)
class Occasion:
    """A recognition event to come, on the clocks of its programme."""

    ref: str
    name: str
    starts: dt.datetime
    #: How many agreed to be named.
    names: int

    @property
    def called(self) -> str:
        """Name and day: "Recognition event, 12 November 2026"."""
        return f"{self.name}, {day(self.starts.date())}"


def upcoming(session: Session, *, by: Actor) -> tuple[Occasion, ...]:
    """The main programme's recognition events to come, the next one first. Raises `NotAllowed`, `NotFound`."""
    authorise(session, by, Permission.OPEN_STAGE_LINKS)
    programme = programmes.main(session)
    named = select(func.count()).where(StageName.event_id == Event.id).scalar_subquery()
    rows = session.execute(_of(programme.id).add_columns(named).order_by(Event.starts_at, Event.id))
    return tuple(
        Occasion(event.ref, event.name, clock.local(event.starts_at, programme.timezone), many) for event, many in rows
    )


def find(session: Session, ref: str, *, by: Actor, hold: bool = False) -> Event:
    """One of them; `hold` keeps others from changing it meanwhile. Raises `NotAllowed`, `NotFound`."""
    authorise(session, by, Permission.OPEN_STAGE_LINKS)
    wanted = _of(programmes.main(session).id).where(Event.ref == ref)
    event = session.scalar(wanted.with_for_update(of=Event) if hold else wanted)
    if event is None:
        raise NotFound(_NO_SUCH)
    return event


def stands() -> ColumnElement[bool]:
    """The events whose names may stand: not cancelled, and not over for long."""
    return and_(Event.cancelled_at.is_(None), Event.ends_at > clock.now() - STAYS)


def _of(programme_id: int) -> Select[Event]:
    return (
        select(Event)
        .join(Cohort, Cohort.id == Event.cohort_id)
        .where(Cohort.programme_id == programme_id, Event.kind == EventKind.RECOGNITION, stands())
    )
