"""Entries that may be of one person: what they share, in words, and how much it says."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import pandas as pd
from rapidfuzz.distance import OSA
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Mentee, Mentor, OccupationalGroup
from services import person
from services.access import Actor, Permission, authorise
from services.imports.words import fold
from services.kinds import TABLES, Kind
from services.wording import first_upper, joined

COLUMNS = ["ref", "other_ref", "kind", "name", "other", "group", "why", "score"]
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
    mailbox: str
    phone: str
    group_id: int
    group: str
    home_id: int | None


def likely(session: Session, *, by: Actor, ref: str | None = None) -> pd.DataFrame:
    """Pairs of entries that may be of one person, of one person or of all; the likeliest first, at most `MOST`.

    Columns: ref and other_ref (the older entry first), kind, name, other, group, why (a sentence), score.
    Raises `NotAllowed`, `NotFound`.
    """
    authorise(session, by, Permission.SEE_PEOPLE)
    asked = person.find(session, ref) if ref else None
    found = []
    for kind in [person.kind_of(asked)] if asked else list(Kind):
        entries = {entry.id: entry for entry in _entries(session, kind)}
        for first, second in _candidates(entries.values()):
            if asked is None or asked.id in (first, second):
                score, why = _likeness(entries[first], entries[second], kind)
                if score >= _SHOWN:
                    one, two = entries[first], entries[second]
                    found.append((one.ref, two.ref, kind.value, one.name, two.name, one.group, why, score))
    found.sort(key=lambda line: (-line[7], line[3], line[4], line[0]))
    return pd.DataFrame(found[:MOST], columns=COLUMNS)


def _entries(session: Session, kind: Kind) -> Iterator[_Entry]:
    table = TABLES[kind]
    groups = {row.id: row.name for row in session.execute(select(OccupationalGroup.id, OccupationalGroup.name))}
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
        ).where(person.is_kept(table))
    )
    rows = [(*row, _NO_DIGITS.sub("", row.phone or "")[-10:]) for row in found]
    sharers = Counter(row[-1] for row in rows)
    for number, ref, first, last, key, _, group_id, home_id, phone in rows:
        yield _Entry(
            number,
            ref,
            f"{first} {last}".strip(),
            _folded(first),
            _folded(last),
            key.partition("@")[0],
            phone if len(phone) >= _DIGITS and sharers[phone] <= _SHARERS else "",
            group_id,
            groups[group_id],
            home_id,
        )


@lru_cache(maxsize=200_000)
def _folded(name: str) -> str:
    return fold(name)


def _candidates(entries: Iterable[_Entry]) -> set[tuple[int, int]]:
    """Pairs that share a phone or all words of the name, or one name within an occupation; the older entry first."""
    shared: Mapping[object, list[int]] = defaultdict(list)
    for entry in entries:
        if entry.phone:
            shared["phone", entry.phone].append(entry.id)
        shared[_all_words(entry)].append(entry.id)
        for part in ("first", "last"):
            if getattr(entry, part):
                shared[part, entry.group_id, getattr(entry, part)].append(entry.id)
    return {pair for key, ids in shared.items() if 1 < len(ids) <= _CROWD for pair in combinations(sorted(set(ids)), 2)}


def _all_words(entry: _Entry) -> tuple[str, ...]:
    return tuple(sorted(f"{entry.first} {entry.last}".split()))


def _likeness(one: _Entry, two: _Entry, kind: Kind) -> tuple[int, str]:
    score, why = 0, []
    if one.phone and one.phone == two.phone:
        score, why = _PHONE, ["same phone"]
    if _all_words(one) == _all_words(two):
        score += _NAME
        why.append("same name" if one.first == two.first else "same name, first and last exchanged")
    elif _is_near(one, two):
        score += _NEAR
        why.append("nearly the same name")
    if not score:
        return 0, ""
    if one.mailbox == two.mailbox:
        score += _MAILBOX
        why.append("same e-mail name at another provider")
    if one.group_id == two.group_id:
        score += _GROUP
        why.append("same occupation")
    if one.home_id is not None and one.home_id == two.home_id:
        score += _HOME
        why.append("same division" if kind is Kind.MENTOR else "same agency")
    return score, f"{first_upper(joined(why))}."


def _is_near(one: _Entry, two: _Entry) -> bool:
    """One name the same, the other a slip away."""
    for same, slip in (("first", "last"), ("last", "first")):
        if getattr(one, same) == getattr(two, same) != "":
            first, second = getattr(one, slip), getattr(two, slip)
            shorter = min(len(first), len(second))
            slips = 0 if shorter < _SLIP else 1 if shorter < _TWO_SLIPS else 2
            return OSA.distance(first, second, score_cutoff=slips) <= slips
    return False
