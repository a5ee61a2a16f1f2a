"""Propose matches: the plan before anything is stored."""

import pandas as pd
import streamlit as st

from pages.ui.acts import once
from pages.ui.review import decide, dialogs, pick
from pages.ui.text import md, plain
from services import proposals, reading, scopes, watch
from services.access import Actor
from services.counting.figure import out_of_100
from services.errors import ServiceError, SignedOut
from services.proposals import Plan
from services.scopes import ProgrammeChoice

_NAME, _PLAN = "propose", "review_plan"
#: In the address: open the plan.
ASKED = "propose"
_TALL = 360
#: From this height on, long text in a cell takes a second line.
_WRAPS = 66
_EXPLAINED = "As many mentees as can be matched, the longest wait first, then the best fit. Nothing is stored yet."


def button() -> None:
    """The way to the plan."""
    icon = ":material/auto_awesome:"
    st.button("Propose matches", icon=icon, key="propose", on_click=dialogs.show, args=(_NAME,))


def open_if_asked(actor: Actor) -> None:
    """Show the plan when it is wanted, here or by a link; what it showed before is planned again."""
    if st.query_params.pop(ASKED, None):
        dialogs.show(_NAME)
    if dialogs.is_open(_NAME):
        _dialog(actor)
    else:
        st.session_state.pop(_PLAN, None)


@st.dialog("Propose matches", width="large", icon=":material/auto_awesome:", on_dismiss=dialogs.close)
def _dialog(actor: Actor) -> None:
    if not dialogs.is_open(_NAME):
        st.rerun()  # applied: a click in a dialog runs nothing but the dialog
    try:
        with reading() as session:
            programme = next(one for one in scopes.choices(session, by=actor) if one.kind == "mentoring")
        cohort = _cohort(programme)
        if cohort is None:
            st.info("There is no cohort to propose into yet. Make one on the page Programme, under Cohorts.")
            return
        plan = _plan(actor, programme, cohort)
    except SignedOut:
        st.rerun()
    except ServiceError as error:
        st.warning(md(error, 400))
        return
    _show(plan)
    found = len(plan.pairs)
    words = f"Put {found} proposals in the queue" if found else "Nothing to propose"
    st.button(
        words, type="primary", icon=":material/check:", key="apply_plan", disabled=not found,
        on_click=_apply, args=(actor, cohort, found),
    )  # fmt: skip


def _cohort(programme: ProgrammeChoice) -> str | None:
    names = [cohort.name for cohort in reversed(programme.cohorts)]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = st.selectbox("Into the cohort", names, key="plan_cohort", width=220, format_func=plain)
        st.page_link("pages/setup/weights.py", label="What other weights would change", icon=":material/tune:")
    return chosen


def _plan(actor: Actor, programme: ProgrammeChoice, cohort: str) -> Plan:
    """The plan as things stand; the one on the screen, unless something happened since."""
    with reading() as session:
        asked = (cohort, watch.pulse(session, by=actor, programme_id=programme.id))
        seen = st.session_state.get(_PLAN)
        if seen is None or seen[0] != asked:
            bar = st.progress(0.0, "Reading who waits, and who has a place")
            plan = proposals.propose(
                session,
                by=actor,
                cohort=cohort,
                told=lambda group, done, all_: bar.progress(
                    done / all_, f"{plain(group)}, {done} of {all_} occupations"
                ),
            )
            bar.empty()
            seen = st.session_state[_PLAN] = (asked, plan)
    planned: Plan = seen[1]
    return planned


def _show(plan: Plan) -> None:
    counts = {
        "Matched": len(plan.pairs),
        "Without a mentor": len(plan.unmatched),
        "Mentors left": len(plan.left),
    }
    shown = st.segmented_control(
        "Part of the plan", list(counts), default="Matched", required=True, key="plan_part",
        format_func=lambda part: f"{part} **{counts[part]}**", label_visibility="collapsed",
    )  # fmt: skip
    st.markdown(f":gray[{_EXPLAINED}]")
    {"Matched": _pairs, "Without a mentor": _unmatched, "Mentors left": _left}[shown](plan)


def _table(shown: pd.DataFrame, alt: str, nothing: str, *, row_height: int = 33) -> None:
    if shown.empty:
        st.markdown(nothing)
        return
    height = "content" if len(shown) * row_height < _TALL else _TALL
    wide = {
        "Why": st.column_config.TextColumn(width=360),
        "What would change it": st.column_config.TextColumn(width=360),
    }
    st.dataframe(
        shown,
        hide_index=True,
        row_height=row_height,
        height=height,
        alt=alt,
        column_config={"Waiting": st.column_config.NumberColumn(format="%d d"), **wide},
    )


def _pairs(plan: Plan) -> None:
    shown = pd.DataFrame(
        {
            "Mentee": plan.pairs["mentee"].map(plain),
            "Mentor": plan.pairs["mentor"].map(plain),
            "Fit": plan.pairs["fit"].map(out_of_100),
            "Waiting": plan.pairs["waiting_days"],
            "Occupation": plan.pairs["group"].map(plain),
        }
    )
    _table(
        shown,
        "Proposed pairs, best fit first",
        "Nobody can be matched now. *Without a mentor* says why.",
    )


def _unmatched(plan: Plan) -> None:
    shown = pd.DataFrame(
        {
            "Mentee": plan.unmatched["mentee"].map(plain),
            "Waiting": plan.unmatched["waiting_days"],
            "Occupation": plan.unmatched["group"].map(plain),
            "Why": plan.unmatched["reason"].map(lambda text: plain(text, 300)),
            "What would change it": plan.unmatched["change"].map(lambda text: plain(text, 300)),
        }
    )
    said = "Mentees without a mentor, longest wait first", "Nobody is left without a mentor."
    _table(shown, *said, row_height=_WRAPS)


def _left(plan: Plan) -> None:
    shown = pd.DataFrame(
        {
            "Mentor": plan.left["mentor"].map(plain),
            "Places left": plan.left["places"],
            "Occupation": plan.left["group"].map(plain),
        }
    )
    _table(shown, "Mentors with places left", "Every place is taken.")


def _apply(actor: Actor, cohort: str, promised: int) -> None:
    dialogs.close()
    try:
        many = once(proposals.apply, lambda session: proposals.apply(session, by=actor, cohort=cohort))
    except ServiceError as error:
        decide.warn(str(error))
        return
    stored = f"{many} {'proposal' if many == 1 else 'proposals'} put in the queue of cohort {cohort}."
    if many == promised:
        decide.tell(stored)
    else:
        decide.warn(f"{stored} The plan had {promised}: someone decided or changed something in between.")
    pick.to_head()
