"""Entries that may be of one person: what they share, in words, and how much it says."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from typing import Any, NamedTuple

import pandas as pd
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Division, Mentee, Mentor, OccupationalGroup
from services import people_apart, person
from services.access import Actor, Permission, authorise
from services.imports.words import fold
from services.kinds import TABLES, Kind
from services.wording import first_upper

#: `mail` and `other_mail` are what tells a pair from every other; `since` and `home` say what else may.
COLUMNS = [
    *("ref", "other_ref", "kind", "name", "other", "group", "why", "score"),
    *("mail", "other_mail", "since", "home", "marked"),
]
#: What each likeness says; a pair is shown from `_SHOWN` on.
_PHONE, _NAME, _NEAR, _GROUP, _HOME, _MAILBOX = 50, 50, 35, 15, 10, 20
_SHOWN = 50
#: Pairs that are shown; so many people with one name or phone are no sign of anything.
MOST, _CROWD = 200, 40
#: A phone that more entries than this share is an office's.
_SHARERS = 3
_DIGITS = 7
_NO_DIGITS = re.compile(r"\D")
#: Letters of a name from which one slip is a slip and no other name, and from which two are.
_SLIP, _TWO_SLIPS = 4, 9


class _Entry(NamedTuple):
    id: int
    ref: str
    name: str
    first: str
    last: str
    mail: str
    phone: str
    group_id: int
    group: str
    home_id: int | None
    home: str
    since: int | None

    @property
    def mailbox(self) -> str:
        return self.mail.partition("@")[0]


def likely(session: Session, *, by: Actor, ref: str | None = None) -> pd.DataFrame:
    """Pairs of entries that may be of one person, of one person or of all; the likeliest first, at most `MOST`.

    What was marked as two people is not among them. Columns: `COLUMNS`, the older entry first, why as a sentence.
    Raises `NotAllowed`, `NotFound`.
    """
    authorise(session, by, Permission.SEE_PEOPLE)
    asked = person.find(session, ref) if ref else None
    found = []
    for kind in [person.kind_of(asked)] if asked else list(Kind):
        entries = {entry.id: entry for entry in _entries(session, kind)}
        for first, second in _candidates(entries.values()) - people_apart.marks(session, kind).keys():
            if asked is None or asked.id in (first, second):
                line = _line(entries[first], entries[second], kind)
                if line["score"] >= _SHOWN:
                    found.append(line)
    return _frame(found).head(MOST)


def told_apart(session: Session, *, by: Actor) -> pd.DataFrame:
    """Pairs that were marked as two people, with the same columns; `marked` is when. Raises `NotAllowed`."""
    authorise(session, by, Permission.SEE_PEOPLE)
    found = []
    for kind in Kind:
        if marks := people_apart.marks(session, kind):
            entries = {entry.id: entry for entry in _entries(session, kind)}
            found += [
                _line(entries[first], entries[second], kind) | {"marked": at} for (first, second), at in marks.items()
            ]
    return _frame(found)


def _frame(lines: list[dict[str, Any]]) -> pd.DataFrame:
    """The lines in order, each with as much of the addresses as no other line of the same names has."""
    frame = pd.DataFrame(lines, columns=COLUMNS).sort_values(
        ["score", "name", "other", "ref", "other_ref"], ascending=[False, True, True, True, True], ignore_index=True
    )
    whole, both = frame[["mail", "other_mail"]], ["mail", "other_mail"]
    parts = whole.apply(lambda column: column.str.partition("@")[0]) if len(frame) else whole
    is_one = whole.apply(lambda column: column.str.partition("@")[2]) if len(frame) else whole
    short = parts.where(is_one["mail"] == is_one["other_mail"], whole)
    twice = short.assign(name=frame["name"], other=frame["other"]).duplicated(keep=False)
    frame[both] = short.where(~twice, whole)
    return frame


def _line(one: _Entry, two: _Entry, kind: Kind) -> dict[str, Any]:
    score, why = _likeness(one, two, kind)
    return {
        "ref": one.ref,
        "other_ref": two.ref,
        "kind": kind.value,
        "name": one.name,
        "other": two.name,
        "group": _told(one.group, two.group),
        "why": why,
        "score": score,
        "mail": one.mail,
        "other_mail": two.mail,
        "since": _told(*(str(entry.since or "unknown") for entry in (one, two))),
        "home": _told(*(entry.home or "none" for entry in (one, two))),
        "marked": None,
    }


def _told(one: str, two: str) -> str:
    return one if one == two else f"{one}; {two}"


def _entries(session: Session, kind: Kind) -> Iterator[_Entry]:
    table = TABLES[kind]
    groups = {row.id: row.name for row in session.execute(select(OccupationalGroup.id, OccupationalGroup.name))}
    home = Division if kind is Kind.MENTOR else Agency
    homes = {row.id: row.name for row in session.execute(select(home.id, home.name))}
    found = session.execute(
        select(
            table.id,
            table.ref,
            table.first_name,
            table.last_name,
            table.email_key,
            table.phone,
            table.group_id,
            Mentor.division_id if kind is Kind.MENTOR else Mentee.agency_id,
            Mentor.volunteer_since if kind is Kind.MENTOR else Mentee.ready_on,
        ).where(person.is_kept(table))
    )
    rows = [(*row, _NO_DIGITS.sub("", row.phone or "")[-10:]) for row in found]
    sharers = Counter(row[-1] for row in rows)
    for number, ref, first, last, key, _, group_id, home_id, since, phone in rows:
        yield _Entry(
            number,
            ref,
            f"{first} {last}".strip(),
            *_named(first, last),
            key,
            phone if len(phone) >= _DIGITS and sharers[phone] <= _SHARERS else "",
            group_id,
            groups[group_id],
            home_id,
            homes.get(home_id, ""),
            since.year if since else None,
        )


@lru_cache(maxsize=200_000)
def _folded(name: str) -> str:
    return fold(name)


def _named(first: str, last: str) -> tuple[str, str]:
    """Both names as compared; nothing of a name that lost letters to question marks, which says nothing."""
    return ("", "") if "?" in first + last else (_folded(first), _folded(last))


def _candidates(entries: Iterable[_Entry]) -> set[tuple[int, int]]:
    """Pairs that share a phone or all words of the name, or one name within an occupation; the older entry first."""
    shared: Mapping[object, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.phone:
            shared["phone", entry.phone].append(entry.id)
        if words := _all_words(entry):
            shared[words].append(entry.id)
        for part in ("first", "last"):
            if getattr(entry, part):
                shared[part, entry.group_id, getattr(entry, part)].append(entry.id)
    return {pair for key, ids in shared.items() if 1 < len(ids) <= _CROWD for pair in combinations(sorted(set(ids)), 2)}


def _all_words(entry: _Entry) -> tuple[str, ...]:
    return tuple(sorted(f"{entry.first} {entry.last}".split()))


def _likeness(one: _Entry, two: _Entry, kind: Kind) -> tuple[int, str]:
    score, same, more = 0, [], []
    if one.phone and one.phone == two.phone:
        score, same = _PHONE, ["phone"]
    if _all_words(one) == _all_words(two) != ():
        score += _NAME
        same.append("name")
        more += ["first and last name exchanged"] if one.first != two.first else []
    elif _is_near(one, two):
        score += _NEAR
        more.append("nearly the same name")
    if not score:
        return 0, ""
    if one.mailbox == two.mailbox:
        score += _MAILBOX
        more.append("the same e-mail name at another provider")
    if one.group_id == two.group_id:
        score += _GROUP
        same.append("occupation")
    if one.home_id is not None and one.home_id == two.home_id:
        score += _HOME
        same.append("division" if kind is Kind.MENTOR else "agency")
    if same:
        more.insert(0, f"same {', '.join(same)}")
    return score, f"{first_upper('; '.join(more))}."


def _is_near(one: _Entry, two: _Entry) -> bool:
    """One name the same, the other a slip away."""
    for same, slip in (("first", "last"), ("last", "first")):
        if getattr(one, same) == getattr(two, same) != "":
            first, second = getattr(one, slip), getattr(two, slip)
            shorter = min(len(first), len(second))
            slips = 0 if shorter < _SLIP else 1 if shorter < _TWO_SLIPS else 2
            return OSA.distance(first, second, score_cutoff=slips) <= slips
    return False
