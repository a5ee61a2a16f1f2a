"""The criteria of the fit, what is said of them, and the score they make together."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.criteria import CRITERIA
from services.engine.facts import columns
from services.engine.fit import Weights, fit, why
from tests.frames import MALVERN, MENTEE, MENTOR, METRO_HALL, frame, people

#: Everything a criterion may read. Whoever adds a column here answers for it; a protected trait is never one.
ALLOWED = {
    "group",
    "title",
    "specialities",
    "years",
    "helps_with",
    "goals",
    "licence",
    "licence_sought",
    "languages",
    "latitude",
    "longitude",
    "wish_years_from",
    "wish_years_to",
    "wish_agencies",
    "agency",
    "completed",
    "free",
    "capacity",
}
KEYS = [criterion.key for criterion in CRITERIA]
OFFICE = {"office": "Metro Hall", **METRO_HALL}


def parts(mentor=None, mentee=None):
    table = fit(frame(MENTOR, **(mentor or {})), frame(MENTEE, **(mentee or {})))
    return {part.name: part for part in table.explain(0, 0)} | {"fit": int(table.score[0, 0])}


def said(name, mentor=None, mentee=None):
    part = parts(mentor, mentee)[name]
    return part.score, part.verdict, part.sentence


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Senior engineer", (80, "Same field", "Both work in Engineering.")),
        (" civil ENGINEER", (100, "Same title", "Both have the title civil ENGINEER.")),
        (None, (80, "Same field", "Both work in Engineering.")),
    ],
)
def test_equal_titles_count_and_alike_ones_do_not(title, told):
    assert said("Occupation", {"title": title}) == told


def test_another_field_speaks_for_nothing():
    told = said("Occupation", {"group": "Law"})
    assert told == (0, "Another field", "Grace Fraser works in Law, Adaeze Okafor in Engineering.")


@pytest.mark.parametrize(
    ("asked", "offered", "told"),
    [
        (
            ["Bridges", "Water", "Roads"],
            ["water", "Roads", "Rail"],
            (67, "2 of 3", "Grace Fraser knows 2 of the 3 specialities Adaeze Okafor names."),
        ),
        (["Bridges"], ["Bridges"], (100, "1 of 1", "Grace Fraser knows the speciality Adaeze Okafor names.")),
        (["Bridges"], ["Rail"], (0, "0 of 1", "Grace Fraser does not know the speciality Adaeze Okafor names.")),
        (
            ["Bridges", "Water"],
            ["Rail"],
            (0, "0 of 2", "Grace Fraser knows none of the 2 specialities Adaeze Okafor names."),
        ),
        (["Bridges"], [], (None, "Left out, not stated", "")),
        ([], ["Bridges"], (None, "Left out, not stated", "")),
    ],
)
def test_a_speciality_counts_by_the_share_that_the_mentor_has(asked, offered, told):
    assert said("Speciality", {"specialities": offered}, {"specialities": asked}) == told


def test_goals_count_by_the_share_that_the_mentor_helps_with():
    told = said("Goals", {"helps_with": ["Licensing", "Networking"]}, {"goals": ["Networking", "Sector knowledge"]})
    assert told == (50, "1 of 2", "Grace Fraser helps with 1 of the 2 goals Adaeze Okafor has.")


@pytest.mark.parametrize(
    ("held", "sought", "told"),
    [
        (
            "P.Eng.",
            "p.eng.",
            (100, "Holds it", "Grace Fraser holds P.Eng., the licence Adaeze Okafor seeks."),
        ),
        ("CPA", "P.Eng.", (40, "Another one", "Adaeze Okafor seeks P.Eng.; Grace Fraser holds CPA, another licence.")),
        (None, "P.Eng.", (None, "Left out, not stated", "")),
        ("P.Eng.", None, (None, "Left out, none sought", "")),
        (None, None, (None, "Left out, none sought", "")),
    ],
)
def test_the_licence_that_the_mentee_seeks_is_held_best(held, sought, told):
    assert said("Licence", {"licence": held}, {"licence_sought": sought}) == told


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
    language = parts({"languages": languages})["Languages"]
    assert (language.score, language.verdict) == (score, verdict)


@pytest.mark.parametrize(
    ("office", "told"),
    [
        (
            OFFICE,
            (9, "About 23 km", "Grace Fraser’s office, Metro Hall, is about 23 km from Malvern, Adaeze Okafor’s area."),
        ),
        (
            {"office": "Malvern", **MALVERN},
            (
                100,
                "Under 1 km",
                "Grace Fraser’s office, Malvern, is under 1 km from Malvern, Adaeze Okafor’s area.",
            ),
        ),
        ({"office": "A new one"}, (None, "Left out, place not known", "")),
        ({}, (None, "Left out, not stated", "")),
    ],
)
def test_an_office_counts_by_its_distance_from_the_mentees_area(office, told):
    assert said("Office", office, {"area": "Malvern", **MALVERN}) == told


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        (
            {"wish_years_from": 5, "wish_years_to": 10, "wish_agencies": ["Northview", "Lakeside"]},
            (
                100,
                "As wished",
                (
                    "Grace Fraser wishes for 5 to 10 years of experience, and Adaeze Okafor has 9; "
                    "for a mentee of Northview or Lakeside, and Adaeze Okafor is referred by Northview."
                ),
            ),
        ),
        (
            {"wish_years_to": 7, "wish_agencies": ["Northview"]},
            (
                80,
                "In part",
                (
                    "Grace Fraser wishes for up to 7 years of experience, and Adaeze Okafor has 9; "
                    "for a mentee of Northview, and Adaeze Okafor is referred by Northview."
                ),
            ),
        ),
        (
            {"wish_years_from": 20},
            (
                0,
                "Not as wished",
                "Grace Fraser wishes for 20 years or more of experience, and Adaeze Okafor has 9.",
            ),
        ),
        ({}, (None, "Left out, no wishes", "")),
    ],
)
def test_what_the_mentor_wishes_for_counts_and_rules_out_nobody(wish, told):
    assert said("Mentor's wishes", wish, {"agency": "Northview"}) == told


def test_the_fit_is_the_weighted_mean_of_the_rows_shown():
    shown = parts()
    scores = {name: part.score for name, part in shown.items() if name != "fit" and part.score is not None}
    assert scores == {"Occupation": 80, "Experience": 100, "Languages": 50, "Mentoring": 100, "Places": 100}
    assert shown["fit"] == 832  # (380 * 80 + 120 * 100 + 50 * 50 + 30 * 100 + 20 * 100) * 10 / 600 = 831.67


def test_a_missing_fact_is_left_out_and_said_so():
    shown = parts({"years": None})
    assert (shown["Experience"].score, shown["Experience"].verdict) == (None, "Left out, not stated")
    assert (shown["Experience"].mentor, shown["Experience"].silent) == ("Not stated", False)
    assert shown["fit"] == 790  # (380 * 80 + 50 * 50 + 30 * 100 + 20 * 100) * 10 / 480 = 789.58


def test_a_criterion_of_which_neither_side_says_anything_is_silent():
    silent = [name for name, part in parts().items() if name != "fit" and part.silent]
    assert silent == ["Speciality", "Goals", "Licence", "Office", "Mentor's wishes"]


def test_the_card_says_first_what_speaks_most_for_the_pair():
    reasons = why(fit(frame(MENTOR, specialities=["Water"]), frame(MENTEE, specialities=["Water"])).explain(0, 0))
    assert reasons == (
        "Grace Fraser knows the speciality Adaeze Okafor names. "
        "Grace Fraser has 8 years more experience than Adaeze Okafor."
    )
    assert why(fit(frame(MENTOR, years=9), frame(MENTEE)).explain(0, 0)) == ""


def test_one_profession_is_worth_the_standard_floor_at_least():
    worst = {
        "years": 0,
        "languages": ["French"],
        "completed": 0,
        "free": 0,
        "specialities": ["Rail"],
        "helps_with": ["Licensing"],
        "licence": "CPA",
        "wish_years_to": 2,
        "wish_agencies": ["Lakeside"],
        **OFFICE,
    }
    asks = {
        "years": 40,
        "specialities": ["Roads"],
        "goals": ["Networking"],
        "licence_sought": "P.Eng.",
        "area": "Far away",
        "latitude": 44.4,
        "longitude": -79.7,
        "agency": "Northview",
    }
    shown = parts(worst, asks)
    assert all(part.score is not None for name, part in shown.items() if name != "fit")
    assert shown["fit"] >= 300
    assert parts({"years": None, "languages": [], "completed": 0, "free": 0})["fit"] >= 300


def test_every_criterion_has_a_weight_and_the_weights_add_up_to_a_thousand():
    weights = dataclasses.asdict(Weights())
    assert weights.pop("version") == 1
    assert list(weights) == KEYS
    assert sum(weights.values()) == 1000


def test_no_criterion_reads_anything_but_what_is_allowed():
    named = {name for criterion in CRITERIA for name in (*criterion.of_mentor, *criterion.of_mentee)}
    assert named <= ALLOWED
    mentors, mentees = frame(MENTOR, **OFFICE), frame(MENTEE, area="Malvern", **MALVERN)
    bare = [people[[name for name in people if name in ALLOWED]] for people in (mentors, mentees)]
    assert fit(*bare).score.tolist() == fit(mentors, mentees).score.tolist()


@pytest.mark.parametrize("trait", ["country", "country_of_education", "gender", "age", "goal", "name", "email_key"])
def test_a_protected_trait_a_name_or_a_free_text_changes_no_fit(trait):
    assert trait not in ALLOWED
    other = frame(MENTEE).assign(**{trait: "something else"})
    assert fit(frame(MENTOR), other).score[0, 0] == parts()["fit"]


name = st.sampled_from(["Bridges", "Water", "Roads", "bridges "])
names = st.lists(name, max_size=3)
maybe = st.sampled_from
whereabouts = maybe([{"latitude": None, "longitude": None}, METRO_HALL, MALVERN])
both = {
    "title": maybe([None, "Engineer", "engineer", "Planner"]),
    "years": maybe([None, 0, 9, 40]),
    "languages": maybe([[], ["English"], ["English", "Twi"], ["Yoruba", "twi"]]),
    "specialities": names,
}
mentors = st.builds(
    dict,
    at=whereabouts,
    **both,
    helps_with=names,
    licence=maybe([None, "P.Eng.", "CPA"]),
    free=st.integers(0, 2),
    completed=st.integers(0, 4),
    wish_years_from=maybe([None, 5]),
    wish_years_to=maybe([None, 5, 9]),
    wish_agencies=maybe([[], ["Northview"], ["Northview", "Lakeside"]]),
)
mentees = st.builds(
    dict,
    at=whereabouts,
    **both,
    goals=names,
    licence_sought=maybe([None, "P.Eng."]),
    agency=maybe([None, "Northview", "Lakeside"]),
)


def crowd(person, many):
    return people(person, [{**one, **one["at"]} for one in many])


crowds = {
    "mentors": st.lists(mentors, min_size=1, max_size=5).map(lambda many: crowd(MENTOR, many)),
    "mentees": st.lists(mentees, min_size=1, max_size=5).map(lambda many: crowd(MENTEE, many)),
}
some = settings(derandomize=True, deadline=None, max_examples=60)


@given(**crowds)
@some
def test_points_lie_between_0_and_100_or_are_left_out_and_the_card_says_which(mentors, mentees):
    table = fit(mentors, mentees)
    assert ((table.score >= 0) & (table.score <= 1000)).all()
    for matrix in table.parts.values():
        assert matrix.shape == table.score.shape
        assert (np.isnan(matrix) | ((matrix >= 0) & (matrix <= 100))).all()
    for part in table.explain(0, 0):
        assert part.verdict.startswith("Left out, ") == (part.score is None)
        assert part.sentence.endswith(".") == (part.score is not None)


@given(chance=st.randoms(use_true_random=False), **crowds)
@some
def test_the_order_of_people_orders_the_matrix_and_changes_nothing_else(mentors, mentees, chance):
    rows, across = (chance.sample(range(len(people)), len(people)) for people in (mentees, mentors))
    table = fit(mentors, mentees)
    turned = fit(mentors.iloc[across].reset_index(drop=True), mentees.iloc[rows].reset_index(drop=True))
    assert (turned.score == table.score[np.ix_(rows, across)]).all()
    for key in KEYS:
        np.testing.assert_array_equal(turned.parts[key], table.parts[key][np.ix_(rows, across)])


@given(**crowds)
@some
def test_a_whole_group_is_scored_as_its_pairs_are(mentors, mentees):
    whole = fit(mentors, mentees).score
    alone = [[fit(mentors.iloc[[j]], row).score[0, 0] for j in range(len(mentors))] for row in rows_of(mentees)]
    assert whole.tolist() == alone


@given(column=st.sampled_from(["years", "specialities", "languages", "licence", "latitude"]), **crowds)
@some
def test_what_one_person_leaves_out_changes_nobody_elses_points(mentors, mentees, column):
    silent = mentors.copy()
    nothing = [] if isinstance(MENTOR[column], list) else None
    silent[column] = pd.Series([nothing, *mentors[column].iloc[1:]], dtype=object)
    before, after = fit(mentors, mentees).parts, fit(silent, mentees).parts
    for key in KEYS:
        np.testing.assert_array_equal(before[key][:, 1:], after[key][:, 1:])


@given(given=st.lists(st.integers(0, 1000), min_size=len(KEYS), max_size=len(KEYS)), **crowds)
@some
def test_other_weights_on_known_facts_are_the_mean_half_up(mentors, mentees, given):
    weights = Weights(**dict(zip(KEYS, given, strict=True)), version=2)
    again = fit(mentors, mentees).reweighted(weights)
    assert (again == fit(mentors, mentees, weights).score).all()
    known = [(part.score, weight) for part, weight in zip(fit(mentors, mentees).explain(0, 0), given, strict=True)]
    counted = sum(weight for score, weight in known if score is not None)
    total = sum(score * weight for score, weight in known if score is not None)
    assert again[0, 0] == ((20 * total + counted) // (2 * counted) if counted else 0)


def test_nobody_on_one_side_is_no_error():
    nobody, someone = frame(MENTOR).iloc[:0], frame(MENTEE)
    assert fit(nobody, someone).score.shape == (1, 0)
    assert fit(frame(MENTOR), someone.iloc[:0]).score.shape == (0, 1)


def test_a_criterion_is_handed_the_columns_it_names_alone():
    assert set(columns(pd.DataFrame({"years": [1], "country": ["Nigeria"]}), ("years",))) == {"years"}


def rows_of(frame):
    return [frame.iloc[[i]] for i in range(len(frame))]
