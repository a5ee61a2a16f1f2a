"""The waitlist counted again, row by row, sharing nothing with the counting it checks."""

from fractions import Fraction
from statistics import median
from typing import Any

from tests import reference_matches
from tests.reference_rows import OPEN, Asked


def by_group(asked: Asked) -> dict[str, tuple[Any, ...]]:
    """By the group's name: waiting, median and longest wait, mentors with room, their places, places a mentee."""
    waiting = {line.key[0] for line in reference_matches.waiting(asked)}
    held = [match.mentor_id for match in asked.rows["match"] if match.state in OPEN]
    found = {}
    for group in asked.rows["occupational_group"]:
        days = [
            (asked.day - mentee.ready_on).days
            for mentee in asked.rows["mentee"]
            if mentee.id in waiting and mentee.group_id == group.id
        ]
        free = [room for mentor in asked.rows["mentor"] if (room := _room(asked, mentor, group.id, held)) > 0]
        if days or free:
            each = Fraction(sum(free), len(days)) if days else None
            found[group.name] = (
                len(days),
                median(map(Fraction, days)) if days else None,
                max(days, default=None),
                len(free),
                sum(free),
                each,
            )
    return found


def _room(asked: Asked, mentor: Any, group: int, held: list[int]) -> int:
    if mentor.group_id != group or (mentor.withdrawn_on and mentor.withdrawn_on <= asked.day):
        return 0
    if mentor.available_from and mentor.available_from > asked.day:
        return 0
    if mentor.available_until and mentor.available_until < asked.day:
        return 0
    return int(mentor.capacity) - held.count(mentor.id)
