"""This year's desk: who waits, what is proposed, held, approved and declined, counted back from today."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from db.models import Match, MatchState, MatchTransition, Mentee
from services import proposals
from services.access import Actor
from services.demo import sizes, store
from services.demo.catalogue import PROFESSIONS
from services.demo.history import Volunteer
from services.demo.people import People, Row, ref
from services.programmes import Clocks

#: Groups in which nobody has a place just now.
_WITHOUT_PLACES = ("Law", "Library services", "Recreation")
_SPARE_GROUPS = 8
#: What became of a proposal: its newest and oldest age in days, and how many there are.
_PROPOSED = "proposed"
_HELD = "held"
_AWAITING = "awaiting"
_AGES = (
    (_PROPOSED, 29, 41, 8),
    (_PROPOSED, 15, 27, 12),
    (_PROPOSED, 0, 14, 20),
    (_HELD, 12, 26, 3),
    (_AWAITING, 9, 23, 3),
)
_HOLDS = (6, 13, 27)


@dataclass(frozen=True)
class Fate:
    """How old a proposal is, and where it stands."""

    age: int
    stands: str


@dataclass
class Waiting:
    """The people of this year's pool, made before anything is stored."""

    fates: list[Fate]
    ready: list[Row]
    #: Referred in the last days, after the proposals were made.
    just_ready: list[Row]
    #: (mentee, mentor, day of the proposal)
    declined: list[tuple[Row, Row, dt.date]]


def make(people: People, current: list[Volunteer], busy: Counter[int], today: dt.date, scale: float) -> Waiting:
    """Mentees who wait, and places for as many of them as will be proposed; `busy` counts running matches."""
    chance = people.chance
    fates = _fates(scale)
    weights = {name: p.weight for name, p in PROFESSIONS.items() if name not in _WITHOUT_PLACES}
    served = sizes.share_out(len(fates), weights)
    groups = [group for group, count in served.items() for _ in range(count)]
    chance.shuffle(groups)
    ready = [
        people.mentee(group, today - dt.timedelta(days=fate.age + chance.randint(6, 80)))
        for group, fate in zip(groups, fates, strict=True)
    ]
    for k in range(max(1, round(12 * scale))):
        group = _WITHOUT_PLACES[k % len(_WITHOUT_PLACES)]
        ready.append(people.mentee(group, today - dt.timedelta(days=chance.randint(20, 260))))
    spare = sizes.share_out(round(_SPARE_GROUPS * scale), weights)
    offered = {
        group: _offer(people, group, current, busy, today, served.get(group, 0) + spare.get(group, 0))
        for group in PROFESSIONS
    }
    late = list(sizes.share_out(max(1, round(18 * scale)), weights).items())
    just_ready = [
        people.mentee(group, today - dt.timedelta(days=chance.randint(0, 3))) for group, n in late for _ in range(n)
    ]
    return Waiting(fates, ready, just_ready, _declined(people, ready, offered, max(1, round(6 * scale))))


def store_proposals(
    session: Session, waiting: Waiting, cohort: tuple[int, int], number: int, *, by: Actor, today: dt.date
) -> int:
    """Declines first, then what the engine proposes, dated back; returns the number of the last match."""
    rows, steps = _decline_rows(waiting, cohort, number)
    store.rows(session, Match, rows)
    store.rows(session, MatchTransition, steps)
    number += len(rows)
    ready_on = {mentee["id"]: mentee["ready_on"] for mentee in waiting.ready}
    drafted = proposals.draft(session, by=by, programme_id=cohort[0], today=today).rows
    drafted.sort(key=lambda row: (ready_on[row["mentee_id"]], row["mentee_id"]))
    steps = []
    for k, (row, fate) in enumerate(zip(drafted, waiting.fates, strict=False)):
        day = today - dt.timedelta(days=fate.age)
        number += 1
        row.update(id=number, ref=ref("match", number), proposed_on=day, proposed_at=store.moment(day))
        steps += _stands(number, fate, day, today, k)
    store.rows(session, Match, drafted[: len(waiting.fates)])
    store.rows(session, MatchTransition, steps)
    store.rows(session, Mentee, waiting.just_ready)
    return number


def _fates(scale: float) -> list[Fate]:
    """The oldest first."""
    fates = []
    for stands, newest, oldest, count in _AGES:
        many = max(1, round(count * scale))
        fates += [Fate(newest + (oldest - newest) * k // max(many - 1, 1), stands) for k in range(many)]
    return sorted(fates, key=lambda fate: -fate.age)


def _offer(
    people: People, group: str, current: list[Volunteer], busy: Counter[int], today: dt.date, places: int
) -> list[Row]:
    """Mentors of the group with so many free places; who would have more is away until later."""
    offering = []
    for volunteer in (one for one in current if one.group == group):
        free = volunteer.row["capacity"] - busy[volunteer.row["id"]]
        if free > places:
            volunteer.row["available_from"] = today + dt.timedelta(days=people.chance.randint(30, 90))
        elif free:
            offering.append(volunteer.row)
            places -= free
    while places > 0:
        new = people.mentor(group, today - dt.timedelta(days=people.chance.randint(20, 80)), min(places, 2))
        offering.append(new)
        places -= new["capacity"]
    return offering


def _declined(
    people: People, ready: list[Row], offered: dict[str, list[Row]], count: int
) -> list[tuple[Row, Row, dt.date]]:
    """Each with a mentor of its own, as all of them are open for a moment while they are stored."""
    by_id = {people.groups[group]: people.chance.sample(mentors, len(mentors)) for group, mentors in offered.items()}
    declined: list[tuple[Row, Row, dt.date]] = []
    for mentee in ready:
        mentors = by_id[mentee["group_id"]]
        if len(declined) < count and len(mentors) > 1:
            declined.append((mentee, mentors.pop(), mentee["ready_on"] + dt.timedelta(days=1)))
    return declined


def _decline_rows(waiting: Waiting, cohort: tuple[int, int], number: int) -> tuple[list[Row], list[Row]]:
    rows, steps = [], []
    reasons = Clocks().decline_reasons
    moves = (MatchState.PROPOSED, MatchState.DECLINED)
    for k, (mentee, mentor, day) in enumerate(waiting.declined, start=1):
        rows.append(store.match(number + k, cohort, mentor, mentee, day))
        more: dict[str, Any] = {"reason": reasons[k % len(reasons)], "never_again": k == 1}
        steps.append(store.step(number + k, 2, moves, day + dt.timedelta(days=2), **more))
    return rows, steps


def _stands(number: int, fate: Fate, proposed_on: dt.date, today: dt.date, k: int) -> list[Row]:
    day = min(proposed_on + dt.timedelta(days=3 + k % 4), today)
    if fate.stands == _HELD:
        until = today + dt.timedelta(days=_HOLDS[k % len(_HOLDS)])
        return [store.step(number, 2, (MatchState.PROPOSED, MatchState.ON_HOLD), day, hold_until=until)]
    if fate.stands == _AWAITING:
        return [store.step(number, 2, (MatchState.PROPOSED, MatchState.APPROVED), day)]
    return []
