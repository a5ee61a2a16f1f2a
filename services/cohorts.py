"""Cohorts: one in full, all side by side, and the rows behind a figure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlalchemy.orm import Session

from services import cohort_panels, shown
from services.access import Actor, Permission, authorise
from services.counting.definition import Intake, ask
from services.counting.figure import Figure, Scope, rounded
from services.errors import NotFound
from services.panel import Panel
from services.wording import day, spelled

#: The figures of the band on top, in its order, and the unit of the rows that each opens to.
BAND = ("started_matches", "mentors", "employed", "employed_in_field", "time_to_match", "hours")
#: How the running matches of a cohort are looked after.
CARE = ("active", "support_contacts_kept", "health_good", "quiet", "contacts_overdue", "to_close")
#: What all cohorts are set side by side in.
COLUMNS = {
    "started_matches": "Matches",
    "growth": "Growth",
    "mentors": "Mentors",
    "groups": "Groups",
    "time_to_match": "Time to match",
    "support_contacts_kept": "Contacts kept",
    "hours": "Hours a match",
    "orientation": "Came to orientation",
    "ended_early": "Ended early, not hired",
    "employed": "Employed",
    "employed_in_field": "In field",
}


@dataclass(frozen=True, eq=False)
class OneCohort:
    """A cohort in full, as the actor may see it."""

    cohort: str
    before: str | None
    lead: str
    band: Mapping[str, Figure]
    #: Below each figure of the band: what it is compared to.
    beside: Mapping[str, str]
    #: Of the running matches; empty when none runs, or none of it is for this actor.
    care: tuple[Figure, ...]
    #: Whether figures open to the people behind them.
    opens: bool
    #: cohort, matches.
    sizes: Panel
    #: group, now, before, now_text, before_text.
    groups: Panel
    #: cohort, note, employed, in_field.
    outcomes: Panel
    #: step, mentees, text.
    funnel: Panel
    #: event, share, text, note.
    attendance: Panel
    #: reason, matches, text, is_success.
    endings: Panel
    #: event (the question), share, text, note.
    answers: Panel
    target: int | None
    objective: int | None


def one(session: Session, scope: Scope, *, by: Actor) -> OneCohort:
    """A cohort as of a day; `scope` names it; else the latest that had begun. Raises `NotAllowed`, `NotFound`."""
    actor = authorise(session, by, Permission.SEE_FIGURES)
    asked = ask(session, scope)
    if not asked.cohorts:
        raise NotFound("There is no cohort yet. Its figures stand here from the day the first one begins.")
    begun = [c for c in asked.cohorts if c.starts_on <= scope.as_of]
    cohort = asked.cohort or (begun or asked.cohorts[:1])[-1]
    scope = scope.of(cohort.id)
    before = asked.before(cohort.id)
    band = shown.several(session, scope, [*BAND, "growth", "returning_mentors", "groups"], by=by)
    return OneCohort(
        cohort=cohort.name,
        before=before.name if before else None,
        lead=_lead(scope.as_of, cohort, before, band),
        band={name: band[name] for name in BAND},
        beside=_beside(band, before),
        care=care(session, scope, by=by),
        opens=actor.may(Permission.SEE_ROWS),
        sizes=cohort_panels.sizes(session, scope, asked, cohort),
        groups=cohort_panels.groups(session, scope, cohort, before, by),
        outcomes=cohort_panels.outcomes(session, scope, asked, cohort, by),
        funnel=cohort_panels.funnel(session, scope, by),
        attendance=cohort_panels.attendance(session, scope, by),
        endings=cohort_panels.endings(session, scope, by),
        answers=cohort_panels.answers(session, scope, by),
        target=cohort.target,
        objective=cohort.objective_employed,
    )


def side_by_side(session: Session, scope: Scope, *, by: Actor) -> pd.DataFrame:
    """The cohorts that had begun, latest first: Cohort, then those of `COLUMNS` there are, as printed, and Reached.

    Raises `NotAllowed`, `NotFound`.
    """
    authorise(session, by, Permission.SEE_FIGURES)
    asked = ask(session, scope)
    begun = [c for c in asked.cohorts if c.starts_on <= scope.as_of][::-1]
    frame = pd.DataFrame({"Cohort": [c.name for c in begun]})
    for name, label in COLUMNS.items():
        each = shown.by_cohort(session, scope, name, by=by)
        if all(each[c.id].value is None for c in begun):
            continue  # nothing yet, or not for this actor
        frame[label] = [each[c.id].text for c in begun]
        if name == "employed":
            frame["Reached"] = ["" if each[c.id].base is None else f"{each[c.id].base:,}" for c in begun]
    return frame


def _lead(as_of: dt.date, cohort: Intake, before: Intake | None, band: Mapping[str, Figure]) -> str:
    started, growth, groups, employed = (band[n] for n in ("started_matches", "growth", "groups", "employed"))
    said = f"{started.text} {'match' if started.count == 1 else 'matches'}"
    if not started.count:
        said = f"No match of {cohort.name} had started by {day(as_of)}"
    elif before and growth.value is not None:
        said += " so far" if cohort.ends_on > as_of and growth.value < 0 else ""
        change = rounded(abs(Decimal(growth.value)))
        more = "more" if growth.value > 0 else "fewer"
        alike = f"{'about ' if growth.value else ''}as many as {before.name}"
        said += f", {change} % {more} than {before.name}" if change else f", {alike}"
    if groups.count:
        said += f", in {spelled(groups.count)} occupational group{'' if groups.count == 1 else 's'}"
    if employed.is_nearly_all:
        return f"{said}. Nearly all of about {employed.base} mentees reached by {day(employed.as_of)} had found work."
    if employed.value is None:
        return f"{said}. {employed.absent}"
    the, about = ("about", "about ") if employed.protected else ("the", "")
    aim = f"; the objective was {employed.objective} %" if employed.objective is not None else ""
    said += f". Of {the} {employed.base:,} mentees reached by {day(employed.as_of)}, "
    return f"{said}{about}{employed.text} had found work{aim}."


def _beside(band: Mapping[str, Figure], before: Intake | None) -> dict[str, str]:
    growth, returning = band["growth"], band["returning_mentors"]
    lines = {name: share_words(band[name]) for name in BAND}
    lines["started_matches"] = ""
    if before and growth.value is not None:
        sign = "+" if growth.value > 0 else "−" if growth.value < 0 else "±"
        lines["started_matches"] = (
            f"{sign}{rounded(abs(Decimal(growth.value)))} % on {before.name} ({growth.base} matches)"
        )
    lines["mentors"] = "" if returning.value is None else f"{returning.text} had mentored before"
    return lines


def care(session: Session, scope: Scope, *, by: Actor) -> tuple[Figure, ...]:
    """How the running matches are looked after: the figures of `CARE`, none while none runs. Raises `NotAllowed`."""
    authorise(session, by, Permission.SEE_FIGURES)
    found = shown.several(session, scope, CARE, by=by)
    return tuple(found.values()) if found["active"].count else ()


def share_words(figure: Figure) -> str:
    """25 of 38 mentees reached; a median's base; or why there is no value."""
    if figure.value is None:
        return figure.absent
    when = f", {figure.as_of:%b %Y}, rounded" if figure.protected and figure.base is not None else ""
    return f"{base_words(figure)}{when}"


def base_words(figure: Figure) -> str:
    """What a figure is of, without the day: 25 of 38 mentees reached; empty for a count."""
    if figure.base is None:
        return ""
    many = "median" if figure.numerator is None else f"{figure.numerator:,}".replace("-", "−")
    return f"{many} of {figure.base:,} {figure.base_unit}"
