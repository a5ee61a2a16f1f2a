"""Limits that a mentor or an agency states. What is not known breaks none: it is asked, not guessed."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from services.engine.facts import Floats, columns, folded, numbers, of_each_journey, shared
from services.engine.told import about, apart, years_from_to

BoolMatrix = NDArray[np.bool_]
_NOTHING = np.zeros((1, 1), dtype=bool)


def years_outside(mentors: pd.DataFrame, mentees: pd.DataFrame) -> BoolMatrix:
    """Mentees whose years lie outside the range a mentor takes."""
    least, most = (numbers(mentors[name].to_numpy(object)) for name in ("limit_years_from", "limit_years_to"))
    years = numbers(mentees["years"].to_numpy(object))[:, None]
    return np.asarray((years < least) | (years > most))


def years_outside_said(mentee: Any, mentor: Any) -> str:
    """Of one pair."""
    taken = years_from_to(mentor["limit_years_from"], mentor["limit_years_to"])
    return f"{mentor['name']} takes mentees with {taken} of experience; {mentee['name']} has {int(mentee['years'])}."


def agency_of_conflict(mentors: pd.DataFrame, mentees: pd.DataFrame) -> BoolMatrix:
    """Mentees of an agency that a mentor must not work with."""
    if not mentors["not_agencies"].map(bool).any():
        return _NOTHING
    return np.asarray(shared(map(folded, mentees["agency"]), map(folded, mentors["not_agencies"])) > 0)


def agency_of_conflict_said(mentee: Any, mentor: Any) -> str:
    """Of one pair."""
    return f"{mentor['name']} has a conflict of interest with {mentee['agency']}, {mentee['name']}’s agency."


def division_ruled_out(mentors: pd.DataFrame, mentees: pd.DataFrame) -> BoolMatrix:
    """Mentors of a division to which a mentee's agency sends nobody."""
    if not mentees["agency_not_divisions"].map(bool).any():
        return _NOTHING
    return np.asarray(shared(map(folded, mentees["agency_not_divisions"]), map(folded, mentors["division"])) > 0)


def division_ruled_out_said(mentee: Any, mentor: Any) -> str:
    """Of one pair."""
    return f"{mentee['agency']} sends nobody to {mentor['division']}, {mentor['name']}’s division."


def too_far_for_mentor(mentors: pd.DataFrame, mentees: pd.DataFrame) -> BoolMatrix:
    """Areas farther from a mentor's office than the mentor goes."""
    limit = numbers(mentors["limit_km"].to_numpy(object))
    return _NOTHING if np.isnan(limit).all() else np.asarray(_km(mentors, mentees) > limit)


def too_far_for_mentor_said(mentee: Any, mentor: Any) -> str:
    """Of one pair."""
    return (
        f"{mentor['name']} meets mentees within {int(mentor['limit_km'])} km; "
        f"{mentee['area']} is {_way(mentee, mentor)} from {mentor['office']}."
    )


def too_far_for_agency(mentors: pd.DataFrame, mentees: pd.DataFrame) -> BoolMatrix:
    """Offices farther from a mentee's area than the mentee's agency allows."""
    limit = numbers(mentees["agency_limit_km"].to_numpy(object))[:, None]
    return _NOTHING if np.isnan(limit).all() else np.asarray(_km(mentors, mentees) > limit)


def too_far_for_agency_said(mentee: Any, mentor: Any) -> str:
    """Of one pair."""
    return (
        f"{mentee['agency']} sends its mentees no farther than {int(mentee['agency_limit_km'])} km; "
        f"{mentor['office']} is {_way(mentee, mentor)} from {mentee['area']}."
    )


def _km(mentors: pd.DataFrame, mentees: pd.DataFrame) -> Floats:
    at = ("latitude", "longitude")
    return of_each_journey(columns(mentees, at), columns(mentors, at), lambda km: km)


def _way(mentee: Any, mentor: Any) -> str:
    km = apart(mentee, mentor)
    return "" if km is None else about(km)
