"""Parts of the import page: what a file holds, its columns, what stands in its way, what comes with it."""

from typing import Literal

import pandas as pd
import streamlit as st

from pages.ui.text import md, plain
from services.imports import Applied, Kind, Preview, rejected_workbook

_SIDE_BY_SIDE = 4
#: Rows from which a table scrolls, and its height then.
_MANY, _TALL = 12, 420
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kind_chosen(key: str) -> Kind | None:
    """What a coordinator says the rows are; None: the file's columns say it."""
    kind: Kind | None = st.session_state.get(f"kind {key}")
    return kind


def kind(key: str, found: Kind | None) -> None:
    """What the rows are taken for, and the way to say otherwise."""
    st.session_state[f"kind {key}"] = found
    st.segmented_control("Rows are", list(Kind), format_func=lambda kind: kind.value.capitalize(), key=f"kind {key}")


def survey_chosen(key: str) -> int | None:
    """Which survey a coordinator says answers belong to; None: their columns say it."""
    number: int | None = st.session_state.get(f"survey {key}")
    return number


def survey(preview: Preview, key: str) -> None:
    """The survey that answers are taken for, and the way to say otherwise."""
    if len(preview.surveys) < 2:  # noqa: PLR2004 - nothing to choose between
        return
    st.session_state[f"survey {key}"] = preview.survey
    st.selectbox(
        "Answers to",
        list(preview.surveys),
        format_func=lambda number: plain(preview.surveys.get(number, "")),
        key=f"survey {key}",
        width=420,
    )


def chosen(key: str, kind: Kind | None) -> dict[str, str]:
    """Columns mapped by hand so far: header -> field, "" to leave one out."""
    return dict(st.session_state.get(f"mapping {key} {kind}", {}))


def columns(preview: Preview, key: str) -> None:
    """Every column with what it is taken for; a choice is kept and the file is read again."""
    known = preview.fields
    headers = {column.header: column.field for column in preview.columns}
    taken = sum(bool(field) for field in headers.values())
    with (
        st.expander(f"Columns: {taken} of {len(headers)} recognised", expanded=bool(preview.missing)),
        st.container(key=f"columns {key}"),
    ):
        for start in range(0, len(headers), _SIDE_BY_SIDE):
            for place, header in zip(
                st.columns(_SIDE_BY_SIDE), list(headers)[start : start + _SIDE_BY_SIDE], strict=False
            ):
                box = f"column {key} {preview.kind} {header}"
                st.session_state[box] = headers[header]  # a field chosen in one box leaves the box that had it
                place.selectbox(
                    md(header, 40),
                    ["", *known],
                    format_func=lambda field: known[field].label if field else "Not used",
                    key=box,
                    on_change=_map,
                    args=(key, preview.kind, header, box),
                )


def _map(key: str, kind: Kind, header: str, box: str) -> None:
    st.session_state[f"mapping {key} {kind}"] = chosen(key, kind) | {header: st.session_state[box]}


def rows(count: int) -> str:
    """A number of rows in words."""
    return "1 row" if count == 1 else f"{count} rows"


def problems(preview: Preview, key: str, name: str) -> None:
    """Refused rows: where, what, how to mend it; and the same as a workbook to send back."""
    if not preview.problems:
        return
    st.subheader(f"Refused: {rows(len(preview.refused))}", anchor=False)
    table = pd.DataFrame(
        [(p.row, plain(p.column), p.code.capitalize(), plain(p.sentence)) for p in preview.problems],
        columns=["Row", "Column", "What", "How to mend it"],
    )
    st.dataframe(table, hide_index=True, height=_height(table))
    st.download_button(
        "Refused rows as a workbook",
        data=lambda: rejected_workbook(preview),
        file_name="refused_rows.xlsx",
        mime=_XLSX,
        icon=":material/download:",
        key=f"refused {key}",
        help=f"Each refused row of {md(name, 60)} with the reason beside it.",
        on_click="ignore",
    )


def news(preview: Preview) -> None:
    """Guesses, additions, repeats and warnings, a line each."""
    for guess in preview.guesses:
        st.markdown(
            f":material/help: «{md(guess.written)}» is taken for **{md(guess.taken_for)}** ({rows(guess.rows)})."
        )
    for what, names in (
        ("agencies", preview.new_agencies),
        ("divisions", preview.new_divisions),
        ("cohorts", preview.new_cohorts),
    ):
        if names:
            st.markdown(f":material/add: New {what}, added with the file: {', '.join(map(md, names))}.")
    if preview.repeats:
        pairs = ", ".join(f"{md(row)} (as {md(earlier)})" for row, earlier in list(preview.repeats.items())[:20])
        st.markdown(f":material/content_copy: Rows that repeat an earlier row and are left out: {pairs}.")
    if preview.passed_over:
        passed = ", ".join(map(md, preview.passed_over[:20]))
        st.markdown(f":material/visibility_off: Passed over, because they name nobody: row {passed}.")
    for warning in preview.warnings:
        st.markdown(f":material/warning: {md(warning, 300)}")


def changes(preview: Preview) -> None:
    """People the desk knows whom the file says otherwise, field by field."""
    if not preview.changed:
        return
    known = preview.fields
    said = [
        (
            row,
            known[c.field].label if c.field in known else c.field.replace("_", " ").capitalize(),
            _said(c.before),
            _said(c.after),
        )
        for row, changes in preview.changed.items()
        for c in changes
    ]
    with st.expander(f"{len(preview.changed)} known {preview.kind} change"):
        table = pd.DataFrame(said, columns=["Row", "Field", "Now", "After the import"])
        st.dataframe(table, hide_index=True, height=_height(table))


def _said(value: object) -> str:
    return plain(", ".join(value)) if isinstance(value, list) else plain("" if value is None else value)


def _height(table: pd.DataFrame) -> int | Literal["content"]:
    return _TALL if len(table) > _MANY else "content"


def result(done: Applied) -> None:
    """What was stored."""
    if done.added or done.changed:
        st.success(f"Stored: {done.added} {done.kind} added, {done.changed} changed.", icon=":material/check:")
    else:
        st.success("Nothing in this file is new. Nothing was changed.", icon=":material/check:")
