"""What keeps a screen in step: it waits at `/pulse`, and the page is drawn anew only when there is something new."""

from pathlib import Path

import streamlit as st

from pages.ui.component import component

_CSS = Path(__file__).with_name("turning.css")


def beat(of: str, version: str) -> None:
    """Draw the fragment around it again as soon as the show is no longer at `version`; of "screen" or "remote".

    It brings the styles of what turns a show. While the server is away the document carries `data-stage="lost"`.
    """
    st.html(_CSS)
    component("pulse", "stage", js="pulse.js", html="<span></span>")(
        key=f"beat_{of}", data={"of": of, "version": version}, on_news_change=lambda: None, height=1
    )
