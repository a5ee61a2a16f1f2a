"""What moves, and when: once for each change, however often the screen is drawn.

The browser starts an animation anew when its name changes, so a change takes the other of two names. What a screen
has shown before is kept in its session.
"""

import streamlit as st

from services.stage.show import CELEBRATE, Shown

STILL, _ONE, _OTHER = "still", "even", "odd"
#: Seconds in which the dots of a celebration arrive, as in the style.
_ARRIVAL = 5.0


def of_count(shown: Shown, where: str) -> str:
    """STILL, or the name that the move of the last change has."""
    kept = f"stage_count{where}"
    before, move = st.session_state.get(kept, (shown.board.total, STILL))
    if before != shown.board.total:
        move = _OTHER if move == _ONE else _ONE
    st.session_state[kept] = (shown.board.total, move)
    return STILL if shown.is_still else move


def of_celebration(shown: Shown, where: str) -> str:
    """STILL, or "s" and the half seconds of the arrival that were over when this screen joined, such as "s3".

    It stays the same with each draw, or the browser would set the arrival forth from another moment.
    """
    kept = f"stage_joined{where}"
    number, joined, latest = st.session_state.get(kept, (shown.celebrated, shown.seconds, shown.seconds))
    if number != shown.celebrated or shown.seconds < latest:
        joined = shown.seconds
    st.session_state[kept] = (shown.celebrated, joined, shown.seconds)
    return STILL if shown.is_still or joined >= _ARRIVAL else f"s{int(max(joined, 0) * 2)}"


def forget_others(shown: Shown, where: str) -> None:
    """A scene that comes back shows where things stand, and does not move for what moved before."""
    if shown.scene != "count":
        st.session_state.pop(f"stage_count{where}", None)
    if shown.scene != CELEBRATE:
        st.session_state.pop(f"stage_joined{where}", None)
