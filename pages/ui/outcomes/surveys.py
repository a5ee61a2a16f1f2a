"""The surveys of a cohort: what came back, the questions, and opening another."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.acts import leave
from pages.ui.outcomes import acting, links
from pages.ui.scope import Chosen
from pages.ui.text import md, plain
from services import cohorts, reading, surveys
from services.access import Actor
from services.counting.figure import Figure
from services.surveys import KINDS, SIDES, Kept, Question, Results
from services.wording import day, first_upper

_WORDS = 6


def show(actor: Actor, chosen: Chosen) -> None:
    """One survey of the chosen cohort in full."""
    if chosen.cohort is None:
        st.info("There is no cohort yet. Its surveys stand here from the day the first one begins.")
        return
    cohort_id = chosen.cohort.id
    with reading() as session:
        known = surveys.of_cohort(session, cohort_id, by=actor)
    named = {survey.id: survey for survey in known}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="survey_bar"):
        number = None
        if known:
            number = st.segmented_control(
                "Survey", list(named), default=known[0].id, required=True, key=f"survey_{cohort_id}",
                format_func=lambda one: plain(named[one].name) if one in named else "", label_visibility="collapsed",
            )  # fmt: skip
        if st.button("Open a survey", icon=":material/add:", key="open_survey"):
            _opening(actor, cohort_id)
    acting.surveys.said()
    if number is None:
        st.markdown("This cohort has no survey yet. Open one for its mentees or its mentors.")
        return
    survey = named[number]
    with reading() as session:
        found = surveys.results(session, survey.id, chosen.as_of, by=actor)
    _results(found)
    left, right = st.columns([56, 44], gap="large")
    with left, st.container(key="panel_links"):
        links.section(survey, actor)
    with right, st.container(key="panel_questions"):
        _questions(survey, actor)


def _results(found: Results) -> None:
    figures = [found.response, *(_short(figure) for _, figure in found.rates)]
    with st.container(key="figures_survey"), st.grid(max(3, min(5, len(figures))), min_column_width=190):
        for figure in figures:
            panels.figure(figure, cohorts.share_words(figure))
    for question, words in found.words:
        with st.expander(f"{md(question.wording)} {len(words)} in words"):
            for line in words.head(_WORDS).itertuples():
                st.markdown(f":gray[{day(line.day)}] {md(line.words, 2000)}")
            if len(words) > _WORDS:
                st.markdown(f":gray[The latest {_WORDS}; the others stand on the profiles.]")


def _short(figure: Figure) -> Figure:
    """A rate under its label alone: whose survey it is stands above."""
    return replace(figure, label=first_upper(figure.label.rpartition(": ")[2]))


def _questions(survey: Kept, actor: Actor) -> None:
    st.header(f"Questions, {len(survey.questions)}", anchor=False)
    rows = pd.DataFrame(
        [(one.wording, one.code, KINDS[one.kind]) for one in survey.questions],
        columns=["Question", "Code", "Answered"],
    )
    column = st.column_config
    formats = {
        "Question": column.TextColumn(width=300, max_chars=300, required=True),
        "Code": column.TextColumn(width=120, max_chars=40, required=True, help="What the rate is asked for by"),
        "Answered": column.SelectboxColumn(width=120, options=list(KINDS.values()), required=True),
    }
    if survey.is_answered:
        st.table(rows.map(md), border="horizontal", hide_index=True)
        st.markdown(":small[:gray[Somebody has answered, so the questions stay as they are.]]")
        return
    edited = st.data_editor(
        rows, hide_index=True, num_rows="dynamic", column_config=formats, key=f"questions_{survey.id}"
    )
    kinds = {label: kind for kind, label in KINDS.items()}
    wanted = [
        Question(str(row.Code or ""), str(row.Question or ""), kinds.get(str(row.Answered), "agrees"))
        for row in edited.itertuples()
    ]

    def save(session: object) -> str:
        kept = surveys.edit(session, survey.id, survey.name, wanted, by=actor)  # type: ignore[arg-type]
        return f"«{kept.name}» asks {len(kept.questions)} questions now."

    st.button("Save the questions", key=f"save_{survey.id}", on_click=acting.surveys.acted, args=(save,))


def _opening(actor: Actor, cohort_id: int) -> None:
    @st.dialog("Open a survey", width="small")
    def opened() -> None:
        side = st.segmented_control(
            "Who is asked", list(SIDES), default="mentee", required=True, key="survey_side", format_func=SIDES.get
        )
        name = st.text_input("Name", f"{SIDES[side or 'mentee']}, at the end", max_chars=80, key=f"survey_name_{side}")
        st.markdown(":gray[It begins with the questions the programme has published; you can change them.]")
        if st.button(
            "Open it",
            type="primary",
            key="open_it",
            on_click=acting.surveys.acted,
            args=(
                lambda session: (
                    f"«{surveys.open_one(session, cohort_id, side or 'mentee', name, by=actor).name}» is open."
                ),
            ),
        ):
            leave()

    opened()
