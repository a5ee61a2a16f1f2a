"""A person withdraws: what becomes of their matches is said first."""

import streamlit as st

from pages.ui import identity
from pages.ui.people import pick
from pages.ui.text import md
from services import people_withdraw, reading
from services.access import Actor
from services.people_withdraw import Leaving

_FIRST_YEARS = 40


def open_for(ref: str, *, by: Actor) -> None:
    """The question for a person."""
    with reading() as session:
        _dialog(people_withdraw.preview(session, ref, by=by))


def back(ref: str, *, by: Actor) -> None:
    """The person takes part again."""
    pick.attempt(people_withdraw.take_back, ref, by=by)


def _close() -> None:
    pick.put(**{pick.ASKS: None})


@st.dialog("Withdraw", icon=":material/logout:", on_dismiss=_close)
def _dialog(leaving: Leaving) -> None:
    actor = identity.require()
    st.markdown(f"**{md(leaving.name)}** takes part no longer, and is not proposed any more.")
    for pair in leaving.declined:
        st.markdown(f":orange-badge[:material/close: Declined]  {md(pair)}; the pair may be proposed again.")
    for pair in leaving.running:
        st.markdown(f":red-badge[:material/stop_circle: Runs]  {md(pair)}")
    with st.form(f"withdraw_{leaving.ref}", border=False, enter_to_submit=False):
        on = st.date_input(
            "As of", leaving.today, min_value=leaving.today.replace(year=leaving.today.year - _FIRST_YEARS, day=1),
            max_value=leaving.today, format="YYYY-MM-DD", key=f"withdraw_on_{leaving.ref}",
        )  # fmt: skip
        reason = st.selectbox("Reason", leaving.reasons, index=None, placeholder="Choose", key=f"why_{leaving.ref}")
        note = st.text_area("Note", max_chars=1000, key=f"withdraw_note_{leaving.ref}")
        ends = bool(leaving.running) and st.checkbox(
            "End the running match with it" if len(leaving.running) == 1 else "End the running matches with it",
            key=f"withdraw_end_{leaving.ref}",
        )
        wanted = st.form_submit_button("Withdraw", type="primary", icon=":material/logout:")
    if wanted and pick.attempt(
        people_withdraw.withdraw,
        leaving.ref,
        by=actor,
        on=on or leaving.today,
        reason=reason or "",
        note=note,
        end_running=ends,
        seen=leaving.seen,
    ):
        _close()
        st.rerun()
