"""The parts of the Cohorts page."""

import pandas as pd
import streamlit as st

from pages.ui import look, panels
from pages.ui.charts import attendance, cohorts, endings, funnel, groups, outcomes, placements
from pages.ui.text import plain
from pages.ui.words import per_cent
from services.access import Actor, Permission
from services.cohorts import OneCohort, Panel
from services.counting.figure import Figure
from services.placements import Placed


def band(found: OneCohort, actor: Actor) -> None:
    """The six figures, each open to its rows."""
    opens = {
        "started_matches": "{} matches",
        "mentors": "{} mentors",
        "employed": "{} follow-ups",
        "employed_in_field": "{} follow-ups",
        "time_to_match": "{} matches",
        "hours": "{} matches",
    }
    with st.container(key="figures"), st.grid(6, min_column_width=135, gap="small"):
        for name, figure in found.band.items():
            many = figure.base if figure.base is not None else figure.count
            label = opens[name].format(f"{many:,}") if actor.may(Permission.SEE_ROWS) else "How they divide"
            panels.figure(figure, found.beside[name], _objective(figure, name), opens=label)


def care(found: OneCohort) -> None:
    """How the running matches are looked after, while any run."""
    if not found.care:
        return
    with st.container(key="figures_care"), st.grid(6, min_column_width=135, gap="small"):
        for figure in found.care:
            beside = f"of {figure.base:,} {figure.base_unit}" if figure.base is not None else ""
            goal = f"goal {figure.objective} %" if figure.objective is not None else ""
            panels.figure(figure, beside, goal, opens="Open" if found.opens else "")


def _objective(figure: Figure, name: str) -> str:
    if figure.objective is None:
        return ""
    said = {
        "started_matches": f"target {figure.objective:,} matches",
        "employed": f"objective {figure.objective} %",
        "time_to_match": f"objective {figure.objective} days or less",
        "hours": f"goal {figure.objective} hours",
    }
    return said.get(name, "")


def pictures(found: OneCohort) -> None:
    """All cohorts; below them who came and how it went on the left, what came of it on the right."""
    t = look.tokens()
    sizes = found.sizes
    panels.panel(
        sizes.finding,
        lambda: cohorts.columns(sizes.rows, t, chosen=found.cohort, target=found.target),
        _table(sizes.rows, cohort="Cohort", matches="Matches"),
        alt=cohorts.columns_words(sizes.rows, chosen=found.cohort, target=found.target),
        note=sizes.note,
        key="sizes",
    )
    left, right = st.columns(2, gap="large")
    with left:
        _groups(found)
        came = found.attendance
        _drawn(
            came,
            lambda: attendance.bars(came.rows, t),
            _table(came.rows, event="Event", text="Came", note="Of"),
            attendance.bars_words(came.rows),
            "attendance",
        )
        early = found.endings
        _drawn(
            early,
            lambda: endings.bars(early.rows, t),
            _table(early.rows, reason="Reason", text="Matches"),
            endings.bars_words(early.rows),
            "endings",
        )
    with right:
        about = found.outcomes
        _drawn(
            about,
            lambda: outcomes.shares(about.rows, t, chosen=found.cohort, objective=found.objective),
            _outcome_table(about.rows),
            outcomes.shares_words(about.rows, objective=found.objective),
            "outcomes",
        )
        steps = found.funnel
        _drawn(
            steps,
            lambda: funnel.steps(steps.rows, t, subject="Started"),
            _table(steps.rows, step="Step", mentees="Mentees", text="Share"),
            funnel.steps_words(steps.rows),
            "funnel",
        )
        answers = found.answers
        _drawn(
            answers,
            lambda: attendance.bars(answers.rows, t),
            _table(answers.rows, event="Question", text="Agree", note="Of"),
            attendance.bars_words(answers.rows),
            "answers",
        )


def _groups(found: OneCohort) -> None:
    about, before = found.groups, found.before if found.groups.rows["before"].notna().any() else None
    heads = {"group": "Occupational group", "now_text": found.cohort, "before_text": before or ""}
    _drawn(
        about,
        lambda: groups.dumbbell(about.rows, look.tokens(), now=found.cohort, before=before),
        about.rows[list(heads) if before else ["group", "now_text"]].rename(columns=heads),
        groups.dumbbell_words(about.rows, now=found.cohort, before=before),
        "groups",
    )


def _drawn(about: Panel, draw: object, table: pd.DataFrame, words: str, key: str) -> None:
    panels.panel(about.finding, draw, table, alt=words, note=about.note, key=key, absent=about.absent)


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
            panels.figure(figure, beside, opens="The people" if found.opens else "")
    about = found.cohorts
    panels.panel(
        about.finding,
        lambda: placements.bars(about.rows, look.tokens()),
        _table(about.rows, cohort="Cohort", committed="Committed", hired="Hired", permanent="Permanent"),
        alt=placements.bars_words(about.rows),
        note=about.note,
        key="placements",
        absent=about.absent,
    )


def all_of_them(frame: pd.DataFrame) -> None:
    """Every cohort, side by side."""
    st.dataframe(
        frame.map(plain),
        hide_index=True,
        height="content",
        row_height=36,
        alt="Every cohort with its figures, a row each",
    )
