"""What every figure is: counted row by row, in loops, as its definition reads.

Slow on purpose, and sharing nothing with the counting it checks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from tests import reference_caseload as caseload
from tests import reference_matches as people
from tests import reference_work as work
from tests.reference_matches import Line
from tests.reference_rows import Asked


@dataclass(frozen=True)
class Answer:
    """`value` is None when there is nothing to count."""

    value: int | Fraction | None
    numerator: int | None
    base: int | None
    lines: tuple[Line, ...]


NOTHING = Answer(None, None, None, ())


def matches_to_date(asked: Asked) -> list[Line]:
    rule = asked.rows.one("programme", asked.programme_id).counting_rule
    return COUNTS[rule.value](asked)


COUNTS: dict[str, Callable[[Asked], list[Line]]] = {
    "started_matches": lambda asked: people.per_match(asked.started()),
    "distinct_mentees": people.first_matches,
    "completed_matches": lambda asked: people.per_match(asked.completed()),
    "matches_to_date": matches_to_date,
    "active": lambda asked: people.per_match(asked.active()),
    "served": people.served,
    "early_endings": lambda asked: people.per_match(asked.ended_early()),
    "groups": lambda asked: people.per(sorted({m.group_id for m in asked.started()})),
    "mentors": lambda asked: people.per(people.mentors_of(asked.started())),
    "founding_mentors": people.founding_mentors,
    "partners": people.partners,
    "waiting": people.waiting,
    "mentees_ready": people.mentees_ready,
    "mentees_proposed": people.mentees_proposed,
    "mentees_approved": people.mentees_approved,
    "mentees_started": lambda asked: people.per(people.mentees_of(asked.started())),
    "mentees_completed": lambda asked: people.per(people.mentees_of(asked.completed())),
    "placed": work.placed,
}
PARTS: dict[str, Callable[[Asked], list[Line]]] = {
    "repeat_mentors": people.repeat_mentors,
    "mentors_over_ten": people.mentors_over_ten,
    "returning_mentors": people.returning_mentors,
    "quiet": work.quiet,
    "watched": work.watched,
    "contacts_due": work.contacts_due,
    "contacts_overdue": work.contacts_overdue,
    "to_close": work.to_close,
    "uncovered": caseload.uncovered,
}
RATES: dict[str, Callable[[Asked], list[Line]]] = {
    "orientation": work.attendance("orientation"),
    "networking": work.attendance("networking"),
    "workshop": work.attendance("workshop"),
    "professional_development": work.attendance("professional_development"),
    "recognition": work.attendance("recognition"),
    "health_good": work.health_good,
    "support_contacts_kept": work.support_contacts_kept,
    "ended_early": work.ended_early,
    "hired_early": work.hired_early,
    "employed": work.employed("employed_in_field", "employed_elsewhere"),
    "employed_in_field": work.employed("employed_in_field"),
    "employed_in_field_12m": work.employed_in_field_12m,
    "permanent": work.placed,
}
MEDIANS: dict[str, Callable[[Asked], list[Line]]] = {"time_to_match": people.time_to_match, "hours": work.hours}
KINDS = {"count": COUNTS, "part": PARTS, "rate": RATES, "median": MEDIANS}
#: Two counts stand behind each of these.
OF_TWO_COUNTS = ("growth", "placed_of_committed")
NAMES = (*COUNTS, *PARTS, *RATES, *MEDIANS, *OF_TWO_COUNTS)


def answer(asked: Asked, name: str) -> Answer:
    """The figure of that name, with the rows behind it."""
    if name in OF_TWO_COUNTS:
        return growth(asked) if name == "growth" else placed_of_committed(asked)
    if name == "mentees_ready" and asked.cohort is None:
        return NOTHING
    if name.startswith("survey:"):
        return of_lines("rate", work.survey(asked, name.removeprefix("survey:")))
    kind = next(kind for kind, names in KINDS.items() if name in names)
    return of_lines(kind, KINDS[kind][name](asked))


def of_lines(kind: str, lines: list[Line]) -> Answer:
    if kind == "count":
        return Answer(len(lines), None, None, tuple(lines))
    if kind == "median":
        return Answer(median(line.measure for line in lines) if lines else None, None, len(lines), tuple(lines))
    hits = sum(line.hit for line in lines)
    value = hits if kind == "part" else Fraction(100 * hits, len(lines) or 1)
    return Answer(value if lines else None, hits, len(lines), tuple(lines))


def growth(asked: Asked) -> Answer:
    """Against the cohort that began before; the first has none, one to come none yet, and a programme is no cohort."""
    mine = asked.started()
    order = [c.id for c in asked.all_cohorts]
    position = order.index(asked.cohort_id) if asked.cohort_id else 0
    if position == 0 or (not mine and asked.cohort.starts_on > asked.day):
        return NOTHING
    before = asked.of(order[position - 1]).started()
    more = len(mine) - len(before)
    value = Fraction(100 * more, len(before)) if before else None
    return Answer(value, more, len(before), tuple(people.per_match(mine)))


def placed_of_committed(asked: Asked) -> Answer:
    """Without a target nothing was committed to."""
    lines = [line for cohort in asked.cohorts if cohort.target is not None for line in work.placed(asked.of(cohort.id))]
    base = sum(cohort.target or 0 for cohort in asked.cohorts)
    return Answer(len(lines) if base else None, len(lines), base, tuple(lines))
