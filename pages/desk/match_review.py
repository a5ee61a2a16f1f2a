"""Match review."""

import streamlit as st

st.title("Match review", anchor=False)
