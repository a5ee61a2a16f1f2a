"""munkres on the costs of places, as lists of whole numbers."""

import numpy as np
from munkres import Munkres

from tests.bench.engine.answers import by_group, pairs_of_places, places_as_columns
from tests.bench.engine.programmes import Group


def _solve(group: Group) -> np.ndarray:
    costs, mentor, forbidden = places_as_columns(group)
    rows, columns = np.array(Munkres().compute(costs.astype(int).tolist())).T
    return pairs_of_places(rows, columns, costs, mentor, forbidden)


hungarian = by_group(_solve)
