"""Why a mentee has no mentor in a plan, and the smallest change that would help."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.engine.problem import Integers, Problem
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
    "not_yet_available": ("is not available yet", "are not available yet"),
    "not_long_enough": ("is not available long enough", "are not available long enough"),
    "group": ("works in another field", "work in another field"),
    "language": ("has no language in common", "have no language in common"),
    "mentor_not_agency": ("has a conflict of interest", "have a conflict of interest"),
    "agency_not_division": ("is in a division the agency rules out", "are in a division the agency rules out"),
    "mentor_limit_years": ("takes mentees of other experience", "take mentees of other experience"),
    "mentor_limit_km": ("meets only nearer by", "meet only nearer by"),
    "agency_limit_km": ("is farther than the agency allows", "are farther than the agency allows"),
    "no_free_place": ("has no free place", "have no free place"),
}


@dataclass(frozen=True)
class Unmatched:
    """A mentee (row of the problem) without a mentor."""

    mentee: int
    code: str
    reason: str
    #: The smallest change that would help; empty when it is not a matter of one change.
    change: str


def explain(group: str, ruling: Ruling, problem: Problem, match: Integers, floor: int) -> Iterator[Unmatched]:
    """One answer for each mentee of the group whom `match` leaves without a mentor."""
    for i in np.flatnonzero(match < 0):
        yield Unmatched(int(i), *_why(group, int(i), ruling, problem, floor))


def _why(group: str, i: int, ruling: Ruling, problem: Problem, floor: int) -> tuple[str, str, str]:
    if not len(problem.mentors):
        return NO_MENTOR, f"There is no mentor of {group}.", f"One mentor of {group} would do."
    if not (problem.places > 0).any():
        return NO_FREE_PLACE, f"No mentor of {group} has a free place.", "One more place would do."
    allowed = ruling.ok[i]
    if not allowed.any():
        return _ruled_out(group, i, ruling)
    if not problem.ok[i].any():
        best = int(problem.score[i, allowed].max())
        return BELOW_FLOOR, f"The best fit is {best / 10:.0f}, below the floor of {floor / 10:.0f}.", ""
    places = int(problem.places[problem.ok[i]].sum())
    taken = "The one place goes" if places == 1 else f"All {places} places go"
    return PLACES_TAKEN, f"{taken} to mentees who wait longer or fit better.", "One more place would do."


def _ruled_out(group: str, i: int, ruling: Ruling) -> tuple[str, str, str]:
    codes = Counter(str(ruling.code(i, j)) for j in range(len(ruling.mentors)))
    parts = [f"{number} {_SAID[code][number > 1]}" for code, number in codes.most_common()]
    change = "One more place would do." if codes["no_free_place"] else ""
    return RULED_OUT, f"No mentor of {group} can be proposed: {', '.join(parts)}.", change
