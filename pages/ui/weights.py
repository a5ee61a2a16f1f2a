"""Parts of the weights page: trying other weights, what they would change, saving them, and what was in use before."""

import pandas as pd
import streamlit as st

from pages.ui import identity, look, words
from pages.ui.acts import once, shown_once
from pages.ui.text import md, plain, said
from services import reading, trial, weights
from services.access import Actor
from services.counting.figure import out_of_100, rounded
from services.engine.fit import Weights
from services.errors import ServiceError, SignedOut
from services.trial import Attempt, Outcome

_SEEN, _SAVED = "weights_tried", "weights_saved"
_MANY, _TALL = 12, 430


@st.fragment
def desk(actor: Actor, programme_id: int, cohort: str) -> None:
    """Everything that follows a change of a weight; run alone, so that the rest of the page stands still."""
    identity.require()  # a change runs this alone, without the gate of the frame
    with reading() as session:
        in_use = weights.current(session, programme_id)
        versions = weights.history(session, by=actor, programme_id=programme_id)
    if note := shown_once(_SAVED):
        st.success(note, icon=":material/check:")
    tried = _inputs(in_use)
    is_changed = tried != in_use
    with st.container(key="panel_weights_effect"):
        if is_changed:
            _effect(actor, tried, programme_id, cohort)
        else:
            st.header("Change a weight to see what it would do", anchor=False)
            st.markdown("Whom it would move stands here before anything is saved.")
        _save(actor, tried, programme_id, is_changed=is_changed)
    with st.container(key="panel_weights_history", gap="xsmall"):
        st.header("Versions", anchor=False)
        for version in versions:
            _version(version, in_use)


def _key(key: str) -> str:
    return f"weight_{key}"


def _inputs(in_use: Weights) -> Weights:
    """A number for each criterion, what it means, and its share of the whole."""
    for key in weights.KEYS:
        st.session_state.setdefault(_key(key), getattr(in_use, key))
    given = {key: int(st.session_state[_key(key)] or 0) for key in weights.KEYS}
    tried = Weights(version=in_use.version, **given)
    parts = weights.shares(tried)
    with st.grid(2, min_column_width=400, gap="small"):
        for key in weights.KEYS:
            old, share = getattr(in_use, key), rounded(parts[key])
            with st.container(horizontal=True, gap="medium", wrap=False):
                st.number_input(weights.name(key), 0, weights.MOST, step=25, key=_key(key), width=150, placeholder="0")
                bar = look.bar(float(share), f"{share} per cent of the whole")
                now = "" if given[key] == old else f"  :orange[{old} now]"
                st.markdown(
                    f"{bar}  **{share}\u00a0%**{now}  \n:small[:gray[{said(weights.MEANINGS.get(key, ''))}]]",
                    width="stretch",
                )
    return tried


def _effect(actor: Actor, tried: Weights, programme_id: int, cohort: str) -> None:
    asked = (tried, programme_id, cohort)
    seen = st.session_state.get(_SEEN)
    if seen is None or seen[0] != asked:
        try:
            with reading() as session:
                found = trial.attempt(session, tried, by=actor, programme_id=programme_id, cohort=cohort)
        except SignedOut:
            raise
        except ServiceError as refused:
            st.warning(md(refused, 300))
            return
        seen = st.session_state[_SEEN] = (asked, found)
    effect: Attempt = seen[1]
    st.header(said(effect.sentence), anchor=False)
    st.markdown(f":small[:gray[{said(_basis(effect))}]]", width=820)
    _outcomes(effect)
    if len(effect.moves):
        _moves(effect)


def _basis(effect: Attempt) -> str:
    queue = f"{effect.proposed:,} {'proposal' if effect.proposed == 1 else 'proposals'} in the queue"
    apart = f" Of the queue, {effect.apart:,} would be placed otherwise even today." if effect.apart else ""
    return (
        f"The plan of cohort {effect.cohort} with the weights in use, beside the plan with these: {queue} and "
        f"{effect.waiting:,} mentees who wait. Proposals on hold and everything decided stay.{apart}"
    )


def _outcomes(effect: Attempt) -> None:
    """Both plans in numbers, each measured in both weights."""
    rows = {
        "Mentees matched": [f"{one.matched:,}" for one in (effect.before, effect.after)],
        f"Of {effect.long_waiting:,} who wait over {effect.long_days} days": [
            f"{one.long_waiting:,}" for one in (effect.before, effect.after)
        ],
        "Mean fit in the weights in use": [_mean(one, tried=False) for one in (effect.before, effect.after)],
        "Mean fit in these weights": [_mean(one, tried=True) for one in (effect.before, effect.after)],
        "Total fit in the weights in use": [f"{one.total_in_use:,}" for one in (effect.before, effect.after)],
        "Total fit in these weights": [f"{one.total_tried:,}" for one in (effect.before, effect.after)],
    }
    shown = pd.DataFrame([(name, *both) for name, both in rows.items()], columns=["", "Now", "Then"])
    st.table(shown, border="horizontal", hide_index=True, width=620)


def _mean(one: Outcome, *, tried: bool) -> str:
    mean = one.mean_tried if tried else one.mean_in_use
    return words.NOTHING if mean is None else str(out_of_100(float(mean)))


def _moves(effect: Attempt) -> None:
    moves = effect.moves
    shown = pd.DataFrame(
        {
            "Mentee": moves["mentee"].map(plain),
            "Mentor now": [plain(name) if name else "nobody" for name in moves["before"]],
            "Mentor then": [plain(name) if name else "nobody" for name in moves["after"]],
            "Fit now": [None if fit is None else out_of_100(fit) for fit in moves["fit_before"]],
            "Fit then": [None if fit is None else out_of_100(fit) for fit in moves["fit_after"]],
            "Occupation": moves["group"].map(plain),
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        height=_TALL if len(shown) > _MANY else "content",
        placeholder=words.NOTHING,
        alt="Mentees who would move, with their mentor and fit now and then; both fits in these weights",
    )


def _save(actor: Actor, tried: Weights, programme_id: int, *, is_changed: bool) -> None:
    with st.form("weights_save", border=False, enter_to_submit=False):
        note = st.text_input(
            "Why",
            max_chars=300,
            placeholder="What the programme wants to be otherwise",
            key=f"weights_why_{tried.version}",
            width=620,
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            wanted = st.form_submit_button("Save these weights", type="primary", disabled=not is_changed)
            st.markdown(
                ":small[:gray[Nobody is moved by saving: proposals in the queue stay, new ones use the new weights.]]"
            )
    if is_changed:
        st.button(
            "Back to the weights in use", type="tertiary", icon=":material/undo:", key="weights_back", on_click=_forget
        )
    if not wanted:
        return
    try:
        stored = once(
            weights.save, lambda session: weights.save(session, tried, by=actor, programme_id=programme_id, note=note)
        )
    except SignedOut:
        raise
    except ServiceError as refused:
        st.warning(md(refused, 300))
        return
    _forget()
    st.session_state[_SAVED] = f"Version {stored.version} is in use."
    st.rerun()


def _forget() -> None:
    for key in weights.KEYS:
        st.session_state.pop(_key(key), None)
    st.session_state.pop(_SEEN, None)


def _version(version: weights.Saved, in_use: Weights) -> None:
    mine = version.weights
    when = f"{words.day(version.at.date())}, {words.clock_time(version.at)}, " if version.at else ""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**{mine.version}** {md(version.note, 300)}  \n"
            f":small[:gray[{when}{md(version.who)}{'. ' + said(version.changes) if version.changes else ''}]]",
            width="stretch",
        )
        if mine.version == in_use.version:
            st.badge("In use", color="green")
        else:
            st.button(
                "Use again", key=f"again_{mine.version}", type="tertiary", on_click=_again, args=(mine,),
                help="Puts these numbers above; nothing is saved.",
            )  # fmt: skip


def _again(version: Weights) -> None:
    for key in weights.KEYS:
        st.session_state[_key(key)] = getattr(version, key)
