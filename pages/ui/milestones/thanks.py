"""Whom the programme thanks: who came back, how much each completed, the list, and certificates."""

import datetime as dt

import pandas as pd
import streamlit as st

from pages.ui import identity, panels, words
from pages.ui.charts import returning as stacked
from pages.ui.charts import sheet
from pages.ui.scope import Chosen
from pages.ui.text import plain, said
from services import reading, recognition, transaction
from services.access import Actor, Permission
from services.counting.recognition import TIERS
from services.exports.boxes import boxed
from services.exports.certificates import certificates
from services.exports.recognised import as_workbook
from services.panel import Panel
from services.recognition import Tiers

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EVER, _YEAR = "Ever", "In the last twelve months"
_ALL = "All tiers"
_COLUMNS = {
    "mentor": "Mentor",
    "completed": "Completed",
    "tier": "Tier",
    "since": "Tier reached",
    "latest": "Last completed",
}


def returning(cohorts: pd.DataFrame, as_of: dt.date) -> None:
    """First-time and returning mentors of each cohort."""
    finding, absent = "Who comes back", "No cohort has had mentors by this day."
    if len(cohorts):
        last, absent = cohorts.iloc[-1], ""
        back, all_of = int(last["returning"]), int(last["returning"] + last["first_time"])
        finding = f"{back:,} of the {all_of:,} mentors of {last['cohort']} had mentored before"
    note = f"Mentors of each cohort by whether an earlier one had them too, as of {words.day(as_of)}."
    panels.panel(
        Panel(finding, cohorts, note, absent),
        stacked.stacks,
        cohorts.rename(columns={"cohort": "Cohort", "first_time": "First time", "returning": "Returning"}),
        alt=stacked.stacks_words(cohorts),
        key="returning",
    )


def tiers(found: Tiers) -> None:
    """How many mentors have completed how many matches."""
    rows = found.rows
    over = rows.iloc[-1]["text"]
    few = f"Fewer than {over[1:]}" if over.startswith("<") else f"About {over}"
    finding = f"{few} mentors have completed more than ten matches"
    if found.total is not None:
        finding = (
            f"{found.total:,} mentors have completed a match, {words.spelled(int(over.replace(',', '')))} more than ten"
        )
    absent = "" if found.total != 0 else "Nobody has completed a match as a mentor by this day."
    rounded = ", rounded so that nobody can be worked out" if found.protected else ""
    told = words.listed(f"{row.label}: {row.text}" for row in rows.itertuples())
    panels.panel(
        Panel(finding if not absent else "Nobody to thank yet", _bars(rows), _note(found, rounded), absent),
        sheet.bars,
        rows[["label", "text"]].rename(columns={"label": "Matches completed", "text": "Mentors"}),
        alt=f"Mentors by matches completed. {told}.",
        key="tiers",
    )


def _note(found: Tiers, rounded: str) -> str:
    return f"Mentors by how many matches they have completed, as of {words.day(found.day)}{rounded}."


def _bars(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(mark="", subject=[row == len(rows) - 1 for row in range(len(rows))])


@st.fragment
def people(chosen: Chosen) -> None:
    """The list by name, as a workbook, and a certificate for one of them or for all."""
    actor = identity.require()  # a choice runs this alone, without the gate of the frame
    if not actor.may(Permission.SEE_PEOPLE):
        return
    st.header("Recognition list", anchor=False)
    with reading() as session:
        everyone = recognition.listed(session, chosen.of_programme, by=actor)
    if everyone.empty:
        st.markdown("It lists everyone from the first match that a mentor completes.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        tier = st.selectbox("Tier", [_ALL, *(one.label for one in TIERS[::-1])], key="thanks_tier", width=180)
        when = st.segmented_control(
            "Tier reached", [_YEAR, _EVER], default=_YEAR, required=True, key="thanks_when", width="content"
        )
    shown = _chosen(everyone, tier, when, chosen.as_of)
    if shown.empty:
        st.markdown("Nobody in this tier reached it in this time.")
        return
    st.dataframe(
        panels.cells(shown[list(_COLUMNS)]).rename(columns=_COLUMNS),
        hide_index=True,
        height=min(38 + 35 * len(shown), 388),
        column_config={_COLUMNS[one]: st.column_config.DateColumn(format="D MMM YYYY") for one in ("since", "latest")},
        alt="Mentors by matches completed, the most first",
    )
    _files(actor, chosen, shown)


def _chosen(everyone: pd.DataFrame, tier: str, when: str, as_of: dt.date) -> pd.DataFrame:
    shown = everyone if tier == _ALL else everyone[everyone["tier"] == tier]
    if when == _YEAR:
        shown = shown[shown["since"] > (pd.Timestamp(as_of) - pd.DateOffset(years=1)).date()]
    return shown.reset_index(drop=True)


def _files(actor: Actor, chosen: Chosen, shown: pd.DataFrame) -> None:
    names = dict(zip(shown["mentor_id"], shown["mentor"].map(plain), strict=True))
    all_of = f"Everyone listed ({len(names):,})"
    if lacking := boxed([chosen.programme.name, *names.values()]):
        st.warning(said(lacking), icon=":material/font_download_off:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        whose = st.selectbox(
            "Certificate for",
            [None, *names],
            format_func=lambda one: all_of if one is None else names[one],
            key="thanks_whose",
            width=300,
        )

        def made() -> bytes:
            with transaction() as session:
                given = recognition.certificates(session, chosen.of_programme, [whose] if whose else [*names], by=actor)
            return certificates(given)

        def listed() -> bytes:
            with transaction() as session:
                given = recognition.take_out(session, chosen.of_programme, [*names], by=actor)
            return as_workbook(given)

        st.download_button(
            "Certificates" if whose is None else "Certificate",
            data=made,
            file_name=f"certificates-{chosen.as_of}.pdf",
            mime="application/pdf",
            icon=":material/workspace_premium:",
            key="thanks_pdf",
            on_click="ignore",
        )
        st.download_button(
            "Workbook",
            data=listed,
            file_name=f"recognition-{chosen.as_of}.xlsx",
            mime=_XLSX,
            icon=":material/table:",
            key="thanks_xlsx",
            on_click="ignore",
        )
