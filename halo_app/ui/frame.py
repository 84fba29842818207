"""The frame around every page."""

from __future__ import annotations

import streamlit as st

st.set_page_config(page_title="HALO", layout="wide")
st.title("HALO")
