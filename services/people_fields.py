"""Every field of a person that the desk keeps: its name on screen, its checks, and its reading and writing."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import (
    Agency,
    Coach,
    Division,
    Mentee,
    Mentor,
    OccupationalGroup,
)
from services import people_specialities
from services.errors import Invalid
from services.imports import words
from services.kinds import Kind
from services.person import kind_of
from services.wording import day, joined

#: What each field is called, in the order in which profiles and forms have them.
LABELS: dict[str, str] = {
    "first_name": "First name",
    "last_name": "Last name",
    "email": "E-mail",
    "phone": "Phone",
    "group": "Occupation",
    "specialities": "Specialities",
    "title": "Title",
    "years_experience": "Years of experience",
    "division": "Division",
    "office": "Office",
    "agency": "Agency",
    "coach": "Coach",
    "country_of_education": "Country of education",
    "languages": "Languages",
    "helps_with": "Helps with",
    "goals": "Goals",
    "goal": "Own words",
    "licence": "Licence",
    "licence_sought": "Licence sought",
    "area": "Area",
    "capacity": "Places",
    "volunteer_since": "Volunteer since",
    "ready_on": "Ready since",
    "available_from": "Available from",
    "available_until": "Available until",
    "wish_years_from": "Wishes years from",
    "wish_years_to": "Wishes years to",
    "wish_agencies": "Wishes agencies",
    "limit_years_from": "Takes years from",
    "limit_years_to": "Takes years to",
    "limit_km": "Takes within km",
    "not_agencies": "Takes nobody from",
}
#: Two coaches may share a name; within an agency they do not.
_COACH = Coach.name + ", " + select(Agency.name).where(Agency.id == Coach.agency_id).scalar_subquery()
#: Fields that hold a name of another table: the table, how its entries are named, the column with their number.
_NAMED: dict[str, tuple[type[Any], Any, str]] = {
    "group": (OccupationalGroup, OccupationalGroup.name, "group_id"),
    "division": (Division, Division.name, "division_id"),
    "agency": (Agency, Agency.name, "agency_id"),
    "coach": (Coach, _COACH, "coach_id"),
}
#: No programme of this kind is older.
_FIRST_DAY = dt.date(1990, 1, 1)


def _text(value: object) -> str | None:
    return words.clean(value) or None


def _name(value: object) -> str:
    return words.clean(value)


def _address(value: object) -> str:
    address = words.email(value)
    if address is None:
        raise PydanticCustomError("address", "Write one address like name@example.org.")
    return address


def _phone(value: object) -> str | None:
    text = _text(value)
    if text and not any(letter.isdigit() for letter in text):
        raise PydanticCustomError("phone", "Write a number, or leave it empty.")
    return text


Text = Annotated[Annotated[str, Field(max_length=500)] | None, BeforeValidator(_text)]
Years = Annotated[int | None, Field(ge=0, le=80)]
Day = Annotated[dt.date | None, Field(ge=_FIRST_DAY)]
Words = list[Annotated[str, Field(max_length=100)]]


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    first_name: Annotated[str, BeforeValidator(_name), Field(max_length=100)]
    last_name: Annotated[str, BeforeValidator(_name), Field(min_length=1, max_length=100)]
    email: Annotated[str, BeforeValidator(_address)]
    phone: Annotated[Annotated[str, Field(max_length=60)] | None, BeforeValidator(_phone)]
    group: str
    specialities: Words
    title: Text
    years_experience: Years
    languages: Words


class MentorFields(_Person):
    """A mentor's fields, checked as far as they go without looking at anybody else."""

    division: Text
    office: Text
    helps_with: Words
    licence: Text
    capacity: Annotated[int, Field(ge=1, le=1000)]
    volunteer_since: Day
    available_from: Day
    available_until: Day
    wish_years_from: Years
    wish_years_to: Years
    wish_agencies: Words
    limit_years_from: Years
    limit_years_to: Years
    limit_km: Annotated[int | None, Field(ge=1, le=1000)]
    not_agencies: Words

    @model_validator(mode="after")
    def _in_order(self) -> "MentorFields":
        for first, last in (
            ("available_from", "available_until"),
            ("wish_years_from", "wish_years_to"),
            ("limit_years_from", "limit_years_to"),
        ):
            low, high = getattr(self, first), getattr(self, last)
            if low is not None and high is not None and low > high:
                raise PydanticCustomError("order", f"«{LABELS[first]}» lies after «{LABELS[last]}». Exchange the two.")
        return self


class MenteeFields(_Person):
    """A mentee's fields, likewise."""

    agency: Text
    coach: Text
    country_of_education: Text
    goals: Words
    goal: Annotated[Annotated[str, Field(max_length=2000)] | None, BeforeValidator(_text)]
    licence_sought: Text
    area: Text
    ready_on: Day


_FORMS: dict[Kind, type[MentorFields] | type[MenteeFields]] = {Kind.MENTOR: MentorFields, Kind.MENTEE: MenteeFields}
#: Fields of each kind in the order of `LABELS`.
FIELDS: dict[Kind, tuple[str, ...]] = {
    kind: tuple(field for field in LABELS if field in form.model_fields) for kind, form in _FORMS.items()
}


def checked(kind: Kind, given: dict[str, Any], today: dt.date) -> dict[str, Any]:
    """What was typed, clean. Raises `Invalid` with a sentence for each field that cannot be used."""
    try:
        found = _FORMS[kind].model_validate(given).model_dump()
    except ValidationError as error:
        raise Invalid(" ".join(_sentence(dict(one)) for one in error.errors())) from None
    for field in ("volunteer_since", "ready_on"):
        if (when := found.get(field)) and when > today:
            raise Invalid(f"{LABELS[field]}: {day(when)} lies in the future. Choose today or an earlier day.")
    return found


def _sentence(error: dict[str, Any]) -> str:
    label = LABELS.get(str(error["loc"][0]), "") if error["loc"] else ""
    limits = error.get("ctx", {})
    ours = {
        "too_short": "Write it; nobody is kept without one.",
        "too_long": f"Write at most {limits.get('max_length')} letters.",
        "greater_than_equal": f"Write {limits.get('ge')} or more.",
        "less_than_equal": f"Write {limits.get('le')} or less.",
        **dict.fromkeys(("address", "phone", "order"), str(error["msg"])),
    }
    said = ours.get(str(error["type"]).removeprefix("string_"), "Mend this.")
    return f"{label}: {said}" if label else said


def choices(session: Session, kind: Kind) -> dict[str, tuple[str, ...]]:
    """What each field that names something of another table can be chosen from."""
    return {
        field: tuple(session.scalars(select(named).select_from(table).order_by(named)))
        for field, (table, named, _) in _NAMED.items()
        if field in FIELDS[kind]
    }


def values(session: Session, person: Mentor | Mentee) -> dict[str, Any]:
    """The fields of a person as forms have them: names in place of numbers."""
    kind = kind_of(person)
    found: dict[str, Any] = {}
    for field in FIELDS[kind]:
        if field == "specialities":
            found[field] = people_specialities.names(session, person)
        elif field in _NAMED:
            table, named, column = _NAMED[field]
            number = getattr(person, column)
            found[field] = session.scalar(select(named).where(table.id == number)) if number else None
        else:
            value = getattr(person, field)
            found[field] = list(value or []) if isinstance(value, list) else value
    return found


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The fields in which two readings differ; lists are the same in any order."""
    return [field for field in before if _compared(before[field]) != _compared(after.get(field))]


def _compared(value: Any) -> Any:
    return sorted(value) if isinstance(value, list) else value or None


def write(session: Session, person: Mentor | Mentee, changed: dict[str, Any]) -> None:
    """Put these fields of a person. Raises `Invalid` for a name that is on no list."""
    specialities = changed.pop("specialities", None)
    for field, value in changed.items():
        if field in _NAMED:
            setattr(person, _NAMED[field][2], _number(session, field, value))
        else:
            setattr(person, field, value)
        if field == "email":
            person.email_key = words.email_key(value)
    if isinstance(person, Mentee) and person.coach_id and changed.keys() & {"coach", "agency"}:
        coach = session.get_one(Coach, person.coach_id)
        if coach.agency_id != person.agency_id:
            raise Invalid(f"Coach: {coach.name} works at another agency. Choose a coach of the mentee’s own, or none.")
    session.flush()
    if specialities is not None:
        people_specialities.put(session, person, specialities)


def _number(session: Session, field: str, value: str | None) -> int | None:
    table, named, _ = _NAMED[field]
    if value is None:
        return None
    number: int | None = session.scalar(select(table.id).where(named == value).order_by(table.id).limit(1))
    if number is None:
        raise Invalid(f"{LABELS[field]}: «{value}» is on no list. Choose one of the list.")
    return number


def told(value: Any) -> str:
    """A value as a profile says it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(value)
    return day(value) if isinstance(value, dt.date) else str(value)


def labels(fields: list[str]) -> str:
    """Names of fields inside a sentence: phone, title and years of experience."""
    return joined([LABELS[field].lower() if field != "email" else "e-mail" for field in fields])
