"""Parts of the audit page: whether the chain holds, what is asked for, and the rows."""

import streamlit as st

from pages.ui import panels
from pages.ui.text import plain
from services import reading, trail
from services.access import Actor
from services.trail import Choices, Page, State, Wanted

_STATE, _PAGE = "trail_state", "trail_page"
#: Rows up to which the chain is checked as the page opens; beyond, on a click.
_AT_ONCE = 20_000
_ROW = 33


def state(actor: Actor) -> None:
    """Whether every row is there and as it was written; looked at again once the trail has grown."""
    with reading() as session:
        head = trail.size(session, by=actor)
    checked: State | None = st.session_state.get(_STATE)
    is_known = checked is not None and checked.head == head.hash
    if not is_known and (head.seq <= _AT_ONCE or _asked(head.seq)):
        with st.spinner(f"Checking {head.seq:,} rows …"), reading() as session:
            checked = st.session_state[_STATE] = trail.state(session, by=actor)
    elif not is_known:
        return
    if checked is None:
        return
    if checked.broken:
        first = checked.broken[0]
        more = f" There are {len(checked.broken):,} such places." if len(checked.broken) > 1 else ""
        st.error(
            f"The trail is broken: row {first.seq:,} {first.what}.{more} Keep a copy of the database as it is.",
            icon=":material/error:",
        )
        return
    st.markdown(
        f":green[:material/verified: **The trail holds.**] {checked.rows:,} {'row' if checked.rows == 1 else 'rows'} "
        f"checked. :gray[The last one ends on {checked.head[:12]}; `matchdesk verify-audit` prints it in full.]"
    )


def _asked(rows: int) -> bool:
    return st.button(f"Check all {rows:,} rows", icon=":material/verified:", key="check_trail")


def filters(choices: Choices) -> tuple[Wanted, int]:
    """Draw what can be asked for; give back what is, and the page."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="trail_filters"):
        days = [
            st.date_input(label, None, max_value=choices.today, format="YYYY-MM-DD", key=f"trail_{label}", width=132,
                          on_change=_to_head)
            for label in ("From", "To")
        ]  # fmt: skip
        who = st.selectbox("Who", list(choices.who), index=None, placeholder="Anybody", width=170, key="trail_who",
                           format_func=lambda one: plain(choices.who[one]), on_change=_to_head)  # fmt: skip
        deed = st.selectbox("Deed", choices.deeds, index=None, placeholder="Any deed", width=170, key="trail_deed",
                            on_change=_to_head)  # fmt: skip
        about = st.selectbox("About", choices.about, index=None, placeholder="Anything", width=140, key="trail_about",
                             on_change=_to_head)  # fmt: skip
        ref = st.text_input("Whose file", placeholder="A person’s reference", width=180, key="trail_ref",
                            help="What was done with a person and their matches, and who read of them. The reference "
                            "stands in the address of their page.", on_change=_to_head)  # fmt: skip
    return Wanted(*days, who, deed, about, ref), st.session_state.get(_PAGE, 1)


def _to_head() -> None:
    st.session_state.pop(_PAGE, None)


def _to(page: int) -> None:
    st.session_state[_PAGE] = page


def rows(page: Page) -> None:
    """A page of rows, the latest first."""
    if page.rows.empty:
        st.markdown("No row is found. Take a filter off.")
        return
    shown = page.rows.assign(deed=page.rows["deed"].str.capitalize(), about=page.rows["about"].str.capitalize())
    column = st.column_config
    st.dataframe(
        panels.cells(shown),
        hide_index=True,
        height=min(len(shown), 18) * _ROW + _ROW + 3,
        row_height=_ROW,
        column_config={
            "seq": column.NumberColumn("Row", width=70, format="%d"),
            "day": column.DateColumn("Day", width=100, format="D MMM YYYY"),
            "time": column.TextColumn("Time", width=76),
            "who": column.TextColumn("Who", width=190),
            "deed": column.TextColumn("Deed", width=172),
            "about": column.TextColumn("About", width=192),
            "detail": column.TextColumn("Detail", width=420),
        },
        alt="Rows of the audit trail, the latest first",
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="trail_walk"):
        st.markdown(f":gray[{page.total:,} {'row' if page.total == 1 else 'rows'}]", width="content")
        if page.pages > 1:
            for icon, label, to, off in (
                (":material/chevron_left:", "Later rows", page.number - 1, page.number == 1),
                (":material/chevron_right:", "Earlier rows", page.number + 1, page.number == page.pages),
            ):
                st.button(label, icon=icon, type="tertiary", key=f"trail_{label}", disabled=off, on_click=_to,
                          args=(to,))  # fmt: skip
            st.markdown(f":gray[Page {page.number:,} of {page.pages:,}]", width="content")
