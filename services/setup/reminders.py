"""The days on which the desk reminds, and what it aims at."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from services import audit, programmes
from services.access import Actor, Permission, authorise
from services.errors import Invalid
from services.programmes import Clocks
from services.setup import settings

#: Of each setting that can be changed: its words on the screen.
LABELS = {
    "pending_due_days": "A pending match is due after, days",
    "pending_overdue_days": "A pending match is overdue after, days",
    "quiet_watch_days": "A match is watched after days without contact",
    "quiet_act_days": "A match is quiet after days without contact",
    "check_in_days": "Check-ins on the days after the start",
    "closing_day": "A match is to close after, days",
    "follow_up_months": "Follow-ups after the end, months",
    "support_goal_percent": "Objective for contacts kept, per cent",
    "hours_goal": "Objective for hours of a match",
}
_LONGEST, _MOST = 3650, 12


def reminders(session: Session, programme_id: int, *, by: Actor) -> dict[str, Any]:
    """What each setting is now. Raises `NotAllowed`."""
    authorise(session, by, Permission.SET_PROGRAMME)
    clocks = programmes.clocks(session, programme_id)
    return {name: getattr(clocks, name) for name in LABELS}


def save(session: Session, programme_id: int, wanted: Mapping[str, Any], *, by: Actor) -> tuple[str, ...]:
    """Set these otherwise; returns the names of those that changed. Raises `Invalid` for days out of order."""
    by = authorise(session, by, Permission.SET_PROGRAMME)
    now = programmes.clocks(session, programme_id)
    try:
        then = Clocks.model_validate({**now.model_dump(), **{name: wanted[name] for name in LABELS if name in wanted}})
    except ValidationError as wrong:
        field = str(wrong.errors()[0]["loc"][0])
        raise Invalid(f"{LABELS.get(field, field)}: a whole number is asked for here. Mend it.") from None
    _check(then)
    changed = tuple(name for name in LABELS if getattr(then, name) != getattr(now, name))
    for name in changed:
        value = getattr(then, name)
        settings.put(session, programme_id, name, list(value) if isinstance(value, tuple) else value)
    if changed:
        audit.record(session, by, "reminders changed", "programme", programme_id, fields=list(changed))
    return changed


def _check(then: Clocks) -> None:
    if then.pending_overdue_days <= then.pending_due_days:
        raise Invalid("A match is overdue later than it is due. Raise the second number.")
    if then.quiet_act_days <= then.quiet_watch_days:
        raise Invalid("A match is quiet later than it is watched. Raise the second number.")
    for name in ("check_in_days", "follow_up_months"):
        days = getattr(then, name)
        in_order = list(days) == sorted(set(days)) and 0 < len(days) <= _MOST
        if not in_order or not all(1 <= day <= _LONGEST for day in days):
            raise Invalid(f"{LABELS[name]}: write up to {_MOST} whole numbers, each larger than the one before.")
    if max(then.closing_day, then.pending_overdue_days, then.quiet_act_days) > _LONGEST:
        raise Invalid(f"No reminder waits longer than {_LONGEST:,} days. Mend the number.")
