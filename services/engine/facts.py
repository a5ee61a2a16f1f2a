"""Facts of people as arrays, and what a mentee and a mentor have in common or between them."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: Columns of a frame, each a value a person.
People = Mapping[str, NDArray[np.object_]]
Floats = NDArray[np.float64]
Kind = TypeVar("Kind", bound=np.generic)

_EARTH_KM = 6371.0088


def columns(frame: pd.DataFrame, names: Iterable[str]) -> People:
    """The named columns alone, so that whoever gets them can read no other."""
    return {name: frame[name].to_numpy(object) for name in names}


def fold(name: str) -> str:
    """The name of a language, a speciality or a place as compared."""
    return name.strip().casefold()


def folded(names: str | Iterable[str] | None) -> set[str]:
    """A name, or names, as compared: each once, and none for who names nothing."""
    listed = [names] if isinstance(names, str) else names or ()
    return {fold(name) for name in listed} - {""}


def numbers(values: NDArray[np.object_]) -> Floats:
    """Numbers, nan for those not stated."""
    return values.astype(float)


def shared(mentees: Iterable[set[str]], mentors: Iterable[set[str]]) -> NDArray[np.float32]:
    """How many names each mentee (row) has in common with each mentor (column)."""
    sides = [list(people) for people in (mentees, mentors)]
    number = {name: k for k, name in enumerate(sorted(set().union(*sides[0], *sides[1])))}
    has = [np.zeros((len(people), len(number)), dtype=np.float32) for people in sides]
    for people, matrix in zip(sides, has, strict=True):
        rows = [row for row, names in enumerate(people) for _ in names]
        matrix[rows, [number[name] for names in people for name in names]] = 1
    # BLAS at times touches memory beside its matrices and warns of what lies there; of noughts and ones all is valid
    with np.errstate(invalid="ignore"):
        return np.asarray(has[0] @ has[1].T)


def of_each_pair(mentees: Floats, mentors: Floats, worth: Callable[[Floats, Floats], NDArray[Kind]]) -> NDArray[Kind]:
    """What `worth` makes of every pair of values, worked out once for values that many people share."""
    (rows, i), (across, j) = (np.unique(values, return_inverse=True) for values in (mentees, mentors))
    return worth(rows[:, None], across[None, :])[i[:, None], j[None, :]]


def of_each_journey(mentees: People, mentors: People, worth: Callable[[Floats], NDArray[Kind]]) -> NDArray[Kind]:
    """What `worth` makes of the whole km from each mentee's area to each mentor's office, nan when not known."""
    (areas, i), (offices, j) = (_places(people) for people in (mentees, mentors))
    km = kilometres(areas.real[:, None], areas.imag[:, None], offices.real[None, :], offices.imag[None, :])
    return worth(km)[i[:, None], j[None, :]]


def kilometres(latitude: Floats, longitude: Floats, other_latitude: Floats, other_longitude: Floats) -> Floats:
    """Whole km, half up, by great circle (haversine): what is said is also what is counted and limited."""
    here, there = np.radians(latitude), np.radians(other_latitude)
    across = np.radians(other_longitude) - np.radians(longitude)
    square = np.sin((there - here) / 2) ** 2 + np.cos(here) * np.cos(there) * np.sin(across / 2) ** 2
    km: Floats = np.floor(2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(square, 1))) + 0.5)
    return km


def _places(people: People) -> tuple[NDArray[np.complex128], NDArray[np.int64]]:
    """Each place once, latitude and longitude in one number, and which of them is each person's."""
    at = numbers(people["latitude"]) + 1j * numbers(people["longitude"])
    at[np.isnan(at)] = complex("nan")  # a pair with a missing side: all of those are one place
    found, which = np.unique(at, return_inverse=True)
    return found, which
