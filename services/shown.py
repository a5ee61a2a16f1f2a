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
from services.counting import figures, results
from services.counting.figure import Figure, Scope, per_cent
from services.counting.protect import WHOLE_PROGRAMME, classes, median_allowed, protect_figure, together
from services.counting.published import TOO_FEW, Snapshot, publication_days, table
from services.counting.waiting import Ending
from services.programmes import Clocks

#: The base of something that no public total bounds is printed as if it could be anything.
_ANYTHING = 100_000
#: Rates of people, with the public totals whose sum their bases cannot exceed.
_LIMITS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("employed", "employed_in_field", "employed_in_field_12m"), ("mentees_started",)),
    "survey:mentor_again": ("mentors",),
    "mentees_completed": ("mentees_started",),
    "completed_matches": ("started_matches",),
    "permanent": ("placed",),
    "hours": ("started_matches",),
}
#: How many occupations a cohort has would tell of the smallest ones.
_HIDDEN_IN_COHORT = ("groups",)
#: What bounds the invited of one side.
_SIDES = {"mentors": "mentors", "mentees": "mentees_started"}
_ANSWERS, _OF_MENTEES = "survey:", ("mentees_started",)
#: Beside exact totals, or beside the parts that are shown, these would tell of single people.
_HIDDEN = (
    *("active", "early_endings", "ended_early", "hired_early", "health_good", "quiet", "watched", "to_close"),
    *("contacts_due", "contacts_overdue", "served"),  # active matches are their base, or told by their period
    *(kind.value for kind in results.GATHERINGS),
)
_MEASURED = ("time_to_match", "support_contacts_kept")
_NOT_SHOWN = "Shown to coordinators only: in a small cohort it would tell of single people."
_OTHER = {"group": "Other groups", "agency": "Other agencies"}


@dataclass(frozen=True, eq=False)
class Split:
    """How a figure divides, as this actor may see it."""

    #: label, value (Int64, NA when small), text.
    rows: pd.DataFrame
    #: The day it is of, which for a protected split is the end of a quarter.
    day: dt.date
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
            limit = figures.figure(session, scope.on(day), _SIDES[row.label]).count
            side = _bounded(side, limit, clocks)
        sides[row.label] = side
    return sides


def _is_guarded(name: str) -> bool:
    return name in (*_LIMITS, *_HIDDEN, *_HIDDEN_IN_COHORT) or name in _MEASURED or name.startswith(_ANSWERS)


def _protected(session: Session, scope: Scope, name: str) -> Figure:
    if not _is_guarded(name):
        return figures.figure(session, scope, name)
    each = _protected_by_cohort(session, scope, name)
    return _of_all(session, scope, name, each) if scope.cohort_id is None else each[scope.cohort_id]


def _of_all(session: Session, scope: Scope, name: str, each: dict[int, Figure]) -> Figure:
    """A guarded figure of the whole programme, told from what its cohorts show."""
    whole = figures.figure(session, scope, name)
    if name in _HIDDEN_IN_COHORT:
        return whole
    shares = [one for one in each.values() if one.protected]
    if name in _MEASURED:
        return _measured(whole, programmes.clocks(session, scope.programme_id))
    if name == "hours":
        # Its base, less what the cohorts print, would tell how many matches were completed.
        return replace(_measured(whole, programmes.clocks(session, scope.programme_id)), base=None, protected=True)
    if name in _HIDDEN or whole.unit != "%" or not shares:
        return _hidden(whole, _NOT_SHOWN if name in _HIDDEN else WHOLE_PROGRAMME)
    return replace(together(shares), objective=whole.objective)


def _protected_by_cohort(session: Session, scope: Scope, name: str) -> dict[int, Figure]:
    clocks = programmes.clocks(session, scope.programme_id)
    if name in (*_HIDDEN, *_HIDDEN_IN_COHORT):
        return {key: _hidden(figure) for key, figure in figures.by_cohort(session, scope, name).items()}
    if name in _MEASURED:
        return {key: _measured(figure, clocks) for key, figure in figures.by_cohort(session, scope, name).items()}
    day = _last_quarter(scope.as_of)
    then = scope.on(day)
    bounds = [figures.by_cohort(session, then, bound) for bound in _LIMITS.get(name, _OF_MENTEES)]
    begins = _begins(session, scope.programme_id)
    return {
        key: _at_quarter(figure, sum(bound[key].count for bound in bounds), clocks, begins[key])
        for key, figure in figures.by_cohort(session, then, name).items()
    }


def _at_quarter(figure: Figure, limit: int, clocks: Clocks, begins: dt.date) -> Figure:
    if begins > figure.as_of:
        first = next(iter(publication_days(begins, begins + dt.timedelta(days=100))))
        return _hidden(figure, f"Shown from the end of the cohort’s first quarter on, {first:%-d %B %Y}.")
    return _bounded(figure, limit, clocks)


def _bounded(figure: Figure, limit: int, clocks: Clocks) -> Figure:
    if (figure.base or figure.count) > limit:
        limit = _ANYTHING
    return protect_figure(figure, limit, smallest=clocks.smallest_cell, percent_base=clocks.percent_base)


def _measured(figure: Figure, clocks: Clocks) -> Figure:
    """Medians and shares of contacts divide nobody; they need enough behind them not to be somebody's own."""
    cell = classes(max(figure.base or 0, 0), clocks.smallest_cell)[-1]
    if figure.value is None or median_allowed(cell, clocks.percent_base):
        return figure
    return _hidden(figure, f"Fewer than {clocks.percent_base} {figure.base_unit}: too few to show.")


def _hidden(figure: Figure, why: str = _NOT_SHOWN) -> Figure:
    return replace(figure, value=None, numerator=None, base=None, absent=why, protected=True)


def _protected_split(session: Session, scope: Scope, name: str, into: str) -> Split:
    empty = pd.DataFrame(
        {"label": pd.Series(dtype="str"), "value": pd.array([], "Int64"), "text": pd.Series(dtype="str")}
    )
    nothing = Split(empty, scope.as_of, "", protected=True, absent=_NOT_SHOWN)
    if scope.cohort_id is None:
        return replace(nothing, absent=WHOLE_PROGRAMME)
    cohort = session.get_one(Cohort, scope.cohort_id)
    smallest = programmes.clocks(session, scope.programme_id).smallest_cell
    days = publication_days(cohort.starts_on, scope.as_of)
    if not days:
        return replace(nothing, absent="Shown from the end of the cohort’s first quarter on.")
    if (name, into) == ("early_endings", "reason"):
        labels = [ending.value for ending in Ending]
        started = figures.figure(session, scope.on(days[-1]), "started_matches").count
        snapshots = [_snapshot(session, scope, name, into, labels, days[-1], started)]
        published = table(snapshots, smallest=smallest, rising=False)
    elif name == "started_matches" and into in _OTHER:
        labels = [*_labels(session, into, cohort.ends_on), _OTHER[into]]
        behind = figures.labelled(session, scope, name, into)
        history = [_counted(behind, labels, day) for day in days]
        published = table(history, smallest=smallest)
    else:
        return nothing
    if published is None:
        return replace(nothing, absent=TOO_FEW)
    rows = published.rows.sort_values(
        ["value", "label"], ascending=[False, True], na_position="last", ignore_index=True
    )
    return Split(rows, published.day, published.total_text, protected=True)


def _snapshot(
    session: Session, scope: Scope, name: str, into: str, labels: list[str], day: dt.date, limit: int
) -> Snapshot:
    found = figures.split(session, scope.on(day), name, into)
    counts = dict(zip(found["label"], (int(value) for value in found["value"]), strict=True))
    known = {label: counts.get(label, 0) for label in labels}
    return Snapshot(day, sum(known.values()), known, limit=limit)


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


def _begins(session: Session, programme_id: int) -> dict[int, dt.date]:
    rows = session.execute(select(Cohort.id, Cohort.starts_on).where(Cohort.programme_id == programme_id))
    return {row.id: row.starts_on for row in rows}
