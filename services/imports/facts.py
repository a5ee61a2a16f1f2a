"""What people are matched by, as files say it: specialities, goals, licences, wishes and limits.

Only what is word for word an entry of a list is taken for it. Other words wait for a coordinator, and never count.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db.models import About, Mentee, MenteeSpeciality, Mentor, MentorSpeciality, OccupationalGroup, OwnWords, Speciality
from services.imports import lists, words
from services.imports.columns import Kind
from services.imports.rows import Reading
from services.imports.words import fold

#: The column of goals of each kind, and of the licence.
_GOALS = {Kind.MENTORS: "helps_with", Kind.MENTEES: "goals"}
_LICENCE = {Kind.MENTORS: "licence", Kind.MENTEES: "licence_sought"}
#: Columns that a file adds to; what a coordinator confirmed is not in the file.
ADDED_TO = frozenset(_GOALS.values())
_CONFIRMED: dict[Kind, type[MentorSpeciality] | type[MenteeSpeciality]] = {
    Kind.MENTORS: MentorSpeciality,
    Kind.MENTEES: MenteeSpeciality,
}
_PEOPLE: dict[Kind, type[Mentor] | type[Mentee]] = {Kind.MENTORS: Mentor, Kind.MENTEES: Mentee}
_MOST_ENTRIES = 20
_MOST_YEARS = 80
_FARTHEST = 1000
_WAITS = "words that are on no list were kept for a coordinator to confirm on the page Specialities"
_STRANGE = "an agency is named that the desk does not know; the name is kept as written"


@dataclass(frozen=True)
class Said:
    """What a row says beside the table's columns: entries of the group's list, and words that wait."""

    specialities: tuple[str, ...] = ()
    #: (list, words)
    own_words: tuple[tuple[About, str], ...] = ()


@dataclass(frozen=True)
class Kept:
    """What the desk has of a person beside the table's columns; words also when they are settled."""

    #: (group, speciality)
    specialities: frozenset[tuple[str, str]] = frozenset()
    own_words: frozenset[tuple[About, str]] = frozenset()


@dataclass
class News:
    """Rows to store once everybody has a number: of people by address."""

    by_key: dict[str, tuple[str, Said]] = field(default_factory=dict)

    def add(self, key: str, group: str, said: Said) -> None:
        """Note what is new of a person."""
        if said.specialities or said.own_words:
            self.by_key[key] = group, said


def read(reading: Reading, kind: Kind, group: str | None) -> tuple[dict[str, Any], Said]:
    """Values by column (a span of years always with both ends) and what stands beside them."""
    known = reading.context.lists
    specialities, strange = _entries(reading, "specialities", known.specialities.get(group or "", {}))
    own_words = [(About.SPECIALITY, word) for word in strange]
    goals, strange = _entries(reading, _GOALS[kind], known.goals)
    own_words += [(About.GOAL, word) for word in strange]
    if own_words:
        reading.remarks.append(_WAITS)
    values: dict[str, Any] = {_LICENCE[kind]: reading.text(_LICENCE[kind])}
    if kind is Kind.MENTEES:
        values["area"] = reading.text("area")
        goals += [goal for goal in lists.find(reading.text("goal") or "", known.goals)[0] if goal not in goals]
    else:
        values["limit_km"] = _km(reading)
        for key in ("wish_agencies", "not_agencies"):
            named, strange = _entries(reading, key, known.agencies)
            values[key] = named + strange or None
            if strange:
                reading.remarks.append(_STRANGE)
    values[_GOALS[kind]] = goals or None
    said: dict[str, Any] = {key: value for key, value in values.items() if value is not None}
    if kind is Kind.MENTORS:
        said |= _years(reading, "wish_years") | _years(reading, "limit_years")
    return said, Said(tuple(specialities), tuple(own_words))


def _entries(reading: Reading, key: str, known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    taken, other = lists.find(str(reading.cell(key) or ""), known)
    if len(taken) + len(other) > _MOST_ENTRIES:
        reading.refuse("too many entries", f"The cell lists more than {_MOST_ENTRIES} entries. Shorten it.", key)
        return [], []
    reading.text(key)
    return taken, other


def _years(reading: Reading, key: str) -> dict[str, int | None]:
    cell = reading.cell(key)
    if cell is None:
        return {}
    span = words.span(cell)
    if span is None or max(end or 0 for end in span) > _MOST_YEARS:
        reading.refuse("bad years", f"Write years like 3 to 10, 5+ or up to 8; at most {_MOST_YEARS}.", key)
        return {}
    return {f"{key}_from": span[0], f"{key}_to": span[1]}


def _km(reading: Reading) -> int | None:
    cell = reading.cell("limit_km")
    if cell is None:
        return None
    km = words.whole(cell)
    if km is None or not 1 <= km <= _FARTHEST:
        reading.refuse("bad distance", f"Write a distance in whole kilometres, 1 to {_FARTHEST}.", "limit_km")
        return None
    return km


def kept(session: Session, kind: Kind, people: Collection[int]) -> dict[int, Kept]:
    """What the desk has of these people, by their number."""
    confirmed = _CONFIRMED[kind]
    entries: dict[int, set[tuple[str, str]]] = {}
    for person, group, name in session.execute(
        select(confirmed.person_id, OccupationalGroup.name, Speciality.name)
        .join(Speciality, confirmed.speciality_id == Speciality.id)
        .join(OccupationalGroup, Speciality.group_id == OccupationalGroup.id)
        .where(confirmed.person_id.in_(people))
    ):
        entries.setdefault(person, set()).add((group, name))
    whose = OwnWords.mentor_id if kind is Kind.MENTORS else OwnWords.mentee_id
    asked: dict[int, set[tuple[About, str]]] = {}
    for whom, about, said in session.execute(select(whose, OwnWords.about, OwnWords.words).where(whose.in_(people))):
        asked.setdefault(whom or 0, set()).add((about, said))
    return {
        person: Kept(frozenset(entries.get(person, ())), frozenset(asked.get(person, ())))
        for person in entries.keys() | asked.keys()
    }


def unsaid(said: Said, group: str, kept: Kept) -> Said:
    """What of a row the desk has not yet; other capitals are no other words."""
    asked = {(about, fold(own)) for about, own in kept.own_words}
    return Said(
        tuple(name for name in said.specialities if (group, name) not in kept.specialities),
        tuple((about, own) for about, own in said.own_words if (about, fold(own)) not in asked),
    )


def store(session: Session, kind: Kind, news: News, groups: Mapping[str, int], pieces: Iterable[Sequence[str]]) -> None:
    """Specialities and words of people who are stored by now; `pieces`: their addresses."""
    table, confirmed = _PEOPLE[kind], _CONFIRMED[kind]
    entries = {
        (group, name): key
        for group, name, key in session.execute(select(Speciality.group_id, Speciality.name, Speciality.id))
    }
    whose = "mentor_id" if kind is Kind.MENTORS else "mentee_id"
    for keys in pieces:
        numbers = session.execute(select(table.email_key, table.id).where(table.email_key.in_(keys)))
        links: list[dict[str, Any]] = []
        asked: list[dict[str, Any]] = []
        for key, person in numbers:
            group, said = news.by_key[key]
            links += [
                {"person_id": person, "speciality_id": entries[groups[group], name]} for name in said.specialities
            ]
            asked += [{whose: person, "about": about, "words": own} for about, own in said.own_words]
        if links:
            session.execute(insert(confirmed), links)
        if asked:
            session.execute(insert(OwnWords), asked)
