"""Several matches, one answer: which, what, and a preview of exactly what will happen."""

import datetime as dt

import pandas as pd
import streamlit as st

from pages.ui.review import ask, decide, offer, pick
from pages.ui.text import md, plain
from services import bulk, queue, reading
from services.access import Actor
from services.bulk import Bulk
from services.deciding import Answer, Kind
from services.errors import ServiceError
from services.queue import Filter

_TICKED, _ABOVE = "Those ticked", "All with a fit of at least"
_WORDS = {Kind.APPROVE: "Approve", Kind.HOLD: "Hold", Kind.DECLINE: "Decline"}
_WIDTHS = {"Mentee": 118, "Mentor": 118, "What": 140, "Fit": 38, "Waiting": 60}
_MANY, _TALL = 7, 268


def switch() -> None:
    """Begin to choose several, or go back to one card at a time."""
    one = decide.mode() == decide.SEVERAL
    words, icon = ("One at a time", ":material/view_agenda:") if one else ("Select several", ":material/checklist:")
    st.button(words, icon=icon, shortcut="S", key="several", on_click=_toggle)


def _toggle() -> None:
    several = decide.mode() != decide.SEVERAL
    st.session_state.pop(pick.TICKED, None)
    decide.ask(decide.SEVERAL if several else None)


def panel(actor: Actor, programme_id: int, only: Filter, reasons: tuple[str, ...], today: dt.date) -> Bulk | None:
    """Which and what; the preview that it leads to, for the button that carries it out."""
    st.header("Decide several at once", anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        which = st.segmented_control(
            "Which", [_TICKED, _ABOVE], default=_TICKED, required=True, key="several_which",
            label_visibility="collapsed",
        )  # fmt: skip
        fit = st.number_input(
            "Fit", 0, 100, 75, step=5, key="several_fit", width=110, label_visibility="collapsed",
            disabled=which == _TICKED,
        )  # fmt: skip
    answer = _answer(reasons, today)
    try:
        with reading() as session:
            chosen = pick.ticked()
            if which == _ABOVE:
                above = Filter(only.age, only.move, only.groups, only.agencies, max(only.fit_from, int(fit or 0)))
                chosen = queue.versions(session, by=actor, programme_id=programme_id, only=above, limit=bulk.MOST)
            if not chosen:
                words = (
                    "Tick rows in the queue, or take all with a fit of at least so much."
                    if which == _TICKED
                    else "No match is above it."
                )
                st.markdown(f":gray[{words} What would happen to each stands here before anything is stored.]")
                return None
            found = bulk.preview(session, answer, chosen, by=actor)
    except ServiceError as error:
        st.warning(md(error, 400))
        return None
    st.session_state["several_chosen"] = dict(chosen)
    if which == _ABOVE and len(chosen) == bulk.MOST:
        st.markdown(f":gray[The {bulk.MOST} that wait longest; the others can follow after these.]")
    _show(found)
    return found


def _answer(reasons: tuple[str, ...], today: dt.date) -> Answer:
    kinds = list(Kind)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        kind = st.segmented_control(
            "Answer", kinds, default=kinds[0], required=True, key="several_kind", format_func=lambda k: _WORDS[k],
            label_visibility="collapsed",
        )  # fmt: skip
        if kind == Kind.HOLD:
            return Answer(Kind.HOLD, until=ask.a_day(today, "several_until"))
        if kind != Kind.DECLINE:
            return Answer(Kind.APPROVE)
        reason = st.selectbox("Reason", reasons, key="several_reason", format_func=plain, label_visibility="collapsed")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        ask.again("several_again")
        ask.note("several_note")
    never = st.session_state.get("several_again") == ask.NEVER
    return Answer(Kind.DECLINE, reason=reason or "", never_again=never, note=st.session_state.get("several_note") or "")


def _show(found: Bulk) -> None:
    happens, left_out = found.happens, found.left_out
    will = f"**{len(happens)}** {'match' if len(happens) == 1 else 'matches'}, and this will happen to each"
    st.markdown(f"{will}; **{len(left_out)}** left out, and why, stand below." if len(left_out) else f"{will}.")
    if len(happens):
        shown = pd.DataFrame(
            {
                "Mentee": happens["mentee"].map(plain),
                "Mentor": happens["mentor"].map(plain),
                "What": happens["what"],
                "Fit": happens["fit"].astype("Int64"),
                "Waiting": [f"{days} d" for days in happens["days"]],
                "Occupation": happens["group"].map(plain),
            }
        )
        st.dataframe(
            shown,
            hide_index=True,
            row_height=33,
            height=_TALL if len(shown) > _MANY else "content",
            column_config={name: st.column_config.Column(width=wide) for name, wide in _WIDTHS.items()},
            alt="Matches that will be decided, longest wait first",
            key="several_happens",
        )
    if len(left_out):
        st.markdown(f"**{len(left_out)}** left out:")
        lines = {
            "Match": left_out["mentee"].map(md) + " with " + left_out["mentor"].map(md),
            "Why": left_out["why"].map(md),
        }
        st.table(pd.DataFrame(lines), border="horizontal", hide_index=True)


def button(found: Bulk | None, actor: Actor) -> None:
    """Carry out what the preview shows."""
    many = 0 if found is None else len(found.happens)
    kind = _WORDS[Kind.APPROVE if found is None else found.answer.kind]
    st.button(
        f"{kind} {many}" if many else kind,
        type="primary",
        icon=":material/done_all:",
        shortcut="A",
        key="several_do",
        disabled=not many,
        on_click=_carry_out,
        args=(found, actor),
    )


def _carry_out(found: Bulk, actor: Actor) -> None:
    done = decide.attempt(bulk.carry_out, found.answer, st.session_state.get("several_chosen", {}), by=actor)
    if done is None:
        return
    st.session_state.pop(pick.TICKED, None)
    if len(done.left_out):
        decide.warn(done.sentence)
    if done.answer.kind is not Kind.APPROVE:
        group, group_id, cohort = done.touched[0]
        one_group = len(done.touched) == 1
        offer.wanted(group if one_group else None, group_id if one_group else None, cohort)
    pick.to_head()
