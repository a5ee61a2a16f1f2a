"""lapx's two quickest exact calls for rectangular costs."""

import lap
import numpy as np

from tests.bench.engine.answers import by_group, pairs_of_places, places_as_columns
from tests.bench.engine.programmes import Group


def _by_lapjvr(group: Group) -> np.ndarray:
    costs, mentor, forbidden = places_as_columns(group)
    found = lap.lapjvr(costs, extend_cost=True, return_cost=False, precision="float64")
    return pairs_of_places(*found, costs, mentor, forbidden)


def _by_lapjvx(group: Group) -> np.ndarray:
    costs, mentor, forbidden = places_as_columns(group)
    return pairs_of_places(*lap.lapjvx(costs, extend_cost=True, return_cost=False), costs, mentor, forbidden)


lapjvr = by_group(_by_lapjvr)
lapjvx = by_group(_by_lapjvx)
