"""Import."""

import streamlit as st

st.title("Import", anchor=False)
