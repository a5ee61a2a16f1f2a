"""OR-tools' flow, which knows places by itself; who stays unmatched flows past all mentors, at a high cost."""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from tests.bench.engine.answers import by_group
from tests.bench.engine.programmes import Group


def _solve(group: Group) -> np.ndarray:
    rows, columns = np.nonzero(group.ok)
    n, m = group.ok.shape
    mentees, mentors, sink = np.arange(n), n + np.arange(m), n + m
    flow = SimpleMinCostFlow()
    add = flow.add_arcs_with_capacity_and_unit_cost
    pairs = add(rows, n + columns, np.ones(len(rows), np.int64), 1000 - group.score[rows, columns])
    add(mentors, np.full(m, sink), group.places, np.zeros(m, np.int64))
    add(mentees, np.full(n, sink), np.ones(n, np.int64), np.full(n, 1001 * (n + 1)))
    flow.set_nodes_supplies(np.arange(n + m + 1), np.concatenate([np.ones(n, np.int64), np.zeros(m, np.int64), [-n]]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise RuntimeError(f"no flow was found: {status}")
    taken = flow.flows(pairs) > 0
    return np.column_stack([rows[taken], columns[taken]])


min_cost_flow = by_group(_solve)
