"""Stage."""

import streamlit as st

st.title("Stage", anchor=False)
