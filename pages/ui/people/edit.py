"""Changing a person: a native form over the page; a refusal leaves what was typed."""

import datetime as dt
from typing import Any

import streamlit as st

from pages.ui import file, identity
from pages.ui.acts import once
from pages.ui.people import pick
from pages.ui.text import md, plain
from services import people_edit
from services.access import Actor
from services.errors import ServiceError, SignedOut
from services.people_edit import Editable, Overtaken

_SEEN, _TOLD = "person_seen", "person_told"
_DAYS = ("volunteer_since", "ready_on", "available_from", "available_until")
_NUMBERS = {
    "years_experience": (0, 80),
    "capacity": (1, 1000),
    "wish_years_from": (0, 80),
    "wish_years_to": (0, 80),
    "limit_years_from": (0, 80),
    "limit_years_to": (0, 80),
    "limit_km": (1, 1000),
}
#: Lists whose entries may also be typed.
_FREE = ("languages", "wish_agencies", "not_agencies")
_FIRST_DAY = dt.date(1990, 1, 1)


def open_for(ref: str, *, by: Actor) -> None:
    """The form of a person; what it was opened on is kept, so that a change by another is noticed."""
    person = file.read(lambda session: people_edit.editable(session, ref, by=by), by=by)
    if st.session_state.get(_SEEN, ("", {}))[0] != ref:
        st.session_state[_SEEN] = (ref, person.values)
    _dialog(person)


def _close() -> None:
    for key in (_SEEN, _TOLD):
        st.session_state.pop(key, None)
    pick.put(**{pick.ASKS: None})


@st.dialog("Edit", width="large", icon=":material/edit:", on_dismiss=_close)
def _dialog(person: Editable) -> None:
    actor = identity.require()
    st.markdown(f"**{md(person.name)}**, {person.kind}. An empty field says that it is not known.")
    group = st.selectbox(
        person.labels["group"],
        _with(person.choices["group"], person.values["group"]),
        index=_with(person.choices["group"], person.values["group"]).index(person.values["group"]),
        format_func=plain,
        key=f"edit_group_{person.ref}",
    )
    across = ""
    if group != person.values["group"] and person.open_matches:
        across = st.text_input(
            "Why open matches go on across occupations",
            key=f"edit_across_{person.ref}",
            help=f"Open: {md(person.open_matches, 300)}",
            max_chars=300,
        )
    with st.form(f"edit_{person.ref}", border=False, enter_to_submit=False):
        given = {"group": group}
        fields = [field for field in person.values if field != "group"]
        with st.grid(2, min_column_width=250, gap="small"):
            for field in fields:
                given[field] = _input(person, field, group)
        told = st.empty()
        saved = st.form_submit_button("Save", type="primary", icon=":material/check:")
    if saved:
        _save(person, given, across, actor)
    if sentence := st.session_state.pop(_TOLD, None):
        told.warning(md(sentence, 900), icon=":material/error:")


def _save(person: Editable, given: dict[str, Any], across: str, actor: Actor) -> None:
    try:
        done = once(
            people_edit.edit,
            lambda session: people_edit.edit(
                session, person.ref, given, seen=st.session_state[_SEEN][1], by=actor, across=across
            ),
        )
    except SignedOut:
        raise
    except Overtaken as overtaken:
        st.session_state[_SEEN] = (person.ref, overtaken.now)  # what was told has been seen: the next try stands on it
        st.session_state[_TOLD] = str(overtaken)
    except ServiceError as refused:
        st.session_state[_TOLD] = str(refused)
    else:
        pick.tell(done)
        _close()
        st.rerun()


def _input(person: Editable, field: str, group: str) -> Any:
    label, value, key = person.labels[field], person.values[field], f"edit_{field}_{person.ref}"
    if field in _DAYS:
        last = dt.date(2100, 1, 1)
        return st.date_input(label, value, min_value=_FIRST_DAY, max_value=last, format="YYYY-MM-DD", key=key)
    if field in _NUMBERS:
        low, high = _NUMBERS[field]
        return st.number_input(label, low, high, value, step=1, key=key)
    if isinstance(value, list):
        options = person.specialities.get(group, ()) if field == "specialities" else person.choices.get(field, ())
        kept = [entry for entry in value if entry in options or field != "specialities"]
        return st.multiselect(
            label,
            [*options, *(entry for entry in kept if entry not in options)],
            kept,
            format_func=plain,
            accept_new_options=field in _FREE,
            key=f"{key}_{group}" if field == "specialities" else key,
        )
    if field in person.choices:
        options = _with(person.choices[field], value)
        at = options.index(value) if value else None
        return st.selectbox(label, options, index=at, format_func=plain, placeholder="Not known", key=key)
    if field == "goal":
        return st.text_area(label, value or "", max_chars=2000, key=key)
    return st.text_input(label, value or "", max_chars=500, key=key)


def _with(options: tuple[str, ...], value: str | None) -> list[str]:
    return [*options, *([value] if value and value not in options else [])]
