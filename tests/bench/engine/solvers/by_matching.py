"""matching's hospital-resident game: stable for ranked lists, so scores become the order of each person's list."""

import warnings

import numpy as np
from matching.games import HospitalResident

from tests.bench.engine.answers import by_group
from tests.bench.engine.programmes import Group


def _solve(group: Group) -> np.ndarray:
    by_mentee = np.argsort(-group.score, axis=1, kind="stable")
    by_mentor = np.argsort(-group.score, axis=0, kind="stable")
    wishes = {f"e{i}": [f"o{j}" for j in by_mentee[i] if group.ok[i, j]] for i in range(len(group.mentees))}
    ranks = {f"o{j}": [f"e{i}" for i in by_mentor[:, j] if group.ok[i, j]] for j in range(len(group.mentors))}
    residents = {name: listed for name, listed in wishes.items() if listed}
    hospitals = {name: listed for name, listed in ranks.items() if listed}
    places = {name: int(group.places[int(name[1:])]) for name in hospitals}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        game = HospitalResident.create_from_dictionaries(residents, hospitals, places)
        solved = game.solve(optimal="resident")
    pairs = [(int(str(e)[1:]), int(str(o)[1:])) for o, taken in solved.items() for e in taken]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


hospital_resident = by_group(_solve)
