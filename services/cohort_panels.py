"""The pictures of one cohort: what each is of, and what it shows."""

import pandas as pd
from sqlalchemy.orm import Session

from services import findings, shown
from services.access import Actor
from services.counting import figures
from services.counting.definition import Asked, Intake
from services.counting.figure import Figure, Scope, per_cent, rounded
from services.counting.funnel import STEPS
from services.counting.results import GATHERINGS, SURVEYS
from services.counting.waiting import HIRED
from services.findings import Size
from services.panel import Panel
from services.wording import day, joined

#: Cohorts beside the chosen one in the picture of outcomes.
_AROUND = 5


def sizes(session: Session, scope: Scope, asked: Asked, cohort: Intake) -> Panel:
    """How many matches each cohort has."""
    each = figures.by_cohort(session, scope, "started_matches")
    begun = [c for c in asked.cohorts if c.starts_on <= scope.as_of or c.id == cohort.id]
    sizes = [Size(c.name, each[c.id].count) for c in begun]
    whole = figures.figure(session, scope.of(None), "started_matches")
    return Panel(
        findings.intake(sizes, cohort.name, is_running=cohort.ends_on > scope.as_of),
        pd.DataFrame([(size.cohort, size.matches) for size in sizes], columns=["cohort", "matches"]),
        f"Matches started, by cohort, as of {day(scope.as_of)}. {whole.text} in all; void entries are not counted.",
    )


def groups(session: Session, scope: Scope, cohort: Intake, before: Intake | None, by: Actor) -> Panel:
    """Matches by occupational group, beside the cohort before."""
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


def outcomes(session: Session, scope: Scope, asked: Asked, cohort: Intake, by: Actor) -> Panel:
    """Who found work, beside the cohorts around it."""
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


def funnel(session: Session, scope: Scope, by: Actor) -> Panel:
    """How far mentees came, step by step."""
    steps = shown.several(session, scope, STEPS, by=by)
    lines: list[tuple[str, int | None, str]] = []
    before: Figure | None = None
    for step in steps.values():
        ratio = ""
        if before is not None and before.count and step.value is not None:
            ratio = f"{rounded(per_cent(step.count, before.count))} % of {before.label.lower()}"
        lines.append((step.label, step.count if step.value is not None else None, ratio or _briefly(step.absent)))
        before = step
    counts = {name: step.count for name, step in steps.items()}
    return Panel(
        findings.funnel(counts),
        pd.DataFrame(lines, columns=["step", "mentees", "text"]),
        "Mentees, each counted once a step. Employment has a base of its own, above.",
        "" if counts["mentees_ready"] else "No mentee had been ready for this cohort by this day.",
    )


def _briefly(absent: str) -> str:
    """As much of a sentence as a label holds: "Shown from 30 September 2027 on"."""
    return absent.partition(",")[0].rstrip(".")


def attendance(session: Session, scope: Scope, by: Actor) -> Panel:
    """Who came to the gatherings."""
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


def endings(session: Session, scope: Scope, by: Actor) -> Panel:
    """Why matches ended early."""
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


def answers(session: Session, scope: Scope, by: Actor) -> Panel:
    """What those who answered the surveys agree to."""
    found = shown.several(session, scope, [f"survey:{code}" for code in SURVEYS], by=by)
    known = [figure for figure in found.values() if figure.value is not None]
    lines = [(f.label, _exact(f), f.text, f"{f.numerator:,} of {f.base:,}") for f in known]
    return Panel(
        findings.answers(known),
        pd.DataFrame(lines, columns=["event", "share", "text", "note"]),
        "Those who agree, of those who answered the question.",
        "" if known else "Nobody had answered a survey of this cohort by this day, or too few to show.",
    )
