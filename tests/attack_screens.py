"""Somebody who opens every page of a manager on two days, follows every address, and works out what lies behind it.

What is public they know exactly; of what is printed they know every count that the desk prints alike. That the desk
holds something back tells them nothing here; `test_protection` runs its own code for that.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import StageFinding
from services import behind, cohorts, milestones, overview, programmes, shown
from services.access import OPERATOR, Actor
from services.counting import bounds, endings, figures, public
from services.counting.figure import Figure, Scope
from services.counting.protect import printed
from services.counting.waiting import HIRED, SETTLED, Ending
from services.errors import NotFound
from services.factsheet import build
from services.factsheet.model import Mode
from services.stage import findings

ANYTHING = 5_000  # more than there is of anything
_SPLITS = (
    *(("started_matches", into) for into in ("group", "agency", "country", "division")),
    *(("early_endings", "reason"), ("employed", "finding"), ("health_good", "health"), ("mentors", "group")),
)
_FEWER = re.compile(r"Fewer than ([\d,]+) ")
_SMALL = re.compile(r"<([\d,]+) of ")
_REASONS = tuple(ending.value for ending in Ending)
_UNSETTLED = tuple(ending.value for ending in Ending if ending not in SETTLED)


@cache
def _printed(count: int, limit: int, smallest: int) -> int | None:
    return printed(count, limit, smallest).value


@dataclass
class Knowledge:
    """Linear statements about whole numbers, by name; all are 0 or more."""

    names: dict[Any, int] = field(default_factory=dict)
    rows: list[tuple[dict[Any, int], float, float]] = field(default_factory=list)

    def say(self, terms: dict[Any, int], low: float, high: float = np.inf) -> None:
        for name in terms:
            self.names.setdefault(name, len(self.names))
        self.rows.append((terms, low, high))

    def narrow(self, wanted: Iterable[dict[Any, int]]) -> list[tuple[dict[Any, int], int]]:
        """Which of these sums have fewer than three values, and how many they have."""
        rows = [self._row(terms) for terms, _, _ in self.rows]
        limits = LinearConstraint(
            csr_array(np.array(rows)), [low for _, low, _ in self.rows], [high for *_, high in self.rows]
        )
        asked = [terms for terms in wanted if all(name in self.names for name in terms)]
        sums = np.array([self._row(terms) for terms in asked])
        least, most = np.full(len(asked), np.inf), np.full(len(asked), -np.inf)
        chance = np.random.default_rng(0)  # corners far apart settle most sums at once
        for pull in [chance.choice((-1.0, 1.0), len(self.names)) for _ in range(6)]:
            self._look(pull, limits, sums, least, most)
        for place in range(len(asked)):
            for way in (1, -1):
                if most[place] - least[place] < 2:
                    self._look(way * sums[place], limits, sums, least, most)
        return [(terms, int(most[k] - least[k]) + 1) for k, terms in enumerate(asked) if most[k] - least[k] < 2]

    def _look(
        self, pull: np.ndarray, limits: LinearConstraint, sums: np.ndarray, least: np.ndarray, most: np.ndarray
    ) -> None:
        answer = milp(pull, bounds=Bounds(0, ANYTHING), constraints=limits)
        assert answer.x is not None, f"what was shown contradicts itself: {answer.message}"
        seen = sums @ answer.x
        np.minimum(least, np.ceil(seen - 1e-6), out=least)
        np.maximum(most, np.floor(seen + 1e-6), out=most)

    def _row(self, terms: dict[Any, int]) -> np.ndarray:
        row = np.zeros(len(self.names))
        for name, times in terms.items():
            row[self.names[name]] = times
        return row


@dataclass
class Attack:
    """A programme as a manager sees it on some days."""

    session: Session
    programme_id: int
    manager: Actor
    days: tuple[dt.date, ...]

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, dt.date], dict[int, Figure]] = {}
        self.clocks = programmes.clocks(self.session, self.programme_id)
        self.cohorts = list(figures.by_cohort(self.session, self.scope(self.days[-1]), "started_matches"))
        self.told = {c: endings.told_on(self.session, c) for c in self.cohorts}

    def scope(self, day: dt.date, cohort: int | None = None) -> Scope:
        return Scope(self.programme_id, day, cohort)

    def public(self, name: str, cohort: int, day: dt.date) -> int:
        if (name, day) not in self._known:
            self._known[name, day] = figures.by_cohort(self.session, self.scope(day), name)
        return self._known[name, day][cohort].count

    def seen(self) -> Iterator[tuple[int, Figure]]:
        """Every figure of every cohort that an address can name, on both days."""
        names = [*figures.names(), "survey:told_a_friend"]
        for day in self.days:
            for cohort in self.cohorts:
                for figure in shown.several(self.session, self.scope(day, cohort), names, by=self.manager).values():
                    yield cohort, figure

    def between(self, number: int | None, text: str, limit: int, most: int) -> tuple[int, int]:
        """From where to where a number lies that printed so; `limit` cuts the desk's classes, `most` is the truth."""

        def alike(count: int) -> bool:
            limits = {limit, ANYTHING} if count <= limit else {ANYTHING}
            return any(_printed(count, one, self.clocks.smallest_cell) == number for one in limits)

        if number is not None:
            near = [count for count in range(max(0, number - 40), min(number + 40, most) + 1) if alike(count)]
            return min(near), max(near)
        said = _FEWER.search(text) or _SMALL.search(text)
        return 0, min(most, int(said[1].replace(",", "")) - 1) if said else most


def statuses(attack: Attack) -> tuple[Knowledge, Knowledge, list[dict[Any, int]]]:
    """How matches stood: what exact totals alone tell, what is known with what pages print, and what must stay open."""
    known, wanted = Knowledge(), []
    seen = list(attack.seen())
    for cohort in attack.cohorts:
        own = [figure for of, figure in seen if of == cohort]
        days = sorted({*attack.days, *(f.as_of for f in own), attack.told[cohort]})
        for day in days:
            _public(known, attack, cohort, day)
            wanted += [{(cohort, day, what): 1} for what in ("mentees", "running", *_REASONS)]
            wanted += [{(cohort, day, reason): 1 for reason in _REASONS}]
            wanted += [{(cohort, day, "running"): 1, **{(cohort, day, reason): 1 for reason in _REASONS}}]
        for before, after in pairwise(days):
            for what in ("completed", "mentees", *_REASONS):
                known.say({(cohort, after, what): 1, (cohort, before, what): -1}, 0)
    alone = Knowledge(dict(known.names), list(known.rows))
    for cohort, figure in seen:
        _read(known, attack, cohort, figure)
    for cohort in attack.cohorts:
        _read_reasons(known, attack, cohort)
    return alone, known, wanted


def _public(known: Knowledge, attack: Attack, cohort: int, day: dt.date) -> None:
    started, people = (attack.public(name, cohort, day) for name in ("started_matches", "mentees_started"))
    at = {what: (cohort, day, what) for what in ("completed", "mentees", "running", *_REASONS)}
    known.say({at[what]: 1 for what in at if what != "mentees"}, started, started)
    known.say({at["mentees"]: 1}, 0, people)
    known.say({at["running"]: 1}, 0, people)  # nobody has two matches that run
    known.say({at["completed"]: 1, at["mentees"]: -1}, 0, started - people)
    to_date = figures.define(figures.ask(attack.session, attack.scope(day)), "matches_to_date")
    if to_date is figures.FIGURES["completed_matches"]:
        done = attack.public("matches_to_date", cohort, day)
        known.say({at["completed"]: 1}, done, done)


def _read(known: Knowledge, attack: Attack, cohort: int, figure: Figure) -> None:
    """What one figure tells of how matches stood on its day."""
    day = figure.as_of
    at = {what: (cohort, day, what) for what in ("completed", "mentees", "running", *_REASONS)}
    running, early = {at["running"]: 1}, {at[reason]: 1 for reason in _REASONS}
    started = attack.public("started_matches", cohort, day)
    value = None if figure.value is None else figure.count
    if figure.name == "support_contacts_kept":
        _read_contacts(known, attack, cohort, figure)
    elif figure.name == "hours":
        people, limit = bounds.with_hours(attack.session, attack.scope(day))[cohort]
        assert people <= limit
        low, high = attack.between(figure.base, figure.absent, limit, started)
        met = (cohort, day, "met")
        known.say({met: 1}, low, high)
        known.say({(cohort, min(day, attack.told[cohort]), "mentees"): 1, met: -1}, 0)
    elif figure.name == "mentees_completed" and figure.protected and value is not None:
        known.say({at["mentees"]: 1}, *attack.between(value, "", started, started))
    elif not figure.protected:
        exact = {
            "active": (running, value),
            "completed_matches": ({at["completed"]: 1}, value),
            "mentees_completed": ({at["mentees"]: 1}, value),
            "early_endings": (early, value),
            "hired_early": ({at[reason]: 1 for reason in HIRED}, figure.numerator),
            "ended_early": ({at[reason]: 1 for reason in _REASONS if reason not in HIRED}, figure.numerator),
            **dict.fromkeys(
                ("quiet", "watched", "to_close", "contacts_due", "contacts_overdue"), (running, figure.base)
            ),
        }
        if figure.name in exact and exact[figure.name][1] is not None:
            terms, many = exact[figure.name]
            known.say(terms, many, many)
        whole = len(attack.cohorts) == 1
        if whole and figure.name == "founding_mentors":  # in these stories everyone mentors once
            known.say(running, figure.count, figure.count)
        if whole and figure.name == "waiting":
            ready = attack.public("mentees_ready", cohort, day) - attack.public("mentees_started", cohort, day)
            known.say({at[reason]: 1 for reason in _UNSETTLED}, figure.count - ready)


def _read_contacts(known: Knowledge, attack: Attack, cohort: int, figure: Figure) -> None:
    """Matches that ran on the day of each planned contact; those that run now are among them, or are too young."""
    began = figures.rows(attack.session, attack.scope(figure.as_of, cohort), "started_matches")["day"]
    plan = sorted({*attack.clocks.check_in_days, attack.clocks.closing_day})
    old = [sum((figure.as_of - day).days >= planned for day in began) for planned in plan]
    # One who ended at once and one who never came due are not told apart here: any number of contacts may be missing.
    base = (
        attack.between(figure.base, figure.absent, sum(old), sum(old))
        if figure.protected
        else (figure.base or 0, figure.base or 0)
    )
    due = {(cohort, figure.as_of, "contact", place): 1 for place in range(len(plan))}
    known.say(due, *base)
    for (contact, many), planned in zip(zip(due, old, strict=True), plan, strict=True):
        known.say({contact: 1}, 0, many)
        known.say({contact: 1, (cohort, figure.as_of, "running"): -1}, many - len(began))
        del planned


def _read_reasons(known: Knowledge, attack: Attack, cohort: int) -> None:
    day = attack.told[cohort]
    limit = attack.public("started_matches", cohort, day)
    to_date = figures.define(figures.ask(attack.session, attack.scope(day)), "matches_to_date")
    if to_date is figures.FIGURES["completed_matches"]:
        limit -= attack.public("matches_to_date", cohort, day)
    for asked in attack.days:
        parts = shown.split(attack.session, attack.scope(asked, cohort), "early_endings", "reason", by=attack.manager)
        for row in parts.rows.itertuples():
            small = "" if row.text[:1] != "<" else f"Fewer than {row.text[1:]} "
            number = None if pd.isna(row.value) else int(row.value)
            known.say({(cohort, parts.day, row.label): 1}, *attack.between(number, small, limit, limit))
        if parts.total_text and not parts.rows.empty:
            small = "" if parts.total_text[:1] != "<" else f"Fewer than {parts.total_text[1:]} "
            number = None if small else int(parts.total_text.replace(",", ""))
            total = {(cohort, parts.day, reason): 1 for reason in _REASONS}
            known.say(total, *attack.between(number, small, limit, limit))


def shares(attack: Attack) -> Iterator[tuple[str, tuple[int, int], int]]:
    """What was said, from where to where a number or the rest of it lies, and how many values are possible at all."""
    for cohort, figure in attack.seen():
        if figure.name.startswith("survey:") or figure.name in ("employed", "employed_in_field"):
            limit = bounds.limits(attack.session, attack.scope(figure.as_of), figure.name)[cohort]
            yield from _share(attack, figure, limit, _most(attack, cohort, figure))
    for day in attack.days:
        for cohort in attack.cohorts:
            scope = attack.scope(day, cohort)
            for side, figure in shown.by_side(attack.session, scope, "workshop", by=attack.manager).items():
                limit = bounds.of_side(attack.session, scope.on(figure.as_of), "workshop", side)
                yield from _share(attack, figure, limit, _came_at_most(attack, cohort, figure, side))


def _share(attack: Attack, figure: Figure, limit: int, most: int) -> Iterator[tuple[str, tuple[int, int], int]]:
    said = f"{figure.name} {figure.as_of} {figure.text} {figure.numerator} {figure.base} {figure.absent}"
    if not figure.protected:
        yield said, (figure.base or 0, figure.base or 0), most + 1
        return
    low, high = attack.between(figure.base, "" if figure.base else figure.absent, limit, most)
    few = figure.absent if _SMALL.search(figure.absent) else ""
    least, greatest = attack.between(figure.numerator, few, limit, most)
    yield said, (max(low, least), high), most + 1
    yield said, (least, min(greatest, high)), most + 1


def _most(attack: Attack, cohort: int, figure: Figure) -> int:
    """Everyone who was asked, each time: from the surveys themselves."""
    if not figure.name.startswith("survey:"):
        return attack.public("mentees_started", cohort, figure.as_of)
    rows = figures.rows(attack.session, attack.scope(figure.as_of, cohort), figure.name)
    people = attack.public("mentees_started" if figure.name == "survey:positive" else "mentors", cohort, figure.as_of)
    return max(1, rows["question_id"].nunique()) * people


def _came_at_most(attack: Attack, cohort: int, figure: Figure, side: str) -> int:
    rows = figures.rows(attack.session, attack.scope(figure.as_of, cohort), "workshop")
    times = rows.loc[rows["side"] == side, "event_id"].nunique()
    most = max(1, times) * attack.public("mentors" if side == "mentors" else "mentees_started", cohort, figure.as_of)
    return most if (rows["side"] == side).sum() <= most else ANYTHING  # people come before their match starts


def screens(attack: Attack) -> Iterator[Any]:
    """Everything that the services hand to the pages of a manager, to the public sheet and to the stage."""
    session, by = attack.session, attack.manager
    for day in attack.days:
        whole = attack.scope(day)
        yield cohorts.side_by_side(session, whole, by=by)
        yield milestones.standing(session, by=by, as_of=day)
        yield milestones.cohorts(session, by=by, as_of=day)
        yield milestones.ledger(session, by=by, as_of=day)
        yield shown.several(session, whole, figures.names(), by=by)
        for cohort in attack.cohorts:
            scope = whole.of(cohort)
            yield cohorts.one(session, scope, by=by)
            yield overview.overview(session, scope, by=by)
            yield behind.behind(session, scope, "employed", by=by)
            yield shown.several(session, scope, [*figures.names(), "survey:told_a_friend"], by=by)
            for name, into in _SPLITS:
                yield shown.split(session, scope, name, into, by=by)
            yield shown.by_side(session, scope, "workshop", by=by)
        for cohort in figures.ask(session, whole).cohorts:
            try:
                yield build.sheet(session, by=by, cohort=cohort.name, as_of=day, mode=Mode.PUBLIC)
            except NotFound:
                continue
        yield [row._asdict() for row in session.execute(public.told(day))]
    findings.publish(session, by=OPERATOR)
    yield [(row.value, row.words) for row in session.scalars(select(StageFinding))]


def walk(value: Any) -> Iterator[Any]:
    """Every part of it, down to numbers and texts; frames with the names of their columns."""
    if isinstance(value, pd.DataFrame):
        value = {str(column): list(value[column]) for column in value.columns}
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple | set | frozenset):
        for part in value:
            yield from walk(part)
        return
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        yield from walk([getattr(value, one.name) for one in fields(value)])
