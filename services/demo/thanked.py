"""Who of the demo's mentors agreed to be thanked by name at the recognition event to come."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Attendance, Event, EventKind, Mentor, OccupationalGroup, StageName
from services import person
from services.demo.people import draws, ref
from services.demo.store import moment, rows
from services.stage.consents import WAYS

#: Of those invited, so many at most; the roll of thanks then has several pages.
_NAMED = 40
_DAYS = 14


def store(session: Session, today: dt.date) -> None:
    """Names of some of those invited to each recognition event that is still to come."""
    invited = session.execute(
        select(Event.id, Mentor, OccupationalGroup.name)
        .join(Attendance, Attendance.event_id == Event.id)
        .join(Mentor, Mentor.id == Attendance.mentor_id)
        .join(OccupationalGroup, OccupationalGroup.id == Mentor.group_id)
        .where(Event.kind == EventKind.RECOGNITION, Event.starts_at > moment(today), Mentor.withdrawn_on.is_(None))
        .order_by(Event.id, Mentor.id)
    ).all()
    chance = draws("thanked")
    chosen = chance.sample(invited, min(_NAMED, len(invited)))
    named = {(event, person.name(mentor), group): None for event, mentor, group in chosen}
    agreed = [
        {
            "ref": ref("stage name", number),
            "event_id": event,
            "name": name,
            "occupation": group,
            "consent": chance.choice(WAYS),
            "consented_on": (day := today - dt.timedelta(days=chance.randrange(1, _DAYS))),
            "recorded_at": moment(day),
        }
        for number, (event, name, group) in enumerate(named, start=1)
    ]
    rows(session, StageName, agreed)
