"""People found by what is remembered of them: a name roughly, part of an e-mail address, digits of a phone.

Two steps, so that a hundred thousand people are searched at once: the different names there are, read from their index,
are compared with what was typed; then the few people who bear a name that is near are read and put in order.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from services.imports.words import clean, fold
from services.kinds import TABLES, Kind

#: People that are read and put in order, and those that are shown.
_CANDIDATES, MOST = 300, 100
#: Names of one word typed; more would say nothing.
_NAMES, _WORDS, _LENGTH = 400, 6, 40
#: How well a name word fits a typed one.
_EXACT, _BEGINS, _HOLDS, _ONE_OFF = 100, 90, 80, 75
#: From so many letters on: a word is looked for inside of names, one slip is forgiven, and two.
_INSIDE, _SLIP, _TWO_SLIPS = 4, 3, 7
_ADDRESS, _PHONE = 70, 85
_SHORTEST_ADDRESS, _FEWEST_DIGITS = 3, 4
_NOT_DIGITS = " -().+/"


@dataclass(frozen=True)
class Hit:
    """Someone found: how well, and by what."""

    kind: Kind
    id: int
    score: float
    matched: str


def search(session: Session, text: str, narrowed: Mapping[Kind, Sequence[ColumnElement[bool]]]) -> list[Hit]:
    """The people of the kinds in `narrowed` who fit what was typed, best first; at most `MOST`.

    Every word must fit a name, in any order, or all of it the address or the phone.
    """
    typed = clean(text[:200]).casefold()
    words = [word[:_LENGTH] for word in fold(typed).split()[:_WORDS]]
    found: list[tuple[str, Hit]] = []
    for kind, conditions in narrowed.items():
        if words and not _is_number(words) and "@" not in typed:
            found += _by_name(session, kind, conditions, words)
        found += _by_address(session, kind, conditions, typed)
    best: dict[tuple[Kind, int], tuple[float, str, Hit]] = {}
    for order, hit in found:
        known = best.get((hit.kind, hit.id))
        if known is None or hit.score > known[2].score:
            best[hit.kind, hit.id] = (-hit.score, order, hit)
    return [hit for *_, hit in sorted(best.values(), key=lambda one: one[:2])][:MOST]


@lru_cache(maxsize=300_000)
def words_of(name: str) -> tuple[str, ...]:
    """The folded words of a name, and all of them as one: "de la Cruz" is also looked for as "delacruz"."""
    words = fold(name).split()
    return (*words, "".join(words)) if len(words) > 1 else tuple(words)


def near(word: str, known: Sequence[str]) -> dict[str, float]:
    """Which of many words are like the one typed, and how much: the same, begun, one or two slips away, held inside."""
    slips = 0 if len(word) < _SLIP else 1 if len(word) < _TWO_SLIPS else 2
    found: dict[str, float] = {}
    if slips:
        close = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=None)
        found = {other: _ONE_OFF - 10 * (distance - 1) for other, distance, _ in close}
    for other in known:
        if other.startswith(word) and len(word) > 1:
            found[other] = _BEGINS
        elif len(word) >= _INSIDE and word in other:
            found[other] = max(_HOLDS, found.get(other, 0))
    if word in known:
        found[word] = _EXACT
    return found


def _by_name(
    session: Session, kind: Kind, conditions: Sequence[ColumnElement[bool]], words: Sequence[str]
) -> Iterator[tuple[str, Hit]]:
    table = TABLES[kind]
    borne = {
        column: {name: words_of(name) for name in session.scalars(select(getattr(table, column)).distinct())}
        for column in ("first_name", "last_name")
    }
    known = list({word for names in borne.values() for parts in names.values() for word in parts})
    likes = [near(word, known) for word in words]
    fitting = [{column: _fitting(names, like) for column, names in borne.items()} for like in likes]
    seen: set[int] = set()
    for least in (_EXACT, _BEGINS, 0):  # so that a name borne by thousands leaves room for those that are the same
        every = [_bears(table, fit, least) for fit in fitting]
        rows = session.execute(
            select(table.id, table.first_name, table.last_name)
            .where(*every, *conditions)
            .order_by(table.last_name, table.first_name, table.id)
            .limit(_CANDIDATES)
        ).all()
        for row in rows:
            if row.id not in seen:
                seen.add(row.id)
                score, matched = _score(words, likes, row.first_name, row.last_name)
                yield f"{row.last_name} {row.first_name}", Hit(kind, row.id, score, matched)
        if len(seen) >= MOST:
            return


def _fitting(names: Mapping[str, tuple[str, ...]], like: Mapping[str, float]) -> list[tuple[float, str]]:
    """The names in which a word like that stands, with how well it fits, the best first."""
    fit = [
        (max(like.get(part, 0) for part in parts), name)
        for name, parts in names.items()
        if not like.keys().isdisjoint(parts)
    ]
    return sorted(fit, key=lambda pair: (-pair[0], pair[1]))


def _bears(table: Any, fitting: Mapping[str, list[tuple[float, str]]], least: float) -> ColumnElement[bool]:
    """Whether a person bears one of those names, as first or last."""
    return or_(
        *(
            getattr(table, column).in_([name for score, name in fit[:_NAMES] if score >= least])
            for column, fit in fitting.items()
        )
    )


def _score(words: Sequence[str], likes: Sequence[Mapping[str, float]], first: str, last: str) -> tuple[float, str]:
    parts = (*words_of(first), *words_of(last))
    each = [max((like.get(part, 0) for part in parts), default=0) for like in likes]
    in_order = list(words) == fold(f"{first} {last}").split()
    is_near = min(each) <= _ONE_OFF
    return sum(each) / len(each) + in_order, "Name, nearly" if is_near else "Name"


def _is_number(words: Sequence[str]) -> bool:
    return all(word.isdigit() for word in words)


def _by_address(
    session: Session, kind: Kind, conditions: Sequence[ColumnElement[bool]], typed: str
) -> Iterator[tuple[str, Hit]]:
    table = TABLES[kind]
    digits = re.sub(r"\D", "", typed)
    asks: list[tuple[ColumnElement[bool], float, str]] = []
    if len(typed) >= _SHORTEST_ADDRESS and " " not in typed:
        asks.append((table.email_key.contains(typed, autoescape=True), _ADDRESS, "E-mail"))
    if len(digits) >= _FEWEST_DIGITS and _is_number(fold(typed).split()):
        loosely = table.phone.like(f"%{'%'.join(digits)}%")  # quick, and spares most people the next
        asks.append((and_(loosely, _digits(table.phone).contains(digits)), _PHONE, "Phone"))
    for holds, score, matched in asks:
        rows = session.execute(
            select(table.id, table.first_name, table.last_name, table.email_key)
            .where(holds, *conditions)
            .order_by(table.email_key)  # its index is read, and hardly any row
            .limit(_CANDIDATES)
        )
        for row in rows:
            begins = matched == "E-mail" and row.email_key.startswith(typed)
            yield f"{row.last_name} {row.first_name}", Hit(kind, row.id, score + 15 * begins, matched)


def _digits(phone: Any) -> Any:
    for sign in _NOT_DIGITS:
        phone = func.replace(phone, sign, "")
    return phone
