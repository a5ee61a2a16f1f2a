"""The view of the cohorts: their days, what they are to reach, and another one."""

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import first, panels
from pages.ui.setup.acting import act, key
from pages.ui.text import plain
from services import reading, scopes
from services.access import Actor
from services.errors import NotFound
from services.scopes import ProgrammeChoice
from services.setup import cohorts
from services.setup.steps import Lack

_NEW = "A new cohort"
_MANY, _TALL = 16, 620
#: Days that a cohort lasts unless it says otherwise.
_DAYS = 180


def view(actor: Actor) -> None:
    """The list, and beside it a form for one of them."""
    try:
        with reading() as session:
            programmes = scopes.choices(session, by=actor)
            known = cohorts.cohorts(session, by=actor)
    except NotFound:
        first.what_next(actor, Lack.PROGRAMME)
        return
    listed, form = st.columns([2.4, 1], gap="large")
    with listed, st.container(key="panel_cohorts"):
        many = f"{len(known)} {'cohort' if len(known) == 1 else 'cohorts'}"
        st.header(many if len(known) else "No cohort yet", anchor=False)
        if len(known):
            _listed(known, has_several=len(programmes) > 1)
        else:
            st.markdown("A cohort is one intake. Proposals are made into one, and every figure can be asked of one.")
    with form, st.container(key="panel_cohort"):
        st.header("Add or change", anchor=False)
        _form(actor, programmes, known)


def _listed(known: pd.DataFrame, *, has_several: bool) -> None:
    day = st.column_config.DateColumn(format="D MMM YYYY", width=110)
    shown = pd.DataFrame(
        {
            "Cohort": known["name"],
            **({"Programme": known["programme"]} if has_several else {}),
            "First day": known["starts_on"],
            "Last day": known["ends_on"],
            "Target": known["target"],
            "Objective, %": known["objective"],
            "Months": known["months"],
        }
    )
    number = st.column_config.NumberColumn
    st.dataframe(
        panels.cells(shown),
        hide_index=True,
        placeholder="",
        height="content" if len(shown) <= _MANY else _TALL,
        column_config={
            "Cohort": st.column_config.TextColumn(width=110),
            "Programme": st.column_config.TextColumn(width=190),
            "First day": day,
            "Last day": day,
            "Target": number(width=70, help="Matches wanted, or placements that the organisation committed to"),
            "Objective, %": number(width=90, help="Of mentees followed up, those who should have found employment"),
            "Months": number(width=70, help="How long a match lasts"),
        },
        alt="The cohorts, the latest first",
    )


def _form(actor: Actor, programmes: tuple[ProgrammeChoice, ...], known: pd.DataFrame) -> None:
    of_which = programmes[0]
    if len(programmes) > 1:
        names = [one.name for one in programmes]
        of_which = programmes[names.index(st.selectbox("Programme", names, format_func=plain, key=key("cohort_of")))]
    mine = known[known["programme_id"] == of_which.id]
    rows = {str(row.name): row for row in mine.itertuples(index=False)}
    old = st.selectbox("Cohort", [_NEW, *rows], format_func=plain, key=key(f"cohort_chosen {of_which.id}"))
    now: Any = rows.get(old)
    of = key(f"cohort {of_which.id} {old}")
    with st.form(of, border=False, enter_to_submit=False):
        name = st.text_input("Name", now.name if now else "", max_chars=60, placeholder="Such as its year",
                             key=f"{of} name")  # fmt: skip
        starts = st.date_input("First day", now.starts_on if now else of_which.today, format="YYYY-MM-DD",
                               min_value="1990-01-01", max_value="2100-12-31", key=f"{of} starts")  # fmt: skip
        ends = st.date_input(
            "Last day", now.ends_on if now else of_which.today + dt.timedelta(days=_DAYS), format="YYYY-MM-DD",
            min_value="1990-01-01", max_value="2100-12-31", key=f"{of} ends",
        )  # fmt: skip
        is_mentoring = of_which.kind == "mentoring"
        target = st.number_input(
            "Target, matches" if is_mentoring else "Committed to hire", 0, 100_000, _number(now and now.target),
            placeholder="No target", key=f"{of} target",
        )  # fmt: skip
        objective, months = None, cohorts.MONTHS
        if is_mentoring:
            objective = st.number_input(
                "Objective, per cent employed", 0, 100, _number(now and now.objective), placeholder="No objective",
                key=f"{of} objective", help="Of mentees followed up, those who should have found employment",
            )  # fmt: skip
            months = st.number_input("Months of a match", 1, cohorts.MOST_MONTHS, now.months if now else months,
                                     key=f"{of} months")  # fmt: skip
        wanted = st.form_submit_button("Save the cohort", type="primary")
    if wanted:
        if starts is None or ends is None:
            st.warning("A cohort needs its first and its last day. Choose both.")
            return
        terms = cohorts.Terms(name, starts, ends, target, objective, int(months))
        number = int(now.id) if now else None

        def save(session: Any) -> str:
            made = cohorts.save(session, of_which.id, terms, by=actor, cohort_id=number)
            return f"Cohort {made} is {'changed' if number else 'made'}."

        act(save)


def _number(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
