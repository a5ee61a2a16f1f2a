"""What needs a coordinator on this day: counts that open their lists, the worst first, and what lies around it."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import identity, look, panels
from pages.ui.charts import waiting
from pages.ui.text import md, plain, said
from pages.ui.words import day, spelled
from services.today import YOU, Needs

_REVIEW, _MATCHES, _TODAY = "pages/desk/match_review.py", "pages/desk/matches.py", "pages/desk/today.py"
_OUTCOMES = "pages/desk/follow_up.py"
_CASELOAD, _NOBODYS = "pages/desk/caseload.py", {"show": "uncovered"}
_UNMATCHED, _WHOSE, _OPEN = "unmatched", "whose", "open_line"
#: Of each count: its label, the words below it, and the list that it opens.
_CARDS: dict[str, tuple[str, str, str, str, dict[str, str]]] = {
    "decision": (
        ":red[:material/error:] Late decisions",
        "oldest {} days",
        "Review them",
        _REVIEW,
        {"age": "overdue"},
    ),
    "uncovered": (
        ":red[:material/error:] No coach",
        "silent up to {} days",
        "Open caseload",
        _CASELOAD,
        _NOBODYS,
    ),
    "check_in": (
        ":red[:material/error:] Late check-ins",
        "oldest {} days late",
        "See check-ins",
        _MATCHES,
        {"care": "overdue"},
    ),
    "quiet": (
        ":orange[:material/schedule:] Quiet matches",
        "longest {} days",
        "See quiet",
        _MATCHES,
        {"care": "quiet"},
    ),
    "to_close": (
        ":orange[:material/schedule:] To close",
        "oldest day {}",
        "Close them",
        _MATCHES,
        {"care": "to_close"},
    ),
    "no_mentor": (
        ":gray[:material/person_off:] No mentor",
        "longest {} days",
        "See why",
        _TODAY,
        {_UNMATCHED: "all"},
    ),
}
#: Of each kind of line: its mark and word, the words of its button, and the page that it opens.
_LINES = {
    "decision": ("● Overdue", "Decide", _REVIEW),
    "hold_over": ("◐ Hold over", "Decide", _REVIEW),
    "awaiting": ("◐ Awaiting", "Remind", _REVIEW),
    "uncovered": ("● No coach", "Hand over", _CASELOAD),
    "check_in": ("● Overdue", "Ask coach", _MATCHES),
    "quiet": ("◐ Quiet", "Ask coach", _MATCHES),
    "to_close": ("◐ To close", "Close", _MATCHES),
    "follow_up": ("◐ Follow-up", "Record it", _OUTCOMES),
    "no_mentor": ("○ Waiting", "See why", _TODAY),
}
_COLOURS = {
    "decision": "red",
    "uncovered": "red",
    "check_in": "red",
    "quiet": "orange",
    "to_close": "orange",
    "no_mentor": "gray",
}
#: Lines that a phone shows; the counts above open the rest.
_ON_PHONE = 12
_ROW = 35


def whole(found: Needs) -> None:
    """The page under its title."""
    if not found.total:
        _nothing(found)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="lead"):
        things = "thing needs" if found.total == 1 else "things need"
        yours = "all of them" if found.yours == found.total else f"{spelled(found.yours)} of them"
        st.markdown(f"**{found.total:,} {things} someone today, {yours} you.** {said(found.lead)}", width="stretch")
        worst = found.lines.iloc[0]
        if st.button("Start with the worst", type="primary", icon=":material/play_arrow:", shortcut="S", key="worst"):
            _go(worst)
    _cards(found)
    left, right = st.columns([67, 33], gap="medium")
    with left:
        _worst_first(found.lines, found.total, found.yours)
    with right:
        _around(found)
    if st.query_params.get(_UNMATCHED):
        _people(found)


def _nothing(found: Needs) -> None:
    with st.container(border=True, horizontal_alignment="center", key="nothing_needs_you"):
        st.header(":green[:material/task_alt:] Nothing needs you now", anchor=False)
        st.markdown(md(_next(found)))
        _proposable(found.proposable)
    if not found.coming.empty:
        _coming(found.coming)
    follow_ups(*found.follow_ups)


def follow_ups(many: int, overdue: int) -> None:
    """How many mentees are to be asked what became of them, and the way to them."""
    if many:
        late = f", {'all' if overdue == many else spelled(overdue)} of them overdue" if overdue else ""
        label = f"**{spelled(many).capitalize()} {_plural(many, 'follow-up')}** due{late}"
        st.page_link(_OUTCOMES, label=label, icon=":material/work:")


def _proposable(many: int) -> None:
    """For how many of those who wait a mentor is free, and the way to the plan."""
    if many:
        label = f"**{spelled(many).capitalize()} {_plural(many, 'mentee')}** could be proposed now"
        st.page_link(_REVIEW, label=label, icon=":material/auto_awesome:", query_params={"propose": "all"})


def _next(found: Needs) -> str:
    if found.proposable:
        many = "mentee who waits" if found.proposable == 1 else "mentees who wait"
        return f"A mentor is free for {spelled(found.proposable)} {many}."
    if not found.coming.empty:
        first = found.coming.iloc[0]
        return f"Next comes {first['name']}, on {day(first['starts'].date())}."
    return "What comes due stands here on its day. New mentors and mentees come in with Import."


def _cards(found: Needs) -> None:
    with st.container(key="cards"), st.grid(6, min_column_width=140):
        for kind, (label, below, link, page, asked) in _CARDS.items():
            many, oldest = found.counts[kind]
            with st.container(border=True, gap="xsmall"):
                st.metric(
                    label,
                    f"{many:,}",
                    below.format(oldest) if many else "none",
                    delta_color=_COLOURS[kind] if many else "off",
                    delta_arrow="off",
                    help=found.rules[kind],
                )
                if many and page == _TODAY:
                    _why_button(link, "see_why")
                elif many:
                    st.page_link(page, label=link, icon=":material/arrow_forward:", query_params=asked)


@st.fragment
def _worst_first(lines: pd.DataFrame, total: int, yours: int) -> None:
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
            "Next step": [f":material/arrow_forward: {_LINES[kind][1]}" for kind in shown["kind"]],
            "Move": shown["move"].map(plain),
        }
    )
    column = st.column_config
    st.dataframe(
        frame.style.apply(lambda words: [colour[word[0]] for word in words], subset=["State"]),
        hide_index=True,
        height=min(len(frame), 16) * _ROW + _ROW + 3,
        row_height=_ROW,
        key="lines",
        alt="What needs someone, the worst first",
        column_config={
            "State": column.TextColumn(width=80),
            "Who": column.TextColumn(width=184),
            "Why": column.TextColumn(width=224),
            "Next step": column.ButtonColumn(width=100, type="tertiary", alignment="left", key=_OPEN),
            "Move": column.TextColumn(width=70, help="Whose move it is: yours, the mentor’s, or an agency’s"),
        },
    )
    if clicked := st.session_state.get(_OPEN):
        _go(shown.iloc[clicked["row"]])


def _as_link(line: Any) -> None:
    word, _, page = _LINES[line.kind]
    tone = {"●": "red", "◐": "orange", "○": "gray"}[word[0]]
    why = line.why if line.kind == "uncovered" else line.why[:1].lower() + line.why[1:]  # it begins with a name
    label = f":{tone}[{word}] **{md(line.who)}**, {md(why)}"
    if line.ref:
        st.page_link(page, label=label, query_params=_asked(line))
    else:
        _why_button(label, f"why_{line.Index}")


def _why_button(label: str, key: str) -> None:
    """Not a link: this page would be marked in it as the one that is open."""
    st.button(label, icon=":material/arrow_forward:", type="tertiary", key=key, on_click=_see_why)


def _asked(line: Any) -> dict[str, str]:
    if line.kind == "uncovered":
        return _NOBODYS
    if line.kind == "follow_up":
        return {"mentee": line.ref}
    return {"match": line.ref} if line.ref else {_UNMATCHED: "all"}


def _go(line: Any) -> None:
    if line.ref:
        st.switch_page(_LINES[line.kind][2], query_params=_asked(line))
    _see_why()
    st.rerun()


def _see_why() -> None:
    st.query_params[_UNMATCHED] = "all"


def _shut() -> None:
    st.query_params.pop(_UNMATCHED, None)


def _around(found: Needs) -> None:
    if not found.unmatched.empty:
        st.header("Waiting with no possible mentor", anchor=False)
        shown = found.unmatched.head(6)
        table = pd.DataFrame(
            {"Occupation": shown["group"].map(md), "Mentees": shown["mentees"], "Its mentors": shown["why"].map(md)}
        )
        st.table(table, border="horizontal", hide_index=True)
        rest = found.unmatched["mentees"].iloc[6:].sum()
        others = [f"{rest} more in other occupations" if rest else ""]
        others += [f"{found.behind} wait behind others for a place" if found.behind else ""]
        if line := "; ".join(filter(None, others)):
            st.markdown(f":small[:gray[{line[:1].upper()}{line[1:]}.]]")
    _proposable(found.proposable)
    _coming(found.coming)
    follow_ups(*found.follow_ups)
    if found.bands["matches"].any():
        st.header("Pending matches by days waiting", anchor=False)
        panels.chart(waiting.bands, found.bands, alt=waiting.bands_words(found.bands), key="chart_waiting")
    done = found.done
    st.header("Done in the last seven days", anchor=False)
    decided, logged, completed = done["decided"], done["check_ins"], done["completed"]
    st.markdown(
        f"**{decided:,}** {_plural(decided, 'match')} decided, **{logged:,}** {_plural(logged, 'check-in')} logged, "
        f"**{completed:,}** {_plural(completed, 'match')} completed."
    )


def _plural(number: int, one: str) -> str:
    return one if number == 1 else f"{one}es" if one.endswith("ch") else f"{one}s"


def _coming(rows: pd.DataFrame) -> None:
    if rows.empty:
        return
    st.header("This week", anchor=False)
    lines = [
        (f"{row.starts:%a} {row.starts.day}", f"**{md(row.name)}**, {md(row.place)}, {row.starts:%H:%M}", row.invited)
        for row in rows.itertuples(index=False)
    ]
    st.table(pd.DataFrame(lines, columns=["Day", "What", "Invited"]), border="horizontal", hide_index=True)


def _people(found: Needs) -> None:
    """Who waits with no possible mentor, over the page; the address opens it."""

    @st.dialog("Waiting with no possible mentor", width="large", on_dismiss=_shut)
    def opened() -> None:
        st.markdown(":gray[Longest wait first, with the smallest change that would bring a mentor.]")
        rows = found.people
        table = pd.DataFrame(
            {
                "Mentee": rows["mentee"],
                "Occupation": rows["group"],
                "Days": rows["waiting_days"],
                "Its mentors": rows["why"],
                "What would help": rows["change"],
            }
        )
        widths = {"Mentee": 150, "Occupation": 150, "Days": 50, "Its mentors": 250, "What would help": 520}
        st.dataframe(
            panels.cells(table),
            hide_index=True,
            column_config={head: st.column_config.Column(width=width) for head, width in widths.items()},
            alt="Mentees with no possible mentor, longest wait first",
        )

    opened()
