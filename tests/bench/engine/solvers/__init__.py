"""One adapter a solver. A module imports its own library only, as each runs where that is installed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Solver:
    """A row of the table."""

    name: str
    #: `module:adapter` in this package; of several, the quickest at a size is the row.
    calls: tuple[str, ...]
    #: Its requirements in `peers/`; None runs in the environment of the product.
    peer: str | None = None
    #: It finds the most matched with the highest fit, always.
    exact: bool = False


OURS, LONGEST_WAIT = "matchdesk", "matchdesk, longest wait first"
SOLVERS = (
    Solver(OURS, ("ours:most_fit",), exact=True),
    Solver(LONGEST_WAIT, ("ours:longest_wait_first",)),
    Solver("lapx", ("by_lapx:lapjvr", "by_lapx:lapjvx"), "lapx", exact=True),
    Solver("scipy", ("by_scipy:assignment",), exact=True),
    Solver("ortools", ("by_ortools:min_cost_flow",), "ortools", exact=True),
    Solver("munkres", ("by_munkres:hungarian",), "munkres", exact=True),
    Solver("mentor-match", ("by_mentor_match:three_rounds",), "mentor-match"),
    Solver("mentor-match, group by group", ("by_mentor_match:group_by_group",), "mentor-match"),
    Solver("matching", ("by_matching:hospital_resident",), "matching"),
    Solver("greedy", ("by_hand:best_pair_first",)),
    Solver("by hand, longest wait first", ("by_hand:longest_wait_first",)),
)
