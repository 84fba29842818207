"""Write notes, and keep answers with the citations they rest on."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import address, faults, state
from halo_app.ui.components import evidence, note_desk


@st.fragment
@faults.guarded
def workspace() -> None:
    note_desk.draw(state.notebook().id)
    evidence.draw()
    address.tell()
    state.settle()


st.title("Notes")
workspace()
