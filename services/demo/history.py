"""Who mentored whom in each cohort, so that mentors repeat as the record says they did."""

import datetime as dt
import random
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import chain

from services.demo import sizes
from services.demo.people import People, Row

_LAST_OF_RECORD = 2016
#: Mentors who come back every year: more than 15 have more than 10 mentees by November 2013.
_PILLARS = {
    2004: {"Engineering": 3, "Accounting and finance": 2, "Information technology": 2},
    2005: {"Human resources": 2, "Engineering": 1, "Accounting and finance": 1, "Information technology": 1},
    2006: {"Social work and social policy": 4, "Accounting and finance": 2, "Information technology": 2},
}
_PILLARS_STAY_UNTIL = 2015
#: In these years a pillar has two mentees.
_DOUBLE = (2009, 2010, 2012, 2013)
#: One mentee each: the first cohorts, and 2011 with more than 150 mentors for 156 matches.
_SINGLE = (2004, 2005, 2006, 2011)
#: From here on, of the pilot's mentors only the seven pillars are left: "seven have mentored since 2004".
_PILOT_ENDS = 2010
_LEAVE_EACH_YEAR, _LEAVE_NOW = 0.04, 0.15
_PROMOTED = 0.3


@dataclass
class Volunteer:
    """A mentor through the years."""

    row: Row
    group: str
    since: int
    pillar: bool
    matches: int = 0
    last: int = 0

    def pilot_in_2010(self, year: int) -> bool:
        """Whether this is a match of 2010 of someone who has mentored since the pilot."""
        return year == _PILOT_ENDS and self.since == min(_PILLARS)


@dataclass
class Intake:
    """One cohort: a mentor for each of its matches, by group."""

    year: int
    pairs: list[tuple[str, Volunteer]]


@dataclass
class History:
    """The volunteers, and the intakes they took part in."""

    people: People
    exact: bool
    volunteers: list[Volunteer] = field(default_factory=list)
    here: dict[str, list[Volunteer]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.people.chance.random())  # noqa: S311 - the same every time
        self.returning_left = sum(sizes.RECORD.values()) - sum(sizes.NEWCOMERS.values())

    def intakes(self, cohorts: dict[int, int]) -> list[Intake]:
        """Every cohort in turn."""
        return [Intake(year, self._intake(year, size)) for year, size in sorted(cohorts.items())]

    def _intake(self, year: int, size: int) -> list[tuple[str, Volunteer]]:
        self._leave(year)
        matches = sizes.groups(year, size, exact=self.exact)
        new = self._newcomers(year, matches, sizes.newcomers(year, size, exact=self.exact))
        used: Counter[int] = Counter()
        slots = {group: matches[group] - new[group] for group in matches}
        chosen = [*self._pillars(year, slots, used), *self._returning(year, slots, used)]
        for group, count in new.items():
            chosen += [self._arrive(group, year, first=k < _PILLARS.get(year, {}).get(group, 0)) for k in range(count)]
        for volunteer in chosen:
            volunteer.matches += 1
            volunteer.last = year
        self.chance.shuffle(chosen)
        return [(volunteer.group, volunteer) for volunteer in chosen]

    def _leave(self, year: int) -> None:
        chance = _LEAVE_EACH_YEAR if year <= _LAST_OF_RECORD else _LEAVE_NOW
        for group, volunteers in self.here.items():
            self.here[group] = [one for one in volunteers if self._stays(one, year, chance)]

    def _stays(self, one: Volunteer, year: int, chance: float) -> bool:
        leaves = self.chance.random() < chance
        if one.pillar:
            return year <= _PILLARS_STAY_UNTIL or not leaves
        return not leaves and not (self.exact and one.since == min(_PILLARS) and year >= _PILOT_ENDS)

    def _newcomers(self, year: int, matches: dict[str, int], wanted: int) -> dict[str, int]:
        """New mentors by group: at least where those who are here do not suffice."""
        seats = {g: sum(self._most(one, year) for one in self.here.get(g, [])) for g in matches}
        needed = {group: max(0, count - seats[group]) for group, count in matches.items()}
        rest = {group: matches[group] - needed[group] for group in matches}
        more = sizes.share_out(max(0, wanted - sum(needed.values())), rest)
        return {group: min(matches[group], needed[group] + more[group]) for group in matches}

    def _most(self, one: Volunteer, year: int) -> int:
        return 1 if year in _SINGLE else min(2, int(one.row["capacity"]))

    def _pillars(self, year: int, slots: dict[str, int], used: Counter[int]) -> list[Volunteer]:
        chosen = []
        for one in chain.from_iterable([v for v in self.here.get(group, []) if v.pillar] for group in slots):
            for _ in range(2 if year in _DOUBLE else 1):
                if slots[one.group]:
                    slots[one.group] -= 1
                    used[one.row["id"]] += 1
                    chosen.append(one)
        return chosen

    def _returning(self, year: int, slots: dict[str, int], used: Counter[int]) -> list[Volunteer]:
        """Those who come back: a share of them for the first time, so that the record's 283 have come back by 2016."""
        order = [group for group, count in slots.items() for _ in range(count)]
        self.chance.shuffle(order)
        second_time = self._second_time(year, len(order))
        chosen = []
        lines = {group: self._lines(year, group, used) for group in slots}
        for group in order:
            once, often = lines[group]
            line = (once if second_time > 0 else often) or once or often
            one = line.popleft()
            second_time -= one.matches + used[one.row["id"]] == 1
            used[one.row["id"]] += 1
            if used[one.row["id"]] < self._most(one, year):
                line.append(one)
            chosen.append(one)
        return chosen

    def _lines(self, year: int, group: str, used: Counter[int]) -> tuple[deque[Volunteer], deque[Volunteer]]:
        """Who can come back, those with one match so far and those with more; each in turn, the unused first."""
        here = self.here.get(group, [])
        free = [v for v in self.chance.sample(here, len(here)) if used[v.row["id"]] < self._most(v, year)]
        free.sort(key=lambda v: used[v.row["id"]])
        return deque(v for v in free if v.matches == 1), deque(v for v in free if v.matches > 1)

    def _second_time(self, year: int, returning: int) -> int:
        if not self.exact or year > _LAST_OF_RECORD:
            return round(returning * _PROMOTED)
        left = sizes.REPEATERS_TO_2016 - sum(one.matches > 1 for one in self.volunteers)
        share = returning / max(self.returning_left, 1)
        self.returning_left -= returning
        return left if year == _LAST_OF_RECORD else round(left * share)

    def _arrive(self, group: str, year: int, *, first: bool) -> Volunteer:
        since = dt.date(year, 1, 5) + dt.timedelta(days=self.chance.randrange(24))
        volunteer = Volunteer(self.people.mentor(group, since, 3 if first else None), group, year, pillar=first)
        self.volunteers.append(volunteer)
        self.here.setdefault(group, []).append(volunteer)
        return volunteer
