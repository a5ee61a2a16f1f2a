"""Generated programmes: the same people, rules and scores for every solver, as plain arrays of numpy.

    python -m tests.bench.engine.programmes CASE PATH

writes one, in a process of its own: a process that measures memory starts at the peak of the one that started it.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

SEED = 1
#: Sixteen unequal groups, with other shares of the mentors than of the mentees: some groups are short of mentors.
MENTEES_IN = np.array([14, 12, 11, 9, 8, 7, 6, 6, 5, 5, 4, 4, 3, 2.5, 2, 1.5])
MENTORS_IN = np.array([10, 13, 8, 10, 7, 8, 5, 7, 6, 4, 5, 4, 4, 3, 3, 3])
#: Offices in km east and north of the middle of the city.
OFFICES = np.array([[0, 0], [2, 5], [-9, 4], [11, 3], [-4, 10], [7, 9], [-14, 1], [16, 8]], dtype=np.float32)
BAND_DAYS = 90
REACH_KM = 25
#: The share of pairs that were together before or were declined.
NEVER_AGAIN = 0.01
SKILLS, GOALS, SLOTS, LANGUAGES, AGENCIES = 24, 8, 14, 12, 12


@dataclass(frozen=True, eq=False)
class Group:
    """One occupational group: mentees are rows, mentors are columns."""

    mentees: np.ndarray
    mentors: np.ndarray
    #: 0 to 1000.
    score: np.ndarray
    #: Pairs that the rules allow.
    ok: np.ndarray
    #: Free places of each mentor.
    places: np.ndarray
    #: Whole 90 days waited by each mentee.
    band: np.ndarray


@dataclass(frozen=True)
class Case:
    """How many people; a dense case is one group with one place a mentor, where only 1 % of the pairs is forbidden."""

    mentees: int
    mentors: int
    dense: bool = False


CASES = {
    "100": Case(100, 60),
    "1000": Case(1_000, 600),
    "5000": Case(5_000, 3_000),
    "20000": Case(20_000, 12_000),
    "dense": Case(5_000, 5_000, dense=True),
}


def generate(case: Case, seed: int = SEED) -> list[Group]:
    """The groups that have a mentee and a mentor."""
    chance = np.random.default_rng(seed)
    mentees, mentors = _mentees(case, chance), _mentors(case, chance)
    made = []
    for number in range(len(MENTEES_IN)):
        rows, columns = (np.flatnonzero(people["group"] == number) for people in (mentees, mentors))
        if len(rows) and len(columns):
            score, ok = _pairs(_part(mentees, rows), _part(mentors, columns))
            ok = np.ones_like(ok) if case.dense else ok
            made.append(
                Group(
                    mentees=np.array([f"mentee-{i:05}" for i in rows]),
                    mentors=np.array([f"mentor-{j:05}" for j in columns]),
                    score=score,
                    ok=ok & (chance.random(ok.shape, dtype=np.float32) >= NEVER_AGAIN),
                    places=mentors["places"][columns],
                    band=mentees["waited"][rows] // BAND_DAYS,
                )
            )
    return made


def save(groups: Sequence[Group], path: Path) -> None:
    """Write the groups to a file of numpy, uncompressed, so that reading it needs no memory beside the arrays."""
    arrays = {f"{k}_{part.name}": getattr(group, part.name) for k, group in enumerate(groups) for part in fields(Group)}
    np.savez(path, **arrays)


def load(path: Path) -> list[Group]:
    """The groups that `save` wrote."""
    with np.load(path) as file:
        count = len(file.files) // len(fields(Group))
        return [Group(**{part.name: file[f"{k}_{part.name}"] for part in fields(Group)}) for k in range(count)]


def _mentees(case: Case, chance: np.random.Generator) -> dict[str, np.ndarray]:
    n = case.mentees
    return {
        "group": _groups(case, MENTEES_IN, n, chance),
        "home": np.column_stack([chance.normal(0, 9, n), chance.normal(4, 5, n)]).astype(np.float32),
        "remote": chance.random(n) < 0.55,
        "languages": _some(n, LANGUAGES, 0, 2, chance),
        "slots": _some(n, SLOTS, 2, 7, chance),
        "skills": _some(n, SKILLS, 3, 8, chance),
        "goals": _some(n, GOALS, 1, 3, chance),
        "agency": chance.integers(0, AGENCIES, n),
        "years": np.clip(chance.gamma(3, 3, n), 0, 35).astype(np.int16),
        "waited": chance.gamma(1.3, 75, n).astype(np.int64),
    }


def _mentors(case: Case, chance: np.random.Generator) -> dict[str, np.ndarray]:
    m = case.mentors
    return {
        "group": _groups(case, MENTORS_IN, m, chance),
        "office": OFFICES[chance.integers(0, len(OFFICES), m)],
        "remote": chance.random(m) < 0.6,
        "languages": _some(m, LANGUAGES, 0, 2, chance),
        "slots": _some(m, SLOTS, 1, 5, chance),
        "skills": _some(m, SKILLS, 4, 12, chance),
        "goals": _some(m, GOALS, 2, 5, chance),
        "agencies": _some(m, AGENCIES, 0, 3, chance),
        "years": np.clip(chance.gamma(5, 3, m) + 2, 2, 40).astype(np.int16),
        "places": np.ones(m, np.int64) if case.dense else chance.choice([1, 2, 3], m, p=[0.55, 0.3, 0.15]),
    }


def _groups(case: Case, share: np.ndarray, count: int, chance: np.random.Generator) -> np.ndarray:
    return np.zeros(count, np.int64) if case.dense else chance.choice(len(share), count, p=share / share.sum())


def _some(people: int, of: int, fewest: int, most: int, chance: np.random.Generator) -> np.ndarray:
    """`fewest` to `most` of so many things for each person, as 0 and 1, so that a product counts what two share."""
    how_many = chance.integers(fewest, most + 1, people)
    rank = chance.random((people, of)).argsort(axis=1).argsort(axis=1)
    return (rank < how_many[:, None]).astype(np.float32)


def _part(people: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[rows] for name, values in people.items()}


def _pairs(mentees: dict[str, np.ndarray], mentors: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The score of each pair and whether it is allowed: a common slot, years of experience, within reach."""
    slots = mentees["slots"] @ mentors["slots"].T
    ahead = mentors["years"][None, :] - mentees["years"][:, None]
    east, north = (mentors["office"][None, :, axis] - mentees["home"][:, None, axis] for axis in (0, 1))
    km = np.hypot(east, north)
    remote = mentees["remote"][:, None] & mentors["remote"][None, :]
    near = np.clip(1 - km / 30, 0, 1)
    fit = 300 * _share(mentees["skills"], mentors["skills"]) + 150 * _share(mentees["goals"], mentors["goals"])
    fit += 150 * np.clip(1 - np.abs(ahead - 5) / np.float32(12), 0, 1) + 50 * np.minimum(slots, 3)
    fit += 120 * np.where(remote, np.maximum(near, np.float32(0.7)), near)
    fit += 32 + 48 * (mentees["languages"] @ mentors["languages"].T > 0) + 50 * mentors["agencies"].T[mentees["agency"]]
    return np.rint(fit).astype(np.int64), (slots > 0) & (ahead >= -2) & (remote | (km <= REACH_KM))


def _share(wanted: np.ndarray, offered: np.ndarray) -> np.ndarray:
    return (wanted @ offered.T) / wanted.sum(axis=1, keepdims=True)


if __name__ == "__main__":
    save(generate(CASES[sys.argv[1]]), Path(sys.argv[2]))
