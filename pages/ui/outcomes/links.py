"""Personal links of a survey: who has none, making them, the file to send them from, ending those that are out."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import panels
from pages.ui.outcomes import acting
from pages.ui.text import md
from services import reading, survey_links
from services.access import Actor
from services.exports import links as files
from services.survey_links import ANSWERED, ENDED, EXPIRED, NONE, OPEN, STATES, WITHDREW, Made
from services.surveys import Kept
from services.wording import counted, day

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DAYS = {14: "two weeks", 30: "a month", 60: "two months"}
_MANY, _TALL = 7, 290
#: Of each state, what one person does and what several do.
_SAID = {
    NONE: ("has no link yet", "have no link yet"),
    EXPIRED: ("has a link that ran out", "have a link that ran out"),
    ENDED: ("has a link that was ended", "have a link that was ended"),
    OPEN: ("has a link that is out", "have a link that is out"),
    ANSWERED: ("answered", "answered"),
    WITHDREW: ("withdrew and gets none", "withdrew and get none"),
}


def section(survey: Kept, actor: Actor) -> None:
    """All of it; new links are on the screen and in the file once, and nowhere else."""
    with reading() as session:
        people = survey_links.people(session, survey.id, by=actor)
    st.header("Personal links", anchor=False)
    st.markdown(_counts(people) or "No match of this cohort has ended, so nobody is to be asked yet.")
    made: tuple[Made, ...] = st.session_state.get(_made(survey), ())
    if made:
        _handed_out(made, survey)
    if people.empty:
        return
    shown = pd.DataFrame(
        {
            "Name": people["name"],
            "Link": [STATES[state] for state in people["state"]],
            "Open until": ["" if pd.isna(until) else day(until) for until in people["until"]],
        }
    )
    chosen = st.dataframe(
        panels.cells(shown),
        hide_index=True,
        height=_TALL if len(shown) > _MANY else "content",
        key=f"linked_{survey.id}",
        on_select="rerun",
        selection_mode="multi-row",
        alt="Whom the survey is for, and where their links stand",
    )
    rows = people.iloc[[at for at in chosen["selection"]["rows"] if at < len(people)]]
    _buttons(survey, people, rows, actor)


def _counts(people: pd.DataFrame) -> str:
    """Everybody once, as «24 have no link yet, 56 answered, 9 withdrew and get none»."""
    counts = people["state"].value_counts()
    said = [f"**{counts[state]}** {_SAID[state][int(counts[state] > 1)]}" for state in STATES if state in counts]
    return ", ".join(said) + "." if said else ""


def _buttons(survey: Kept, people: pd.DataFrame, rows: pd.DataFrame, actor: Actor) -> None:
    """For those who are ticked, or for everyone: a link, or its end."""
    picked = rows if len(rows) else people
    can_get = picked["state"].isin([NONE, EXPIRED, ENDED, OPEN] if len(rows) else [NONE]) & ~picked["has_left"]
    needing = picked[can_get]
    out = picked[picked["state"] == OPEN]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="link_bar"):
        days = st.selectbox("Open for", list(_DAYS), index=1, format_func=_DAYS.__getitem__, width=140, key="link_days")
        st.button(
            f"Make {counted(len(needing), 'link', 'links')}" if len(needing) else "Make links",
            type="primary",
            icon=":material/link:",
            key="make_links",
            disabled=needing.empty,
            help="One each, for all who have none; tick some to make theirs anew, and the ones before end.",
            on_click=_make,
            args=(survey, list(needing["ref"]), int(days), actor),
        )
        st.button(
            f"End {counted(len(out), 'link', 'links')}" if len(out) else "End links",
            icon=":material/link_off:",
            key="end_links",
            disabled=out.empty,
            on_click=acting.surveys.acted,
            args=(lambda session: survey_links.end(session, survey.id, by=actor, refs=list(out["ref"])),),
        )


def _make(survey: Kept, refs: list[str], days: int, actor: Actor) -> None:
    def act(session: Any) -> str:
        made = tuple(survey_links.make(session, survey.id, by=actor, refs=refs, days=days))
        st.session_state[_made(survey)] = made  # in the act: a second click does it no second time, and shows them too
        return f"{counted(len(made), 'link', 'links').capitalize()} made. Take the file now: nobody can look them up."

    if not acting.surveys.acted(act):
        st.session_state.pop(_made(survey), None)


def _handed_out(made: tuple[Made, ...], survey: Kept) -> None:
    with st.container(border=True, gap="small", key="links_made"):
        st.markdown(
            f"**{counted(len(made), 'new link', 'new links').capitalize()}.** This is the one time to take them. "
            "Whoever has a link can answer in that person’s place, so send each to nobody else."
        )
        if len(made) == 1:
            st.markdown(md(made[0].name))
            st.code(made[0].address, language=None, wrap_lines=True)
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                "Workbook", files.as_workbook(made), "survey_links.xlsx", _XLSX, icon=":material/download:",
                on_click="ignore", key="links_xlsx",
            )  # fmt: skip
            st.download_button(
                "CSV", files.as_csv(made), "survey_links.csv", "text/csv", icon=":material/download:",
                on_click="ignore", key="links_csv",
            )  # fmt: skip
            st.button("Done", key="links_done", on_click=st.session_state.pop, args=(_made(survey), None))


def _made(survey: Kept) -> str:
    return f"links_made_{survey.id}"
