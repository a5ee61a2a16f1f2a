"""The presenter's phone: what the room sees, what comes next, and one large button. Opened by a link of its own."""

import streamlit as st

from pages.ui import look
from pages.ui.stage import beat, rehearsing, screen
from services import cookies
from services.stage import running
from services.stage.show import CELEBRATE, SCENES, TITLES, Show


@st.fragment
def remote(token: str | None) -> None:
    """All of it."""
    stage = running.current()
    found = stage.remote(token)
    beat.beat("remote", stage.version(found))
    shown, following = (found.shown(), found.following()) if found else (None, None)
    if found is None:
        st.title("The stage is closed.", anchor=False)
        st.write("Its link has ended. A new one is made on the page Milestones of the desk.")
        return
    if shown is None or following is None:
        st.title("The figures are on their way.", anchor=False)
        return
    with st.container(key="remote_lost"):
        st.warning("No connection. The room keeps its last figures; this page comes back by itself.")
    rehearsing.mark(found)
    if not found.is_live:
        st.warning("The database does not answer. The room sees the last figures.", icon=":material/database_off:")
    st.title(TITLES[shown.scene], anchor=False)
    st.markdown(f":gray[In the room: {screen.headline(shown)}]")
    with st.container(key="room"):
        screen.draw(shown, where="now")
    with st.container(key="remote_turn", horizontal=True, wrap=False):
        st.button("Back", key="turn_back", icon=":material/arrow_back:", on_click=found.step, args=(-1,))
        st.button(
            f"Next: {TITLES[following.scene]}", key="turn_next", type="primary", width="stretch",
            on_click=found.step, args=(1,),
        )  # fmt: skip
    with st.container(key="room_next"):
        screen.draw(following, where="next")
    _scenes(found, shown.scene, has_milestone=bool(shown.board.celebrated))
    _switches(found)
    rehearsing.panel(found)


def _scenes(found: Show, scene: str, *, has_milestone: bool) -> None:
    st.header("Go to", anchor=False)
    with st.container(key="remote_scenes", horizontal=True):
        for one in (*SCENES, *([CELEBRATE] if has_milestone else [])):
            st.button(TITLES[one], key=f"turn_{one}", disabled=one == scene, on_click=found.turn, args=(one,))


def _switches(found: Show) -> None:
    """Buttons and not toggles: two phones and the keys of the room's machine turn the same show."""
    with st.container(key="remote_switches", horizontal=True):
        plays = ("Stop playing", ":material/stop:") if found.is_playing else ("Play by itself", ":material/play_arrow:")
        st.button(plays[0], key="turn_play", icon=plays[1], on_click=found.play, args=(not found.is_playing,))
        moves = ("Let it move", ":material/animation:") if found.is_still else ("Pause motion", ":material/pause:")
        st.button(moves[0], key="turn_still", icon=moves[1], on_click=found.still, args=(not found.is_still,))


look.dress()
screen.dress()
with st.container(key="remote", width=560):
    remote(st.context.cookies.get(cookies.REMOTE))
