"""Synthetic people, the same on every machine: Faker's names in many languages, everything else from one seed."""

import datetime as dt
import hashlib
import random
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from faker import Faker

from services.demo.catalogue import AT_HOME, COACHES_PER_AGENCY, GOALS, OFFICES, ORIGINS, PROFESSIONS, Origin

SEED = 2004
_NAMES_OF_EACH = 60
_BORN_ELSEWHERE = 0.6
_CAPACITIES, _OFTEN = (1, 2, 3), (55, 30, 15)

Row = dict[str, Any]


def ref(kind: str, number: int) -> str:
    """The permanent reference of the demo's `number`th person or match of a kind."""
    return hashlib.blake2b(f"{SEED} {kind} {number}".encode(), digest_size=8).hexdigest()


def draws(*subject: object) -> random.Random:
    """Chance of a subject's own, so that more draws for one leave every other as it was."""
    return random.Random(" ".join(map(str, (SEED, *subject))))  # noqa: S311 - the same every time


def _names(origin: Origin) -> tuple[list[str], list[str], list[str], list[str]]:
    fake = Faker(origin.locale, providers=["faker.providers.person"])
    fake.seed_instance(SEED)
    if origin.locale == "zh_CN":
        kinds = [fake.first_romanized_name, fake.last_romanized_name] * 2
    else:
        kinds = [fake.first_name_female, fake.last_name_female, fake.first_name_male, fake.last_name_male]
    first_f, last_f, first_m, last_m = ([kind() for _ in range(_NAMES_OF_EACH)] for kind in kinds)
    return first_f, last_f, first_m, last_m


def _plain(name: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", ascii_only) or "x"


@dataclass
class People:
    """Makes people and keeps their rows; ids count from 1 in the order of making."""

    groups: dict[str, int]
    divisions: dict[str, int]
    #: Agencies as (id, day they joined), oldest first; coaches of agency k are `COACHES_PER_AGENCY` in a row.
    agencies: list[tuple[int, dt.date]]
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - the same every time
    mentors: list[Row] = field(default_factory=list)
    mentees: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._names = {origin: _names(origin) for origin in (*ORIGINS, *AT_HOME)}

    def mentor(self, group: str, since: dt.date, capacity: int | None = None) -> Row:
        """A member of staff who volunteers from a day on."""
        chance, profession = self.chance, PROFESSIONS[group]
        origin = chance.choice(ORIGINS if chance.random() < _BORN_ELSEWHERE else AT_HOME)
        number = len(self.mentors) + 1
        row = {
            **self._person(number, "mentor", "toronto.example", origin),
            "group_id": self.groups[group],
            "division_id": self.divisions[chance.choice(profession.divisions)],
            "office": chance.choice(OFFICES),
            "title": chance.choice(profession.staff_titles),
            "years_experience": int(chance.triangular(5, 36, 16)),
            "capacity": capacity or chance.choices(_CAPACITIES, _OFTEN)[0],
            "volunteer_since": since,
            "available_from": None,
            "withdrawn_on": None,
        }
        self.mentors.append(row)
        return row

    def mentee(self, group: str, ready_on: dt.date | None) -> Row:
        """A skilled immigrant, referred by an agency that was a partner on the day they were ready."""
        chance, profession = self.chance, PROFESSIONS[group]
        origin = chance.choice(ORIGINS)
        number = len(self.mentees) + 1
        partners = [k for k, (_, since) in enumerate(self.agencies) if ready_on is None or since <= ready_on] or [0]
        agency = chance.choice(partners)
        row = {
            **self._person(number, "mentee", "mail.example", origin),
            "group_id": self.groups[group],
            "agency_id": self.agencies[agency][0],
            "coach_id": agency * COACHES_PER_AGENCY + chance.randrange(COACHES_PER_AGENCY) + 1,
            "title": chance.choice(profession.titles),
            "years_experience": int(chance.triangular(2, 24, 8)),
            "country_of_education": origin.country,
            "goal": chance.choice(profession.goals + GOALS),
            "ready_on": ready_on,
            "withdrawn_on": None,
        }
        self.mentees.append(row)
        return row

    def name(self, origin: Origin) -> tuple[str, str]:
        """A first and a last name."""
        names = self._names[origin]
        k = self.chance.choice((0, 2))
        return self.chance.choice(names[k]), self.chance.choice(names[k + 1])

    def _person(self, number: int, kind: str, domain: str, origin: Origin) -> Row:
        first, last = self.name(origin)
        email = f"{_plain(first)}.{_plain(last)}{number}@{domain}"
        spoken = [self.chance.choice(origin.languages)] if origin.languages else []
        return {
            "id": number,
            "ref": ref(kind, number),
            "first_name": first,
            "last_name": last,
            "email": email,
            "email_key": email,
            "phone": f"416-555-{100 + number % 100:04d}",
            "languages": [*spoken, "English"] if self.chance.random() < 0.3 else ["English", *spoken],  # noqa: PLR2004
        }
