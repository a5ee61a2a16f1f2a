"""Who of a cohort's mentees is matched and how soon, by agency, country and language: counted in loops."""

from statistics import median
from typing import Any

from services.counting.fairness import By
from tests import reference_matches as people
from tests.reference_rows import Asked
from tests.reference_splits import NOT_KNOWN, named


def divided(asked: Asked, by: By) -> dict[str, tuple[int, int, list[int], float | None]]:
    """(ready, matched, days waited, their median) of each label."""
    ready = [asked.rows.one("mentee", line.key[0]) for line in people.mentees_ready(asked)]
    found = {}
    for label in {label for mentee in ready for label in labels(asked, mentee, by)}:
        here = [mentee.id for mentee in ready if label in labels(asked, mentee, by)]
        started = {m.mentee_id for m in asked.started()}
        days = [
            int(line.measure or 0)
            for line in people.time_to_match(asked)
            if asked.rows.one("match", line.key[0]).mentee_id in here
        ]
        found[label] = (len(here), len([m for m in here if m in started]), sorted(days), median(days) if days else None)
    return found


def labels(asked: Asked, mentee: Any, by: By) -> list[str]:
    if by is By.AGENCY:
        return [named(asked, "agency", mentee.agency_id)]
    if by is By.COUNTRY:
        return [mentee.country_of_education or NOT_KNOWN]
    working = {name.casefold() for name in asked.clocks.working_languages}
    return [name for name in mentee.languages if name.casefold() not in working] or [NOT_KNOWN]
