"""The cohorts of a placement programme: hired against commitment, and who found permanent employment."""

from dataclasses import dataclass

import pandas as pd
from sqlalchemy.orm import Session

from db.models import Programme
from services import findings, shown
from services.access import Actor, Permission, authorise
from services.cohorts import share_words
from services.counting import figures
from services.counting.definition import ask
from services.counting.figure import Figure, Scope
from services.counting.splits import NOT_KNOWN
from services.findings import Size
from services.panel import Panel
from services.wording import day


@dataclass(frozen=True, eq=False)
class Placed:
    """A cohort of a placement programme, beside the others of it."""

    lead: str
    #: Figures, each with what it is of.
    band: tuple[tuple[Figure, str], ...]
    #: cohort, committed, hired, permanent.
    cohorts: Panel
    #: cohort (the host division), committed (empty), hired, permanent.
    hosts: Panel
    opens: bool


def placed(session: Session, scope: Scope, *, by: Actor) -> Placed:
    """A cohort of placements as of a day; `scope` names it. Raises `NotAllowed`, `NotFound`."""
    actor = authorise(session, by, Permission.SEE_FIGURES)
    asked = ask(session, scope)
    band = shown.several(session, scope, ["placed", "placed_of_committed", "permanent"], by=by)
    hired, against, stayed = band.values()
    hires = figures.by_cohort(session, scope, "placed")
    committed = figures.by_cohort(session, scope, "placed_of_committed")
    permanent = shown.by_cohort(session, scope, "permanent", by=by)
    stays = any(figure.numerator for figure in permanent.values())  # otherwise nobody kept a record of it
    begun = [c for c in asked.cohorts if c.starts_on <= scope.as_of or c.id == scope.cohort_id]
    rows = [
        (c.name, committed[c.id].base, hires[c.id].count, permanent[c.id].numerator if stays else None) for c in begun
    ]
    programme = session.get_one(Programme, scope.programme_id)
    name = f"{programme.name}, {asked.cohort.name}" if asked.cohort else programme.name
    finding = findings.placements(hired.count, against.base, stayed.numerator or 0)
    aim = (
        f"against a commitment of {against.base:,}"
        if against.base is not None
        else "The organisation committed to no number."
    )
    return Placed(
        lead=f"{name}: {finding[0].lower()}{finding[1:]}, as of {day(scope.as_of)}.",
        band=((hired, aim), *([(stayed, share_words(stayed))] if stays else [])),
        cohorts=Panel(
            _beside(rows, asked.cohort.name if asked.cohort else None) or finding,
            pd.DataFrame(rows, columns=["cohort", "committed", "hired", "permanent"]),
            f"People hired, by cohort, as of {day(scope.as_of)}, against the number committed to.",
            "" if any(row[2] for row in rows) else "Nobody had been hired by this day.",
        ),
        hosts=_hosts(session, scope, name, stays=stays, by=by),
        opens=actor.may(Permission.SEE_ROWS),
    )


def _hosts(session: Session, scope: Scope, name: str, *, stays: bool, by: Actor) -> Panel:
    """By host division, the one that hired most first; protected like any split that divides people."""
    hired = shown.split(session, scope, "placed", "division", by=by)
    columns = ["cohort", "committed", "hired", "permanent"]
    title = f"Host divisions of {name}"
    if hired.absent:
        return Panel(title, pd.DataFrame(columns=columns), "", hired.absent)
    parts = shown.split(session, scope, "permanent", "division", by=by) if stays else None
    permanent = parts.rows.set_index("label")["value"] if parts else pd.Series(dtype="Int64")
    rows = pd.DataFrame(
        {
            "cohort": hired.rows["label"],
            "committed": None,
            "hired": hired.rows["value"],
            "permanent": [permanent.get(label) for label in hired.rows["label"]],
        }
    )
    known = [row for row in rows.itertuples() if row.cohort != NOT_KNOWN]
    absent = "" if known else f"No host division is on record for anybody hired by {day(scope.as_of)}."
    return Panel(
        findings.hosts([Size(str(row.cohort), int(row.hired)) for row in known]) or title,
        rows,
        f"People hired, by the division that hired them, as of {day(scope.as_of)}. Exact, for coordinators only.",
        absent,
    )


def _beside(rows: list[tuple[str, int | None, int, int | None]], chosen: str | None) -> str:
    hired = [Size(row[0], row[2]) for row in rows]
    several = len(hired) > 1 and any(size.matches for size in hired)
    return findings.placements_by_cohort(hired, chosen) if several else ""
