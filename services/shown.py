"""Figures as an actor may see them: exact for coordinators, protected for everyone else (decision 0008).

The one place that chooses. Totals of programme and cohort are exact for all; what divides people is asked as of the
last end of a quarter, cohort by cohort, and printed so that no count can be narrowed to fewer than three.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Agency, Cohort, OccupationalGroup
from services import programmes
from services.access import Actor, Permission, authorise
from services.counting import bounds, endings, figures, results
from services.counting.definition import ask
from services.counting.figure import Figure, Period, Scope, per_cent
from services.counting.protect import WHOLE_PROGRAMME, classes, median_allowed, protect_figure, together
from services.counting.published import TOO_FEW, Snapshot, publication_days, table
from services.programmes import Clocks
from services.wording import day as written

#: The base of something that no public total bounds is printed as if it could be anything.
_ANYTHING = 100_000
#: Asked as of the end of a quarter, and printed by classes.
_QUARTERLY = ("employed", "employed_in_field", "permanent", "hours", "support_contacts_kept")
#: Told of one day only, with how the other matches ended.
_ONCE = "mentees_completed"
#: Beside exact totals, or beside the parts that are shown, these would tell of single people.
_HIDDEN = (
    *("active", "early_endings", "ended_early", "hired_early", "health_good", "quiet", "watched", "to_close"),
    *("contacts_due", "contacts_overdue", "uncovered"),  # active matches are their base
    "served",  # they are told by its period
    *("founding_mentors", "waiting"),  # so are these: whose match runs on, whose ended without work
    *("completed_matches", "employed_in_field_12m"),  # close to the mentees who completed
    "groups",  # it tells which of the small ones are empty
    *(kind.value for kind in results.GATHERINGS),
)
_MEASURED = ("time_to_match",)
_NOT_SHOWN = "Shown to coordinators only: in a small cohort it would tell of single people."
_TOO_FEW_ANSWERS = "Too few answers to show a share."
_OTHER = {"group": "Other groups", "agency": "Other agencies"}


@dataclass(frozen=True, eq=False)
class Split:
    """How a figure divides, as this actor may see it."""

    #: label, value (Int64, NA when small), text.
    rows: pd.DataFrame
    #: The day it is of, which for a protected split is the end of a quarter.
    day: dt.date
    #: Empty where the total is not told beside its parts.
    total_text: str
    protected: bool
    #: Why nothing is shown, as a sentence.
    absent: str = ""


def sees_exact(session: Session, *, by: Actor, public: bool = False) -> bool:
    """Whether figures are exact for this actor: for coordinators, unless as the public. Raises `NotAllowed`."""
    actor = authorise(session, by, Permission.SEE_FIGURES)
    return not public and actor.may(Permission.SEE_EXACT_FIGURES)


def several(
    session: Session, scope: Scope, names: Iterable[str], *, by: Actor, public: bool = False
) -> dict[str, Figure]:
    """Figures by name, exact or protected. Raises `NotAllowed`, `NotFound`."""
    if sees_exact(session, by=by, public=public):
        return figures.figures(session, scope, names)
    return {name: _protected(session, scope, name) for name in names}


def by_cohort(session: Session, scope: Scope, name: str, *, by: Actor, public: bool = False) -> dict[int, Figure]:
    """A figure of each cohort of the programme, by its id, oldest first. Raises `NotAllowed`, `NotFound`."""
    if sees_exact(session, by=by, public=public) or not _is_guarded(name):
        return figures.by_cohort(session, scope, name)
    return _protected_by_cohort(session, scope, name)


def split(session: Session, scope: Scope, name: str, into: str, *, by: Actor, public: bool = False) -> Split:
    """A figure divided by group, agency, country, reason and so on. Raises `NotAllowed`, `NotFound`.

    Protected: matches of one cohort by group or agency, and early endings by reason; nothing else.
    """
    if sees_exact(session, by=by, public=public):
        parts = figures.split(session, scope, name, into)
        rows = pd.DataFrame(
            {
                "label": parts["label"],
                "value": parts["value"].astype("Int64"),
                "text": [f"{value:,}" for value in parts["value"]],
            }
        )
        return Split(rows, scope.as_of, f"{int(parts['value'].sum()):,}", protected=False)
    return _protected_split(session, scope, name, into)


def by_side(session: Session, scope: Scope, name: str, *, by: Actor, public: bool = False) -> dict[str, Figure]:
    """The attendance of mentors and of mentees, each a rate; sides without any are left out.

    Protected: cohort by cohort, and then the two together are not shown. Raises `NotAllowed`, `NotFound`.
    """
    exact = sees_exact(session, by=by, public=public)
    if not exact and scope.cohort_id is None:
        return {}
    day = scope.as_of if exact else _last_quarter(scope.as_of)
    whole = figures.figure(session, scope.on(day), name)
    clocks = programmes.clocks(session, scope.programme_id)
    sides: dict[str, Figure] = {}
    for row in figures.split(session, scope.on(day), name, "side").itertuples():
        side = replace(
            whole, value=per_cent(int(row.value), int(row.base)), numerator=int(row.value), base=int(row.base)
        )
        if not exact:
            side = _bounded(side, bounds.of_side(session, scope.on(day), name, row.label), clocks)
        sides[row.label] = side
    return sides


def _is_guarded(name: str) -> bool:
    return name in (*_QUARTERLY, *_HIDDEN, *_MEASURED, _ONCE) or name.startswith(bounds.SURVEY)


def _protected(session: Session, scope: Scope, name: str) -> Figure:
    if not _is_guarded(name):
        return figures.figure(session, scope, name)
    if name in (*_HIDDEN, *_MEASURED, _ONCE):  # no cohort tells of these more than it tells of itself
        found = figures.figure(session, scope, name)
        if name in _HIDDEN:
            return _hidden(found)
        if name in _MEASURED:
            return _measured(found, programmes.clocks(session, scope.programme_id))
        return _hidden(found, WHOLE_PROGRAMME) if scope.cohort_id is None else _completed(session, scope, found)
    each = _protected_by_cohort(session, scope, name)
    return _of_all(session, scope, name, each) if scope.cohort_id is None else each[scope.cohort_id]


def _of_all(session: Session, scope: Scope, name: str, each: dict[int, Figure]) -> Figure:
    """A guarded figure of the whole programme, told from what its cohorts show."""
    whole = figures.figure(session, scope, name)
    if name == "hours" and any(one.value is not None for one in each.values()):
        # Its base, less what the cohorts print, would tell how many matches were completed.
        of_quarter = figures.figure(session, scope.on(_last_quarter(scope.as_of)), name)
        return _timeless(replace(of_quarter, base=None, protected=True))
    if whole.unit != "%" or not each:
        return _hidden(whole, WHOLE_PROGRAMME)
    return replace(together(list(each.values())), objective=whole.objective)


def _protected_by_cohort(session: Session, scope: Scope, name: str) -> dict[int, Figure]:
    clocks = programmes.clocks(session, scope.programme_id)
    if name in (*_HIDDEN, *_MEASURED, _ONCE):
        each = figures.by_cohort(session, scope, name)
        if name == _ONCE:
            return {key: _completed(session, scope.of(key), figure) for key, figure in each.items()}
        return {key: _hidden(one) if name in _HIDDEN else _measured(one, clocks) for key, one in each.items()}
    then = scope.on(_last_quarter(scope.as_of))
    each = figures.by_cohort(session, then, name)
    if name == "hours":
        people = bounds.with_hours(session, then)
        each = {key: replace(figure, base=people[key][0]) for key, figure in each.items()}
        limits = {key: limit for key, (_, limit) in people.items()}
    else:
        limits = bounds.limits(session, then, name)
    begins = {cohort.id: cohort.starts_on for cohort in ask(session, then.of(None)).cohorts}
    return {key: _at_quarter(figure, limits[key], clocks, begins[key]) for key, figure in each.items()}


def _completed(session: Session, scope: Scope, figure: Figure) -> Figure:
    first = endings.told_on(session, scope.cohort_id or 0)
    if scope.as_of < first:
        return _hidden(figure, f"Shown from {written(first)} on, when its matches should have ended.")
    ended = endings.ended(session, scope)
    if ended is None or ended.completed is None:
        return _hidden(replace(figure, as_of=first, period=Period(None, first)), TOO_FEW)
    return replace(figure, value=ended.completed, as_of=first, period=Period(None, first), protected=True)


def _at_quarter(figure: Figure, limit: int, clocks: Clocks, begins: dt.date) -> Figure:
    if begins > figure.as_of:
        first = next(iter(publication_days(begins, begins + dt.timedelta(days=100))))
        return _hidden(figure, f"Shown from the end of the cohort’s first quarter on, {first:%-d %B %Y}.")
    return _bounded(figure, limit, clocks)


def _bounded(figure: Figure, limit: int, clocks: Clocks) -> Figure:
    if (figure.base or figure.count) > limit:
        limit = _ANYTHING
    found = protect_figure(figure, limit, smallest=clocks.smallest_cell, percent_base=clocks.percent_base)
    if found.value is None and found.name.startswith(bounds.SURVEY):  # who was asked hangs on who has answered
        return _hidden(found, _TOO_FEW_ANSWERS)
    return _timeless(found)


def _timeless(figure: Figure) -> Figure:
    """Without the first day of what is behind it: it is somebody's, and tells whether there is anybody."""
    return replace(figure, period=replace(figure.period, first=None))


def _measured(figure: Figure, clocks: Clocks) -> Figure:
    """Medians and shares of contacts divide nobody; they need enough behind them not to be somebody's own."""
    cell = classes(max(figure.base or 0, 0), clocks.smallest_cell)[-1]
    if figure.value is None or median_allowed(cell, clocks.percent_base):
        return figure
    return _hidden(figure, f"Fewer than {clocks.percent_base} {figure.base_unit}: too few to show.")


def _hidden(figure: Figure, why: str = _NOT_SHOWN) -> Figure:
    return _timeless(replace(figure, value=None, numerator=None, base=None, absent=why, protected=True))


def _protected_split(session: Session, scope: Scope, name: str, into: str) -> Split:
    empty = pd.DataFrame(
        {"label": pd.Series(dtype="str"), "value": pd.array([], "Int64"), "text": pd.Series(dtype="str")}
    )
    nothing = Split(empty, scope.as_of, "", protected=True, absent=_NOT_SHOWN)
    if scope.cohort_id is None:
        return replace(nothing, absent=WHOLE_PROGRAMME)
    if (name, into) == ("early_endings", "reason"):
        return _reasons(session, scope, nothing)
    if name != "started_matches" or into not in _OTHER:
        return nothing
    cohort = session.get_one(Cohort, scope.cohort_id)
    days = publication_days(cohort.starts_on, scope.as_of)
    if not days:
        return replace(nothing, absent="Shown from the end of the cohort’s first quarter on.")
    labels = [*_labels(session, into, cohort.ends_on), _OTHER[into]]
    behind = figures.labelled(session, scope, name, into)
    smallest = programmes.clocks(session, scope.programme_id).smallest_cell
    published = table([_counted(behind, labels, day) for day in days], smallest=smallest)
    if published is None:
        return replace(nothing, absent=TOO_FEW)
    return Split(_largest_first(published.rows), published.day, published.total_text, protected=True)


def _reasons(session: Session, scope: Scope, nothing: Split) -> Split:
    first = endings.told_on(session, scope.cohort_id or 0)
    if scope.as_of < first:
        return replace(nothing, absent=f"Shown from {written(first)} on, when its matches should have ended.")
    ended = endings.ended(session, scope)
    if ended is None or ended.reasons["value"].isna().all():
        return replace(nothing, absent=TOO_FEW)
    return Split(_largest_first(ended.reasons), ended.day, "", protected=True)


def _largest_first(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.sort_values(["value", "label"], ascending=[False, True], na_position="last", ignore_index=True)


def _counted(behind: pd.DataFrame, labels: list[str], day: dt.date) -> Snapshot:
    """How rows divided on a day; whose label is not of the public list is of the last one."""
    until = behind.loc[behind["day"] <= day, "label"]
    known = until.where(until.isin(labels), labels[-1]).value_counts()
    counts = {label: int(known.get(label, 0)) for label in labels}
    return Snapshot(day, len(until), counts)


def _labels(session: Session, into: str, ends_on: dt.date) -> list[str]:
    """The groups or agencies of the time, whether or not anyone is of them: who appears may tell nothing."""
    if into == "group":
        kinds = session.execute(
            select(OccupationalGroup.name, OccupationalGroup.since).order_by(OccupationalGroup.name)
        )
    else:
        kinds = session.execute(select(Agency.name, Agency.partner_since).order_by(Agency.name))
    return [name for name, since in kinds if since is None or since <= ends_on]


def _last_quarter(day: dt.date) -> dt.date:
    return publication_days(day - dt.timedelta(days=100), day)[-1]
