"""The parts of the Cohorts page."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.charts import attendance, cohorts, endings, funnel, groups, outcomes, placements
from pages.ui.charts.rows import printed
from pages.ui.charts.style import Draw
from pages.ui.words import NOTHING, per_cent
from services import behind
from services.cohorts import OneCohort
from services.counting.figure import Figure
from services.panel import Panel
from services.placements import Placed

#: What the rows behind a figure are; matches unless named here.
_ROWS = {
    "mentors": ("mentor", "mentors"),
    "employed": ("follow-up", "follow-ups"),
    "employed_in_field": ("follow-up", "follow-ups"),
    "support_contacts_kept": ("contact", "contacts"),
    "contacts_overdue": ("check-in", "check-ins"),
}


def band(found: OneCohort) -> None:
    """The six figures, each open to its rows."""
    with st.container(key="figures"), st.grid(6, min_column_width=135, gap="small"):
        for name, figure in found.band.items():
            opens = _rows(figure) if found.opens else "By occupation" if name == behind.DIVIDED else "By cohort"
            panels.figure(figure, found.beside[name], _objective(figure, name), opens=opens)


def care(figures: Sequence[Figure], *, opens: bool) -> None:
    """How the running matches are looked after, while any run."""
    if not figures:
        return
    with st.container(key="figures_care"), st.grid(len(figures), min_column_width=135, gap="small"):
        for figure in figures:
            beside = f"of {figure.base:,} {figure.base_unit}" if figure.base is not None else "running on this day"
            objective = f"objective {figure.objective} %" if figure.objective is not None else ""
            panels.figure(figure, beside, objective, opens=_rows(figure) if opens else "")


def _rows(figure: Figure) -> str:
    """What opens: 57 follow-ups; nothing when there is none."""
    measured = figure.base is not None and figure.unit in ("%", "days", "hours")
    many = figure.base if measured else figure.count
    one, more = _ROWS.get(figure.name, ("match", "matches"))
    return f"{many:,} {one if many == 1 else more}" if many else ""


def _objective(figure: Figure, name: str) -> str:
    if figure.objective is None:
        return ""
    said = {
        "started_matches": f"target {figure.objective:,} matches",
        "employed": f"objective {figure.objective} %",
        "time_to_match": f"objective {figure.objective} days or less",
        "hours": f"objective {figure.objective} hours",
    }
    return said.get(name, "")


def pictures(found: OneCohort) -> None:
    """All cohorts; below them who came and how it went on the left, what came of it on the right."""
    sizes, chosen = found.sizes, {"chosen": found.cohort, "target": found.target}
    table = _table(sizes.rows, cohort="Cohort", matches="Matches")
    _drawn(sizes, cohorts.columns, table, cohorts.columns_words(sizes.rows, **chosen), "sizes", **chosen)
    left, right = st.columns(2, gap="large")
    with left:
        _groups(found)
        came = found.attendance
        table = _table(came.rows, event="Event", text="Came", note="Of")
        _drawn(came, attendance.bars, table, attendance.bars_words(came.rows), "attendance")
        early = found.endings
        table = _table(early.rows, reason="Reason", text="Matches")
        _drawn(early, endings.bars, table, endings.bars_words(early.rows), "endings")
    with right:
        about, goal = found.outcomes, found.objective
        said = outcomes.shares_words(about.rows, objective=goal)
        table = _outcome_table(about.rows)
        _drawn(about, outcomes.shares, table, said, "outcomes", chosen=found.cohort, objective=goal)
        steps = found.funnel
        counted = steps.rows.assign(mentees=printed(steps.rows, "mentees"))
        table = _table(counted, step="Step", mentees="Mentees", text="Share")
        _drawn(steps, funnel.steps, table, funnel.steps_words(steps.rows), "funnel", subject="Started")
        answers = found.answers
        table = _table(answers.rows, event="Question", text="Agree", note="Of")
        _drawn(answers, attendance.bars, table, attendance.bars_words(answers.rows, of="Answers"), "answers")


def _groups(found: OneCohort) -> None:
    about, before = found.groups, found.before if found.groups.rows["before"].notna().any() else None
    heads = {"group": "Occupational group", "now_text": found.cohort, "before_text": before or ""}
    table = about.rows[list(heads) if before else ["group", "now_text"]].rename(columns=heads)
    asked = {"now": found.cohort, "before": before}
    _drawn(about, groups.dumbbell, table, groups.dumbbell_words(about.rows, **asked), "groups", **asked)


def _drawn(about: Panel, draw: Draw, table: pd.DataFrame, words: str, key: str, **asked: Any) -> None:
    panels.panel(about, draw, table, alt=words, key=key, **asked)


def _table(rows: pd.DataFrame, **heads: str) -> pd.DataFrame:
    return rows[list(heads)].rename(columns=heads)


def _outcome_table(rows: pd.DataFrame) -> pd.DataFrame:
    shown = _table(rows, cohort="Cohort", employed="Employed", in_field="In their field", note="Base")
    for column in ("Employed", "In their field"):
        shown[column] = ["" if pd.isna(share) else per_cent(share) for share in shown[column]]
    return shown


def placed(found: Placed) -> None:
    """A placement programme: hired against commitment, and how many stayed."""
    with st.container(key="figures"), st.grid(3, min_column_width=150, gap="medium"):
        for figure, beside in found.band:
            panels.figure(figure, beside, opens="The people" if found.opens else "By cohort")
    about = found.cohorts
    table = _table(about.rows, cohort="Cohort", committed="Committed", hired="Hired", permanent="Permanent")
    _drawn(about, placements.bars, table.dropna(axis="columns", how="all"), placements.bars_words(about.rows), "placed")
    hosts = found.hosts
    table = _table(hosts.rows, cohort="Host division", hired="Hired", permanent="Permanent")
    words = placements.bars_words(hosts.rows, "host division")
    _drawn(hosts, placements.bars, table.dropna(axis="columns", how="all"), words, "hosts")


#: A figure as printed: its number and its unit.
_PRINTED = r"^(?P<sign>[−-]?)(?P<number>[\d,]*\.?\d+)\s*(?P<unit>%|days?|hours?)?$"
#: Short heads, so that all of a cohort stands on one screen; the whole name is a hint.
_SHORT = {
    "Contacts kept": "Contacts",
    "Hours a match": "Hours",
    "Came to orientation": "Orientation",
    "Ended early, not hired": "Ended early",
}


def all_of_them(frame: pd.DataFrame) -> None:
    """Every cohort, side by side; figures are numbers, so that a click on a head puts them in order."""
    shown, columns = frame.copy(), {"Cohort": st.column_config.TextColumn(pinned=True)}
    for head in frame.columns.drop("Cohort"):
        label, hint = _SHORT.get(head, head), head if head in _SHORT else None
        printed = frame[head].where(~frame[head].isin(["", NOTHING]))
        parts = printed.str.extract(_PRINTED)
        if (parts["number"].isna() & printed.notna()).any() or printed.isna().all():
            columns[head] = st.column_config.TextColumn(label, help=hint, alignment="right")
            continue
        number = pd.to_numeric(parts["number"].str.replace(",", ""))
        shown[head] = number.where(parts["sign"].fillna("") == "", -number)
        places = ".1f" if parts["number"].str.contains(".", regex=False).any() else ",d"
        unit = parts["unit"].dropna().max() if parts["unit"].notna().any() else ""
        after = {"%": " %%", "": ""}.get(unit, f" {unit}")
        columns[head] = st.column_config.NumberColumn(label, help=hint, format=f"%{places}{after}")
    st.dataframe(
        panels.cells(shown),
        hide_index=True,
        height="content",
        row_height=36,
        column_config=columns,
        placeholder=NOTHING,
        alt="Every cohort with its figures, a row each",
    )
