"""Mentees of the demo whom a cohort did not serve: never proposed, declined, or declined by the mentor."""

import datetime as dt
import random
from dataclasses import dataclass

from db.models import MatchState
from services.demo import store
from services.demo.courses import Course
from services.demo.history import Volunteer
from services.demo.people import People, Row, draws
from services.programmes import Clocks

#: Of each hundred that started, those ready but never proposed, declined, and declined by the mentor; 2006 has 77.
_NEVER, _DECLINED, _BY_MENTOR = 22 / 77, 12 / 77, 7 / 77
_VARIES = (0.8, 1.15)
_AS_GIVEN = 2006
#: This year's are still to come in part.
_NOW = 0.6
_MENTORS_REASONS = ("New post in another division", "Long leave", "Workload has changed", "Moves to another office")
#: A proposal of one that came to nothing takes at most so long.
_BEFORE = dt.timedelta(days=21)

#: Group, mentor, and the day on which the mentor was proposed the mentee of a match.
_Asked = tuple[str, Row, dt.date]


@dataclass(frozen=True)
class Proposal:
    """A proposal that came to nothing; `refused_on` is None unless it was the mentor who declined."""

    mentor: Row
    mentee: Row
    proposed_on: dt.date
    decided_on: dt.date
    refused_on: dt.date | None
    reason: str


def make(
    people: People, year: int, planned: list[tuple[str, Volunteer, Course]], days: tuple[dt.date, dt.date], *, now: bool
) -> list[Proposal]:
    """The mentees and proposals of a cohort; all are ready from the first of `days` and have withdrawn by the last.

    A proposal comes to nothing before its mentor is proposed the mentee of a match, so it takes no place too many.
    """
    chance = draws("unmatched", year)
    scale = len(planned) * (1 if year == _AS_GIVEN else chance.uniform(*_VARIES)) * (_NOW if now else 1)
    _never_proposed(people, chance, [group for group, *_ in planned], round(_NEVER * scale), days)
    first: dict[int, _Asked] = {}
    for group, volunteer, course in sorted(planned, key=lambda one: one[2].proposed_on, reverse=True):
        first[volunteer.row["id"]] = (group, volunteer.row, course.proposed_on)
    asked = [one for one in first.values() if one[2] - _BEFORE > max(days[0], one[1]["volunteer_since"])]
    declined, by_mentor = round(_DECLINED * scale), round(_BY_MENTOR * scale)
    chosen = chance.sample(asked, min(declined + by_mentor, len(asked)))
    return [_proposal(people, chance, one, days[1], by_mentor=k < by_mentor) for k, one in enumerate(chosen)]


def rows(proposals: list[Proposal], cohort: tuple[int, int], number: int) -> tuple[list[Row], list[Row]]:
    """Match rows and their steps; numbers count on from `number`."""
    matches: list[Row] = []
    steps: list[Row] = []
    for n, one in enumerate(proposals, start=number + 1):
        matches.append(store.match(n, cohort, one.mentor, one.mentee, one.proposed_on))
        if one.refused_on:
            steps.append(store.step(n, 2, (MatchState.PROPOSED, MatchState.APPROVED), one.decided_on))
            moves = (MatchState.APPROVED, MatchState.DECLINED_BY_MENTOR)
            steps.append(store.step(n, 3, moves, one.refused_on, reason=one.reason))
        else:
            steps.append(
                store.step(n, 2, (MatchState.PROPOSED, MatchState.DECLINED), one.decided_on, reason=one.reason)
            )
    return matches, steps


def _never_proposed(
    people: People, chance: random.Random, groups: list[str], many: int, days: tuple[dt.date, dt.date]
) -> None:
    first, last = days
    for _ in range(many):
        ready = first + dt.timedelta(days=chance.randint(-30, max((last - first).days - 40, 0)))
        mentee = people.mentee(chance.choice(groups), ready)
        mentee["withdrawn_on"] = _withdraws(chance, max(ready, first), last, (25, 120))


def _proposal(people: People, chance: random.Random, asked: _Asked, until: dt.date, *, by_mentor: bool) -> Proposal:
    group, mentor, before = asked
    over = before - dt.timedelta(days=chance.randint(0, 3))
    decided = over - dt.timedelta(days=chance.randint(1, 4) if by_mentor else 0)
    proposed = decided - dt.timedelta(days=chance.randint(3, 14))
    mentee = people.mentee(group, proposed - dt.timedelta(days=chance.randint(3, 30)))
    mentee["withdrawn_on"] = _withdraws(chance, over, until, (5, 60))
    reason = chance.choice(_MENTORS_REASONS if by_mentor else Clocks().decline_reasons)
    return Proposal(mentor, mentee, proposed, decided, over if by_mentor else None, reason)


def _withdraws(chance: random.Random, after: dt.date, until: dt.date, days: tuple[int, int]) -> dt.date:
    return min(after + dt.timedelta(days=chance.randint(*days)), until)
