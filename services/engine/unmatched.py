"""Why a mentee has no mentor in the best plan, and the smallest change that would help."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.counting.figure import out_of_100
from services.engine.line import AHEAD, Line
from services.engine.problem import Problem
from services.engine.rules import Ruling

#: Codes of the reasons, from the one that only new people mend to the one that time mends.
NO_MENTOR = "no_mentor"
NO_FREE_PLACE = "no_free_place"
RULED_OUT = "ruled_out"
BELOW_FLOOR = "below_floor"
PLACES_TAKEN = "places_taken"
REASONS = (NO_MENTOR, NO_FREE_PLACE, RULED_OUT, BELOW_FLOOR, PLACES_TAKEN)

#: What is said of one such mentor, and of several.
_SAID = {
    "one_person": ("is the same person", "are the same person"),
    "never_again": ("was declined for good", "were declined for good"),
    "before": ("was a match or declined before", "were a match or declined before"),
    "mentee_withdrawn": ("cannot, as the mentee is withdrawn", "cannot, as the mentee is withdrawn"),
    "mentee_withdraws": ("cannot, as the mentee withdraws", "cannot, as the mentee withdraws"),
    "mentor_withdrawn": ("is withdrawn", "are withdrawn"),
    "mentor_withdraws": ("withdraws", "withdraw"),
    "not_yet_available": ("is available later", "are available later"),
    "not_long_enough": ("is not available long enough", "are not available long enough"),
    "group": ("works in another field", "work in another field"),
    "language": ("has no language in common", "have no language in common"),
    "mentor_not_agency": ("has a conflict of interest", "have a conflict of interest"),
    "agency_not_division": ("is in a division the agency rules out", "are in a division the agency rules out"),
    "mentor_limit_years": ("takes mentees of other experience", "take mentees of other experience"),
    "mentor_limit_km": ("meets only nearer by", "meet only nearer by"),
    "agency_limit_km": ("is farther than the agency allows", "are farther than the agency allows"),
    "no_free_place": ("is full", "are full"),
}


@dataclass(frozen=True)
class Unmatched:
    """A mentee (row of the problem) without a mentor."""

    mentee: int
    code: str
    reason: str
    #: The smallest change that would help; empty when it is not a matter of one change.
    change: str


def explain(group: str, ruling: Ruling, problem: Problem, floor: int) -> Iterator[Unmatched]:
    """One answer for each mentee of the group whom the best plan leaves without a mentor."""
    line = Line(problem)
    for i in line.unmatched:
        yield Unmatched(i, *_why(group, i, ruling, problem, floor, line))


def _why(group: str, i: int, ruling: Ruling, problem: Problem, floor: int, line: Line) -> tuple[str, str, str]:
    if not len(problem.mentors):
        change = _more(line.needs(i), f"mentor of {group}", f"mentors of {group}")
        return NO_MENTOR, f"There is no mentor of {group}.", change
    allowed, reach = ruling.but_for_places[i], problem.ok[i]
    if not allowed.any():
        return RULED_OUT, _ruled_out(group, i, ruling), _override(i, ruling, problem, line)
    if not reach.any():
        best = int(np.where(allowed, problem.score[i], -1).argmax())
        fit = out_of_100(problem.score[i, best])
        change = f"A floor of {fit} would let {ruling.mentors['name'].iloc[best]} be proposed."
        return BELOW_FLOOR, f"The best fit is {fit}, below the floor of {out_of_100(floor)}.", change
    change = _place(i, ruling, problem, line)
    places = int(problem.places[reach].clip(0).sum())
    if not places:
        alone = not (problem.places > 0).any()
        reason = f"No mentor of {group} has a free place." if alone else _ruled_out(group, i, ruling)
        return NO_FREE_PLACE, reason, change
    taken = "The one place goes" if places == 1 else f"All {places} places go"
    return PLACES_TAKEN, f"{taken} to mentees who wait longer or fit better.", change


def _ruled_out(group: str, i: int, ruling: Ruling) -> str:
    codes = Counter(str(ruling.code(i, j)) for j in range(len(ruling.mentors)))
    parts = [f"{number} {_SAID[code][number > 1]}" for code, number in codes.most_common()]
    return f"No mentor of {group} can be proposed: {', '.join(parts)}."


def _place(i: int, ruling: Ruling, problem: Problem, line: Line) -> str:
    """One more place, where it is this mentee whom the best plan then brings in; or how many places."""
    here = np.flatnonzero(line.entrants == i)
    if not len(here):
        return _more(line.needs(i), "more place", "more places")
    # where nobody else has to move, then where the fit is best
    best = here[np.lexsort((here, -problem.score[i, here], ~problem.ok[i, here]))[0]]
    return f"One more place at {ruling.mentors['name'].iloc[best]} would do."


def _more(number: int | None, one: str, many: str) -> str:
    if number == 1:
        return f"One {one} would do."
    if number is None:
        return f"More than {AHEAD} {many} would do: so many mentees come first."
    first = "one mentee comes" if number - 1 == 1 else f"{number - 1} mentees come"
    return f"{number} {many} would do: {first} first."


def _override(i: int, ruling: Ruling, problem: Problem, line: Line) -> str:
    """The best pair that one rule forbids, of mentors with a place to spare."""
    able = np.flatnonzero(ruling.but_for_one[i] & (line.spare > 0))
    if not len(able):
        return ""
    best = int(able[np.lexsort((able, -problem.score[i, able]))[0]])
    return f"A coordinator may override one rule: {ruling.sentence(i, best)}"
