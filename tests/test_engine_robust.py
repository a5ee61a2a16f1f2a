"""The mark of a proposal says how often nearby weights would propose the same."""

import dataclasses

import numpy as np

from services.engine import fit, robust
from services.engine.plan import solve
from services.engine.problem import Problem
from tests.frames import MENTEE, MENTOR, people


def marks(mentors, mentees, *, floor=0):
    table = fit.fit(mentors, mentees)
    shape = table.score.shape
    problem = Problem(
        [f"e{k}" for k in range(len(mentees))],
        [f"r{k}" for k in range(len(mentors))],
        table.score,
        np.ones(shape, dtype=bool),
        np.ones(shape[1], dtype=np.int64),
        np.zeros(shape[0], dtype=np.int64),
    )
    return robust.marks(table, fit.Weights(), problem, solve(problem), problem.ok, floor)


def test_who_is_better_in_everything_stays_the_choice_under_any_weights():
    mentees = people(MENTEE, [{"specialities": ["Bridges"], "years": 5}])
    mentors = people(MENTOR, [{"specialities": ["Bridges"], "years": 12}, {"specialities": ["Roads"], "years": 3}])
    [mark] = marks(mentors, mentees)
    assert (mark.kept, mark.tried) == (40, 40)
    assert mark.is_solid
    assert not mark.is_sensitive


def test_two_who_are_nearly_equal_for_different_reasons_hang_on_the_weights():
    weights = fit.Weights()
    mentees = people(MENTEE, [{"specialities": ["Bridges"], "years": 9, "languages": ["English"]}])
    near = [{"specialities": ["Roads"], "years": years} for years in range(9, 13)]
    mentors = people(MENTOR, [{"specialities": ["Bridges"], "years": 0}, *near])
    scores = fit.fit(mentors, mentees, weights).score[0]
    assert abs(int(scores[0]) - int(scores[1:].max())) < 60
    [mark] = marks(mentors, mentees)
    assert 0 < mark.kept < 40


def test_a_mentee_without_a_mentor_has_nothing_that_could_be_kept():
    mentees = people(MENTEE, [{}, {}])
    assert min(mark.kept for mark in marks(people(MENTOR, [{}]), mentees)) == 0


def test_weightings_that_leave_a_pair_below_the_floor_do_not_keep_it():
    mentees, mentors = people(MENTEE, [{"years": 20}]), people(MENTOR, [{"years": 0, "completed": 0}])
    score = int(fit.fit(mentors, mentees).score[0, 0])
    [mark] = marks(mentors, mentees, floor=score)
    assert 0 < mark.kept < mark.tried


def test_the_same_question_gets_the_same_mark():
    mentees = people(MENTEE, [{"years": years} for years in range(2, 20, 3)])
    mentors = people(MENTOR, [{"years": years} for years in range(5, 35, 5)])
    assert marks(mentors, mentees) == marks(mentors, mentees)


def test_every_weight_moves_by_a_fifth_at_most():
    weights = fit.Weights()
    for nearby in robust._nearby(weights, 40):
        for field in dataclasses.fields(weights):
            if field.name != "version":
                share = getattr(nearby, field.name) / (10 * getattr(weights, field.name))
                assert 0.79 < share < 1.21
