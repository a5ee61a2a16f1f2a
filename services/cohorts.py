"""Cohorts: one in full, all side by side, and the rows behind a figure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
from sqlalchemy.orm import Session

from services import findings, shown
from services.access import Actor, Permission, authorise
from services.counting import figures, funnel
from services.counting.definition import Asked, Intake, ask
from services.counting.figure import Figure, Scope, per_cent, rounded
from services.counting.results import GATHERINGS, SURVEYS
from services.counting.waiting import HIRED
from services.errors import NotFound
from services.findings import Size
from services.wording import day, joined, spelled

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
#: Cohorts beside the chosen one in the picture of outcomes.
_AROUND = 5


@dataclass(frozen=True, eq=False)
class Panel:
    """A chart's rows, its finding, and the note that says what they are."""

    finding: str
    rows: pd.DataFrame
    note: str
    #: Why there is no picture, as a sentence.
    absent: str = ""


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
        sizes=_sizes(session, scope, asked, cohort),
        groups=_groups(session, scope, cohort, before, by),
        outcomes=_outcomes(session, scope, asked, cohort, by),
        funnel=_funnel(session, scope, by),
        attendance=_attendance(session, scope, by),
        endings=_endings(session, scope, by),
        answers=_answers(session, scope, by),
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
    if figure.base is None:
        return ""
    what = f"{figure.numerator:,} of {figure.base:,}" if figure.numerator is not None else f"median of {figure.base:,}"
    when = f", {figure.as_of:%b %Y}, rounded" if figure.protected else ""
    return f"{what} {figure.base_unit}{when}"


def _sizes(session: Session, scope: Scope, asked: Asked, cohort: Intake) -> Panel:
    each = figures.by_cohort(session, scope, "started_matches")
    begun = [c for c in asked.cohorts if c.starts_on <= scope.as_of or c.id == cohort.id]
    sizes = [Size(c.name, each[c.id].count) for c in begun]
    whole = figures.figure(session, scope.of(None), "started_matches")
    return Panel(
        findings.intake(sizes, cohort.name, is_running=cohort.ends_on > scope.as_of),
        pd.DataFrame([(size.cohort, size.matches) for size in sizes], columns=["cohort", "matches"]),
        f"Matches started, by cohort, as of {day(scope.as_of)}. {whole.text} in all; void entries are not counted.",
    )


def _groups(session: Session, scope: Scope, cohort: Intake, before: Intake | None, by: Actor) -> Panel:
    now = shown.split(session, scope, "started_matches", "group", by=by)
    then = shown.split(session, scope.of(before.id), "started_matches", "group", by=by) if before else None
    columns = ["group", "now", "before", "now_text", "before_text"]
    if now.absent or now.rows.empty:
        absent = now.absent or f"No match of this cohort had started by {day(scope.as_of)}."
        return Panel(f"The {cohort.name} cohort by occupation", pd.DataFrame(columns=columns), "", absent)
    rows = now.rows.rename(columns={"label": "group", "value": "now", "text": "now_text"})
    known = then.rows.set_index("label") if then and not then.absent else None
    if known is None:
        rows["before"], rows["before_text"] = pd.array([pd.NA] * len(rows), "Int64"), ""
    else:
        nobody = "<11" if now.protected else "0"
        if not now.protected:
            gone = [label for label in known.index if label not in set(rows["group"])]
            rows = pd.concat([rows, pd.DataFrame({"group": gone, "now": 0, "now_text": "0"})], ignore_index=True)
        rows["before"] = known["value"].reindex(rows["group"]).array
        rows["before_text"] = known["text"].reindex(rows["group"]).fillna(nobody).array
        if not now.protected:
            rows["before"] = rows["before"].fillna(0)
    rows["before"] = rows["before"].astype("Int64")
    small = rows["now"].isna() & rows["before"].isna()
    if now.protected:  # the same words, row by row, would be most of the picture
        few = joined([str(group) for group in rows.loc[small, "group"]])
        rest = f" {rows['now_text'].iloc[-1]} each: {few}." if small.any() else ""
        rows = rows[~small].reset_index(drop=True)
    when = f"Published as of {day(now.day)} and rounded." if now.protected else "Exact, for coordinators only."
    past = f", {then.total_text} in {before.name}" if before and then and not then.absent else ""
    return Panel(
        findings.groups(rows, cohort.name, exact=not now.protected),
        rows[columns],
        f"{now.total_text} matches in {cohort.name}{past}. {when}{rest if now.protected else ''}",
    )


def _outcomes(session: Session, scope: Scope, asked: Asked, cohort: Intake, by: Actor) -> Panel:
    employed = shown.by_cohort(session, scope, "employed", by=by)
    field = shown.by_cohort(session, scope, "employed_in_field", by=by)
    begun = [c for c in asked.cohorts if c.starts_on <= scope.as_of or c.id == cohort.id]
    place = begun.index(cohort)
    first = max(0, min(place - _AROUND // 2, len(begun) - _AROUND))
    lines = [
        (
            c.name,
            f"of {employed[c.id].base:,} reached" if employed[c.id].value is not None else "",
            _exact(employed[c.id]),
            _exact(field[c.id]),
        )
        for c in begun[first : first + _AROUND]
    ]
    rounding = (
        f" Published as of {day(employed[cohort.id].as_of)} and rounded." if employed[cohort.id].protected else ""
    )
    return Panel(
        findings.outcome(employed[cohort.id], cohort.name),
        pd.DataFrame(lines, columns=["cohort", "note", "employed", "in_field"]),
        f"Share of the mentees reached at follow-up, not of the cohort.{rounding}",
        "" if any(line[2] is not None for line in lines) else employed[cohort.id].absent,
    )


def _exact(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


def _funnel(session: Session, scope: Scope, by: Actor) -> Panel:
    steps = shown.several(session, scope, funnel.STEPS, by=by)
    lines: list[tuple[str, int | None, str]] = []
    before: Figure | None = None
    for step in steps.values():
        ratio = ""
        if before is not None and before.count and step.value is not None:
            ratio = f"{rounded(per_cent(step.count, before.count))} % of {before.label.lower()}"
        lines.append((step.label, step.count if step.value is not None else None, ratio or step.absent))
        before = step
    counts = {name: step.count for name, step in steps.items()}
    return Panel(
        findings.funnel(counts),
        pd.DataFrame(lines, columns=["step", "mentees", "text"]),
        "Mentees, each counted once a step. Employment has a base of its own, above.",
        "" if counts["mentees_ready"] else "No mentee had been ready for this cohort by this day.",
    )


def _attendance(session: Session, scope: Scope, by: Actor) -> Panel:
    lines = []
    for kind, label in GATHERINGS.items():
        for side, figure in shown.by_side(session, scope, kind.value, by=by).items():
            note = f"{figure.numerator:,} of {figure.base:,}" if figure.value is not None else figure.absent
            lines.append((label, side, figure.value, figure.text, note))
    known = [line for line in lines if line[2] is not None]
    rows = pd.DataFrame(known, columns=["event", "side", "share", "text", "note"])
    finding = findings.attendance(rows, about=not shown.sees_exact(session, by=by))
    rows["event"] = rows["event"] + ", " + rows["side"]
    rows["share"] = [float(share) for share in rows["share"]]
    return Panel(
        finding,
        rows[["event", "share", "text", "note"]],
        "Those who came, of those invited whose attendance was taken.",
        "" if known else "No attendance was taken by this day, or of too few to show.",
    )


def _endings(session: Session, scope: Scope, by: Actor) -> Panel:
    parts = shown.split(session, scope, "early_endings", "reason", by=by)
    rows = pd.DataFrame(
        {
            "reason": [label.replace("_", " ").capitalize() for label in parts.rows["label"]],
            "matches": parts.rows["value"],
            "text": parts.rows["text"],
            "is_success": [label in HIRED for label in parts.rows["label"]],
        }
    )
    when = f" Published as of {day(parts.day)} and rounded." if parts.protected and not parts.absent else ""
    return Panel(
        "How matches ended early" if parts.absent else findings.endings(rows, parts.total_text),
        rows,
        f"Matches that ended before their time. Hired is a success and counted apart.{when}",
        parts.absent or ("" if len(rows) else f"No match of this cohort had ended early by {day(scope.as_of)}."),
    )


def _answers(session: Session, scope: Scope, by: Actor) -> Panel:
    found = shown.several(session, scope, [f"survey:{code}" for code in SURVEYS], by=by)
    known = [figure for figure in found.values() if figure.value is not None]
    lines = [(f.label, _exact(f), f.text, f"{f.numerator:,} of {f.base:,}") for f in known]
    return Panel(
        findings.answers(known),
        pd.DataFrame(lines, columns=["event", "share", "text", "note"]),
        "Those who agree, of those who answered the question.",
        "" if known else "Nobody had answered a survey of this cohort by this day, or too few to show.",
    )
