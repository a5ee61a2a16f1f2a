"""Stage: the count for a room, live. Words are real text, pictures carry none, and nothing here knows a person."""

from pathlib import Path

import streamlit as st

from pages.ui import identity, stage_scenes, words
from services import reading, stage
from services.access import Actor
from services.errors import ServiceError, Unreachable

CSS = Path(__file__).parents[1] / "ui" / "stage.css"
#: Scene, its name, its key. Presenters' remote controls send PageDown.
SCENES = {"count": ("The count", "1"), "years": ("The years", "2")}
NEXT_KEY = "PageDown"


@st.fragment(run_every="1s")
def screen(token: str | None, actor: Actor | None) -> None:
    """The whole screen, drawn anew each second; what did not change stays untouched in the browser."""
    scene = st.query_params.get("scene", "count")
    scene = scene if scene in SCENES else "count"
    try:
        board, is_live = _latest(token, actor)
    except ServiceError as ended:
        st.session_state.pop("stage_board", None)
        _say(str(ended))
        return
    if board is None:
        _say("The figures are on their way.")
        return
    with st.container(key=f"scene-{scene}", gap=None):
        if scene == "count":
            stage_scenes.count(board)
        else:
            stage_scenes.years(board, st.session_state["stage_marks"])
    with st.container(key="foot", horizontal=True, horizontal_alignment="distribute", wrap=False):
        st.text(f"{board.programme}, {board.organisation}")
        moment = f"{words.day(board.as_of)}, {words.clock_time(board.as_of)}"
        st.text(f"Live, {moment}" if is_live else f"Last figures from {moment}")
    _switches(scene, actor)


def _latest(token: str | None, actor: Actor | None) -> tuple[stage.Board | None, bool]:
    """The board and whether it is of this moment; the last one stays while the database cannot be reached."""
    shown: stage.Board | None = st.session_state.get("stage_board")
    try:
        with reading() as session:
            by = actor if actor and not token else stage.open_display(session, token or "")
            board = stage.board(session, by=by)
            if shown is None or shown.cohorts != board.cohorts or "stage_marks" not in st.session_state:
                st.session_state["stage_marks"] = stage.marks(session, by=by)
    except Unreachable:
        return shown, False
    st.session_state["stage_board"] = board
    return board, True


def _switches(scene: str, actor: Actor | None) -> None:
    names = list(SCENES)
    following = names[(names.index(scene) + 1) % len(names)]
    with st.container(key="switches", horizontal=True, width="content"):
        for name, (title, key) in SCENES.items():
            st.button(title, key=f"stage_{name}", shortcut=key, on_click=_show, args=(name,))
        st.button("Next", key="stage_next", shortcut=NEXT_KEY, on_click=_show, args=(following,))
        if actor:
            st.page_link("pages/story/milestones.py", label="Back to the desk", icon=":material/arrow_back:")


def _show(scene: str) -> None:
    st.query_params["scene"] = scene


def _say(sentence: str) -> None:
    with st.container(key="notice", gap=None):
        st.title(sentence, anchor=False)


st.html(CSS)
with st.container(key="stage", gap=None):
    screen(identity.display_token(), identity.current())
