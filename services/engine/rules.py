"""The hard rules: which pairs may be proposed at all, and the sentence for each that may not."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

BoolMatrix = NDArray[np.bool_]


def fold(language: str) -> str:
    """A language's name as compared."""
    return language.strip().casefold()


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


_BEFORE = {
    "never_again": "was declined for good",
    "mentor_declined": "was declined by the mentor",
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

    @property
    def ok(self) -> BoolMatrix:
        """The pairs that may be proposed."""
        return self.first < 0

    def code(self, i: int, j: int) -> str | None:
        """Code of the first rule that mentee `i` and mentor `j` break; None when they may be proposed."""
        return None if self.first[i, j] < 0 else RULES[self.first[i, j]].code

    def sentence(self, i: int, j: int) -> str | None:
        """Why mentor `j` cannot be proposed for mentee `i`; None when they can."""
        if self.first[i, j] < 0:
            return None
        said: str = RULES[self.first[i, j]].sentence(self.mentees.iloc[i], self.mentors.iloc[j], self.terms)
        return said


def check(mentors: pd.DataFrame, mentees: pd.DataFrame, terms: Terms) -> Ruling:
    """The first rule that each pair breaks, of the frames that `services.engine` describes."""
    first = np.full((len(mentees), len(mentors)), -1, dtype=np.int8)
    for number, rule in reversed(list(enumerate(RULES))):
        first[np.broadcast_to(rule.broken(mentors, mentees, terms), first.shape)] = number
    return Ruling(mentors, mentees, terms, first)


def _row(mentors: pd.DataFrame, broken: Any) -> BoolMatrix:
    return np.asarray(broken, dtype=bool).reshape(1, len(mentors))


def _column(mentees: pd.DataFrame, broken: Any) -> BoolMatrix:
    return np.asarray(broken, dtype=bool).reshape(len(mentees), 1)


def _equal(mentors: pd.DataFrame, mentees: pd.DataFrame, column: str) -> BoolMatrix:
    codes, _ = pd.factorize(np.concatenate([mentees[column].to_numpy(object), mentors[column].to_numpy(object)]))
    return np.asarray(codes[: len(mentees), None] == codes[None, len(mentees) :])


def _happened(mentors: pd.DataFrame, mentees: pd.DataFrame, terms: Terms) -> BoolMatrix:
    broken = np.zeros((len(mentees), len(mentors)), dtype=bool)
    if len(terms.before):
        i = pd.Index(mentees["ref"]).get_indexer(terms.before["mentee"])
        j = pd.Index(mentors["ref"]).get_indexer(terms.before["mentor"])
        here = (i >= 0) & (j >= 0)
        broken[i[here], j[here]] = True
    return broken


def _what_happened(mentee: Any, mentor: Any, terms: Terms) -> str:
    pair = (terms.before["mentee"] == mentee["ref"]) & (terms.before["mentor"] == mentor["ref"])
    return f"{mentee['name']} with {mentor['name']} {_BEFORE[terms.before.loc[pair, 'what'].iloc[0]]}."


def _days(column: pd.Series) -> list[dt.date | None]:
    return [day if isinstance(day, dt.date) and not pd.isna(day) else None for day in column]


def _no_language(mentors: pd.DataFrame, mentees: pd.DataFrame, terms: Terms) -> BoolMatrix:
    if terms.working_languages:
        return np.zeros((1, 1), dtype=bool)
    spoken = [[{fold(name) for name in names} for names in people["languages"]] for people in (mentees, mentors)]
    apart = [[mine.isdisjoint(theirs) for theirs in spoken[1]] for mine in spoken[0]]
    return np.array(apart, dtype=bool).reshape(len(mentees), len(mentors))


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
    Rule("before", _happened, _what_happened),
    Rule(
        "mentee_withdrawn",
        lambda _, mentees, terms: _column(mentees, [d and d <= terms.end for d in _days(mentees["withdrawn_on"])]),
        lambda mentee, _mentor, _: f"{mentee['name']} withdraws on {_day(mentee['withdrawn_on'])}.",
    ),
    Rule(
        "mentor_withdrawn",
        lambda mentors, _, terms: _row(mentors, [d and d <= terms.end for d in _days(mentors["withdrawn_on"])]),
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
        "no_free_place",
        lambda mentors, _, __: _row(mentors, mentors["free"].to_numpy() <= 0),
        lambda _mentee, mentor, _: (
            f"{mentor['name']} has no free place: all {mentor['capacity']} are held by active or pending matches."
            if mentor["capacity"] > 1
            else f"{mentor['name']} has no free place: an active or pending match holds it."
        ),
    ),
)
