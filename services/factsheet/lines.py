"""The lines of a sheet that was published, each beside the same line counted from rows."""

import datetime as dt
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db.models import Milestone, MilestoneKind
from services.counting import figures
from services.counting.figure import NOTHING, Figure, Scope, rounded
from services.factsheet.model import Line
from services.factsheet.question import Question
from services.wording import counted

_FILE = Path(__file__).with_name("published.toml")
_ALL_NAMED = 3


@dataclass(frozen=True)
class _Answer:
    """What the rows say: as printed, what it was counted from, and what is compared."""

    text: str
    base: str
    exact: Any
    printed: Any


def published(asked: Question, programme: str) -> tuple[tuple[Line, ...], str]:
    """The lines of the cohort's own sheet that were true by the day, and what that sheet is called."""
    sheet = _sheet(programme, asked.cohort.name)
    if sheet is None:
        return (), ""
    return tuple(_line(asked, said) for said in sheet["line"] if said["as_of"] <= asked.as_of), sheet["source"]


def taken(programme: str, cohort: str, as_of: dt.date) -> dict[str, dt.date]:
    """The days on which findings on earlier cohorts had been taken, for the very sheet that was published then."""
    sheet = _sheet(programme, cohort)
    return dict(sheet["taken"]) if sheet and sheet["as_of"] == as_of else {}


def _sheet(programme: str, cohort: str) -> dict[str, Any] | None:
    return next((one for one in _sheets() if (one["programme"], one["cohort"]) == (programme, cohort)), None)


@cache
def _sheets() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))["sheet"]
    return found


def _line(asked: Question, said: dict[str, Any]) -> Line:
    value, relation = said["published"], said.get("relation", "=")
    answer = _answer(asked, said)
    holds = answer.exact is not None and (answer.exact > value if relation == ">" else answer.printed == value)
    unit = " %" if said.get("unit") == "%" else ""
    shown = counted(len(value), "group", "groups") if isinstance(value, list) else f"{value}{unit}"
    return Line(
        under=said["under"],
        what=said["what"],
        published=f">{shown}" if relation == ">" else shown,
        computed=answer.text,
        base=answer.base,
        as_of=said["as_of"],
        holds=bool(holds),
    )


def _answer(asked: Question, said: dict[str, Any]) -> _Answer:
    cohort = next((cohort for cohort in asked.cohorts if cohort.name == said["cohort"]), None)
    if cohort is None:
        return _Answer(NOTHING, f"there is no cohort {said['cohort']}", None, None)
    scope = asked.scope(cohort).on(said["as_of"])
    if "group" in said:
        return _cell(asked, scope, said["group"])
    if special := _SPECIAL.get(said["figure"]):
        return special(asked, scope, said["published"])
    return _figure(figures.figure(asked.session, scope, said["figure"]))


def _figure(found: Figure) -> _Answer:
    if found.value is None:
        return _Answer(NOTHING, found.absent, None, None)
    base = found.unit if found.base is None else f"{found.numerator:,} of {found.base:,}"
    return _Answer(found.text, base, found.value, int(rounded(found.value)))


def _cell(asked: Question, scope: Scope, group: str) -> _Answer:
    parts = figures.split(asked.session, scope, "mentors", "group")
    value = int(parts.loc[parts["label"] == group, "value"].sum())
    return _Answer(f"{value:,}", "mentors by group", value, value)


def _names(asked: Question, scope: Scope, named: list[str]) -> _Answer:
    """The list itself where it holds, so that the same groups in another order agree; else what differs."""
    found = sorted(figures.split(asked.session, scope, "mentors", "group")["label"])
    same = found == sorted(named)
    other = sorted(set(found) ^ set(named))
    what = "the same names" if same else f"differs: {', '.join(other[:_ALL_NAMED])}"
    return _Answer(counted(len(found), "group", "groups"), what, found, named if same else found)


def _objective(asked: Question, scope: Scope, _said: int) -> _Answer:
    aim = figures.figure(asked.session, scope, "employed").objective
    return _Answer(NOTHING if aim is None else f"{aim} %", "the cohort’s objective", aim, aim)


def _first_year(asked: Question, _scope: Scope, _said: int) -> _Answer:
    year = asked.cohorts[0].starts_on.year
    return _Answer(str(year), "start of the first cohort", year, year)


def _award(asked: Question, scope: Scope, said: str) -> _Answer:
    """A milestone whose name begins so."""
    names = asked.session.scalars(
        select(Milestone.name).where(
            Milestone.programme_id == asked.programme_id,
            Milestone.kind == MilestoneKind.AWARD,
            Milestone.on_day <= scope.as_of,
        )
    ).all()
    found = next((name for name in names if name.startswith(said)), None)
    return _Answer(said if found else NOTHING, found or "no award on record", found, said if found else None)


_SPECIAL: dict[str, Callable[[Question, Scope, Any], _Answer]] = {
    "groups named": _names,
    "objective": _objective,
    "first year": _first_year,
    "award": _award,
}
