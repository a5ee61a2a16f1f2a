"""The agreements that the demo's matches signed, soon after their start."""

import datetime as dt

from db.models import Mark
from services.demo.lives import Year
from services.demo.people import Row, draws
from services.demo.store import moment

#: Of the matches that have lived long enough, the per cents that signed; first meetings follow from the sessions.
_SIGNED = 97
_AFTER = (6, 16)


def of(cohort: Year, today: dt.date) -> list[Row]:
    """Rows of agreements of a cohort, to today."""
    chance = draws("agreements", cohort.year)
    rows = []
    for life in cohort.lives:
        after, signed = chance.randint(*_AFTER), chance.randint(1, 100) <= _SIGNED
        day = life.course.started_on + dt.timedelta(days=after)
        if signed and day <= min(life.course.ended_on or today, today):
            rows.append(
                {
                    "match_id": life.number,
                    "step": Mark.AGREEMENT,
                    "seq": 1,
                    "on_day": day,
                    "at": moment(day),
                    "by_name": "demo",
                }
            )
    return rows
