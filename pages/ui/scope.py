"""What a page is about: programme, cohort and as-of day, chosen once, kept in the URL, obeyed by every figure.

Streamlit keeps the three in the address and carries them from page to page; what is usual stays out of it.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from pages.ui import words
from pages.ui.text import plain
from services import reading, scopes
from services.access import Actor
from services.counting.figure import Scope
from services.scopes import CohortChoice, ProgrammeChoice

PROGRAMME, COHORT, AS_OF = "programme", "cohort", "as_of"
#: What was chosen last in this tab, on which page, and what of it waits to be chosen again.
_KEPT, _AGAIN = "scope_kept", "scope_again"
#: No programme of this kind is older.
_FIRST_DAY = dt.date(1990, 1, 1)


@dataclass(frozen=True)
class Chosen:
    """What was chosen, or is usual: the main programme, its latest cohort, today."""

    programme: ProgrammeChoice
    cohort: CohortChoice | None
    as_of: dt.date

    @property
    def of_cohort(self) -> Scope:
        """Questions about the cohort."""
        return Scope(self.programme.id, self.as_of, self.cohort.id if self.cohort else None)

    @property
    def of_programme(self) -> Scope:
        """Questions about the whole programme."""
        return Scope(self.programme.id, self.as_of)

    @property
    def is_today(self) -> bool:
        """Whether the figures are those of this day."""
        return self.as_of == self.programme.today

    @property
    def day(self) -> str:
        """The as-of day in words."""
        return words.day(self.as_of)


@contextmanager
def header(actor: Actor, *, with_cohort: bool = True, kinds: tuple[str, ...] = ("mentoring",)) -> Iterator[Chosen]:
    """The first line of a page: what the block draws stands left, the choice right; gives what is chosen.

    Raises `NotFound` when there is no programme yet.
    """
    with reading() as session:
        known = [p for p in scopes.choices(session, by=actor) if p.kind in kinds]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top", key="scope_header"):
        title = st.container(width="content", key="scope_title", gap="xsmall")
        with st.container(
            horizontal=True, horizontal_alignment="right", vertical_alignment="bottom", gap="small", key="scope"
        ):
            chosen = _choose(known, with_cohort=with_cohort)
    _carry(chosen, known[0])
    with title:
        yield chosen


def _carry(chosen: Chosen, main: ProgrammeChoice) -> None:
    """Choose again what another page lost.

    Streamlit takes along what was chosen by hand, but drops on the first step what had come with the address.
    """
    path = urlsplit(st.context.url or "").path
    now: dict[str, Any] = {
        PROGRAMME: chosen.programme.name if chosen.programme is not main else None,
        COHORT: st.session_state.get(COHORT),
        AS_OF: None if chosen.is_today else chosen.as_of,
    }
    kept = st.session_state.get(_KEPT, {"path": path})
    lost = {key: kept.get(key) for key in now if kept.get(key) and key in st.session_state and not now[key]}
    st.session_state[_KEPT] = {**kept, **{key: now[key] for key in now if key in st.session_state}, "path": path}
    if lost and kept["path"] != path:
        st.session_state[_AGAIN] = lost
        st.rerun()


def _choose(known: list[ProgrammeChoice], *, with_cohort: bool) -> Chosen:
    for key, value in st.session_state.pop(_AGAIN, {}).items():
        st.session_state[key] = value
    programme = known[0]
    if len(known) > 1:
        names = [p.name for p in known]
        name = st.selectbox("Programme", names, format_func=plain, key=PROGRAMME, width=220, bind="query-params")
        programme = known[names.index(name)]
    cohort_slot = st.container(width="content")
    day = st.date_input(
        "As of",
        programme.today,
        min_value=_FIRST_DAY,
        max_value=programme.today,
        format="YYYY-MM-DD",
        key=AS_OF,
        width=150,
        bind="query-params",
    )
    as_of = day or programme.today  # a cleared field
    if as_of != programme.today:
        st.button(
            "Today", key="as_of_today", icon=":material/today:", type="tertiary", on_click=_to, args=(programme.today,)
        )
    if not with_cohort:
        return Chosen(programme, programme.cohort(None, as_of), as_of)
    latest = programme.cohort(None, as_of)
    with cohort_slot:
        name = st.selectbox(
            "Cohort",
            [cohort.name for cohort in reversed(programme.cohorts)],
            index=None,
            placeholder=f"{latest.name}, latest" if latest else "None yet",
            format_func=plain,
            key=COHORT,
            width=150,
            bind="query-params",
        )
    return Chosen(programme, programme.cohort(name, as_of), as_of)


def choose(cohort: str, as_of: dt.date) -> None:
    """Choose for someone who follows a figure to where it stands."""
    st.session_state[COHORT], st.session_state[AS_OF] = cohort, as_of


def _to(day: dt.date) -> None:
    st.session_state[AS_OF] = day
