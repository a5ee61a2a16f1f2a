"""What each criterion gives a pair: 0 to 100, or `MISSING` where a fact is not stated. A row may stand for all."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.engine.facts import Floats, People, folded, numbers, of_each_journey, of_each_pair, shared

Points = NDArray[np.int8]
MISSING = -1

#: Within one occupational group; equal titles are the whole of it.
SAME_FIELD = 80
#: Years the mentor is ahead, and what that is worth: best 3 to 15 ahead, low for a mentor with fewer years.
AHEAD = ((-10, 0), (0, 50), (3, 100), (15, 100), (35, 60))
#: Another licence than the one sought: the mentor has at least been through a licensing body.
OTHER_LICENCE = 40
#: Languages shared beyond the working ones.
_SHARED = ((0, 50), (1, 85), (2, 100))
#: Whole km from the mentee's area to the mentor's office: what is near is equal, and beyond 25 km nothing is.
_AWAY = ((3, 100), (25, 0))
#: Years of experience outside the range that a mentor wishes for.
_OUTSIDE = ((0, 100), (5, 0))
#: Matches the mentor has completed.
_COMPLETED = ((0, 60), (1, 80), (3, 100))
#: Share of the mentor's places that is free.
_FREE = ((0, 40), (1, 100))


def whole(points: Any) -> Points:
    """Whole points, half up; what is not known is `MISSING`."""
    return np.where(np.isnan(points), MISSING, np.floor(points + 0.5)).astype(np.int8)


def along(curve: tuple[tuple[int, int], ...], values: Any) -> Points:
    """Points of each value on a curve of straight lines."""
    xs, ys = zip(*curve, strict=True)
    values = np.asarray(values, dtype=float)
    return whole(np.where(np.isnan(values), np.nan, np.interp(values, xs, ys)))


def occupation(mentors: People, mentees: People, _: tuple[str, ...]) -> Points:
    """One occupational group, best with one title; titles that only resemble each other are two titles."""
    field = shared([{group} for group in mentees["group"]], [{group} for group in mentors["group"]]) > 0
    title = shared(map(folded, mentees["title"]), map(folded, mentors["title"])) > 0
    return np.where(field, np.where(title, 100, SAME_FIELD), 0).astype(np.int8)


def _share(asked: Iterable[Any], offered: Iterable[Any]) -> Points:
    """Share of the names each mentee asks that each mentor offers; missing where either names nothing."""
    wanted, had = [folded(names) for names in asked], [folded(names) for names in offered]
    of = np.array([len(names) for names in wanted], dtype=np.float32)[:, None]
    points = np.floor(100 * shared(wanted, had) / np.maximum(of, 1) + np.float32(0.5)).astype(np.int8)
    points[[not names for names in wanted], :] = MISSING
    points[:, [not names for names in had]] = MISSING
    return points


def speciality(mentors: People, mentees: People, _: tuple[str, ...]) -> Points:
    """Share of the mentee's specialities that the mentor has."""
    return _share(mentees["specialities"], mentors["specialities"])


def goals(mentors: People, mentees: People, _: tuple[str, ...]) -> Points:
    """Share of the mentee's goals that the mentor helps with."""
    return _share(mentees["goals"], mentors["helps_with"])


def licensing(mentors: People, mentees: People, _: tuple[str, ...]) -> Points:
    """Whether the mentor holds the licence the mentee seeks."""
    points = _share(mentees["licence_sought"], mentors["licence"])
    points[points == 0] = OTHER_LICENCE
    return points


def experience(mentors: People, mentees: People, _: tuple[str, ...]) -> Points:
    """Years the mentor is ahead."""
    years, ahead = numbers(mentees["years"]), numbers(mentors["years"])
    return of_each_pair(years, ahead, lambda mine, theirs: along(AHEAD, theirs - mine))


def languages(mentors: People, mentees: People, working: tuple[str, ...]) -> Points:
    """Languages shared beyond the working ones."""
    common = folded(working)
    spoken = [[folded(names) - common for names in people["languages"]] for people in (mentees, mentors)]
    count = shared(*spoken).astype(np.int64)
    points = along(_SHARED, np.arange(count.max(initial=0) + 1))[count]
    points[[not names for names in mentees["languages"]], :] = MISSING
    points[:, [not names for names in mentors["languages"]]] = MISSING
    return points


def reach(mentors: People, mentees: People, _: tuple[str, ...]) -> Points:
    """How near the mentor's office is to the mentee's area."""
    return of_each_journey(mentees, mentors, lambda km: along(_AWAY, km))


def wishes(mentors: People, mentees: People, _: tuple[str, ...]) -> Points:
    """How well the mentee is what the mentor wishes for: years, and agency; the mean of the wishes there are."""
    of_years, of_agency = _years_wished(mentors, mentees), _share(mentees["agency"], mentors["wish_agencies"])
    both = (of_years != MISSING).astype(np.int16) + (of_agency != MISSING)
    total = np.maximum(of_years, 0).astype(np.int16) + np.maximum(of_agency, 0)
    return np.where(both > 0, (2 * total + both) // np.maximum(2 * both, 1), MISSING).astype(np.int8)


def _years_wished(mentors: People, mentees: People) -> Points:
    years, i = np.unique(numbers(mentees["years"]), return_inverse=True)
    least, most = numbers(mentors["wish_years_from"]), numbers(mentors["wish_years_to"])
    # A side that is not stated is open; a range without sides is no wish.
    outside = np.fmax(np.fmax(least - years[:, None], years[:, None] - most), 0)
    outside[np.isnan(years), :] = np.nan
    outside[:, np.isnan(least) & np.isnan(most)] = np.nan
    return along(_OUTSIDE, outside)[i]


def record(mentors: People, _: People, __: tuple[str, ...]) -> Points:
    """Matches the mentor has completed; one row for all mentees."""
    return along(_COMPLETED, numbers(mentors["completed"]))[None, :]


def load(mentors: People, _: People, __: tuple[str, ...]) -> Points:
    """Share of the mentor's places that is free; one row for all mentees."""
    share: Floats = numbers(mentors["free"]) / numbers(mentors["capacity"])
    return along(_FREE, share)[None, :]
