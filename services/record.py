"""The published record, recomputed: every figure that was ever published of the programme, from rows."""

import datetime as dt
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from services import scopes
from services.access import Actor, Permission, authorise
from services.counting import figures, matches
from services.counting.figure import Scope, rounded
from services.errors import NotFound

_FILE = Path(__file__).with_name("published_record.toml")
_MAIN, _COOP, _BRIDGE = "Profession to Profession", "Co-Op Engineering", "Career Bridge"
#: "About" in the record means within so many per cent.
_ABOUT = Decimal(5)

Number = int | Decimal


@dataclass(frozen=True)
class Published:
    """One published fact; `value` is a number, or numbers by label."""

    id: str
    as_of: dt.date
    what: str
    value: int | dict[str, int]
    relation: str
    source: str


@dataclass(frozen=True)
class Line:
    """One published fact beside what the rows say."""

    id: str
    what: str
    published: int | dict[str, int]
    #: "=", ">", ">=", "~" (within 5 per cent).
    relation: str
    #: As it would be printed; None when the rows say nothing.
    computed: int | dict[str, int] | None
    base: int | None
    as_of: dt.date
    rule: str
    holds: bool


@dataclass(frozen=True)
class _Question:
    """Which figure answers a fact."""

    name: str
    cohort: str | None = None
    programme: str = _MAIN
    by: str = ""
    #: Another day than the fact's, found in the rows.
    day: Callable[[Session, Scope], dt.date | None] | None = None
    #: What of the figure was published: its value, or its base.
    part: str = "value"


def _when_500(session: Session, scope: Scope) -> dt.date | None:
    reached = matches.nth(session, scope.programme_id, [500], scope.as_of)
    return reached[0].day if reached else None


QUESTIONS: dict[str, _Question] = {
    "pilot-2004-matches": _Question("started_matches", "2004"),
    "pilot-2004-employed-in-field": _Question("employed_in_field", "2004"),
    "pilot-2004-mentee-positive": _Question("survey:positive", "2004"),
    "pilot-2004-mentor-again": _Question("survey:mentor_again", "2004"),
    "cohort-2005-matches": _Question("started_matches", "2005"),
    "cohort-2005-employed": _Question("employed", "2005"),
    "cohort-2005-employed-in-field": _Question("employed_in_field", "2005"),
    "cohort-2006-matches": _Question("started_matches", "2006"),
    "cohort-2006-growth": _Question("growth", "2006"),
    "cohort-2006-by-group": _Question("mentors", "2006", by="group"),
    "matches-to-2010": _Question("started_matches"),
    "mentors-at-500th-match": _Question("mentors", day=_when_500),
    "mentors-since-2004-still-active-at-500": _Question("founding_mentors"),
    "occupational-groups": _Question("groups"),
    "mentors-2011": _Question("mentors", "2011"),
    "matches-to-2012": _Question("started_matches"),
    "community-partners-2012": _Question("partners"),
    "matches-to-2013": _Question("started_matches"),
    "mentors-to-2013": _Question("mentors"),
    "mentors-with-more-than-10": _Question("mentors_over_ten"),
    "community-partners-2016": _Question("partners"),
    "matches-to-2016": _Question("started_matches"),
    "mentors-to-2016": _Question("mentors"),
    "repeat-mentors-to-2016": _Question("repeat_mentors"),
    "survey-2016-better-prepared": _Question("survey:better_prepared", "2016"),
    "survey-2016-confidence": _Question("survey:more_confidence", "2016"),
    # Those who completed in 2015 are the last whose twelve months were over when 2016 ended.
    "employed-12-months-2016": _Question("employed_in_field_12m", "2015"),
    "coop-engineering-participants": _Question("placed", "2005", _COOP),
    "coop-engineering-permanent": _Question("permanent", "2005", _COOP, part="numerator"),
    "career-bridge-2004": _Question("placed", "2004", _BRIDGE),
    "career-bridge-2005-target": _Question("placed_of_committed", "2005", _BRIDGE, part="base"),
    "career-bridge-2005": _Question("placed", "2005", _BRIDGE),
}


def published() -> tuple[Published, ...]:
    """The facts of the record, in its order."""
    facts = tomllib.loads(_FILE.read_text(encoding="utf-8"))["fact"]
    return tuple(
        Published(f["id"], f["as_of"], f["what"], f.get("value", f.get("values")), f["relation"], f["source"])
        for f in facts
    )


def reconcile(session: Session, *, by: Actor) -> list[Line]:
    """Every published fact beside the rows. Raises `NotAllowed`; a cohort that is not there does not hold."""
    by = authorise(session, by, Permission.SEE_EXACT_FIGURES)
    return [line(session, fact, by=by) for fact in published()]


def line(session: Session, fact: Published, *, by: Actor) -> Line:
    """One fact beside the rows. Raises `NotAllowed`."""
    by = authorise(session, by, Permission.SEE_EXACT_FIGURES)
    question = QUESTIONS[fact.id]
    try:
        scope = scopes.scope(session, by=by, programme=question.programme, cohort=question.cohort, as_of=fact.as_of)
        day = question.day(session, scope) if question.day else fact.as_of
    except NotFound as missing:
        return _line(fact, None, None, None, str(missing))
    if day is None:
        return _line(fact, None, None, None, "The rows do not reach this number.")
    found = figures.figure(session, scope.on(day), question.name)
    if question.by:
        parts = figures.split(session, scope, question.name, question.by)
        exact = dict(zip(parts["label"], (int(value) for value in parts["value"]), strict=True))
        return _line(fact, exact, exact, found.value, found.rule)
    exact_value = getattr(found, question.part)
    return _line(fact, exact_value, _print(exact_value), found.base, found.rule)


def _print(value: Number | None) -> int | None:
    return None if value is None else int(rounded(value))


def _line(fact: Published, exact: Any, computed: Any, base: Any, rule: str) -> Line:
    return Line(
        id=fact.id,
        what=fact.what,
        published=fact.value,
        relation=fact.relation,
        computed=computed,
        base=None if base is None else int(base),
        as_of=fact.as_of,
        rule=rule,
        holds=exact is not None and _holds(fact.relation, fact.value, exact, computed),
    )


def _holds(relation: str, said: Any, exact: Any, printed: Any) -> bool:
    """A printed figure is equal as printed; "more than" is judged by the exact one."""
    if relation == "=":
        return bool(printed == said)
    if relation == ">":
        return bool(exact > said)
    if relation == ">=":
        return bool(exact >= said)
    return bool(abs(Decimal(exact) - said) * 100 <= said * _ABOUT)
