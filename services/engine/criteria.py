"""What speaks for a pair, in a coordinator's words. Country, gender and age are no criteria, and never enter here."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from services.engine.rules import fold

Points = NDArray[np.float64]

#: Years the mentor is ahead, and what that is worth: best 3 to 15 ahead, low for a mentor with fewer years.
_AHEAD = ((-10, 0), (0, 50), (3, 100), (15, 100), (35, 60))
#: Languages shared beyond the working ones.
_SHARED = ((0, 50), (1, 85), (2, 100))
#: Matches the mentor has completed.
_COMPLETED = ((0, 60), (1, 80), (3, 100))
#: Share of the mentor's places that is free.
_FREE = ((0, 40), (1, 100))
_NOT_STATED = "Not stated"


class Criterion(NamedTuple):
    """One row of the review card. `points` is 0 to 100 for each pair, nan where a fact is missing."""

    key: str
    name: str
    points: Callable[[pd.DataFrame, pd.DataFrame, tuple[str, ...]], Points]
    mentee: Callable[[Any], str]
    mentor: Callable[[Any], str]
    #: Of the two rows and the working languages; called only when both facts are there.
    verdict: Callable[[Any, Any, tuple[str, ...]], str]


def _along(curve: tuple[tuple[int, int], ...], values: Any) -> Points:
    xs, ys = zip(*curve, strict=True)
    values = np.asarray(values, dtype=float)
    return np.where(np.isnan(values), np.nan, np.interp(values, xs, ys))


def _years(frame: pd.DataFrame) -> Points:
    return np.asarray(pd.to_numeric(frame["years"]), dtype=float)


def _occupation(mentors: pd.DataFrame, mentees: pd.DataFrame, _: tuple[str, ...]) -> Points:
    same = mentees["group"].to_numpy(object)[:, None] == mentors["group"].to_numpy(object)[None, :]
    return np.where(same, 100.0, 0.0)


def _experience(mentors: pd.DataFrame, mentees: pd.DataFrame, _: tuple[str, ...]) -> Points:
    return _along(_AHEAD, _years(mentors)[None, :] - _years(mentees)[:, None])


def _languages(mentors: pd.DataFrame, mentees: pd.DataFrame, working: tuple[str, ...]) -> Points:
    common = {fold(name) for name in working}
    spoken = [[{fold(name) for name in names} - common for names in frame["languages"]] for frame in (mentees, mentors)]
    number = {name: k for k, name in enumerate(sorted(set().union(*spoken[0], *spoken[1])))}
    speaks = [np.zeros((len(people), len(number)), dtype=np.float32) for people in spoken]
    for people, matrix in zip(spoken, speaks, strict=True):
        for row, names in enumerate(people):
            matrix[row, [number[name] for name in names]] = 1
    shared = (speaks[0] @ speaks[1].T).astype(float)
    shared[~mentees["languages"].map(bool).to_numpy(bool), :] = np.nan
    shared[:, ~mentors["languages"].map(bool).to_numpy(bool)] = np.nan
    return _along(_SHARED, shared)


def _record(mentors: pd.DataFrame, mentees: pd.DataFrame, _: tuple[str, ...]) -> Points:
    return np.broadcast_to(_along(_COMPLETED, mentors["completed"]), (len(mentees), len(mentors)))


def _load(mentors: pd.DataFrame, mentees: pd.DataFrame, _: tuple[str, ...]) -> Points:
    share = mentors["free"].to_numpy(float) / mentors["capacity"].to_numpy(float)
    return np.broadcast_to(_along(_FREE, share), (len(mentees), len(mentors)))


def _count(number: Any, one: str, many: str) -> str:
    return f"{int(number)} {one if int(number) == 1 else many}"


def _years_said(person: Any) -> str:
    return _NOT_STATED if pd.isna(person["years"]) else _count(person["years"], "year", "years")


def _languages_said(person: Any) -> str:
    return ", ".join(person["languages"]) or _NOT_STATED


def _experience_verdict(mentee: Any, mentor: Any, _: tuple[str, ...]) -> str:
    ahead = int(mentor["years"]) - int(mentee["years"])
    best, most = _AHEAD[2][0], _AHEAD[3][0]
    if ahead < 0:
        return _count(-ahead, "year", "years") + " fewer"
    if ahead == 0:
        return "Equal"
    return "A little ahead" if ahead < best else "Well ahead" if ahead <= most else "Far ahead"


def _language_verdict(mentee: Any, mentor: Any, working: tuple[str, ...]) -> str:
    common = {fold(name) for name in working}
    shared = {fold(name) for name in mentee["languages"]} & {fold(name) for name in mentor["languages"]}
    more = len(shared - common)
    return f"{more} shared" if more else "Working language"


def _load_verdict(_mentee: Any, mentor: Any, _working: tuple[str, ...]) -> str:
    return {0: "Full", 1: "Last place"}.get(int(mentor["free"]), "Room to spare") if mentor["capacity"] > 1 else "Free"


CRITERIA: tuple[Criterion, ...] = (
    Criterion(
        "occupation",
        "Occupation",
        _occupation,
        lambda mentee: mentee["title"] or mentee["group"],
        lambda mentor: mentor["title"] or mentor["group"],
        lambda mentee, mentor, _: "Same field" if mentee["group"] == mentor["group"] else "Another field",
    ),
    Criterion("experience", "Experience", _experience, _years_said, _years_said, _experience_verdict),
    Criterion("languages", "Language", _languages, _languages_said, _languages_said, _language_verdict),
    Criterion(
        "record",
        "Mentoring",
        _record,
        lambda _: "",
        lambda mentor: _count(mentor["completed"], "match completed", "matches completed"),
        lambda _mentee, mentor, _: "Experienced" if mentor["completed"] else "First match",
    ),
    Criterion(
        "load",
        "Places",
        _load,
        lambda _: "",
        lambda mentor: f"{int(mentor['free'])} of {int(mentor['capacity'])} free",
        _load_verdict,
    ),
)
