"""The rows behind each figure of matches, mentors and mentees, found in loops as its definition reads."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.reference_rows import Asked


@dataclass(frozen=True)
class Line:
    """One row behind a figure: what it is about, and whether it is a hit or how much it measures."""

    key: tuple[Any, ...]
    hit: bool = False
    measure: Fraction | None = None


def mentors_of(matches: list[Any]) -> list[int]:
    return sorted({m.mentor_id for m in matches})


def mentees_of(matches: list[Any]) -> list[int]:
    return sorted({m.mentee_id for m in matches})


def first_matches(asked: Asked) -> list[Line]:
    """Each mentee with the first match of the programme, in the cohort of that match."""
    first: dict[int, Any] = {}
    for match in sorted(asked.whole.started(), key=lambda m: (m.started_on, m.id)):
        first.setdefault(match.mentee_id, match)
    return per(sorted(m.mentee_id for m in first.values() if asked.cohort_id in (None, m.cohort_id)))


def per(ids: list[int]) -> list[Line]:
    return [Line((number,)) for number in ids]


def per_match(matches: list[Any], hit: Callable[[Any], bool] = lambda _: False) -> list[Line]:
    return [Line((m.id,), bool(hit(m))) for m in matches]


def served(asked: Asked) -> list[Line]:
    first = asked.since or (asked.cohort.starts_on if asked.cohort else dt.date(asked.day.year, 1, 1))
    return per_match([m for m in asked.started() if m.ended_on is None or m.ended_on >= first])


def repeat_mentors(asked: Asked) -> list[Line]:
    mine = [m.mentor_id for m in asked.started()]
    return [Line((mentor,), mine.count(mentor) >= 2) for mentor in sorted(set(mine))]


def mentors_over_ten(asked: Asked) -> list[Line]:
    started = asked.started()
    return [
        Line((mentor,), len({m.mentee_id for m in started if m.mentor_id == mentor}) > 10)
        for mentor in mentors_of(started)
    ]


def returning_mentors(asked: Asked) -> list[Line]:
    if asked.cohort is None:
        return repeat_mentors(asked)
    order = [c.id for c in asked.all_cohorts]
    earlier = order[: order.index(asked.cohort_id)]
    before = {m.mentor_id for m in asked.whole.started() if m.cohort_id in earlier}
    return [Line((mentor,), mentor in before) for mentor in mentors_of(asked.started())]


def founding_mentors(asked: Asked) -> list[Line]:
    """Of the whole programme, whichever cohort is asked of."""
    if not asked.all_cohorts:
        return []
    founders = mentors_of(asked.of(asked.all_cohorts[0].id).started())
    return per([mentor for mentor in mentors_of(asked.whole.active()) if mentor in founders])


def partners(asked: Asked) -> list[Line]:
    return per(
        [
            a.id
            for a in asked.rows["agency"]
            if a.partner_since is not None
            and a.partner_since <= asked.day
            and (a.partner_until is None or a.partner_until > asked.day)
        ]
    )


def waiting(asked: Asked) -> list[Line]:
    """Of the whole programme: someone who waits is in no cohort."""
    settled = {m.mentee_id for m in asked.whole.matches() if asked.settles(m)}
    return per(
        [
            e.id
            for e in asked.rows["mentee"]
            if e.ready_on is not None
            and e.ready_on <= asked.day
            and (e.withdrawn_on is None or e.withdrawn_on > asked.day)
            and e.id not in settled
        ]
    )


def mentees_proposed(asked: Asked) -> list[Line]:
    return per(mentees_of([m for m in asked.matches() if m.proposed_on <= asked.day]))


def mentees_ready(asked: Asked) -> list[Line]:
    last = min(asked.day, asked.cohort.ends_on)
    elsewhere = {
        m.mentee_id
        for m in asked.whole.matches()
        if m.cohort_id != asked.cohort_id and m.started_on is not None and m.started_on <= last
    }
    ready = {
        e.id
        for e in asked.rows["mentee"]
        if e.ready_on is not None
        and e.ready_on <= last
        and (e.withdrawn_on is None or e.withdrawn_on > asked.cohort.starts_on)
        and e.id not in elsewhere
    }
    return per(sorted(ready | {line.key[0] for line in mentees_proposed(asked)}))


def mentees_approved(asked: Asked) -> list[Line]:
    said_yes = [m for m in asked.matches() if m.decided_on and m.decided_on <= asked.day and m.state != "declined"]
    return per(mentees_of(said_yes))


def time_to_match(asked: Asked) -> list[Line]:
    lines = []
    for m in asked.started():
        ready_on = asked.rows.one("mentee", m.mentee_id).ready_on
        if ready_on is not None and ready_on <= m.decided_on:
            lines.append(Line((m.id,), measure=Fraction((m.decided_on - ready_on).days)))
    return lines
