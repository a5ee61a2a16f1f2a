"""How large each cohort of the demo is, and how it divides: as the record says to 2016, in the same shape after."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeVar

from services.demo.catalogue import PROFESSIONS
from services.demo.people import draws

_Key = TypeVar("_Key")

#: Matches of each cohort to 2016; facts: 29, 40, 77; 544 to 2010; 1,137 to October 2013; 1,590 to 2016.
RECORD = {
    2004: 29,
    2005: 40,
    2006: 77,
    2007: 88,
    2008: 94,
    2009: 104,
    2010: 112,
    2011: 156,
    2012: 214,
    2013: 223,
    2014: 149,
    2015: 152,
    2016: 152,
}
#: Mentors who mentor for the first time; facts: more than 225 at the 500th match, about 500 in 2013, 635 to 2016.
NEWCOMERS = {
    2004: 29,
    2005: 26,
    2006: 40,
    2007: 44,
    2008: 46,
    2009: 42,
    2010: 28,
    2011: 65,
    2012: 95,
    2013: 85,
    2014: 45,
    2015: 45,
    2016: 45,
}
#: Of the mentors to 2016, those who mentored more than once.
REPEATERS_TO_2016 = 283
#: The groups of the first cohorts.
FIRST_GROUPS: dict[int, dict[str, int]] = {
    2004: {"Engineering": 11, "Accounting and finance": 9, "Information technology": 9},
    2005: {
        "Engineering": 10,
        "Accounting and finance": 9,
        "Information technology": 9,
        "Human resources": 5,
        "Facility management": 4,
        "Purchasing": 3,
    },
    2006: {
        "Accounting and finance": 17,
        "Information technology": 16,
        "Social work and social policy": 16,
        "Engineering": 11,
        "Human resources": 8,
        "Facility management": 3,
        "Urban planning": 2,
        "Communications and event planning": 2,
        "Purchasing": 1,
        "Public health": 1,
    },
}
#: What the first cohorts aimed at.
_TARGETS = {2004: 25, 2005: 40, 2006: 75}
#: After 2016 the sizes are made up; the years repeat in this shape.
_SINCE = (151, 156, 148, 96, 118, 132, 141, 149, 158)
_THIS_YEAR = 149
_NEW_SHARE = 0.33
#: The count stands this many short of a round thousand, and this is a likely size of a cohort.
_SHORT, _USUAL = 12, 140
_THOUSAND = 1000


def this_cohort(today: dt.date) -> int:
    """The year of the cohort that is under way: it opens a few months into the calendar year."""
    return (today - dt.timedelta(days=120)).year


def sizes(today: dt.date, matches: int | None = None) -> dict[int, int]:
    """Started matches of each cohort to this year's; a dozen short of a round thousand, or `matches` in all."""
    year = this_cohort(today)
    between = [_SINCE[k % len(_SINCE)] for k in range(year - 2017)]
    fixed = sum(RECORD.values()) + _THIS_YEAR
    wanted = fixed + max(_USUAL * len(between), 1)
    total = max(round((wanted + _SHORT) / _THOUSAND) * _THOUSAND - _SHORT, fixed)
    since = share_out(total - fixed, dict(enumerate(between, start=2017)))
    exact = {**RECORD, **since, year: _THIS_YEAR}
    return exact if matches is None else share_out(matches, exact)


def newcomers(year: int, size: int, *, exact: bool) -> int:
    """Of the mentors of a cohort, those who mentor for the first time."""
    if exact and year in NEWCOMERS:
        return NEWCOMERS[year]
    share = NEWCOMERS[year] / RECORD[year] if year in NEWCOMERS else _NEW_SHARE
    return round(size * share)


def groups(year: int, size: int, *, exact: bool) -> dict[str, int]:
    """The matches of a cohort by occupational group."""
    if exact and year in FIRST_GROUPS:
        return FIRST_GROUPS[year]
    if year in FIRST_GROUPS:
        return share_out(size, FIRST_GROUPS[year])
    return share_out(size, {name: p.weight for name, p in PROFESSIONS.items() if p.since <= year})


def target(year: int, size: int, *, now: bool) -> int:
    """What a cohort aims at, in fives: near its size; this year's is still to be reached."""
    if now:
        return (size * 11 // 50 + 1) * 5
    if size == RECORD.get(year) and year in _TARGETS:
        return _TARGETS[year]
    return round(size * draws("target", year).uniform(0.93, 1.06) / 5) * 5


def share_out(total: int, weights: Mapping[_Key, float]) -> dict[_Key, int]:
    """Whole numbers in proportion to the weights that add up to the total (largest remainder)."""
    whole = sum(weights.values())
    exact = {key: total * weight / whole for key, weight in weights.items()} if whole else dict.fromkeys(weights, 0.0)
    shares = {key: int(value) for key, value in exact.items()}
    left = total - sum(shares.values())
    by_remainder: Sequence[_Key] = sorted(exact, key=lambda key: shares[key] - exact[key])
    for key in by_remainder[:left]:
        shares[key] += 1
    return shares
