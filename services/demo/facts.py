"""What the demo's people are matched by, drawn for each person by themselves so that nothing else of them moves."""

import datetime as dt
import random
import re
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import About, MenteeSpeciality, MentorSpeciality, OccupationalGroup, OwnWords, Place, Speciality
from services.demo import store
from services.demo.catalogue import AGENCIES
from services.demo.lists import AREAS, AREAS_OFTEN, LICENCES, OWN_WORDS, PLACES, SPECIALITIES
from services.demo.people import People, Row, draws
from services.programmes import Clocks

_GOALS = Clocks().goals
#: What a mentee's own words for their goal say of the programme's goals.
_TOLD = {
    "Licensing": r"licence|designation|certificat|CPA|PMP|registration",
    "First Canadian job": r"first|role|return",
    "Résumé and interviews": r"hires",
    "Sector knowledge": r"public|municipality|City|budgeting|policy|asset",
}
_SAYS_NOTHING = 0.08
#: Words of mentees who have been in the programme for longer were settled long ago.
_LATELY = 200
_SAID_OTHERWISE = 0.5
_HAS_LICENCE, _SEEKS_LICENCE = 0.6, 0.25
_A_SECOND, _A_THIRD = 0.6, 0.2
_WISHES_YEARS, _WISHES_AGENCY, _LIMITS = 0.25, 0.08, 0.02
#: In smaller groups one limit leaves somebody without a mentor every time.
_LARGE = ("Accounting and finance", "Information technology", "Social work and social policy", "Engineering")
_FAR = 30


@dataclass
class Facts:
    """What is stored beside the people: (person, speciality) and words that wait."""

    group_of: dict[int, str]
    mentors: dict[int, list[str]] = field(default_factory=dict)
    mentees: dict[int, list[str]] = field(default_factory=dict)
    waiting: list[Row] = field(default_factory=list)


def draw(people: People, today: dt.date) -> Facts:
    """Give every person their facts; columns are set in their rows."""
    lately = today - dt.timedelta(days=_LATELY)
    facts = Facts({number: name for name, number in people.groups.items()})
    for row in people.mentors:
        group, chance = facts.group_of[row["group_id"]], draws("facts", "mentor", row["id"])
        facts.mentors[row["id"]] = _specialities(chance, group, row)
        row.update(_mentor(chance, group))
        if not facts.mentors[row["id"]] and not row["withdrawn_on"]:
            _own_words(facts, chance, group, "mentor_id", row["id"])
    for row in people.mentees:
        group, chance = facts.group_of[row["group_id"]], draws("facts", "mentee", row["id"])
        facts.mentees[row["id"]] = _specialities(chance, group, row)
        row.update(_mentee(chance, group, row))
        if not facts.mentees[row["id"]] and row["ready_on"] and row["ready_on"] > lately:
            _own_words(facts, chance, group, "mentee_id", row["id"])
    return facts


def store_lists(session: Session, people: People) -> None:
    """Every group's specialities, and the places."""
    rows = [{"group_id": people.groups[group], "name": name} for group, names in SPECIALITIES.items() for name in names]
    store.rows(session, Speciality, rows)
    places = [{"name": name, "latitude": at[0], "longitude": at[1]} for name, at in PLACES.items()]
    store.rows(session, Place, places)


def store_of(session: Session, facts: Facts, mentors: list[Row], mentees: list[Row]) -> None:
    """What stands beside these people, who are stored by now."""
    entries = {
        (group, name): number
        for group, name, number in session.execute(
            select(OccupationalGroup.name, Speciality.name, Speciality.id).join(
                Speciality, Speciality.group_id == OccupationalGroup.id
            )
        )
    }
    for table, rows, said in (
        (MentorSpeciality, mentors, facts.mentors),
        (MenteeSpeciality, mentees, facts.mentees),
    ):
        links = [
            {"person_id": row["id"], "speciality_id": entries[facts.group_of[row["group_id"]], name]}
            for row in rows
            for name in said[row["id"]]
        ]
        store.rows(session, table, links)
    for whose, rows in (("mentor_id", mentors), ("mentee_id", mentees)):
        here = {row["id"] for row in rows}
        store.rows(session, OwnWords, [row for row in facts.waiting if row[whose] in here])


def agency_limits() -> dict[str, Row]:
    """Agency -> what it limits: one sends nobody far, one nobody to the courts."""
    names = list(AGENCIES)
    return {names[3]: {"limit_km": _FAR}, names[8]: {"not_divisions": ["Court Services"]}}


def _specialities(chance: random.Random, group: str, row: Row) -> list[str]:
    """Mostly what the title tells first, then others; of a few people nothing is known."""
    known = SPECIALITIES[group]
    says_nothing = chance.random() < _SAYS_NOTHING
    told = [name for name, titles in known.items() if row["title"] in titles]
    first = chance.choice(told or list(known))
    others = chance.sample([name for name in known if name != first], 2)
    many = (chance.random() < _A_SECOND) + (chance.random() < _A_THIRD)
    return [] if says_nothing else [first, *others[:many]]


def _own_words(facts: Facts, chance: random.Random, group: str, whose: str, person: int) -> None:
    """Half of those of whom nothing is known said something that is on no list."""
    if group in OWN_WORDS and chance.random() < _SAID_OTHERWISE:
        row = {
            "mentor_id": None,
            "mentee_id": None,
            "about": About.SPECIALITY,
            "words": chance.choice(OWN_WORDS[group]),
        }
        facts.waiting.append({**row, "settled_on": None, whose: person})


def _mentor(chance: random.Random, group: str) -> Row:
    licence = LICENCES.get(group) if chance.random() < _HAS_LICENCE else None
    offered = [goal for goal in _GOALS if goal != "Licensing" or licence]
    helps = [] if chance.random() < _SAYS_NOTHING else sorted(chance.sample(offered, chance.randint(1, 3)))
    fewest = chance.randint(2, 8)
    wishes_years, limits_years, conflict = (chance.random() < share for share in (_WISHES_YEARS, _LIMITS, _LIMITS))
    agency, other = chance.sample(list(AGENCIES), 2)
    return {
        "helps_with": helps,
        "licence": licence,
        "wish_years_from": fewest if wishes_years else None,
        "wish_years_to": fewest + chance.randint(4, 10) if wishes_years else None,
        "wish_agencies": [agency] if chance.random() < _WISHES_AGENCY else [],
        "limit_years_from": 3 if limits_years and group in _LARGE else None,
        "limit_years_to": None,
        "limit_km": _FAR if chance.random() < _LIMITS else None,
        "not_agencies": [other] if conflict and group in _LARGE else [],
    }


def _mentee(chance: random.Random, group: str, row: Row) -> Row:
    told = [goal for goal, words in _TOLD.items() if re.search(words, row["goal"])]
    others = [goal for goal in _GOALS if goal not in told]
    goals = [*told, *chance.sample(others, chance.randint(0, 1 if told else 2))]
    says_nothing, seeks = chance.random() < _SAYS_NOTHING, chance.random() < _SEEKS_LICENCE
    area = chance.choices(AREAS, AREAS_OFTEN)[0]
    return {
        "goals": [] if says_nothing else goals,
        "licence_sought": LICENCES.get(group) if seeks or "Licensing" in told else None,
        "area": None if chance.random() < _SAYS_NOTHING else area,
    }
