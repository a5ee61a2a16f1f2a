"""Whose a match is, who looks after it and what each coach carries: row by row, in loops."""

import datetime as dt
from typing import Any

from tests import reference_work as work
from tests.reference_matches import Line, per_match
from tests.reference_rows import Asked


def coach_on(asked: Asked, match_id: int, day: dt.date) -> int | None:
    turns = sorted((t for t in asked.rows["match_coach"] if t.match_id == match_id), key=lambda t: t.seq)
    past = [t for t in turns if t.on_day <= day]
    return (past or turns)[-1 if past else 0].coach_id if turns else None


def is_away(asked: Asked, coach: int, day: dt.date) -> bool:
    return any(
        a.coach_id == coach and a.called_off_at is None and a.first_day <= day <= a.last_day
        for a in asked.rows["absence"]
    )


def is_there(asked: Asked, coach: int, day: dt.date) -> bool:
    left = asked.rows.one("coach", coach).left_on
    return (left is None or left > day) and not is_away(asked, coach, day)


def looks_after(asked: Asked, match: Any, day: dt.date) -> int | None:
    coach = coach_on(asked, match.id, day)
    if coach is None or is_there(asked, coach, day):
        return coach
    for absence in reversed(asked.rows["absence"]):
        if absence.coach_id != coach or absence.called_off_at is not None:
            continue
        if not absence.first_day <= day <= absence.last_day:
            continue
        for cover in asked.rows["cover"]:
            if cover.absence_id == absence.id and cover.match_id == match.id and is_there(asked, cover.coach_id, day):
                return cover.coach_id
    return None


def uncovered(asked: Asked) -> list[Line]:
    return per_match(asked.active(), lambda m: looks_after(asked, m, asked.day) is None)


def loads(asked: Asked) -> dict[int, tuple[int, ...]]:
    """By coach: active, due, overdue, quiet, uncovered, covering, contacts due and kept; of coaches who carry any."""
    marks = [
        {line.key[0] for line in of(asked) if line.hit}
        for of in (work.contacts_due, work.contacts_overdue, work.quiet, uncovered)
    ]
    contacts = [(coach_on(asked, line.key[0], line.key[1]), line.hit) for line in work.support_contacts_kept(asked)]
    found = {}
    for coach in (c.id for c in asked.rows["coach"]):
        mine = [m.id for m in asked.active() if coach_on(asked, m.id, asked.day) == coach]
        others = [
            m.id
            for m in asked.active()
            if looks_after(asked, m, asked.day) == coach and coach_on(asked, m.id, asked.day) != coach
        ]
        hits = [len([m for m in mine if m in mark]) for mark in marks]
        kept = [hit for whose, hit in contacts if whose == coach]
        found[coach] = (len(mine), *hits, len(others), len(kept), sum(kept))
    return found
