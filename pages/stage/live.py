"""The screen in the room: what its show says, drawn anew only when something changed. No sign-in, and no database."""

import streamlit as st

from pages.ui import look
from pages.ui.stage import beat, screen
from services import cookies
from services.stage import running
from services.stage.show import CELEBRATE, SCENES, TITLES, Show

#: Key of each scene; presenters' remote controls send PageDown and PageUp.
_KEYS = {**{scene: str(place) for place, scene in enumerate(SCENES, 1)}, CELEBRATE: "0"}


@st.fragment
def show(token: str | None) -> None:
    """All of it."""
    stage = running.current()
    found = stage.show(token)
    beat.beat("screen", stage.version(found))
    shown = found.shown() if found else None
    if found is None:
        _say("The stage is closed.")
    elif shown is None:
        _say("The figures are on their way.")
    else:
        screen.draw(shown)
        _keys(found, has_milestone=bool(shown.board.celebrated))


def _keys(found: Show, *, has_milestone: bool) -> None:
    """Out of sight until a pointer or the Tab key comes near; their letters work all the time."""
    with st.container(key="switches", horizontal=True, width="content"):
        for scene, key in _KEYS.items():
            if scene != CELEBRATE or has_milestone:
                st.button(TITLES[scene], key=f"turn_{scene}", shortcut=key, on_click=found.turn, args=(scene,))
        st.button("Back", key="turn_back", shortcut="PageUp", on_click=found.step, args=(-1,))
        st.button("Next", key="turn_next", shortcut="PageDown", on_click=found.step, args=(1,))
        plays = "Stop playing" if found.is_playing else "Play by itself"
        st.button(plays, key="turn_play", shortcut="P", on_click=found.play, args=(not found.is_playing,))
        moves = "Let it move" if found.is_still else "Pause motion"
        st.button(moves, key="turn_still", shortcut="M", on_click=found.still, args=(not found.is_still,))


def _say(sentence: str) -> None:
    with st.container(key="notice", gap=None):
        st.title(sentence, anchor=False)


look.dress()
screen.dress()
show(st.context.cookies.get(cookies.SCREEN))
