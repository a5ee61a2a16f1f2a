"""The parts of the fact sheet on screen, drawn from the same sheet as its files."""

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.charts import sheet as charts
from pages.ui.charts.cohorts import columns
from pages.ui.text import md, plain, said
from services.exports.pdf import pdf, warning
from services.exports.slides import slides
from services.exports.workbook import workbook
from services.factsheet.model import Section, Sheet, told

_OFFICE = "application/vnd.openxmlformats-officedocument"
FILES = {
    "pdf": ("PDF", pdf, "application/pdf", ":material/picture_as_pdf:"),
    "pptx": ("Slides", slides, f"{_OFFICE}.presentationml.presentation", ":material/slideshow:"),
    "xlsx": ("Workbook", workbook, f"{_OFFICE}.spreadsheetml.sheet", ":material/table:"),
}


def downloads(sheet: Sheet) -> None:
    """A button for each file, which is made when it is asked for."""
    name = f"fact sheet {sheet.cohort} as of {sheet.as_of} {sheet.mode}".replace(" ", "-")
    for kind, (label, make, mime, icon) in FILES.items():
        st.download_button(
            label,
            data=lambda make=make: make(sheet),
            file_name=f"{plain(name)}.{kind}",
            mime=mime,
            icon=icon,
            key=f"sheet_{kind}",
            on_click="ignore",
        )


def boxes(sheet: Sheet) -> None:
    """What the PDF cannot print, said before it is handed to anybody."""
    if lacking := warning(sheet):
        st.warning(said(lacking), icon=":material/font_download_off:")


def headline(sheet: Sheet) -> None:
    """The number, what it counts, and the cohorts up to it."""
    number, chart = st.columns([9, 11], gap="large", vertical_alignment="bottom")
    with number, st.container(key="sheet_headline"):
        name = f"{sheet.programme}: {sheet.subtitle}" if sheet.subtitle else sheet.programme
        st.markdown(f":gray[{md(sheet.organisation)} · {md(name)}]")
        if sheet.has_headline:
            st.metric(sheet.headline.label, sheet.headline.text, label_visibility="collapsed")
        st.header(said(sheet.sentence), anchor=False)
    if len(sheet.cohorts.items) > 1:
        rows = pd.DataFrame(
            [(plain(i.label), i.figure.count) for i in sheet.cohorts.items], columns=["cohort", "matches"]
        )
        with chart:
            panels.chart(columns, rows, alt=told(sheet.cohorts), key="sheet_cohorts")
            note(sheet.cohorts)


def groups(section: Section) -> None:
    """The occupational groups as bars."""
    st.header(said(section.finding), anchor=False)
    if not section.items:
        st.markdown(md(section.absent, 400))
        return
    panels.chart(charts.bars, _rows(section), alt=told(section), key="sheet_groups")
    note(section)


def outcomes(section: Section) -> None:
    """What became of the mentees, against the objective."""
    st.header(said(section.finding), anchor=False)
    if not section.items:
        st.markdown(md(section.absent, 400))
        return
    panels.chart(charts.rates, _rows(section), alt=told(section), key="sheet_outcomes", objective=section.objective)
    note(section)


def panel(section: Section) -> None:
    """A few numbers side by side."""
    st.header(said(section.finding), anchor=False)
    for place, item in zip(st.columns(len(section.items)), section.items, strict=True):
        with place, st.container(gap=None):
            st.metric(plain(item.label), item.text, label_visibility="collapsed")
            label = f"{item.label} ({item.part})" if item.part else item.label
            st.markdown(f":small[:gray[{said(label)}]]")
    note(section)


def how(sheet: Sheet) -> None:
    """How the programme works, in its own words."""
    if not sheet.how:
        return
    st.header("How it works", anchor=False)
    for place, part in zip(st.columns(len(sheet.how), gap="large"), sheet.how, strict=True):
        place.markdown(f"**{md(part.title)}**  \n{md(part.text, 400)}")


def published(sheet: Sheet) -> None:
    """Every line that was published beside the same line from rows."""
    st.header(said(sheet.verdict), anchor=False)
    rows = [
        (line.what, line.published, line.computed, line.verdict, line.base, line.as_of, line.under)
        for line in sheet.published
    ]
    head = ["Line", "Published", "Computed", "Verdict", "Counted from", "As of", "Under"]
    shown = pd.DataFrame([[plain(v) if isinstance(v, str) else v for v in row] for row in rows], columns=head)
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        column_config={
            "Line": st.column_config.TextColumn(width=372),
            "Published": st.column_config.TextColumn(alignment="right", width=94),
            "Computed": st.column_config.TextColumn(alignment="right", width=94),
            "Verdict": st.column_config.TextColumn(width=68),
            "Counted from": st.column_config.TextColumn(width=184),
            "As of": st.column_config.DateColumn(format="D MMM YYYY", width=90),
            "Under": st.column_config.TextColumn(width=122),
        },
        alt=f"Published lines beside computed ones: {plain(sheet.verdict)}",
    )


def foot(sheet: Sheet) -> None:
    """Partners, the counting rule and what it was counted from."""
    last = " ".join(part for part in (sheet.partners, sheet.rule, f"{sheet.basis}.") if part)
    st.markdown(f":small[:gray[{md(last, 1200)}]]")


def note(section: Section) -> None:
    """Base, day and rule, and what the accent means."""
    key = f" :blue[**Blue**]: {md(section.key)}." if section.key else ""
    if section.note or key:
        st.markdown(f":small[:gray[{md(section.note, 600)}]{key}]")


def _rows(section: Section) -> pd.DataFrame:
    rows = [(plain(item.label), item.size, item.text, item.part, item.mark, item.is_subject) for item in section.items]
    return pd.DataFrame(rows, columns=["label", "value", "text", "part", "mark", "subject"])
