"""Import: files go in, a preview comes out, nothing is stored before it is applied."""

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui import identity, imports
from pages.ui.acts import once
from pages.ui.text import md
from services import reading
from services.access import Actor
from services.errors import Invalid, ServiceError, SignedOut
from services.imports import Applied, Kind, Preview, apply, preview

_LARGEST = 10


def look(file: UploadedFile, kind: Kind | None, mapping: dict[str, str], survey: int | None, by: Actor) -> Preview:
    """The preview of a file, read again only when a choice or the database's state asks for it."""
    asked = (file.file_id, kind, tuple(mapping.items()), survey)
    seen = st.session_state.import_previews
    if seen.get(file.file_id, (None,))[0] != asked:
        with st.spinner("Reading the file …"), reading() as session:
            found = preview(session, file.getvalue(), file.name, by=by, kind=kind, mapping=mapping, survey=survey)
        seen[file.file_id] = ((file.file_id, found.kind, asked[2], found.survey), found)
    return seen[file.file_id][1]


def store(file: UploadedFile, found: Preview, mapping: dict[str, str], by: Actor) -> None:
    """Apply a file and look at the others anew, as it may have changed what they bring."""
    bar = st.progress(0.0, "Starting")
    done = once(
        (apply, file.file_id),
        lambda session: apply(
            session,
            file.getvalue(),
            file.name,
            by=by,
            kind=found.kind,
            mapping=mapping,
            progress=bar.progress,
            survey=found.survey,
        ),
    )
    st.session_state.import_previews = {}
    st.session_state.import_results[file.file_id] = done
    st.rerun()


def show(file: UploadedFile, by: Actor) -> None:
    """One file: what it is, what it would change, what is wrong in it, and the button."""
    key = file.file_id
    st.subheader(md(file.name, 80), anchor=False)
    done: Applied | None = st.session_state.import_results.get(key)
    if done:
        imports.result(done)
        imports.problems(done.preview, key, file.name)
        return
    kind = imports.kind_chosen(key)
    mapping = imports.chosen(key, kind)
    try:
        found = look(file, kind, mapping, imports.survey_chosen(key), by)
    except Invalid:
        imports.kind(key, kind)
        raise
    imports.kind(key, found.kind)
    imports.survey(found, key)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{found.summary()}.**", width="stretch")
        label = f"Apply {imports.rows(len(found.new) + len(found.changed))}"
        wanted = st.button(label, type="primary", key=f"apply {key}", disabled=not found.can_apply)
    if wanted:
        store(file, found, mapping, by)
    if found.applied_before:
        st.info(f"This very file was applied on {found.applied_before:%-d %B %Y}.", icon=":material/history:")
    if found.missing:
        st.warning(f"No column for {', '.join(found.missing)} was found. Choose it among the columns below.")
    if found.lacks_programme:
        st.warning("Historic matches need a programme. An administrator names it on the page Programme first.")
    imports.columns(found, key)
    imports.changes(found)
    imports.news(found)
    imports.problems(found, key, file.name)


actor = identity.require()

st.title("Import", anchor=False)
st.markdown(
    "Mentors, mentees, historic matches, placements or answers to a survey, as .xlsx or .csv, laid out as they came. "
    "You see what a file would change before anything is stored; then all of it is stored or nothing."
)
files = st.file_uploader("Files to bring in", accept_multiple_files=True, max_upload_size=_LARGEST, key="import_files")
for kept in ("import_previews", "import_results"):  # what a removed file left behind goes with it
    here = {file.file_id for file in files}
    st.session_state[kept] = {key: said for key, said in st.session_state.get(kept, {}).items() if key in here}
for file in files:
    with st.container(border=True):
        try:
            show(file, actor)
        except SignedOut:
            raise
        except ServiceError as error:
            st.error(md(error, 300), icon=":material/error:")
