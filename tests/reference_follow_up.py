"""Who is to be asked next, and who of a survey's people has answered: by loops over rows, as the rule reads."""

import calendar
import datetime as dt
from typing import Any

from tests.reference_rows import Asked, Rows

DAY = dt.timedelta(days=1)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def owed(asked: Asked) -> set[tuple[Any, ...]]:
    """Mentee, match, months and day of every follow-up that can be made and is to be made."""
    found = set()
    for mentee in asked.rows["mentee"]:
        mine = [m for m in asked.started() if m.mentee_id == mentee.id]
        ended = [m for m in mine if m.state in {"completed", "ended_early"} and asked.has_ended(m)]
        has_left = mentee.withdrawn_on is not None and mentee.withdrawn_on <= asked.day
        if not ended or len(ended) < len(mine) or has_left:
            continue
        last = max(ended, key=lambda m: (m.ended_on, m.id))
        if one := _one(asked, mentee.id, last.ended_on):
            found.add((mentee.id, last.id, *one))
    return found


def _one(asked: Asked, mentee: int, ended_on: dt.date) -> tuple[int, dt.date] | None:
    clocks = asked.clocks
    since = [o for o in asked.until_day(asked.within("outcome")) if o.mentee_id == mentee and o.on_day >= ended_on]
    if len({o.on_day for o in since if o.finding == "employed_in_field"}) > 1:
        return None
    due = {months: months_after(ended_on, months) for months in clocks.follow_up_months}
    for months, day in due.items():
        first = max(day - clocks.follow_up_early_days * DAY, ended_on)
        nexts = [max(d - clocks.follow_up_early_days * DAY, ended_on) for m, d in due.items() if m > months]
        over = min([day + (clocks.follow_up_late_days + 1) * DAY, *nexts])
        if not first <= asked.day < over:
            continue
        made = [o for o in since if o.on_day >= first]
        if any(o.finding != "unknown" for o in made):
            return None
        if any((asked.day - o.on_day).days < clocks.follow_up_again_days for o in made):
            return None
        return months, day
    return None


def response(rows: Rows, survey: Any, day: dt.date) -> tuple[int, int]:
    """How many answered, and how many are to be asked or answered."""
    key = f"{survey.side}_id"
    questions = {q.id for q in rows["survey_question"] if q.survey_id == survey.id}
    answered = {getattr(r, key) for r in rows["survey_response"] if r.question_id in questions and r.on_day <= day} - {
        None
    }
    here = [m for m in rows["match"] if m.cohort_id == survey.cohort_id and m.state != "void" and m.started_on]
    running = {getattr(m, key) for m in here if m.started_on <= day and (m.ended_on is None or m.ended_on > day)}
    ended = {
        getattr(m, key)
        for m in here
        if m.state in {"completed", "ended_early"} and m.ended_on is not None and m.ended_on <= day
    }
    return len(answered), len((ended - running) | answered)
