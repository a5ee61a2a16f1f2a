"""Two people who suit each other, and frames of them: say what differs."""

import datetime as dt
from typing import Any

import pandas as pd

DAY = dt.date(2026, 3, 2)
#: Places of the city, about 23 km apart.
METRO_HALL = {"latitude": 43.6456, "longitude": -79.3881}
MALVERN = {"latitude": 43.8000, "longitude": -79.2000}

MENTOR: dict[str, Any] = {
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
    "specialities": [],
    "helps_with": [],
    "licence": None,
    "office": None,
    "latitude": None,
    "longitude": None,
    "division": None,
    "wish_years_from": None,
    "wish_years_to": None,
    "wish_agencies": [],
    "limit_years_from": None,
    "limit_years_to": None,
    "not_agencies": [],
    "limit_km": None,
}
MENTEE: dict[str, Any] = {
    "ref": "e1",
    "name": "Adaeze Okafor",
    "email_key": "adaeze@mail.example",
    "group": "Engineering",
    "title": "Civil engineer",
    "years": 9,
    "languages": ["English", "Yoruba"],
    "withdrawn_on": None,
    "specialities": [],
    "goals": [],
    "licence_sought": None,
    "area": None,
    "latitude": None,
    "longitude": None,
    "agency": None,
    "agency_limit_km": None,
    "agency_not_divisions": [],
}


def frame(person: dict[str, Any], **given: Any) -> pd.DataFrame:
    """One person."""
    return people(person, [given])


def people(person: dict[str, Any], differing: list[dict[str, Any]]) -> pd.DataFrame:
    """A person for each of `differing`."""
    return pd.DataFrame([{**person, **given} for given in differing], columns=list(person), dtype=object)
