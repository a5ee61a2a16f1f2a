"""A coach's own page: what I owe whom this week, the longest late first; made for a phone."""

from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import file, words
from pages.ui.caseload import log
from pages.ui.caseload.acting import SAID, refused
from pages.ui.text import md, plain
from services import check_ins, owed, programmes, reading
from services.access import Actor
from services.errors import NotFound
from services.owed import DUE, FINE, NO_SUCH, OVERDUE, QUIET, Owed
from services.wording import counted, day

_MINE, _AGENCY = "mine", "agency"


def show(actor: Actor) -> None:
    """The whole page: a column as wide as is read with ease, on any screen."""
    with st.container(width=680):
        _week(actor)


def _week(actor: Actor) -> None:
    try:
        with reading() as session:
            programme = programmes.main(session)
            found = owed.owed(session, by=actor, programme_id=programme.id)
            last = check_ins.last_entry(session, by=actor)
    except NotFound as nothing:
        st.title("My week", anchor=False)
        st.info(str(nothing))
        return
    head = st.container(horizontal=True, vertical_alignment="center", gap="small")
    head.title("My week", anchor=False, width="content")
    rows = _whose(found)
    counts = {urgency: int((rows["urgency"] == urgency).sum()) for urgency in (OVERDUE, QUIET, DUE)}
    head.markdown(
        f"{words.overdue(counts[OVERDUE])}, {words.due(counts[DUE])}, **{counts[QUIET]}** quiet", width="content"
    )
    refused()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="week_said"):
        if done := st.session_state.get(SAID):
            st.markdown(f":green[:material/check:] {md(done)}", width="content")
        elif last:
            st.markdown(f":gray[Last entry: {md(last)}]", width="content")
        log.undo(last, by=actor, programme_id=programme.id)
    chosen = _chosen(found.rows, rows)
    if chosen is not None:
        _card(chosen, found, actor, programme.id)
    _next(rows, found, chosen)


def _whose(found: Owed) -> pd.DataFrame:
    """Mine, unless the agency's others were asked for."""
    mine = found.rows[found.rows["is_mine"]]
    if not found.is_coach:
        return found.rows
    said = {_MINE: f"Mine {len(mine)}", _AGENCY: f"My agency {len(found.rows)}"}
    whose = st.segmented_control(
        "Whose", list(said), default=_MINE, required=True, key="whose", format_func=said.get,
        label_visibility="collapsed",
    )  # fmt: skip
    return found.rows if whose == _AGENCY else mine


def _chosen(known: pd.DataFrame, rows: pd.DataFrame) -> Any:
    """The match of the address, or the first that needs something."""
    wanted = st.query_params.get("match")
    if wanted is not None:
        for row in known.itertuples():
            if row.ref == wanted:
                return row
        st.warning(NO_SUCH, icon=":material/search_off:")
        return None
    return next((row for row in rows.itertuples() if row.urgency != FINE), None)


def _card(row: Any, found: Owed, actor: Actor, programme_id: int) -> None:
    with st.container(border=True, gap="small", key="log_card"):
        with st.container(gap="xxsmall"):
            st.header(md(row.mentee), anchor=False)
            badge = _badge(row)
            health = f" Going: {log.HEALTH[row.health]}." if row.health else ""
            cover = f" You cover for {md(row.covers)}." if row.covers else ""
            silent = "today" if not row.silent else f"{counted(row.silent, 'day', 'days')} ago"
            st.markdown(
                f"{badge} {_planned(row, found)}. :gray[Mentor {md(row.mentor)}. Last contact {silent}.]{health}{cover}"
            )
        log.card(row, found, by=actor, programme_id=programme_id)
        with st.expander("What was logged"):
            lines = file.read(
                lambda session: owed.log_of(session, row.ref, by=actor, programme_id=programme_id), by=actor
            )
            for line in lines.itertuples():
                note = f" :gray[{md(line.note, 400)}]" if line.note else ""
                st.markdown(f"**{day(line.day)}** {md(line.what)}{note}")


def _next(rows: pd.DataFrame, found: Owed, chosen: Any) -> None:
    """Whoever else is owed something, then those that are not due."""
    is_owed = bool((rows["urgency"] != FINE).any())
    if chosen is not None:
        rows = rows[rows["ref"] != chosen.ref]
    urgent, fine = rows[rows["urgency"] != FINE], rows[rows["urgency"] == FINE]
    if len(urgent):
        st.markdown("**Next**")
    elif found.rows.empty:
        st.markdown("No match of yours is running.")
    elif not is_owed:
        st.markdown(":green[:material/task_alt:] Nothing is owed this week.")
    with st.container(gap="xsmall"):
        for row in urgent.itertuples():
            _line(row, found)
    if len(fine):
        with st.expander(f"Not due, {len(fine)}"), st.container(gap="xsmall"):
            for row in fine.itertuples():
                _line(row, found)


def _line(row: Any, found: Owed) -> None:
    cover = f", for {md(row.covers)}" if row.covers else ""
    st.button(
        f"**{md(row.mentee)}**, {_planned(row, found).lower()}{cover} {_badge(row)}",
        key=f"owed_{row.ref}",
        width="stretch",
        on_click=_open,
        args=(row.ref,),
    )


def _open(ref: str) -> None:
    st.query_params["match"] = ref
    st.session_state.pop(SAID, None)


def _planned(row: Any, found: Owed) -> str:
    """30-day check-in; closing."""
    if pd.isna(row.planned):
        return "All planned contacts made"
    return owed.contact(int(row.planned), found.clocks.closing_day)


def _badge(row: Any) -> str:
    if row.urgency == OVERDUE:
        return f":red-badge[:material/error: {plain(counted_days(row.days))} late]"
    if row.urgency == QUIET:
        return f":red-badge[:material/notifications_off: quiet {plain(counted_days(row.days))}]"
    if row.urgency == DUE:
        when = "today" if not row.days else f"{row.owed_on:%a}" if row.days < 7 else f"{row.owed_on:%-d %b}"  # noqa: PLR2004
        return f":orange-badge[Due {when}]"
    return f":gray-badge[Due {row.owed_on:%-d %b}]" if row.owed_on is not None else ""


def counted_days(number: int) -> str:
    """1 day, 14 days."""
    return f"{number} day{'' if number == 1 else 's'}"
