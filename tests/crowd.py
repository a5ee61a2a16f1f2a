"""Many hands on one desk: real threads, each with transactions of its own, and what became of their attempts."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import func, select

from db.models import OPEN, Match, MatchState, MatchTransition, Mentee, Mentor
from services import audit, clock, reading, transaction
from services.access import OPERATOR
from services.errors import Conflict
from tests import make

Act = Callable[[], object]


@dataclass
class Tally:
    """What became of the attempts of all threads; anything but a win or a `Conflict` was raised."""

    won: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def attempt(self, act: Act) -> str:
        """The sentence of the refusal; empty for a win."""
        began = time.perf_counter()
        try:
            act()
        except Conflict as refused:
            self.lost[str(refused)] += 1
            return str(refused)
        else:
            self.won += 1
            return ""
        finally:
            self.seconds.append(time.perf_counter() - began)


def at_once(*acts: Act) -> Tally:
    """Start every act at the same moment, each on a thread of its own."""
    tally, gate = Tally(), threading.Barrier(len(acts))

    def go(act: Act) -> None:
        gate.wait(timeout=30)
        tally.attempt(act)

    run_all([partial(go, act) for act in acts])
    return tally


def run_all(acts: list[Act]) -> None:
    with ThreadPoolExecutor(len(acts)) as threads:
        for done in [threads.submit(act) for act in acts]:
            done.result()


class Desk:
    """A cohort of one group; people and matches go by their numbers.

    Every transaction stays open for `linger` seconds after it wrote, so that the next one runs into it.
    """

    def __init__(self, linger: float = 0) -> None:
        self.linger = linger
        with transaction() as session:
            self.cohort, self.elsewhere = make.cohort(session), make.cohort(session)
            self.group, self.other_group = make.group(session), make.group(session)

    def mentors(self, number: int, capacity: int = 2) -> list[int]:
        with transaction() as session:
            return [make.mentor(session, self.group, capacity=capacity).id for _ in range(number)]

    def mentees(self, number: int) -> list[int]:
        with transaction() as session:
            return [make.mentee(session, self.group).id for _ in range(number)]

    def propose(self, mentor: int, mentee: int, *, elsewhere: bool = False) -> int:
        cohort = self.elsewhere if elsewhere else self.cohort
        proposal = Match(programme_id=cohort.programme_id, cohort_id=cohort.id, mentor_id=mentor, mentee_id=mentee)
        proposal.group_id, proposal.proposed_on, proposal.proposed_at = self.group.id, make.today(), clock.now()
        with transaction() as session:
            session.add(proposal)
            session.flush()
            audit.record(session, OPERATOR, "match proposed", "match", proposal.id)
            time.sleep(self.linger)
        return proposal.id

    def step(self, match: int, seq: int, start: MatchState | str, to: MatchState | str, **given: object) -> None:
        """A step from where the match stood when somebody looked at it."""
        step = MatchTransition(match_id=match, seq=seq, from_state=MatchState(start), to_state=MatchState(to), **given)
        step.on_day, step.at = make.today(), clock.now()
        with transaction() as session:
            session.add(step)
            session.flush()
            audit.record(session, OPERATOR, f"match {to}", "match", match)
            time.sleep(self.linger)

    def change(self, person: type[Mentor | Mentee], number: int, **given: object) -> None:
        with transaction() as session:
            session.query(person).filter_by(id=number).update(given)
            audit.record(session, OPERATOR, "changed", person.__tablename__, number)
            time.sleep(self.linger)

    def crowd(self, writers: int, mentors: int, spare: int) -> Tally:
        """Every writer offers every mentee to one mentor after another, until somebody has taken the mentee."""
        people, waiting = self.mentors(mentors), self.mentees(mentors * 2 + spare)
        tally, gate = Tally(), threading.Barrier(writers)

        def write(seed: int) -> None:
            chance = random.Random(seed)
            gate.wait(timeout=30)
            for mentee in chance.sample(waiting, len(waiting)):
                for mentor in chance.sample(people, mentors):
                    refusal = tally.attempt(partial(self.propose, mentor, mentee))
                    if not refusal or "already has an open match" in refusal:
                        break

        run_all([partial(write, seed) for seed in range(writers)])
        return tally


def overbooked() -> int:
    """Mentors with more open matches than places, counted from rows."""
    with reading() as session:
        held = select(Match.mentor_id, func.count().label("n")).where(Match.state.in_(OPEN)).group_by(Match.mentor_id)
        of = held.subquery()
        return session.scalar(select(func.count()).select_from(Mentor).join(of).where(of.c.n > Mentor.capacity)) or 0


def doubled() -> int:
    """Mentees with two open matches in one programme."""
    with reading() as session:
        open_of = select(Match.mentee_id).where(Match.state.in_(OPEN)).group_by(Match.mentee_id, Match.programme_id)
        return len(session.execute(open_of.having(func.count() > 1)).all())


def open_matches() -> int:
    with reading() as session:
        return session.scalar(select(func.count(Match.id)).where(Match.state.in_(OPEN))) or 0


def strangers() -> int:
    """Open matches whose people do not share their group."""
    with reading() as session:
        found = select(func.count(Match.id)).join(Match.mentor).join(Match.mentee).where(Match.state.in_(OPEN))
        apart = (Mentor.group_id != Match.group_id) | (Mentee.group_id != Match.group_id)
        return session.scalar(found.where(apart)) or 0


def trail_holds() -> bool:
    with reading() as session:
        return audit.verify(session) == []
