"""Programme: what coordinators choose from when they decide."""

import streamlit as st

from pages.ui import identity
from pages.ui.text import md, plain
from services import programmes, reading, transaction
from services.errors import NotFound, ServiceError, SignedOut

_LINES = "decline_reasons"

actor = identity.require()
st.title("Programme", anchor=False)
try:
    with reading() as session:
        programme = programmes.main(session)
        reasons = programmes.clocks(session, programme.id).decline_reasons
        name, programme_id = programme.name, programme.id
except NotFound as nothing:
    st.info(str(nothing))
    st.stop()

st.markdown(f"Settings of {md(name)}.", width=820)
with st.form("programme_reasons", border=False, enter_to_submit=False):
    lines = st.text_area(
        "Reasons for declining a match, one a line",
        "\n".join(plain(reason) for reason in reasons),
        key=_LINES,
        height=230,
        width=620,
        max_chars=900,
    )
    st.markdown(
        f":small[:gray[Up to {programmes.MOST_REASONS}, in the order of the number keys on the card. "
        "Reasons given before stay as they were given.]]"
    )
    wanted = st.form_submit_button("Save the reasons", type="primary")
if wanted:
    try:
        with transaction() as session:
            programmes.set_decline_reasons(session, programme_id, lines.splitlines(), by=actor)
    except SignedOut:
        raise
    except ServiceError as refused:
        st.warning(md(refused, 300))
    else:
        st.success("Saved. The next decline offers these.", icon=":material/check:")
