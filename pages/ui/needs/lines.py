"""What needs someone, line by line, the worst first."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import identity, look
from pages.ui.needs import ways
from pages.ui.text import md, plain
from services.queue import MENTOR
from services.today import YOU

_WHOSE, _OPEN = "whose", "open_line"
#: Of each kind of line: its mark and word, what the reader does about it, and the page that it opens.
_LINES = {
    "decision": ("● Overdue", "Decide", ways.REVIEW),
    "hold_over": ("◐ Hold over", "Decide", ways.REVIEW),
    "awaiting": ("◐ Awaiting", "Decide", ways.REVIEW),
    "uncovered": ("● No coach", "Hand over", ways.CASELOAD),
    "check_in": ("● Overdue", "Log it", ways.MATCHES),
    "quiet": ("◐ Quiet", "Look at it", ways.MATCHES),
    "to_close": ("◐ To close", "Close", ways.MATCHES),
    "follow_up": ("◐ Follow-up", "Record it", ways.OUTCOMES),
    "no_mentor": ("○ Waiting", "See why", ways.TODAY),
}
#: Lines that a phone shows; the counts above open the rest.
_ON_PHONE = 12
#: Lines of the table before it scrolls, which are as high as what lies around it.
_IN_VIEW = 19
_ROW = 35


@st.fragment
def worst_first(lines: pd.DataFrame, total: int, yours: int) -> None:
    """All of them, or those whose move is the reader's."""
    identity.require()  # the switch runs this alone, without the gate of the frame
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header("Worst first", anchor=False, width="content")
        whose = st.segmented_control(
            "Whose move",
            ["Mine", "Everyone"],
            default="Everyone",
            required=True,
            format_func=lambda who: f"{who} **{yours if who == 'Mine' else total:,}**",
            label_visibility="collapsed",
            key=_WHOSE,
        )
    shown = (lines[lines["move"] == YOU] if whose == "Mine" else lines).reset_index(drop=True)
    if shown.empty:
        st.markdown("Nothing of this waits for you; it is the mentors’ and the coaches’ move.")
        return
    with st.container(key="lines_table"):
        _table(shown)
    with st.container(key="lines_phone", gap="xsmall"):
        for line in shown.head(_ON_PHONE).itertuples():
            _as_link(line)
    if len(shown) < (yours if whose == "Mine" else total):
        st.markdown(f":gray[The worst {len(shown)} of {total:,}; the counts above open the rest.]")


def _table(shown: pd.DataFrame) -> None:
    t = look.tokens()
    colour = {"●": f"color:{t.red.text};font-weight:600", "◐": f"color:{t.orange.text}", "○": f"color:{t.quiet}"}
    frame = pd.DataFrame(
        {
            "State": [_LINES[kind][0] for kind in shown["kind"]],
            "Who": shown["who"].map(plain),
            "Why": shown["why"].map(plain),
            "Next step": [f":material/arrow_forward: {plain(_step(line))}" for line in shown.itertuples()],
        }
    )
    column = st.column_config
    st.dataframe(
        frame.style.apply(lambda words: [colour[word[0]] for word in words], subset=["State"]),
        hide_index=True,
        height=min(len(frame), _IN_VIEW) * _ROW + _ROW + 3,
        row_height=_ROW,
        key="lines",
        alt="What needs someone, the worst first",
        column_config={
            "State": column.TextColumn(width=80),
            "Who": column.TextColumn(width=184),
            "Why": column.TextColumn(width=216),
            "Next step": column.ButtonColumn(width=214, type="tertiary", alignment="left", key=_OPEN),
        },
    )
    if clicked := st.session_state.get(_OPEN):
        go(shown.iloc[clicked["row"]])


def _step(line: Any) -> str:
    """What is done next: by the reader, or whom they ask to do it."""
    if line.move == YOU:
        return _LINES[line.kind][1]
    return "Remind the mentor" if line.move == MENTOR else f"Ask {line.move}"


def _as_link(line: Any) -> None:
    word, _, page = _LINES[line.kind]
    tone = {"●": "red", "◐": "orange", "○": "gray"}[word[0]]
    why = line.why if line.kind == "uncovered" else line.why[:1].lower() + line.why[1:]  # it begins with a name
    label = f":{tone}[{word}] **{md(line.who)}**, {md(why)}"
    if line.ref:
        st.page_link(page, label=label, query_params=ways.asked(line))
    else:
        ways.why_button(label, f"why_{line.Index}")


def go(line: Any) -> None:
    """To where a line is done."""
    if line.ref:
        st.switch_page(_LINES[line.kind][2], query_params=ways.asked(line))
    ways.see_why()
    st.rerun()
