"""Problems for the engine, small ones by hypothesis and large ones by a seed, and what a plan is worth in words."""

import numpy as np
from hypothesis import strategies as st

from services.engine.plan import total_fit
from services.engine.problem import Problem


@st.composite
def problems(draw, mentees=4, mentors=3):
    n, m = draw(st.integers(1, mentees)), draw(st.integers(1, mentors))

    def matrix(values):
        return np.array(draw(st.lists(values, min_size=n * m, max_size=n * m))).reshape(n, m)

    return Problem(
        mentees=[f"mentee-{k}" for k in draw(st.permutations(range(n)))],
        mentors=[f"mentor-{k}" for k in draw(st.permutations(range(m)))],
        score=matrix(st.sampled_from([0, 400, 401, 650, 1000])),
        ok=matrix(st.booleans()),
        places=np.array(draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))),
        band=np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))),
    )


def value(problem, match):
    """Matched, then mentees of each band from the oldest, then fit: what a better plan has more of."""
    bands = problem.band[match >= 0]
    return (len(bands), *(int((bands == band).sum()) for band in range(3, -1, -1)), total_fit(problem, match))


def groups(seed, mentees, mentors, number):
    """Groups of a programme of unequal sizes, about as many places as mentees."""
    chance = np.random.default_rng(seed)
    shares = [chance.multinomial(people, chance.dirichlet(np.full(number, 8.0))) for people in (mentees, mentors)]
    return [
        Problem(
            [f"e{seed}-{group}-{k}" for k in range(n)],
            [f"r{seed}-{group}-{k}" for k in range(m)],
            chance.integers(300, 1001, (n, m)),
            chance.random((n, m)) < 0.6,
            chance.choice([1, 2, 3], m, p=[0.55, 0.3, 0.15]),
            chance.integers(0, 5, n),
        )
        for group, (n, m) in enumerate(zip(*shares, strict=True))
    ]
