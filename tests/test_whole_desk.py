"""Whole days of a desk at random: two coordinators, every service, against a model of plain Python.

Nothing but the clock is made up. Each act is done in a transaction of its own, and each refusal must be a sentence that
leaves every row as it was.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import make_url

from tests.desk_hands import seed
from tests.desk_lives import Leading
from tests.desk_people import Keeping
from tests.desk_review import Reviewing

#: How many desks live: what fits into a quarter of a minute on each engine. DESKS=200 tries so many others, each run
#: different ones; SHRINK=1 makes what fails shorter, which takes minutes.
EXAMPLES = {"sqlite": 5, "postgresql": 4}


class WholeDesk(Leading, Reviewing, Keeping):
    """Every act there is."""


def test_whatever_two_coordinators_do_every_rule_holds_and_every_refusal_is_a_sentence(any_desk: str) -> None:
    WholeDesk.source, WholeDesk.coordinators = any_desk, seed()
    examples = EXAMPLES[make_url(any_desk).get_backend_name()]
    run_state_machine_as_test(
        WholeDesk,
        settings=settings(
            max_examples=int(os.environ.get("DESKS", examples)),
            stateful_step_count=60,
            deadline=None,
            database=None,
            derandomize="DESKS" not in os.environ,
            phases=[Phase.generate, *([Phase.shrink] if "SHRINK" in os.environ else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
