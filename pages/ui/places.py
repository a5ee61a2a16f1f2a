"""Parts of the places tab: offices and areas with their coordinates."""

import pandas as pd
import streamlit as st

from pages.ui import identity
from pages.ui.acts import once
from pages.ui.text import md, plain
from services import places, reading
from services.access import Actor
from services.errors import ServiceError

_NEW, _UNKEPT = "A new place", "place_unkept"
#: Places from which the table scrolls, its height then, and how many strange names are told.
_MANY, _TALL, _NAMED = 20, 640, 12


@st.fragment
def desk(actor: Actor) -> None:
    """The places there are, the names that none has yet, and a form for one of them."""
    identity.require()  # a click runs this alone, without the gate of the frame
    st.markdown(
        "Offices of mentors and areas of the city where mentees come from, with about where they are. "
        "How far an office is can be told only between places that stand here. Never write anybody’s address.",
        width=820,
    )
    with reading() as session:
        found = places.places(session, by=actor)
        unknown = places.unknown(session, by=actor)
    listed, form = st.columns([2.4, 1], gap="large")
    with listed, st.container(key="panel_places"):
        st.header(f"{len(found):,} places" if len(found) else "No place yet", anchor=False)
        if len(found):
            shown = found.assign(name=[plain(name) for name in found["name"]])
            shown.columns = ["Name", "Latitude", "Longitude"]
            degrees = st.column_config.NumberColumn(format="%.2f", width="small")
            st.dataframe(
                shown,
                hide_index=True,
                height="content" if len(shown) <= _MANY else _TALL,
                column_config={"Latitude": degrees, "Longitude": degrees},
                alt="Every place with its latitude and longitude, a row each",
            )
        if unknown:
            named = ", ".join(md(name) for name in unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
            st.markdown(f":material/help: People name these, and no place is called so: {named}.")
    with form, st.container(key="panel_place"):
        st.header("Add or change", anchor=False)
        old = st.selectbox("Place", [_NEW, *found["name"]], key="place_chosen")
        _form(actor, None if old == _NEW else old, found)


def _form(actor: Actor, old: str | None, found: pd.DataFrame) -> None:
    now = found[found["name"] == old].iloc[0] if old else None
    keys = tuple(f"place {old} {what}" for what in ("name", "latitude", "longitude"))
    with st.form(f"place {old}", clear_on_submit=True, border=False):
        st.text_input("Name", value="" if now is None else now["name"], max_chars=80, key=keys[0])
        for label, most, key in (("Latitude", 90.0, keys[1]), ("Longitude", 180.0, keys[2])):
            value = None if now is None else float(now[label.lower()])
            st.number_input(label, -most, most, value, step=0.01, format="%.4f", key=key)
        st.form_submit_button("Save", type="primary", on_click=_save, args=(actor, old, keys))
    if refused := st.session_state.pop(_UNKEPT, ""):
        st.error(md(refused, 300), icon=":material/error:")


def _save(actor: Actor, old: str | None, keys: tuple[str, str, str]) -> None:
    name, north, east = (st.session_state[key] for key in keys)
    if north is None or east is None:
        st.session_state[_UNKEPT] = "A place needs a latitude and a longitude. Write both."
        return
    try:
        once(places.save, lambda session: places.save(session, name, north, east, by=actor, old=old))
    except ServiceError as refused:
        st.session_state[_UNKEPT] = str(refused)
