"""scipy's assignment of mentees to places."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from tests.bench.engine.answers import by_group, pairs_of_places, places_as_columns
from tests.bench.engine.programmes import Group


def _solve(group: Group) -> np.ndarray:
    costs, mentor, forbidden = places_as_columns(group)
    return pairs_of_places(*linear_sum_assignment(costs), costs, mentor, forbidden)


assignment = by_group(_solve)
