"""The frame around the two pages of the stage: the screen, and the presenter's phone. Served by serve_stage.py."""

import streamlit as st

from pages.ui import site

st.set_page_config(page_title="Stage", page_icon=site.ICON, layout="wide", initial_sidebar_state="collapsed")
page = st.navigation(
    [
        st.Page("pages/stage/live.py", title="Stage", url_path="stage", default=True),
        st.Page("pages/stage/remote.py", title="Remote", url_path="remote", visibility="hidden"),
    ],
    position="hidden",
)
page.run()
