"""What is kept of a person leaves the desk: as a file for them, or for good."""

import datetime as dt

import streamlit as st

from pages.ui import identity
from pages.ui.people import pick
from pages.ui.text import md
from services import reading, transaction
from services.access import Actor
from services.exports.personal_file import as_workbook
from services.privacy import erasing, personal_file
from services.privacy.erasing import Erasing

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIRST_YEARS = 10


def file_of(ref: str, *, by: Actor) -> bytes:
    """Everything that is kept of a person, as a workbook."""
    with transaction() as session:
        return as_workbook(personal_file.take_out(session, ref, by=by))


def open_for(ref: str, *, by: Actor) -> None:
    """The question for a person."""
    with reading() as session:
        found = erasing.preview(session, ref, by=by)
    _dialog(found)  # outside: an erasure writes the file anew, which waits for whoever reads it


def _close() -> None:
    pick.put(**{pick.ASKS: None})


@st.dialog("Erase", width="medium", icon=":material/delete_forever:", on_dismiss=_close)
def _dialog(person: Erasing) -> None:
    actor = identity.require()
    st.markdown(f"**{md(person.name)}**, {person.kind}, becomes a reference that says nothing.")
    if person.barred or person.held:
        st.warning(md(person.barred or person.held, 600), icon=":material/lock_clock:")
    st.markdown("**Goes for good**\n" + "".join(f"\n- {md(line, 300)}" for line in person.goes))
    st.markdown("**Stays, so that no figure changes**\n\n:small[" + _sentences(person.stays) + "]")
    st.markdown(":small[:gray[" + _sentences(person.also) + "]]")
    if person.barred:
        return
    agreed_on: dt.date | None = None
    if person.held:
        agreed_on = st.date_input(
            "Day on which they agreed to be erased earlier", None, max_value=person.today, format="YYYY-MM-DD",
            min_value=person.today.replace(year=person.today.year - _FIRST_YEARS, day=1),
            key=f"erase_agreed_{person.ref}", width=300,
        )  # fmt: skip
    sure = st.checkbox("I have read what goes. It cannot be undone.", key=f"erase_sure_{person.ref}")
    wanted = st.button(
        "Erase for good", type="primary", icon=":material/delete_forever:", key=f"erase_{person.ref}",
        disabled=not sure or (bool(person.held) and agreed_on is None),
    )  # fmt: skip
    if wanted and pick.attempt(
        erasing.erase, person.ref, by=actor, seen=person.seen, agreed_on=agreed_on if person.held else None
    ):
        _close()
        st.rerun()


def _sentences(lines: tuple[str, ...]) -> str:
    return " ".join(md(line, 300) for line in lines)
