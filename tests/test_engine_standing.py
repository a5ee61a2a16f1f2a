"""A plan repaired after each decision is the plan made anew, and what it says of costs is what plans made anew say."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.plan import solve, total_fit
from services.engine.problem import NOBODY, Problem
from services.engine.standing import Standing
from tests.plans import groups, problems, value

quick = settings(max_examples=150, deadline=None, derandomize=True)


def now(problem, standing, asked, places, ok):
    """The problem as the decisions have left it."""
    return dataclasses.replace(problem, ok=ok & asked[:, None], places=places)


@quick
@given(problems(mentees=7, mentors=5), st.data())
def test_after_any_decisions_the_repaired_plan_is_the_plan_made_anew(problem, data):
    standing = Standing(problem)
    asked, places, ok = np.ones(len(problem.mentees), bool), problem.places.copy(), problem.ok.copy()
    for _ in range(8):
        i = data.draw(st.integers(0, len(asked) - 1))
        j = data.draw(st.integers(0, len(places) - 1))
        match = standing.match
        what = data.draw(st.sampled_from(["approve", "hold", "give", "decline", "back", "add", "drop"]))
        if what == "approve" and match[i] != NOBODY:
            standing.approve(i)
            asked[i] = False
            places[match[i]] -= 1
        elif what == "hold" and asked[i]:
            standing.hold(i)
            asked[i] = False
        elif what == "give" and asked[i] and places[j] > 0:
            standing.give(i, j)
            asked[i] = False
            places[j] -= 1
        elif what == "decline" and asked[i] and ok[i, j]:
            standing.decline(i, j)
            ok[i, j] = False
        elif what == "back" and not asked[i]:
            standing.back(i)
            asked[i] = True
        elif what == "add":
            standing.add_place(j)
            places[j] += 1
        elif what == "drop" and places[j] > 0:
            standing.drop_place(j)
            places[j] -= 1
        anew = solve(now(problem, standing, asked, places, ok))
        assert standing.match.tolist() == anew.tolist(), what


@quick
@given(problems(mentees=6, mentors=4))
def test_what_a_choice_costs_is_what_the_plan_made_anew_around_it_loses(problem):
    standing = Standing(problem)
    match = standing.match
    for i in range(len(match)):
        open_to = [j for j in range(len(problem.mentors)) if problem.places[j] > 0]
        effects = standing.effects(i, list(range(len(problem.mentors))))
        assert [effect.mentor for effect in effects] == open_to
        for effect in effects:
            anew = solve(problem, fixed={i: effect.mentor})
            assert effect.matched_change == (anew >= 0).sum() - (match >= 0).sum()
            assert effect.fit_change == total_fit(problem, anew) - total_fit(problem, match)
            others = {(move.mentee, move.after) for move in effect.moved}
            assert others == {(k, anew[k]) for k in np.flatnonzero(anew != match) if k != i}
    assert standing.match.tolist() == match.tolist()


@quick
@given(problems(mentees=6, mentors=4))
def test_the_losses_put_all_choices_in_the_order_of_the_plans_they_leave(problem):
    standing = Standing(problem)
    for i in range(len(problem.mentees)):
        losses = standing.losses(i)
        open_to = np.flatnonzero(problem.ok[i] & (problem.places > 0))
        assert (losses[open_to] >= 0).all()
        left = {j: value(problem, solve(problem, fixed={i: int(j)})) for j in open_to}
        for a in open_to:
            for b in open_to:
                assert losses[a] >= losses[b] or left[a] >= left[b]


@quick
@given(problems(mentees=6, mentors=4))
def test_one_more_place_brings_in_whom_the_plan_made_anew_brings_in(problem):
    standing = Standing(problem)
    match = standing.match
    for j, who in enumerate(standing.entrants()):
        more = dataclasses.replace(problem, places=problem.places + (np.arange(len(problem.mentors)) == j))
        new = np.flatnonzero((solve(more) >= 0) & (match < 0))
        assert new.tolist() == ([] if who == NOBODY else [who])


@pytest.mark.parametrize("stay", [0, 25])
def test_a_large_group_is_repaired_exactly_too(stay):
    problem = groups(seed=5, mentees=300, mentors=180, number=1)[0]
    keep = solve(problem)
    chance = np.random.default_rng(3)
    standing = Standing(problem, keep=keep, stay=stay)
    ok = problem.ok.copy()
    for i in chance.choice(np.flatnonzero(keep >= 0), 40, replace=False):
        j = standing.match[i]
        if j != NOBODY:
            standing.decline(int(i), int(j))
            ok[i, j] = False
    anew = solve(dataclasses.replace(problem, ok=ok), keep=np.where(keep >= 0, keep, NOBODY), stay=stay)
    assert standing.match.tolist() == anew.tolist()


def test_a_mentor_without_a_place_is_said_to_have_none():
    problem = Problem(["a"], ["x"], np.array([[500]]), np.ones((1, 1), bool), np.array([0]), np.zeros(1, int))
    with pytest.raises(ValueError, match="no place"):
        Standing(problem).give(0, 0)
