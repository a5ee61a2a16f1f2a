"""The rows behind a figure, divided by what they are about."""

from collections import defaultdict
from typing import Any

from tests import reference
from tests.reference_matches import Line
from tests.reference_rows import Asked

NOT_KNOWN = "Not known"
PEOPLE = ("group", "agency", "country", "division")
ABOUT_MENTEES = ("waiting", "employed", "mentees_completed")
#: What may be divided by what, and adds up again.
DIVIDED = (
    *((name, by) for name in ("started_matches", "active", "quiet", "ended_early", "time_to_match") for by in PEOPLE),
    *((name, by) for name in ABOUT_MENTEES for by in ("group", "agency", "country")),
    ("early_endings", "reason"),
    ("employed", "finding"),
    ("health_good", "health"),
    *((kind, "side") for kind in ("orientation", "networking", "workshop", "professional_development", "recognition")),
)


def split(asked: Asked, name: str, by: str) -> dict[str, tuple[int, int]]:
    """(hits, rows) of each label; of a count, every row is a hit."""
    hits = name in reference.PARTS or name in reference.RATES
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for line in reference.answer(asked, name).lines:
        label = label_of(asked, line, name, by)
        value, base = found[label]
        found[label] = (value + (line.hit if hits else 1), base + 1)
    return dict(found)


def label_of(asked: Asked, line: Line, name: str, by: str) -> str:
    if by == "side":
        return "mentors" if line.key[0] is not None else "mentees"
    if by == "finding":
        return [o.finding for o in asked.outcomes() if o.mentee_id == line.key[0]][-1].value
    if name in ABOUT_MENTEES:
        return of_person(asked, asked.rows.one("mentee", line.key[0]), by)
    match = asked.rows.one("match", line.key[0])
    own = {"reason": lambda: match.reason, "health": lambda: asked.check_ins(match)[-1].health.value}
    return own[by]() if by in own else of_match(asked, match, by)


def of_match(asked: Asked, match: Any, by: str) -> str:
    if by == "group":
        return named(asked, "occupational_group", match.group_id)
    if by == "division":
        return named(asked, "division", asked.rows.one("mentor", match.mentor_id).division_id)
    return of_person(asked, asked.rows.one("mentee", match.mentee_id), by)


def of_person(asked: Asked, mentee: Any, by: str) -> str:
    if by == "country":
        return mentee.country_of_education or NOT_KNOWN
    table, number = ("agency", mentee.agency_id) if by == "agency" else ("occupational_group", mentee.group_id)
    return named(asked, table, number)


def named(asked: Asked, table: str, number: int | None) -> str:
    return NOT_KNOWN if number is None else asked.rows.one(table, number).name
