"""What a manager sees first: one sentence, six figures with trend and objective, this cohort beside the last."""

import streamlit as st

from pages.ui import panels, scope, words
from pages.ui.charts import pace, trend
from pages.ui.scope import Chosen
from pages.ui.text import md, said
from services import overview as overviews
from services import reading
from services.access import Actor
from services.overview import Card, Overview

_ARROW = {"up": "up", "down": "down", "off": "off"}


def overview(actor: Actor, chosen: Chosen) -> None:
    """The whole page."""
    if chosen.cohort is None:
        st.info("There is no cohort yet. Its figures stand here from the day the first one begins.")
        return
    with reading() as session:
        found = overviews.overview(session, chosen.of_cohort, by=actor)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f":gray[{md(found.cohort)} cohort, as of {chosen.day}]", width="content")
        st.page_link("pages/story/fact_sheet.py", label="Sheet for council", icon=":material/description:")
    st.header(said(found.sentence), anchor=False)
    with st.container(key="cards"), st.grid(3, min_column_width=300, gap="small"):
        for place, card in enumerate(found.cards):
            with st.container(border=True, height="stretch", gap="xsmall"):
                _card(card, place)
                _opens(card, chosen)
    _beside(found)


def _card(card: Card, place: int) -> None:
    number, picture = st.columns([55, 45], gap="small", vertical_alignment="top")
    with number:
        st.metric(
            md(card.title),
            card.figure.text,
            md(card.change) or None,
            delta_color="off",
            delta_arrow=_ARROW[card.direction],
            help=card.figure.rule,
        )
    if card.trend["value"].notna().any():
        with picture:
            panels.chart(
                trend.sparkline,
                card.trend,
                alt=trend.sparkline_words(card.trend, objective=card.line),
                key=f"trend_{place}",
                objective=card.line,
                kind="bars" if card.bars else "line",
            )
    st.markdown(f":small[:gray[{md(card.note)}]]")
    st.markdown(f"{md(card.aim)} {_verdict(card)}")


def _opens(card: Card, chosen: Chosen) -> None:
    """Where the figure stands in full, on the same day."""
    st.space("stretch")
    if not card.cohort:
        with st.container(key="to_milestones"):
            st.page_link("pages/story/milestones.py", label="Milestones", icon=":material/arrow_forward:")
    elif card.figure.value is not None and st.button(
        "What is behind it",
        key=f"open_{card.figure.name}",
        type="tertiary",
        icon=":material/table_rows:",
        on_click=scope.choose,
        args=(card.cohort, chosen.as_of),
    ):
        st.switch_page("pages/desk/cohorts.py", query_params={panels.ROWS: card.figure.name})


def _verdict(card: Card) -> str:
    if card.is_met is None:
        return ""
    if card.is_met:
        return f":green-badge[:material/check_circle: {md(card.verdict)}]"
    return f":orange-badge[:material/trending_down: {md(card.verdict)}]"


def _beside(found: Overview) -> None:
    left, right = st.columns([6, 4], gap="large")
    with left:
        st.header("Matches started, by month of the cohort", anchor=False)
        about = {"target": found.target, "chosen": found.cohort, "before": found.before}
        if found.months["matches"].sum():
            panels.chart(pace.months, found.months, alt=pace.months_words(found.months, **about), key="pace", **about)
        else:
            st.markdown("No match has started yet. They stand here by month from the first one on.")
    with right:
        past = [name for name in found.beside.columns[1:] if name != found.cohort]
        title = f"{found.cohort} beside {words.listed(past)}" if past else f"{found.cohort} in figures"
        st.header(md(title, 200), anchor=False)
        shown = found.beside.rename(columns=md)
        st.table(shown.map(md), border="horizontal", hide_index=True)
