"""Stage: the count for a room, live. Words are real text, pictures carry none, and nothing here knows a person."""

from pathlib import Path

import streamlit as st

from pages.ui import identity, look, pictures, words
from pages.ui.charts.cohorts import stage_spec
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
        {"count": _count, "years": _years}[scene](board)
    with st.container(key="foot", horizontal=True, horizontal_alignment="distribute", wrap=False):
        st.text(f"{board.programme}, {board.organisation}")
        moment = f"{words.day(board.as_of)}, {words.clock_time(board.as_of)}"
        st.text(f"Live, {moment}" if is_live else f"Last figures from {moment}; new ones follow by themselves")
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


def _count(board: stage.Board) -> None:
    goal = board.celebrated or board.goal
    with st.container(key="say", gap=None):
        st.text(f"{board.title} since {board.since}" if board.since else f"{board.title} to date")
        st.title(f"{board.total:,}", anchor=False)
        st.header(_goal_words(board), anchor=False)
    with st.container(key="disc", gap=None):
        sizes = tuple(ring.matches for ring in board.cohorts)
        picture = pictures.disc(sizes, max(goal, board.total), look.tokens())
        st.image(picture, width="stretch", alt=_disc_words(board, goal))
    with st.container(key="latest", gap=None):
        st.text(f"Latest {board.one}" if board.latest_on else f"The first {board.one} is still to come")
        if board.latest_at:
            st.text(f"Today at {words.clock_time(board.latest_at)}")
        else:
            st.text(words.day(board.latest_on) if board.latest_on else " ")


def _goal_words(board: stage.Board) -> str:
    if board.celebrated == board.total:
        return f":yellow[The {words.ordinal(board.total)} {board.one}]"
    if board.celebrated:
        return f":yellow[The {words.ordinal(board.celebrated)} {board.one}, today]"
    return f"of {board.goal:,}: :yellow[{words.spelled(board.to_go)} to go]"


def _disc_words(board: stage.Board, goal: int) -> str:
    dot = pictures.matches_per_dot(max(goal, board.total))
    each = f"one for each {board.one}" if dot == 1 else f"one for every {dot} {board.unit}"
    missing = max(goal - board.total, 0)
    rim = f"{words.spelled(missing)} at the rim are still open" if missing else "the disc is full"
    if not board.cohorts:
        return f"An empty disc with a place for each of {goal:,} {board.unit}."
    first, last = board.cohorts[0].cohort, board.cohorts[-1].cohort
    return (
        f"{board.total:,} {board.unit} as dots, {each}, laid in rings from the cohort {first} in the middle outwards; "
        f"those of {last} are gold, and {rim}."
    )


def _years(board: stage.Board) -> None:
    bars = tuple((ring.cohort, ring.matches) for ring in board.cohorts)
    marks = tuple((mark.number, mark.cohort) for mark in st.session_state["stage_marks"])
    with st.container(key="top", gap=None):
        if len(bars) > 1:
            (first, few), (last, many) = bars[0], bars[-1]
            st.title(f"{few:,} {board.unit} in {first}, {many:,} in {last}", anchor=False)
        else:
            st.title(f"{board.total:,} {board.unit} in the first cohort", anchor=False)
        st.text(f"{board.title} by cohort" + (", and the milestones they reached" if marks else ""))
    with st.container(key="chart", gap=None):
        told = ", ".join(f"{cohort} {count:,}" for cohort, count in bars)
        spec = stage_spec(bars, marks, look.tokens())
        st.vega_lite_chart(
            spec, theme=None, width="stretch", height="stretch", key="years", alt=f"{board.title} by cohort: {told}."
        )


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
