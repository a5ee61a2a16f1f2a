"""Who is thanked for how much, counted mentor by mentor in loops."""

from tests.reference_rows import Asked

#: Least and most of each tier.
RANGES = ((1, 2), (3, 4), (5, 9), (10, 10), (11, 10**9))


def completed(asked: Asked) -> dict[int, list]:
    """The last days of every mentor's completed matches, in their order."""
    days: dict[int, list] = {}
    for match in sorted(asked.completed(), key=lambda m: (m.ended_on, m.id)):
        days.setdefault(match.mentor_id, []).append(match.ended_on)
    return days


def tier(many: int) -> int:
    return next(least for least, most in RANGES if least <= many <= most)


def tiers(asked: Asked) -> list[int]:
    counts = [len(days) for days in completed(asked).values()]
    return [sum(least <= many <= most for many in counts) for least, most in RANGES]


def returning(asked: Asked) -> list[tuple[str, int, int]]:
    """cohort, first time, returning: an earlier cohort of the programme had them by the day."""
    before: set[int] = set()
    found = []
    for cohort in asked.all_cohorts:
        mine = {match.mentor_id for match in asked.of(cohort.id).started()}
        if mine:
            found.append((cohort.name, len(mine - before), len(mine & before)))
        before |= mine
    return found
