"""The hard rules: which pairs may be proposed at all, and the sentence for each that may not."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from services.engine import limits
from services.engine.facts import folded, shared

BoolMatrix = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Terms:
    """What a plan is made for."""

    #: First and last day of the matches to be proposed.
    start: dt.date
    end: dt.date
    #: Everyone in the programme works in these.
    working_languages: tuple[str, ...] = ("English",)
    #: What happened between two people before: columns mentee, mentor (refs), what (a key of `_BEFORE`).
    before: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["mentee", "mentor", "what"]))


class Rule(NamedTuple):
    """One rule: its code, where it is broken (broadcast to mentees by mentors), and the sentence for one pair."""

    code: str
    broken: Callable[[pd.DataFrame, pd.DataFrame, Terms], BoolMatrix]
    sentence: Callable[[Any, Any, Terms], str]


NEVER_AGAIN = "never_again"
_BEFORE = {
    NEVER_AGAIN: "was declined for good",
    "mentor_declined": "was declined by the mentor",
    "declined_lately": "was declined not long ago",
    "met": "was a match before",
}


@dataclass(frozen=True, eq=False)
class Ruling:
    """What the rules say of every pair."""

    mentors: pd.DataFrame
    mentees: pd.DataFrame
    terms: Terms
    #: Number in `RULES` of the first rule that a pair breaks; -1 when it breaks none.
    first: NDArray[np.int8]
    #: How many rules a pair breaks.
    broken: NDArray[np.int8]

    @property
    def ok(self) -> BoolMatrix:
        """The pairs that may be proposed."""
        return self.first < 0

    @property
    def but_for_places(self) -> BoolMatrix:
        """The pairs that lack a free place at most: a plan counts the places itself."""
        return np.asarray(self.ok | (self.first == _PLACES))

    @property
    def but_for_one(self) -> BoolMatrix:
        """The pairs that a single rule forbids, and one that a coordinator may override."""
        may = np.array([rule.code in OVERRIDABLE for rule in RULES])
        return np.asarray((self.broken == 1) & may[self.first])

    def code(self, i: int, j: int) -> str | None:
        """Code of the first rule that mentee `i` and mentor `j` break; None when they may be proposed."""
        return None if self.first[i, j] < 0 else RULES[self.first[i, j]].code

    def sentence(self, i: int, j: int) -> str | None:
        """Why mentor `j` cannot be proposed for mentee `i`; None when they can."""
        if self.first[i, j] < 0:
            return None
        return self._said(RULES[self.first[i, j]], i, j)

    def all(self, i: int, j: int) -> list[tuple[str, str]]:
        """Every rule that mentee `i` and mentor `j` break, the first of all first: code and sentence."""
        pair = self.mentors.iloc[[j]], self.mentees.iloc[[i]], self.terms
        return [(rule.code, self._said(rule, i, j)) for rule in RULES if np.any(rule.broken(*pair))]

    def _said(self, rule: Rule, i: int, j: int) -> str:
        return rule.sentence(self.mentees.iloc[i], self.mentors.iloc[j], self.terms)


def check(mentors: pd.DataFrame, mentees: pd.DataFrame, terms: Terms) -> Ruling:
    """The first rule that each pair breaks, of the frames that `services.engine` describes."""
    first = np.full((len(mentees), len(mentors)), -1, dtype=np.int8)
    broken = np.zeros_like(first)
    for number, rule in reversed(list(enumerate(RULES))):
        here = np.broadcast_to(rule.broken(mentors, mentees, terms), first.shape)
        first[here] = number
        broken += here
    return Ruling(mentors, mentees, terms, first, broken)


def _row(mentors: pd.DataFrame, broken: Any) -> BoolMatrix:
    return np.asarray(broken, dtype=bool).reshape(1, len(mentors))


def _column(mentees: pd.DataFrame, broken: Any) -> BoolMatrix:
    return np.asarray(broken, dtype=bool).reshape(len(mentees), 1)


def _equal(mentors: pd.DataFrame, mentees: pd.DataFrame, column: str) -> BoolMatrix:
    codes, _ = pd.factorize(np.concatenate([mentees[column].to_numpy(object), mentors[column].to_numpy(object)]))
    return np.asarray(codes[: len(mentees), None] == codes[None, len(mentees) :])


def _happened(mentors: pd.DataFrame, mentees: pd.DataFrame, before: pd.DataFrame) -> BoolMatrix:
    broken = np.zeros((len(mentees), len(mentors)), dtype=bool)
    if len(before):
        i = pd.Index(mentees["ref"]).get_indexer(before["mentee"])
        j = pd.Index(mentors["ref"]).get_indexer(before["mentor"])
        here = (i >= 0) & (j >= 0)
        broken[i[here], j[here]] = True
    return broken


def _never_again(mentors: pd.DataFrame, mentees: pd.DataFrame, terms: Terms) -> BoolMatrix:
    return _happened(mentors, mentees, terms.before[terms.before["what"] == NEVER_AGAIN])


def _met_before(mentors: pd.DataFrame, mentees: pd.DataFrame, terms: Terms) -> BoolMatrix:
    return _happened(mentors, mentees, terms.before[terms.before["what"] != NEVER_AGAIN])


def _what_happened(mentee: Any, mentor: Any, terms: Terms) -> str:
    pair = (terms.before["mentee"] == mentee["ref"]) & (terms.before["mentor"] == mentor["ref"])
    return f"{mentee['name']} with {mentor['name']} {_BEFORE[terms.before.loc[pair, 'what'].iloc[0]]}."


def _days(column: pd.Series) -> list[dt.date | None]:
    return [day if isinstance(day, dt.date) and not pd.isna(day) else None for day in column]


def _withdrawn(people: pd.DataFrame, after: dt.date | None, until: dt.date) -> list[bool]:
    """Who withdraws after a day (or ever) and up to another."""
    return [
        day is not None and (after is None or day > after) and day <= until for day in _days(people["withdrawn_on"])
    ]


def _no_language(mentors: pd.DataFrame, mentees: pd.DataFrame, terms: Terms) -> BoolMatrix:
    if terms.working_languages:
        return np.zeros((1, 1), dtype=bool)
    return np.asarray(shared(map(folded, mentees["languages"]), map(folded, mentors["languages"])) == 0)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


#: In the order in which a coordinator would give them as the reason.
RULES: tuple[Rule, ...] = (
    Rule(
        "group",
        lambda mentors, mentees, _: ~_equal(mentors, mentees, "group"),
        lambda mentee, mentor, _: f"{mentor['name']} is in {mentor['group']}, {mentee['name']} in {mentee['group']}.",
    ),
    Rule(
        "one_person",
        lambda mentors, mentees, _: _equal(mentors, mentees, "email_key"),
        lambda mentee, _mentor, _: f"{mentee['name']} is on both lists with one address.",
    ),
    Rule(NEVER_AGAIN, _never_again, _what_happened),
    Rule("before", _met_before, _what_happened),
    Rule(
        "mentee_withdrawn",
        lambda _, mentees, terms: _column(mentees, _withdrawn(mentees, None, terms.start)),
        lambda mentee, _mentor, _: f"{mentee['name']} is withdrawn as of {_day(mentee['withdrawn_on'])}.",
    ),
    Rule(
        "mentee_withdraws",
        lambda _, mentees, terms: _column(mentees, _withdrawn(mentees, terms.start, terms.end)),
        lambda mentee, _mentor, _: f"{mentee['name']} withdraws on {_day(mentee['withdrawn_on'])}.",
    ),
    Rule(
        "mentor_withdrawn",
        lambda mentors, _, terms: _row(mentors, _withdrawn(mentors, None, terms.start)),
        lambda _mentee, mentor, _: f"{mentor['name']} is withdrawn as of {_day(mentor['withdrawn_on'])}.",
    ),
    Rule(
        "mentor_withdraws",
        lambda mentors, _, terms: _row(mentors, _withdrawn(mentors, terms.start, terms.end)),
        lambda _mentee, mentor, _: f"{mentor['name']} withdraws on {_day(mentor['withdrawn_on'])}.",
    ),
    Rule(
        "not_yet_available",
        lambda mentors, _, terms: _row(mentors, [d and d > terms.start for d in _days(mentors["available_from"])]),
        lambda _mentee, mentor, _: f"{mentor['name']} is available from {_day(mentor['available_from'])}.",
    ),
    Rule(
        "not_long_enough",
        lambda mentors, _, terms: _row(mentors, [d and d < terms.end for d in _days(mentors["available_until"])]),
        lambda _mentee, mentor, terms: (
            f"{mentor['name']} is available until {_day(mentor['available_until'])}; "
            f"a match would last until {_day(terms.end)}."
        ),
    ),
    Rule(
        "language",
        _no_language,
        lambda mentee, mentor, _: f"{mentee['name']} and {mentor['name']} have no language in common.",
    ),
    Rule(
        "mentor_not_agency",
        lambda mentors, mentees, _: limits.agency_of_conflict(mentors, mentees),
        lambda mentee, mentor, _: limits.agency_of_conflict_said(mentee, mentor),
    ),
    Rule(
        "agency_not_division",
        lambda mentors, mentees, _: limits.division_ruled_out(mentors, mentees),
        lambda mentee, mentor, _: limits.division_ruled_out_said(mentee, mentor),
    ),
    Rule(
        "mentor_limit_years",
        lambda mentors, mentees, _: limits.years_outside(mentors, mentees),
        lambda mentee, mentor, _: limits.years_outside_said(mentee, mentor),
    ),
    Rule(
        "mentor_limit_km",
        lambda mentors, mentees, _: limits.too_far_for_mentor(mentors, mentees),
        lambda mentee, mentor, _: limits.too_far_for_mentor_said(mentee, mentor),
    ),
    Rule(
        "agency_limit_km",
        lambda mentors, mentees, _: limits.too_far_for_agency(mentors, mentees),
        lambda mentee, mentor, _: limits.too_far_for_agency_said(mentee, mentor),
    ),
    Rule(
        "no_free_place",
        lambda mentors, _, __: _row(mentors, mentors["free"].to_numpy() <= 0),
        lambda _mentee, mentor, _: (
            f"{mentor['name']} has no free place: all {mentor['capacity']} are held by active or pending matches."
            if mentor["capacity"] > 1
            else f"{mentor['name']} has no free place: an active or pending match holds it."
        ),
    ),
)

_PLACES = len(RULES) - 1

#: Rules that a coordinator may set aside with a recorded reason. The database itself refuses two people who are one,
#: a place that is not there and a pair declined for good; and who has withdrawn meets nobody.
OVERRIDABLE: frozenset[str] = frozenset(rule.code for rule in RULES) - {
    "one_person",
    NEVER_AGAIN,
    "mentee_withdrawn",
    "mentor_withdrawn",
    "no_free_place",
}
