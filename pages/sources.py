"""Add documents, see what was read from them, and choose which count."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import adding, intakes, reader, source_list


@faults.guarded
def page() -> None:
    notebook = state.notebook()
    if reading := state.reading():
        reader.draw(*reading)
        return
    st.title("Sources")
    adding.draw(notebook.id)
    arriving = intakes.draw(notebook.id)
    source_list.draw(notebook.id, arriving or ())
    state.settle()


page()
