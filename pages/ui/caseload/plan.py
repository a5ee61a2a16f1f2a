"""A balanced plan on screen: why each match moves where, what it leaves everybody with, and changing it first."""

from collections import Counter

import pandas as pd
import streamlit as st

from pages.ui.acts import leave
from pages.ui.caseload.acting import acted
from pages.ui.text import md, plain, said
from services import hand_over, reading
from services.access import Actor
from services.hand_over import HandOver
from services.wording import counted

_STAYS = "Nobody yet"
_ACROSS = "Other agencies may take them"


def balanced(coach_ids: list[int], *, by: Actor, programme_id: int) -> None:
    """The fewest moves after which nobody of an agency is over capacity."""
    st.markdown("**A balanced plan**")
    across = st.toggle(_ACROSS, key="balance_across")
    with reading() as session:
        found = hand_over.suggest(
            session, by=by, programme_id=programme_id, coach_ids=coach_ids, may_stay=True, across=across
        )
    moves = edited(found, "balance")
    _move(moves, "balance_go", by=by, programme_id=programme_id)


def dialog(coach_id: int | None, title: str, *, by: Actor, programme_id: int) -> None:
    """Hand over the running matches of one coach, or those that never had one."""

    @st.dialog(plain(title), width="large")
    def opened() -> None:
        across = st.toggle(_ACROSS, key="leaving_across")
        with reading() as session:
            found = hand_over.suggest(
                session, by=by, programme_id=programme_id, coach_ids=[coach_id], may_stay=False, across=across
            )
        moves = edited(found, "leaving")
        if _move(moves, "leaving_go", by=by, programme_id=programme_id):
            leave()

    opened()


def edited(found: HandOver, key: str) -> dict[str, tuple[int, int]]:
    """Show a plan and let it be changed; by ref: the `seq` seen and the coach chosen."""
    st.markdown(f":gray[{said(found.sentence)}]")
    rows = found.rows
    if rows.empty:
        return {}
    labels = _labels(found)
    named = {coach: label for label, coach in labels.items()}
    shown = pd.DataFrame(
        {
            "Move": rows["to_id"].notna(),
            "Match": [plain(f"{row.mentee}, {row.mentor}") for row in rows.itertuples()],
            "Move to": [_STAYS if pd.isna(to) else named[int(to)] for to in rows["to_id"]],
            "Next contact": rows["next"],
            "Why": rows["why"],
        }
    )
    column = st.column_config
    chosen = st.data_editor(
        shown,
        hide_index=True,
        key=f"plan_{key}_{'_'.join(rows['ref'].str[:3])[:40]}",
        height="content" if len(shown) <= 12 else 460,  # noqa: PLR2004 - what fits a small screen
        row_height=36,
        disabled=["Match", "Next contact", "Why"],
        column_config={
            "Move": column.CheckboxColumn("", width=34),
            "Match": column.TextColumn(width=196),
            "Move to": column.SelectboxColumn(width=118, options=[_STAYS, *labels], required=True),
            "Next contact": column.TextColumn(width=142),
            "Why": column.TextColumn(width=170),
        },
    )
    moves = {}
    for row, (is_moved, to) in zip(rows.itertuples(), chosen[["Move", "Move to"]].itertuples(index=False), strict=True):
        if is_moved and to in labels and labels[to] != row.from_id:
            moves[row.ref] = (int(row.seq), labels[to])
    _after(found, rows, moves)
    return moves


def _labels(found: HandOver) -> dict[str, int]:
    """Coaches by a label of their own, the roomiest first; those of other agencies with its name."""
    homes, labels = set(found.rows["agency_id"].dropna()), {}
    for one in sorted(found.options, key=lambda one: (-one.free, one.label)):
        label = plain(one.name if one.agency_id in homes else one.label)
        labels[label if label not in labels else f"{label} ({one.coach_id})"] = one.coach_id
    return labels


def _after(found: HandOver, rows: pd.DataFrame, moves: dict[str, tuple[int, int]]) -> None:
    """After: Lin 15 of 15, Devon 15 of 15; red where it would be too many."""
    comes = Counter(coach for _, coach in moves.values())
    goes = Counter(int(row.from_id) for row in rows.itertuples() if row.ref in moves and not pd.isna(row.from_id))
    parts = []
    for one in found.options:
        if one.coach_id in comes or one.coach_id in goes:
            after = one.held + comes[one.coach_id] - goes[one.coach_id]
            words = f"{md(one.name)} **{after} of {one.capacity}**"
            parts.append(f":red[{words}]" if after > one.capacity and one.coach_id in comes else words)
    if parts:
        st.markdown(f"After: {', '.join(parts)}.")


def _move(moves: dict[str, tuple[int, int]], key: str, *, by: Actor, programme_id: int) -> bool:
    label = f"Move {counted(len(moves), 'match', 'matches')}" if moves else "Nothing to move"
    return st.button(
        label,
        type="primary",
        icon=":material/move_up:",
        key=key,
        disabled=not moves,
        on_click=acted,
        args=(lambda session: hand_over.apply(session, moves, by=by, programme_id=programme_id).sentence,),
    )
