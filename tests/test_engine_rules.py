"""Hard rules, pair by pair."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.engine.rules import OVERRIDABLE, RULES, Terms, check
from services.engine.unmatched import _SAID
from tests.frames import DAY, MALVERN, MENTEE, MENTOR, METRO_HALL, frame, people

TERMS = Terms(start=DAY, end=dt.date(2026, 7, 2))
OFFICE = {"office": "Metro Hall", **METRO_HALL}
AREA = {"area": "Malvern", **MALVERN, "agency": "Northview"}


def ruling(mentor=None, mentee=None, terms=TERMS):
    return check(frame(MENTOR, **(mentor or {})), frame(MENTEE, **(mentee or {})), terms)


def refusal(mentor=None, mentee=None, terms=TERMS):
    return ruling(mentor, mentee, terms).sentence(0, 0)


def test_a_pair_that_breaks_no_rule_may_be_proposed():
    assert refusal() is None


@pytest.mark.parametrize(
    ("mentor", "mentee", "sentence"),
    [
        ({"group": "Law"}, {}, "Grace Fraser is in Law, Adaeze Okafor in Engineering."),
        ({"email_key": MENTEE["email_key"]}, {}, "Adaeze Okafor is on both lists with one address."),
        ({"free": 0}, {}, "Grace Fraser has no free place: all 2 are held by active or pending matches."),
        ({"withdrawn_on": dt.date(2026, 5, 1)}, {}, "Grace Fraser withdraws on 1 May 2026."),
        ({"withdrawn_on": DAY}, {}, "Grace Fraser is withdrawn as of 2 March 2026."),
        ({}, {"withdrawn_on": dt.date(2026, 5, 1)}, "Adaeze Okafor withdraws on 1 May 2026."),
        ({}, {"withdrawn_on": dt.date(2026, 1, 5)}, "Adaeze Okafor is withdrawn as of 5 January 2026."),
        ({"available_from": dt.date(2026, 3, 3)}, {}, "Grace Fraser is available from 3 March 2026."),
        (
            {"available_until": dt.date(2026, 7, 1)},
            {},
            "Grace Fraser is available until 1 July 2026; a match would last until 2 July 2026.",
        ),
        ({"group": "Law", "free": 0}, {}, "Grace Fraser is in Law, Adaeze Okafor in Engineering."),
        (
            {"limit_years_from": 3, "limit_years_to": 8},
            {},
            "Grace Fraser takes mentees with 3 to 8 years of experience; Adaeze Okafor has 9.",
        ),
        (
            {"limit_years_from": 10},
            {},
            "Grace Fraser takes mentees with 10 years or more of experience; Adaeze Okafor has 9.",
        ),
        (
            {"limit_years_to": 1},
            {},
            "Grace Fraser takes mentees with up to 1 year of experience; Adaeze Okafor has 9.",
        ),
        (
            {"not_agencies": ["Lakeside", " northview"]},
            {"agency": "Northview"},
            "Grace Fraser has a conflict of interest with Northview, Adaeze Okafor’s agency.",
        ),
        (
            {**OFFICE, "limit_km": 10},
            AREA,
            "Grace Fraser meets mentees within 10 km; Malvern is about 23 km from Metro Hall.",
        ),
        (
            OFFICE,
            {**AREA, "agency_limit_km": 22},
            "Northview sends its mentees no farther than 22 km; Metro Hall is about 23 km from Malvern.",
        ),
        (
            {"division": "Toronto Water"},
            {"agency": "Northview", "agency_not_divisions": ["Toronto Water"]},
            "Northview sends nobody to Toronto Water, Grace Fraser’s division.",
        ),
    ],
)
def test_the_first_rule_that_a_pair_breaks_is_said_in_a_sentence(mentor, mentee, sentence):
    assert refusal(mentor, mentee) == sentence


@pytest.mark.parametrize(
    ("mentor", "mentee"),
    [
        ({"limit_years_from": 9, "limit_years_to": 9}, {}),
        ({"limit_years_from": 30}, {"years": None}),
        ({"not_agencies": ["Northview"]}, {}),
        ({**OFFICE, "limit_km": 23}, AREA),
        ({"office": "Somewhere", "limit_km": 1}, AREA),
        ({"division": None}, {"agency": "Northview", "agency_not_divisions": ["Toronto Water"]}),
    ],
)
def test_a_limit_that_is_just_kept_or_whose_facts_nobody_knows_breaks_nothing(mentor, mentee):
    assert refusal(mentor, mentee) is None


def test_the_language_rule_bites_only_without_a_working_language():
    assert refusal(mentee={"languages": ["Yoruba"]}) is None
    without = Terms(start=DAY, end=TERMS.end, working_languages=())
    assert refusal(terms=without) is None
    said = refusal(mentee={"languages": ["Yoruba"]}, terms=without)
    assert said == "Adaeze Okafor and Grace Fraser have no language in common."


@pytest.mark.parametrize(
    ("what", "said", "code"),
    [
        ("never_again", "was declined for good", "never_again"),
        ("mentor_declined", "was declined by the mentor", "before"),
        ("met", "was a match before", "before"),
    ],
)
def test_two_people_with_a_past_are_not_proposed_again(what, said, code):
    before = pd.DataFrame([("e1", "r1", what), ("e9", "r1", what)], columns=["mentee", "mentor", "what"])
    terms = Terms(start=DAY, end=TERMS.end, before=before)
    assert refusal(terms=terms) == f"Adaeze Okafor with Grace Fraser {said}."
    assert ruling(terms=terms).code(0, 0) == code
    assert refusal({"ref": "r2"}, terms=terms) is None


def test_every_rule_that_a_pair_breaks_can_be_asked_for():
    broken = ruling({"group": "Law", "free": 0, "capacity": 1, "limit_years_to": 5}).all(0, 0)
    assert broken == [
        ("group", "Grace Fraser is in Law, Adaeze Okafor in Engineering."),
        ("mentor_limit_years", "Grace Fraser takes mentees with up to 5 years of experience; Adaeze Okafor has 9."),
        ("no_free_place", "Grace Fraser has no free place: an active or pending match holds it."),
    ]


def test_what_the_database_refuses_and_people_who_are_gone_cannot_be_overridden():
    never = {"one_person", "never_again", "no_free_place", "mentee_withdrawn", "mentor_withdrawn"}
    assert {rule.code for rule in RULES} - never == OVERRIDABLE


def test_every_rule_has_its_words_for_a_mentee_without_a_mentor():
    assert set(_SAID) == {rule.code for rule in RULES}


mentors = st.fixed_dictionaries(
    {
        "group": st.sampled_from(["Engineering", "Law"]),
        "free": st.integers(0, 1),
        "withdrawn_on": st.sampled_from([None, DAY, dt.date(2026, 5, 1)]),
        "limit_years_from": st.sampled_from([None, 5, 12]),
        "not_agencies": st.sampled_from([[], ["Northview"]]),
        "limit_km": st.sampled_from([None, 10, 30]),
        **{name: st.just(value) for name, value in OFFICE.items()},
    }
)
mentees = st.fixed_dictionaries(
    {
        "years": st.sampled_from([None, 3, 9]),
        "agency": st.sampled_from([None, "Northview"]),
        "agency_limit_km": st.sampled_from([None, 20]),
        "latitude": st.sampled_from([None, MALVERN["latitude"]]),
        "longitude": st.just(MALVERN["longitude"]),
        "area": st.just("Malvern"),
        "languages": st.sampled_from([["English"], ["Twi"]]),
    }
)


@given(st.lists(mentors, min_size=1, max_size=4), st.lists(mentees, min_size=1, max_size=4), st.booleans())
@settings(derandomize=True, deadline=None, max_examples=60)
def test_the_first_broken_rule_is_the_first_of_all_and_a_group_is_ruled_as_its_pairs_are(many, more, working):
    terms = Terms(start=DAY, end=TERMS.end, working_languages=("English",) if working else ())
    mentors, mentees = people(MENTOR, many), people(MENTEE, more)
    whole = check(mentors, mentees, terms)
    for i in range(len(mentees)):
        for j in range(len(mentors)):
            broken = whole.all(i, j)
            assert (whole.code(i, j), whole.sentence(i, j)) == (broken[0] if broken else (None, None))
            assert whole.ok[i, j] == (not broken)
            alone = check(mentors.iloc[[j]], mentees.iloc[[i]], terms)
            assert alone.code(0, 0) == whole.code(i, j)
            assert all(sentence.endswith(".") for _, sentence in broken)
