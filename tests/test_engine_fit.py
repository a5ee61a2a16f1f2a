"""Hard rules and fit, pair by pair."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from services.engine.fit import Weights, fit
from services.engine.rules import Terms, check

DAY = dt.date(2026, 3, 2)
TERMS = Terms(start=DAY, end=dt.date(2026, 7, 2))

MENTOR = {
    "ref": "r1",
    "name": "Grace Fraser",
    "email_key": "grace@toronto.example",
    "group": "Engineering",
    "title": "Senior engineer",
    "years": 17,
    "languages": ["English", "French"],
    "capacity": 2,
    "free": 2,
    "completed": 3,
    "available_from": None,
    "available_until": None,
    "withdrawn_on": None,
}
MENTEE = {
    "ref": "e1",
    "name": "Adaeze Okafor",
    "email_key": "adaeze@mail.example",
    "group": "Engineering",
    "title": "Civil engineer",
    "years": 9,
    "languages": ["English", "Yoruba"],
    "withdrawn_on": None,
}


def frame(person, **given):
    return pd.DataFrame([{**person, **given}], dtype=object)


def refusal(mentor=None, mentee=None, terms=TERMS):
    return check(frame(MENTOR, **(mentor or {})), frame(MENTEE, **(mentee or {})), terms).sentence(0, 0)


def parts(mentor=None, mentee=None):
    table = fit(frame(MENTOR, **(mentor or {})), frame(MENTEE, **(mentee or {})))
    return {part.name: part for part in table.explain(0, 0)} | {"fit": int(table.score[0, 0])}


def test_a_pair_that_breaks_no_rule_may_be_proposed():
    assert refusal() is None


@pytest.mark.parametrize(
    ("mentor", "mentee", "sentence"),
    [
        ({"group": "Law"}, {}, "Grace Fraser is in Law, Adaeze Okafor in Engineering."),
        ({"email_key": MENTEE["email_key"]}, {}, "Adaeze Okafor is on both lists with one address."),
        ({"free": 0}, {}, "Grace Fraser has no free place: all 2 are held by active or pending matches."),
        ({"withdrawn_on": dt.date(2026, 5, 1)}, {}, "Grace Fraser withdraws on 1 May 2026."),
        ({}, {"withdrawn_on": dt.date(2026, 5, 1)}, "Adaeze Okafor withdraws on 1 May 2026."),
        ({"available_from": dt.date(2026, 3, 3)}, {}, "Grace Fraser is available from 3 March 2026."),
        (
            {"available_until": dt.date(2026, 7, 1)},
            {},
            "Grace Fraser is available until 1 July 2026; a match would last until 2 July 2026.",
        ),
        ({"group": "Law", "free": 0}, {}, "Grace Fraser is in Law, Adaeze Okafor in Engineering."),
    ],
)
def test_the_first_rule_that_a_pair_breaks_is_said_in_a_sentence(mentor, mentee, sentence):
    assert refusal(mentor, mentee) == sentence


def test_the_language_rule_bites_only_without_a_working_language():
    assert refusal(mentee={"languages": ["Yoruba"]}) is None
    without = Terms(start=DAY, end=TERMS.end, working_languages=())
    assert refusal(terms=without) is None
    said = refusal(mentee={"languages": ["Yoruba"]}, terms=without)
    assert said == "Adaeze Okafor and Grace Fraser have no language in common."


@pytest.mark.parametrize(("what", "said"), [("never_again", "was declined for good"), ("met", "was a match before")])
def test_two_people_with_a_past_are_not_proposed_again(what, said):
    before = pd.DataFrame([("e1", "r1", what), ("e9", "r1", what)], columns=["mentee", "mentor", "what"])
    terms = Terms(start=DAY, end=TERMS.end, before=before)
    assert refusal(terms=terms) == f"Adaeze Okafor with Grace Fraser {said}."
    assert refusal({"ref": "r2"}, terms=terms) is None


@pytest.mark.parametrize(
    ("years", "score", "verdict"),
    [
        (4, 25, "5 years fewer"),
        (9, 50, "Equal"),
        (10, 67, "A little ahead"),
        (12, 100, "Well ahead"),
        (24, 100, "Well ahead"),
        (34, 80, "Far ahead"),
    ],
)
def test_a_mentor_three_to_fifteen_years_ahead_fits_best(years, score, verdict):
    experience = parts({"years": years})["Experience"]
    assert (experience.mentee, experience.mentor) == ("9 years", f"{years} years")
    assert (experience.score, experience.verdict) == (score, verdict)


@pytest.mark.parametrize(
    ("languages", "score", "verdict"),
    [(["English"], 50, "Working language"), ([" yoruba"], 85, "1 shared"), (["Yoruba", "ENGLISH"], 85, "1 shared")],
)
def test_only_languages_beyond_the_working_one_raise_the_fit(languages, score, verdict):
    language = parts({"languages": languages})["Language"]
    assert (language.score, language.verdict) == (score, verdict)


def test_the_fit_is_the_weighted_mean_of_the_rows_shown():
    shown = parts()
    scores = {name: part.score for name, part in shown.items() if name != "fit"}
    assert scores == {"Occupation": 100, "Experience": 100, "Language": 50, "Mentoring": 100, "Places": 100}
    assert shown["fit"] == 925


def test_a_missing_fact_is_left_out_and_said_so():
    shown = parts({"years": None})
    assert (shown["Experience"].score, shown["Experience"].verdict) == (None, "Left out, not stated")
    assert shown["Experience"].mentor == "Not stated"
    assert shown["fit"] == 893  # (300 * 100 + 150 * 50 + 150 * 100 + 100 * 100) * 10 / 700


def test_one_profession_is_worth_the_standard_floor_at_least():
    worst = {"years": 0, "languages": ["French"], "completed": 0, "free": 0}
    assert parts(worst, {"years": 40})["fit"] >= 300


def test_the_weights_add_up_to_a_thousand():
    weights = Weights()
    total = weights.occupation + weights.experience + weights.languages + weights.record + weights.load
    assert total == 1000


def test_country_and_goal_do_not_change_the_fit():
    assert parts(mentee={"country": "Nigeria", "goal": "x"})["fit"] == parts()["fit"]


def test_a_whole_group_is_scored_as_its_pairs_are():
    chance = np.random.default_rng(4)
    languages = [["English"], ["French", "English"], [], ["Yoruba"]]
    mentors, mentees = (
        pd.DataFrame(
            [
                {**person, "ref": f"{k}", "years": int(years), "languages": languages[k % 4]}
                for k, years in enumerate(chance.integers(0, 40, count))
            ],
            dtype=object,
        )
        for person, count in ((MENTOR, 9), (MENTEE, 7))
    )
    whole = fit(mentors, mentees).score
    alone = [[fit(mentors.iloc[[j]], mentees.iloc[[i]]).score[0, 0] for j in range(9)] for i in range(7)]
    assert whole.tolist() == alone
