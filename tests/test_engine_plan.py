"""The plan is the exact optimum, against every possible plan of small cases, whatever the order of the rows."""

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.plan import solve
from services.engine.problem import NOBODY, Problem
from services.engine.standing import Move, Standing
from tests.plans import groups, problems, value


def every_plan(problem):
    choices = [[NOBODY, *np.flatnonzero(row)] for row in problem.ok]
    for plan in itertools.product(*choices):
        match = np.array(plan)
        used = np.bincount(match[match >= 0], minlength=len(problem.places))
        if (used <= problem.places).all():
            yield match


@settings(max_examples=400, deadline=None)
@given(problems())
def test_no_other_plan_is_better(problem):
    match = solve(problem)
    assert any(np.array_equal(match, plan) for plan in every_plan(problem))
    assert value(problem, match) == max(value(problem, plan) for plan in every_plan(problem))


@settings(max_examples=200, deadline=None)
@given(problems(mentees=7, mentors=5), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(problem, random):
    rows, columns = list(range(len(problem.mentees))), list(range(len(problem.mentors)))
    random.shuffle(rows)
    random.shuffle(columns)
    shuffled = reordered(problem, rows, columns)
    assert pairs(shuffled, solve(shuffled)) == pairs(problem, solve(problem))


def test_twenty_orders_of_a_large_group_give_the_same_pairs():
    problem = groups(seed=9, mentees=300, mentors=180, number=1)[0]
    chance, wanted = np.random.default_rng(9), pairs(problem, solve(problem))
    for _ in range(20):
        rows, columns = chance.permutation(len(problem.mentees)), chance.permutation(len(problem.mentors))
        shuffled = reordered(problem, rows, columns)
        assert pairs(shuffled, solve(shuffled)) == wanted


def reordered(problem, rows, columns):
    return Problem(
        [problem.mentees[i] for i in rows],
        [problem.mentors[j] for j in columns],
        problem.score[np.ix_(rows, columns)],
        problem.ok[np.ix_(rows, columns)],
        problem.places[columns],
        problem.band[rows],
    )


def pairs(problem, match):
    return {(problem.mentees[i], problem.mentors[match[i]]) for i in np.flatnonzero(match >= 0)}


@settings(max_examples=200, deadline=None)
@given(problems())
def test_every_alternative_costs_what_the_best_plan_around_it_loses(problem):
    standing = Standing(problem)
    best_of_all = value(problem, standing.match)
    for i in range(len(problem.mentees)):
        for effect in standing.alternatives(i, limit=9):
            around = [plan for plan in every_plan(problem) if plan[i] == effect.mentor]
            best = max(value(problem, plan) for plan in around)
            assert effect.matched_change == best[0] - best_of_all[0]
            assert effect.fit_change == best[-1] - best_of_all[-1]


def test_a_stay_bonus_keeps_proposals_where_little_is_gained():
    problem = groups(seed=1, mentees=120, mentors=72, number=1)[0]
    before = solve(problem)
    drift = Problem(
        problem.mentees,
        problem.mentors,
        np.minimum(problem.score + np.random.default_rng(2).integers(-40, 41, problem.score.shape), 1000),
        problem.ok,
        problem.places,
        problem.band,
    )
    assert (solve(drift, keep=before, stay=25) != before).sum() < (solve(drift) != before).sum()
    assert (solve(drift, keep=before, stay=25) >= 0).sum() == (before >= 0).sum()


def test_giving_a_taken_mentor_names_who_moves():
    problem = Problem(
        ["a", "b"],
        ["x", "y"],
        np.array([[900, 700], [840, 710]]),
        np.ones((2, 2), dtype=bool),
        np.array([1, 1]),
        np.array([0, 0]),
    )
    assert solve(problem).tolist() == [0, 1]
    [effect] = Standing(problem).effects(1, [0])
    assert (effect.matched_change, effect.fit_change) == (0, -70)
    assert [(move.mentee, move.before, move.after) for move in effect.moved] == [(0, 0, 1)]


@pytest.mark.parametrize("waiting_alike", [False, True])
def test_prices_prove_that_the_plan_of_a_large_programme_is_the_best(waiting_alike):
    for problem in groups(seed=3, mentees=1000, mentors=600, number=16):
        asked = dataclasses.replace(problem, band=problem.band * 0) if waiting_alike else problem
        assert Standing(asked).is_proven_best()


def test_a_worse_plan_is_not_proven_best():
    problem = groups(seed=3, mentees=60, mentors=36, number=1)[0]
    standing = Standing(problem)
    i, j = np.flatnonzero(standing._match >= 0)[:2]
    standing._carry_out([Move(int(i), int(standing._match[i]), -1), Move(int(j), int(standing._match[j]), -1)])
    assert not standing.is_proven_best()


def test_a_group_without_mentors_has_an_empty_plan():
    nobody = Problem(["a"], [], np.zeros((1, 0), int), np.zeros((1, 0), bool), np.zeros(0, int), np.zeros(1, int))
    assert solve(nobody).tolist() == [NOBODY]
