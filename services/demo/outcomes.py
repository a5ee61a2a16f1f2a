"""What the follow-ups of the demo's mentees found, six and twelve months after the end of a match."""

import datetime as dt
import random
from collections.abc import Iterable

from db.models import Finding
from services.counting.waiting import Ending
from services.demo.courses import working_day
from services.demo.lives import Life, Year
from services.demo.people import Row, draws
from services.demo.sizes import RECORD, share_out

_FIELD, _ELSEWHERE = Finding.EMPLOYED_IN_FIELD, Finding.EMPLOYED_ELSEWHERE
_STUDYING, _LOOKING = Finding.STUDYING, Finding.LOOKING

#: What the two follow-ups of one mentee find.
_Path = tuple[Finding, Finding]
_PATHS: tuple[_Path, ...] = (
    (_FIELD, _FIELD),
    (_LOOKING, _FIELD),
    (_FIELD, _ELSEWHERE),
    (_FIELD, _LOOKING),
    (_ELSEWHERE, _ELSEWHERE),
    (_LOOKING, _ELSEWHERE),
    (_LOOKING, _LOOKING),
    (_STUDYING, _STUDYING),
    (_LOOKING, _STUDYING),
)
_HIRED: dict[Ending | None, _Path] = {
    Ending.HIRED_IN_FIELD: (_FIELD, _FIELD),
    Ending.HIRED_ELSEWHERE: (_ELSEWHERE, _ELSEWHERE),
}
#: Mentees reached in the first cohorts, by path. In the record are the first follow-ups of 2004 (20 of 28 in their
#: field) and of 2005 (25 of 38 employed, 21 in their field).
_FIRST: dict[int, tuple[int, ...]] = {
    2004: (18, 1, 1, 1, 2, 0, 4, 1, 0),
    2005: (18, 4, 1, 2, 4, 1, 5, 3, 0),
    2006: (31, 6, 2, 4, 4, 1, 9, 6, 2),
    2007: (30, 7, 3, 6, 4, 1, 15, 8, 2),
    2008: (34, 7, 3, 6, 5, 1, 13, 8, 2),
}
#: Later, the share found in their field within twelve months; in the record are 73 per cent in 2016, of 2015's mentees.
_EVER = {2009: 0.66, 2010: 0.7, 2011: 0.75, 2012: 0.77, 2013: 0.77, 2014: 0.76, 2015: 0.73, 2016: 0.74}
_EVER_SINCE = (0.73, 0.75, 0.74, 0.66, 0.7, 0.72, 0.74, 0.75, 0.76)
#: Of those once in their field, by path; of the rest likewise, after those employed elsewhere.
_IN_FIELD = (0.74, 0.13, 0.035, 0.095)
_REST = (0.025, 0.01, 0.62, 0.28, 0.1)
_REACHED = (0.8, 0.87)
#: The first follow-up of the pilot came as the year ended, the second of 2005 after April 2006, as published.
_PILOT, _PILOT_ASKED = 2004, (20, 60)
_SECOND_OF_2005 = dt.date(2006, 5, 8)
_SIX, _TWELVE = (174, 195), (347, 364)
#: Since then coaches also ask as a match closes.
_ASKED_AT_CLOSE_SINCE = 2017
_ASKED_AT_CLOSE, _SO_ALREADY = 0.75, {_FIELD: 0.92, _ELSEWHERE: 0.85, _STUDYING: 0.8}
_MISSED_FIRST, _MISSED_SECOND, _NOTED_UNKNOWN = 0.05, 0.2, 0.5


def of(cohort: Year, today: dt.date) -> list[Row]:
    """Outcome rows of a cohort, to today."""
    chance = draws("outcomes", cohort.year)
    ended = [life for life in cohort.lives if life.course.ended_on]
    first, later = _reached(chance, cohort, ended)
    rows: list[Row] = []
    for life, path in first:
        rows += _followed(chance, cohort, life, path)
    for life in later:
        days = [day for day in _days(chance, cohort.year, life) if chance.random() < _NOTED_UNKNOWN]
        rows += [_row(cohort, life, day, Finding.UNKNOWN) for day in days]
    return [row for row in rows if row["on_day"] <= today]


def _reached(chance: random.Random, cohort: Year, ended: list[Life]) -> tuple[list[tuple[Life, _Path]], list[Life]]:
    """Those whom follow-ups reach, with what they find, and those whom they do not."""
    share = chance.uniform(*_REACHED)
    if cohort.year in _FIRST:
        share = sum(_FIRST[cohort.year]) / RECORD[cohort.year]
    order = sorted(ended, key=lambda life: chance.random() + _hard_to_reach(life))
    reach = round(share * len(ended))
    reached, lost = order[:reach], order[reach:]
    if cohort.year in _FIRST:
        return _dealt(chance, reached, _FIRST[cohort.year]), lost
    completed = [life for life in reached if not life.course.ending]
    early = [life for life in reached if life.course.ending]
    weights = _weights(cohort.year)
    return [*_dealt(chance, completed, weights), *_dealt(chance, early, weights)], lost


def _hard_to_reach(life: Life) -> float:
    if life.course.ending in _HIRED:
        return -1
    return 0.5 if life.course.ending else 0


def _weights(year: int) -> tuple[float, ...]:
    ever = _EVER.get(year) or _EVER_SINCE[(year - max(_EVER) - 1) % len(_EVER_SINCE)]
    elsewhere = sum(_REST[:2])
    rest = [*_REST[:2], *(share * (1 - ever - elsewhere) for share in _REST[2:])]
    return (*(share * ever for share in _IN_FIELD), *rest)


def _dealt(chance: random.Random, lives: list[Life], weights: Iterable[float]) -> list[tuple[Life, _Path]]:
    """A path for each, in proportion to the weights; who was hired gets theirs first."""
    by_path = dict(zip(_PATHS, weights, strict=True))
    ever = {path: weight for path, weight in by_path.items() if _FIELD in path}
    rest = {path: weight for path, weight in by_path.items() if _FIELD not in path}
    shares = share_out(len(lives), {True: sum(ever.values()), False: sum(rest.values())})
    counts = share_out(shares[True], ever) | share_out(shares[False], rest)
    deck = [path for path, count in counts.items() for _ in range(count)]
    chance.shuffle(deck)
    dealt = []
    for life in sorted(lives, key=lambda life: life.course.ending not in _HIRED):
        path = _HIRED.get(life.course.ending) or deck[-1]
        deck.remove(path if path in deck else deck[-1])
        dealt.append((life, path))
    return dealt


def _followed(chance: random.Random, cohort: Year, life: Life, path: _Path) -> list[Row]:
    """The findings on one mentee. A follow-up fails only where it would find nothing new."""
    first, second = _days(chance, cohort.year, life)
    found = [_row(cohort, life, first, path[0]), _row(cohort, life, second, path[1])]
    missed = chance.random()
    if path[0] is path[1] and missed < _MISSED_FIRST + _MISSED_SECOND:
        which = 0 if missed < _MISSED_FIRST and cohort.year not in _FIRST else 1
        found[which]["finding"] = Finding.UNKNOWN
        if chance.random() >= _NOTED_UNKNOWN:
            del found[which]
    if cohort.year >= _ASKED_AT_CLOSE_SINCE and chance.random() < _ASKED_AT_CLOSE:
        found.insert(0, _row(cohort, life, _after(life, chance.randint(0, 9)), _at_close(chance, life, path[0])))
    return found


def _at_close(chance: random.Random, life: Life, later: Finding) -> Finding:
    if life.course.ending in _HIRED or chance.random() < _SO_ALREADY.get(later, 1):
        return later
    return _LOOKING


def _days(chance: random.Random, year: int, life: Life) -> tuple[dt.date, dt.date]:
    first = _after(life, chance.randint(*(_PILOT_ASKED if year == _PILOT else _SIX)))
    second = _after(life, chance.randint(*_TWELVE))
    if year == _SECOND_OF_2005.year - 1:
        second = max(second, working_day(_SECOND_OF_2005 + dt.timedelta(days=chance.randint(0, 25))))
    return first, second


def _after(life: Life, days: int) -> dt.date:
    """So many days after the end, or the working day before."""
    return working_day((life.course.ended_on or dt.date.max) + dt.timedelta(days=days))


def _row(cohort: Year, life: Life, day: dt.date, finding: Finding) -> Row:
    return {"mentee_id": life.mentee["id"], "cohort_id": cohort.id, "on_day": day, "finding": finding}
