"""What is said to help a mentee without a mentor does help, and nothing smaller of its kind would."""

import dataclasses

import numpy as np
from hypothesis import given, settings

from services.engine.line import Line
from services.engine.plan import solve
from services.engine.problem import NOBODY, Problem
from tests.plans import groups, problems

quick = settings(max_examples=120, deadline=None, derandomize=True)


def with_new_mentor(problem, places):
    """The problem and a mentor who suits everyone who could have any."""
    return Problem(
        problem.mentees,
        [*problem.mentors, "~"],
        np.pad(problem.score, ((0, 0), (0, 1))),
        np.hstack([problem.ok, problem.ok.any(axis=1, keepdims=True)]),
        np.append(problem.places, places),
        problem.band,
    )


@quick
@given(problems(mentees=7, mentors=4))
def test_the_line_is_who_has_no_mentor_in_the_best_plan(problem):
    line, match = Line(problem), solve(problem)
    assert line.unmatched == np.flatnonzero(match == NOBODY).tolist()
    used = np.bincount(match[match >= 0], minlength=len(problem.mentors))
    assert line.spare.tolist() == (problem.places - used).tolist()


@quick
@given(problems(mentees=7, mentors=4))
def test_one_more_place_where_it_is_said_brings_this_mentee_in(problem):
    line = Line(problem)
    for j, i in enumerate(line.entrants):
        more = dataclasses.replace(problem, places=problem.places + (np.arange(len(problem.mentors)) == j))
        new = np.flatnonzero((solve(more) >= 0) & (solve(problem) < 0)).tolist()
        assert new == ([] if i == NOBODY else [i])


@quick
@given(problems(mentees=7, mentors=4))
def test_so_many_places_bring_this_mentee_in_and_one_fewer_does_not(problem):
    line = Line(problem)
    for i in line.unmatched:
        number = line.needs(i)
        if problem.ok[i].any():
            assert solve(with_new_mentor(problem, number))[i] >= 0
            assert solve(with_new_mentor(problem, number - 1))[i] == NOBODY
        else:
            assert number is None


def test_whoever_waits_longer_stands_further_ahead_in_the_line():
    problem = groups(seed=4, mentees=90, mentors=20, number=1)[0]
    line = Line(problem)
    ahead = sorted((line.needs(i), -problem.band[i]) for i in line.unmatched if line.needs(i))
    assert len(ahead) > 20
    assert [band for _, band in ahead] == sorted(band for _, band in ahead)
