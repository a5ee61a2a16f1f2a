"""What the review card says of a criterion: the fact on either side, a verdict for the table, and a sentence."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from services.engine.facts import fold, folded, kilometres
from services.engine.points import AHEAD

NOT_STATED = "Not stated"
NONE_SOUGHT = "None sought"
NO_WISHES = "No wishes"


class Said(NamedTuple):
    """A criterion told of one pair. `left_out` is the verdict where the criterion has no points."""

    mentee: str
    mentor: str
    verdict: str = ""
    sentence: str = ""
    left_out: str = "Left out, not stated"


def occupation(mentee: Any, mentor: Any, _: tuple[str, ...]) -> Said:
    """Titles, or the groups of those who have none."""
    sides = (mentee["title"] or mentee["group"], mentor["title"] or mentor["group"])
    if mentee["group"] != mentor["group"]:
        apart = f"{mentor['name']} works in {mentor['group']}, {mentee['name']} in {mentee['group']}."
        return Said(*sides, "Another field", apart)
    if mentee["title"] and mentor["title"] and fold(mentee["title"]) == fold(mentor["title"]):
        return Said(*sides, "Same title", f"Both have the title {mentor['title'].strip()}.")
    return Said(*sides, "Same field", f"Both work in {mentor['group']}.")


def speciality(mentee: Any, mentor: Any, _: tuple[str, ...]) -> Said:
    """The mentee's specialities, and those the mentor has."""
    return _listed(mentee, mentor, "specialities", "specialities", ("knows", "speciality", "specialities", "names"))


def goals(mentee: Any, mentor: Any, _: tuple[str, ...]) -> Said:
    """The mentee's goals, and what the mentor helps with."""
    return _listed(mentee, mentor, "goals", "helps_with", ("helps with", "goal", "goals", "has"))


def _listed(mentee: Any, mentor: Any, asked: str, offered: str, words: tuple[str, str, str, str]) -> Said:
    sides = (_names(mentee[asked]), _names(mentor[offered]))
    wanted, had = folded(mentee[asked]), folded(mentor[offered])
    if not wanted or not had:
        return Said(*sides)
    of, met = len(wanted), len(wanted & had)
    does, one, many, has = words
    number = f"{met} of the {of} {many}" if of > 1 and met else f"none of the {of} {many}" if of > 1 else f"the {one}"
    if not met and of == 1:
        does = f"does not {does.replace('knows', 'know').replace('helps', 'help')}"
    return Said(*sides, f"{met} of {of}", f"{mentor['name']} {does} {number} {mentee['name']} {has}.")


def experience(mentee: Any, mentor: Any, _: tuple[str, ...]) -> Said:
    """Years of experience on both sides."""
    sides = (_years(mentee["years"]), _years(mentor["years"]))
    if pd.isna(mentee["years"]) or pd.isna(mentor["years"]):
        return Said(*sides)
    ahead = int(mentor["years"]) - int(mentee["years"])
    best, most = AHEAD[2][0], AHEAD[3][0]
    who = f"{mentor['name']} has {_years(abs(ahead))}"
    if ahead < 0:
        return Said(*sides, f"{_years(-ahead)} fewer", f"{who} less experience than {mentee['name']}.")
    if ahead == 0:
        return Said(*sides, "Equal", f"Both have {_years(mentor['years'])} of experience.")
    verdict = "A little ahead" if ahead < best else "Well ahead" if ahead <= most else "Far ahead"
    return Said(*sides, verdict, f"{who} more experience than {mentee['name']}.")


def licensing(mentee: Any, mentor: Any, _: tuple[str, ...]) -> Said:
    """The licence sought, and the one held."""
    sought, held = mentee["licence_sought"], mentor["licence"]
    if not sought:
        return Said(NONE_SOUGHT, held or NOT_STATED, left_out="Left out, none sought")
    if not held:
        return Said(sought, NOT_STATED)
    if fold(sought) == fold(held):
        return Said(sought, held, "Holds it", f"{mentor['name']} holds {held}, the licence {mentee['name']} seeks.")
    return Said(
        sought, held, "Another one", f"{mentee['name']} seeks {sought}; {mentor['name']} holds {held}, another licence."
    )


def languages(mentee: Any, mentor: Any, working: tuple[str, ...]) -> Said:
    """Languages on both sides; those of the programme do not count."""
    sides = (_names(mentee["languages"]), _names(mentor["languages"]))
    if not mentee["languages"] or not mentor["languages"]:
        return Said(*sides)
    more = (folded(mentee["languages"]) & folded(mentor["languages"])) - folded(working)
    if not more:
        return Said(*sides, "Working language", "They share no language beyond the one they work in.")
    both = sorted({name.strip() for name in mentor["languages"] if fold(name) in more})
    return Said(*sides, f"{len(more)} shared", f"Both speak {_and(both)}.")


def reach(mentee: Any, mentor: Any, _: tuple[str, ...]) -> Said:
    """The mentee's area and the mentor's office, both coarse."""
    sides = (mentee["area"] or NOT_STATED, mentor["office"] or NOT_STATED)
    km = apart(mentee, mentor)
    if km is None:
        unknown = "Left out, place not known" if NOT_STATED not in sides else "Left out, not stated"
        return Said(*sides, left_out=unknown)
    way = (
        f"{mentor['name']}’s office, {mentor['office']}, is {about(km)} from {mentee['area']}, {mentee['name']}’s area."
    )
    return Said(*sides, about(km).capitalize(), way)


def apart(mentee: Any, mentor: Any) -> int | None:
    """Whole km between area and office; None when a place is not known."""
    place = [[mentee["latitude"]], [mentee["longitude"]], [mentor["latitude"]], [mentor["longitude"]]]
    km = kilometres(*np.array(place, dtype=object).astype(float))[0]
    return None if np.isnan(km) else int(km)


def about(km: int) -> str:
    """A distance, as exact as coarse places allow."""
    return f"about {km} km" if km else "under 1 km"


def wishes(mentee: Any, mentor: Any, _: tuple[str, ...]) -> Said:
    """What the mentor wishes for, and the mentee's side of it."""
    least, most, wished = mentor["wish_years_from"], mentor["wish_years_to"], mentor["wish_agencies"] or []
    of_years = not (pd.isna(least) and pd.isna(most))
    if not of_years and not wished:
        return Said("", NO_WISHES, left_out="Left out, no wishes")
    wish, own, met, told = [], [], [], []
    if of_years:
        wish.append(years_from_to(least, most))
        own.append(_years(mentee["years"]))
        if not pd.isna(mentee["years"]):
            met.append(within(mentee["years"], least, most))
            told.append(f"{years_from_to(least, most)} of experience, and {mentee['name']} has {int(mentee['years'])}")
    if wished:
        wish.append(_or(wished))
        own.append(mentee["agency"] or NOT_STATED)
        if mentee["agency"]:
            met.append(fold(mentee["agency"]) in folded(wished))
            told.append(f"a mentee of {_or(wished)}, and {mentee['name']} is referred by {mentee['agency']}")
    sides = (NOT_STATED if set(own) == {NOT_STATED} else ", ".join(own), ", ".join(wish))
    if not met:
        return Said(*sides)
    verdict = "As wished" if all(met) else "In part" if any(met) else "Not as wished"
    return Said(*sides, verdict, f"{mentor['name']} wishes for {'; for '.join(told)}.")


def record(_: Any, mentor: Any, __: tuple[str, ...]) -> Said:
    """Matches the mentor has completed."""
    done = int(mentor["completed"])
    said = f"{done} {'match' if done == 1 else 'matches'} completed"
    if not done:
        return Said("", said, "First match", f"{mentor['name']} has completed no match yet.")
    return Said(
        "", said, "Experienced", f"{mentor['name']} has completed {done} {'match' if done == 1 else 'matches'}."
    )


def load(_: Any, mentor: Any, __: tuple[str, ...]) -> Said:
    """Places of the mentor, and how many are free."""
    free, capacity = int(mentor["free"]), int(mentor["capacity"])
    verdict = {0: "Full", 1: "Last place"}.get(free, "Room to spare") if capacity > 1 else "Free" if free else "Full"
    return Said("", f"{free} of {capacity} free", verdict, f"{mentor['name']} has {free} of {capacity} places free.")


def within(years: Any, least: Any, most: Any) -> bool:
    """Whether years lie in a range that may be open on a side."""
    return bool((pd.isna(least) or years >= least) and (pd.isna(most) or years <= most))


def years_from_to(least: Any, most: Any) -> str:
    """A range of years as said: 3 to 10 years, 3 years or more, up to 10 years."""
    if pd.isna(most):
        return f"{_years(least)} or more"
    return f"up to {_years(most)}" if pd.isna(least) else f"{int(least)} to {_years(most)}"


def _years(years: Any) -> str:
    return NOT_STATED if pd.isna(years) else f"{int(years)} {'year' if int(years) == 1 else 'years'}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(names or ()) or NOT_STATED


def _and(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def _or(names: list[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
