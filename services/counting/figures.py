"""Every figure by its name: asked of a programme or a cohort, as of any day, with the rows behind it.

A number and its drill-down are made of the same select, so they cannot disagree.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from db.models import CountingRule
from services import clock
from services.counting import care, coaches, funnel, matched, results
from services.counting.definition import Asked, Definition, Intake, Kind, Rows, ask, prepared
from services.counting.figure import Figure, Period, Scope, per_cent
from services.counting.splits import labelled_rows, split_rows
from services.errors import NotFound
from services.once_a_reading import once_a_reading

FIGURES: dict[str, Definition] = {
    **matched.FIGURES,
    **funnel.FIGURES,
    **care.FIGURES,
    **coaches.FIGURES,
    **results.FIGURES,
}
#: The figure of each counting rule; `matches_to_date` is the one that the programme chose.
OF_RULE = {rule: rule.value for rule in CountingRule}
TO_DATE = "matches_to_date"
_SURVEY = "survey:"

#: count, hits, first day, and the two measures in the middle.
_Sums = tuple[int, int, Any, int | None, int | None]
_NO_SUMS: _Sums = (0, 0, None, None, None)


def names() -> list[str]:
    """Every figure there is; a survey question of any other code is asked for as `survey:CODE`."""
    return [TO_DATE, *FIGURES]


def figure(session: Session, scope: Scope, name: str) -> Figure:
    """One figure. Raises `NotFound` for an unknown name, programme or cohort."""
    return figures(session, scope, [name])[name]


def figures(session: Session, scope: Scope, wanted: Iterable[str]) -> dict[str, Figure]:
    """Several figures of one scope, by name."""
    asked = ask(session, scope)
    return {name: _figure(session, asked, name) for name in wanted}


def over_time(session: Session, scope: Scope, name: str, days: Sequence[dt.date]) -> list[Figure]:
    """One figure as of each of several days."""
    return [figure(session, scope.on(day), name) for day in days]


@once_a_reading
def by_cohort(session: Session, scope: Scope, name: str) -> dict[int, Figure]:
    """A figure of every cohort of the programme, by the cohort's id, oldest first; one statement."""
    asked = ask(session, scope.of(None), per_cohort=True)
    what = define(asked, name)
    if what.is_whole:
        whole = _figure(session, ask(session, scope.of(None)), name)
        return {cohort.id: whole for cohort in asked.cohorts}
    if what.kind is Kind.GROWTH:
        started = _sums(session, asked, "started_matches", grouped=True)
        return {c.id: _growth(asked, c, started) for c in asked.cohorts}
    sums = _sums(session, asked, name, grouped=True)
    return {c.id: _made(asked, name, what, sums.get(c.id, _NO_SUMS), c) for c in asked.cohorts}


@once_a_reading
def rows(session: Session, scope: Scope, name: str) -> pd.DataFrame:
    """The rows behind a figure, in the order of their days.

    Columns: the keys there are (match_id, mentor_id, mentee_id, cohort_id …), day, and hit (1 or 0) of rates and parts,
    measure of medians. As many rows as a count's value, or as a rate's base.
    """
    asked = ask(session, scope)
    what = define(asked, name)
    found = session.execute(what.rows(asked))
    # as plain tuples: of SQLAlchemy’s own rows pandas makes a frame ten times slower
    frame = pd.DataFrame([tuple(row) for row in found], columns=list(found.keys()))
    for key in (name for name in frame if name.endswith("_id")):
        frame[key] = frame[key].astype("Int64")  # a person is a mentor or a mentee, and the other key is empty
    frame["day"] = [_day(asked, day) for day in frame["day"]]
    if "measure" in frame:
        frame["measure"] = [Decimal(int(m)) / what.scale for m in frame["measure"]]
    return frame.sort_values("day", kind="stable", ignore_index=True)


def split(session: Session, scope: Scope, name: str, by: str) -> pd.DataFrame:
    """A figure divided by group, agency, country, division, reason, finding, health or side.

    Columns: label, value (rows, or hits of a rate or part), base (rows); the largest first, then by label. What has no
    label is left out of reason, finding and health, and is "Not known" elsewhere.
    """
    asked = ask(session, scope)
    return split_rows(session, asked, define(asked, name), by)


def labelled(session: Session, scope: Scope, name: str, by: str) -> pd.DataFrame:
    """label, day: the rows behind a count of matches, each with its label and the day from which it counts."""
    asked = ask(session, scope)
    return labelled_rows(session, define(asked, name).rows(asked), by)


def define(asked: Asked, name: str) -> Definition:
    """The definition behind a name. Raises `NotFound`."""
    if name == TO_DATE:
        name = OF_RULE[asked.rule]
    if name in FIGURES:
        return FIGURES[name]
    if name.startswith(_SURVEY) and name != _SURVEY:
        return results.survey(name.removeprefix(_SURVEY))
    raise NotFound(f"There is no figure «{name}». Figures are: {', '.join(names())}, and {_SURVEY}CODE.")


@once_a_reading
def _figure(session: Session, asked: Asked, name: str) -> Figure:
    what = define(asked, name)
    if what.is_whole and asked.scope.cohort_id is not None:
        asked = ask(session, asked.scope.of(None))
    cohort = asked.cohort
    if what.of_cohort_only and cohort is None:
        return _empty(asked, name, what, None, "This is counted cohort by cohort. Choose a cohort.")
    if what.kind is Kind.GROWTH and cohort:
        whole = ask(session, asked.scope.of(None), per_cohort=True)
        started = _sums(session, whole, "started_matches", grouped=True)
        return _growth(asked, cohort, started)
    return _made(asked, name, what, _sums(session, asked, name, grouped=False).get(None, _NO_SUMS), cohort)


def _sums(session: Session, asked: Asked, name: str, *, grouped: bool) -> dict[int | None, _Sums]:
    sums, middle = _selects(asked, name, grouped)
    found = {(row[0] if grouped else None): (*row[-3:], None, None) for row in session.execute(sums)}
    if middle is not None:
        for place_and_middle in session.execute(middle):
            key = place_and_middle[0] if grouped else None
            found[key] = (*found[key][:3], *place_and_middle[-2:])
    return {key: (sums[0], int(sums[1] or 0), *sums[2:]) for key, sums in found.items()}


@prepared
def _selects(asked: Asked, name: str, grouped: bool) -> tuple[Rows, Rows | None]:  # noqa: FBT001 - a cache has no names
    """What sums a figure's rows up, and for a median what finds its middle."""
    what = define(asked, name)
    behind = what.rows(asked).subquery()
    place: list[ColumnElement[Any]] = [behind.c.cohort_id] if grouped else []
    hits: Any = func.sum(behind.c.hit) if "hit" in behind.c else func.count()
    sums = select(*place, func.count(), hits, func.min(behind.c.day)).group_by(*place)
    return sums, _middle(behind, place) if what.kind is Kind.MEDIAN else None


def _middle(behind: Subquery, place: list[ColumnElement[Any]]) -> Any:
    """The one or two measures in the middle, as the smaller and the larger."""
    ranked = select(
        *place,
        behind.c.measure,
        func.row_number().over(partition_by=place or None, order_by=behind.c.measure).label("rank"),
        func.count().over(partition_by=place or None).label("base"),
    ).subquery()
    in_middle = ranked.c.rank.in_([(ranked.c.base + 1) // 2, (ranked.c.base + 2) // 2])
    keys = [ranked.c.cohort_id] if place else []
    return select(*keys, func.min(ranked.c.measure), func.max(ranked.c.measure)).where(in_middle).group_by(*keys)


def _made(asked: Asked, name: str, what: Definition, sums: _Sums, cohort: Intake | None) -> Figure:
    count, hits, first, low, high = sums
    base: int | None = count
    if what.kind is Kind.COUNT:
        return _one(asked, name, what, cohort, count, first)
    if what.kind is Kind.AGAINST:
        targets = [c.target for c in ([cohort] if cohort else asked.cohorts) if c.target is not None]
        base = sum(targets) if targets else None
        hits = count
    if not base:
        return _empty(asked, name, what, cohort, what.nothing)
    if what.kind is Kind.RATE:
        return _one(asked, name, what, cohort, per_cent(hits, base), first, hits, base)
    if what.kind is Kind.MEDIAN:
        middle = Decimal((low or 0) + (high or 0)) / 2 / what.scale
        return _one(asked, name, what, cohort, middle, first, None, base)
    return _one(asked, name, what, cohort, hits, first, hits, base)


def _growth(asked: Asked, cohort: Intake, started: dict[int | None, _Sums]) -> Figure:
    what, before = FIGURES["growth"], asked.before(cohort.id)
    base = started.get(before.id, _NO_SUMS)[0] if before else 0
    if not base:
        return _empty(asked, "growth", what, cohort, what.nothing)
    count, _, first, *_rest = started.get(cohort.id, _NO_SUMS)
    if not count and cohort.starts_on > asked.as_of:
        return _empty(asked, "growth", what, cohort, "The cohort has not begun by this day.")
    return _one(asked, "growth", what, cohort, per_cent(count - base, base), first, count - base, base)


def _empty(asked: Asked, name: str, what: Definition, cohort: Intake | None, why: str) -> Figure:
    return _one(asked, name, what, cohort, None, None, absent=why)


def _one(  # noqa: PLR0913 - the parts of a figure, in its own order
    asked: Asked,
    name: str,
    what: Definition,
    cohort: Intake | None,
    value: int | Decimal | None,
    first: Any,
    numerator: int | None = None,
    base: int | None = None,
    *,
    absent: str = "",
) -> Figure:
    return Figure(
        value=value,
        unit=what.unit,
        rule=what.rule,
        period=Period(_day(asked, first), asked.as_of),
        as_of=asked.as_of,
        numerator=numerator,
        base=base,
        base_unit=what.base_unit,
        name=name,
        label=what.label,
        objective=what.objective(asked, cohort),
        absent=absent,
    )


def _day(asked: Asked, when: Any) -> Any:
    """A moment as the day it falls on where the programme runs."""
    return clock.local(when, asked.timezone).date() if isinstance(when, dt.datetime) else when
