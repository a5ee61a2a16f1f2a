"""The participants of a cohort of placements, entered and changed one by one, and what was committed to."""

import datetime as dt
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui import identity
from pages.ui.acts import once, shown_once
from pages.ui.text import md, plain
from services import placing, reading
from services.access import Actor
from services.errors import ServiceError, SignedOut
from services.placing import Entry, Participants, Person
from services.scopes import CohortChoice
from services.wording import day

_SAID, _OPEN = "placing_said", "placing_open"
#: What is open over the page, in the address: a new placement, the commitment, or the reference of a person.
_PLACE, _NEW, _COMMITMENT = "place", "new", "commitment"
#: Rows from which the table scrolls.
_MANY, _ROW = 12, 35
_FIRST_DAY = dt.date(1990, 1, 1)


def desk(actor: Actor, cohort: CohortChoice) -> None:
    """Everyone in the cohort, a button to change each, and what else can be entered."""
    with reading() as session:
        found = placing.participants(session, cohort.id, by=actor)
    with st.container(key="panel_participants", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            many = len(found.rows)
            st.header(f"{many:,} {'participant' if many == 1 else 'participants'}", anchor=False, width="stretch")
            st.button("Commitment", icon=":material/flag:", key="commit", on_click=_open, args=(_COMMITMENT,))
            st.button(
                "Add a participant",
                icon=":material/person_add:",
                type="primary",
                key="place_add",
                on_click=_open,
                args=(_NEW,),
            )
        if done := shown_once(_SAID):
            st.markdown(f":green[:material/check:] {md(done, 300)}")
        if many:
            _table(found)
        else:
            st.markdown("Nobody is placed yet. Add a participant, or bring in a file of placements with Import.")
    _over(st.query_params.get(_PLACE), found, cohort)


def _over(wanted: str | None, found: Participants, cohort: CohortChoice) -> None:
    """What the address opens over the page; of somebody who is not here, nothing."""
    if wanted == _NEW:
        _added(found, cohort)
    elif wanted == _COMMITMENT:
        _commitment(found, cohort)
    elif wanted and len(rows := found.rows[found.rows["ref"] == wanted]):
        _changed(rows.iloc[0], found)


def _open(what: str) -> None:
    st.query_params[_PLACE] = what


def _close() -> None:
    st.query_params.pop(_PLACE, None)


def _table(found: Participants) -> None:
    rows = found.rows
    frame = pd.DataFrame(
        {
            "Participant": rows["mentee"].map(plain),
            "Occupation": rows["group"].map(plain),
            "Host division": [plain(home or "") for home in rows["division"]],
            "Hired on": rows["hired_on"],
            "Permanent on": rows["permanent_on"],
            "Change": ":material/edit: Change",
        }
    )
    column = st.column_config
    st.dataframe(
        frame,
        hide_index=True,
        height=min(len(frame), _MANY) * _ROW + _ROW + 3,
        row_height=_ROW,
        key="participants",
        alt="Everyone placed in this cohort, a row each",
        column_config={
            "Hired on": column.DateColumn(format="D MMM YYYY"),
            "Permanent on": column.DateColumn(format="D MMM YYYY"),
            "Change": column.ButtonColumn(width=100, type="tertiary", alignment="left", key=_OPEN),
        },
    )
    if clicked := st.session_state.get(_OPEN):
        _open(rows["ref"].iloc[clicked["row"]])
        st.rerun()


@st.dialog("Add a participant", width="medium", icon=":material/person_add:", on_dismiss=_close)
def _added(found: Participants, cohort: CohortChoice) -> None:
    actor = identity.require()
    st.markdown(":gray[Of people the desk knows the e-mail address is enough.]")
    with st.form("place_new", border=False, enter_to_submit=False):
        email = st.text_input("E-mail", max_chars=200, key="place_email")
        first, last = st.columns(2)
        first_name = first.text_input("First name", max_chars=150, key="place_first")
        last_name = last.text_input("Last name", max_chars=150, key="place_last")
        group = st.selectbox(
            "Occupation", found.groups, index=None, format_func=plain, placeholder="Not said", key="place_group"
        )
        entry = _entry(found, Entry(None), "new")
        saved = st.form_submit_button("Add", type="primary", icon=":material/check:")
    who = Person(email, first_name, last_name, group)
    if saved:
        _do(lambda session: placing.add(session, cohort.id, who, entry, by=actor))


@st.dialog("Change a placement", width="medium", icon=":material/edit:", on_dismiss=_close)
def _changed(row: Any, found: Participants) -> None:
    actor, number = identity.require(), int(row["id"])
    seen = Entry(row["hired_on"], row["division"], row["permanent_on"])
    st.markdown(f"**{md(row['mentee'])}**, {md(row['group'])}. An empty field says that it is not known.")
    with st.form(f"place_{number}", border=False, enter_to_submit=False):
        entry = _entry(found, seen, str(number))
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            saved = st.form_submit_button("Save", type="primary", icon=":material/check:")
            gone = st.form_submit_button(
                "Entered in error: remove", icon=":material/delete:", type="tertiary", help="The person stays."
            )
    if saved:
        _do(lambda session: placing.change(session, number, entry, seen=seen, by=actor))
    if gone:
        _do(lambda session: placing.remove(session, number, seen=seen, by=actor))


@st.dialog("Commitment", icon=":material/flag:", on_dismiss=_close)
def _commitment(found: Participants, cohort: CohortChoice) -> None:
    actor = identity.require()
    st.markdown(f"How many people the organisation committed to hire in **{md(cohort.name)}**. Empty: no number.")
    with st.form("commitment", border=False):
        number = st.number_input("Committed", 0, 10_000, found.committed, step=1, key=f"committed_{cohort.id}")
        saved = st.form_submit_button("Save", type="primary", icon=":material/check:")
    if saved:
        _do(lambda session: placing.commit_to(session, cohort.id, number, by=actor))


def _entry(found: Participants, now: Entry, key: str) -> Entry:
    known = [*found.divisions, *([now.division] if now.division and now.division not in found.divisions else [])]
    division = st.selectbox(
        "Host division",
        known,
        index=known.index(now.division) if now.division else None,
        format_func=plain,
        placeholder="Not known",
        accept_new_options=True,
        key=f"place_division_{key}",
    )
    hired, permanent = st.columns(2)
    given = {"min_value": _FIRST_DAY, "max_value": found.today, "format": "YYYY-MM-DD"}
    help_ = f"From {day(found.begins)} on, when the cohort begins"
    return Entry(
        hired.date_input("Hired on", now.hired_on, key=f"place_hired_{key}", help=help_, **given),
        division,
        permanent.date_input("Permanent on", now.permanent_on, key=f"place_permanent_{key}", **given),
    )


def _do(act: Any) -> None:
    """Do it and close; a refusal leaves what was typed."""
    try:
        st.session_state[_SAID] = once(act.__code__, act)
    except SignedOut:
        raise
    except ServiceError as refused:
        st.warning(md(refused, 400), icon=":material/error:")
    else:
        _close()
        st.rerun()
