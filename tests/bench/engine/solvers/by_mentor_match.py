"""mentor-match's own entry point over everybody at once, which is how it is run; scores and rules through its rules.

It knows no groups, so a second adapter is somebody who runs it on one group after another. It knows no places: three
rounds give one mentee a mentor each, as its own application runs it. It takes a forbidden pair for an allowed one of
score 0, so all scores are lifted: a forbidden pair then never keeps an allowed one out.
"""

from collections.abc import Callable, Sequence

import numpy as np
from matching.match import Match
from matching.mentee import Mentee
from matching.mentor import Mentor
from matching.process import process_data
from matching.rules.rule import Disqualify

from tests.bench.engine.answers import Answer, by_group
from tests.bench.engine.programmes import Group

ROUNDS = 3


class Scores:
    """A rule of the tool that gives each pair the score all solvers get."""

    def __init__(self, worth: dict[tuple[int, int], int]) -> None:
        self.worth = worth

    def apply(self, match: Match) -> int:
        """The lifted score; it is asked for allowed pairs only."""
        return self.worth[match.mentee.number, match.mentor.number]

    def evaluate(self, _match: Match) -> bool:
        """Every pair has a score."""
        return True


def three_rounds(groups: Sequence[Group]) -> Callable[[], Answer]:
    """One programme, as the tool knows no groups: pairs across groups are forbidden."""
    return lambda: _answer(groups)


def _answer(groups: Sequence[Group]) -> Answer:
    first_mentee = np.cumsum([0, *(len(group.mentees) for group in groups)]).tolist()
    first_mentor = np.cumsum([0, *(len(group.mentors) for group in groups)]).tolist()
    lift = 1001 * (first_mentee[-1] + 1)
    worth: dict[tuple[int, int], int] = {}
    for group, i, j in zip(groups, first_mentee, first_mentor, strict=False):
        rows, columns = np.nonzero(group.ok)
        keys = zip((rows + i).tolist(), (columns + j).tolist(), strict=True)
        worth.update(zip(keys, (group.score[rows, columns] + lift).tolist(), strict=True))
    places = np.concatenate([group.places for group in groups]).tolist()

    def barred(match: Match) -> bool:
        return (
            (match.mentee.number, match.mentor.number) not in worth
            or len(match.mentor.mentees) >= places[match.mentor.number]
            or len(match.mentee.mentors) > 0
        )

    mentees = _people(Mentee, first_mentee[-1])
    mentors = _people(Mentor, first_mentor[-1])
    process_data(mentors, mentees, [[Scores(worth), Disqualify(barred)] for _ in range(ROUNDS)])
    pairs = [(mentee.number, mentor.number) for mentee in mentees for mentor in mentee.mentors]
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    group_of = np.searchsorted(first_mentee, found[:, 0], side="right") - 1
    return [found[group_of == k] - (first_mentee[k], first_mentor[k]) for k in range(len(groups))]


group_by_group = by_group(lambda group: _answer([group])[0])


def _people(kind: type, count: int) -> list:
    made = [kind(grade=1, email=f"{kind.__name__}-{number}") for number in range(count)]
    for number, person in enumerate(made):
        person.number = number
    return made
