"""Make outputs from the ticked sources: each sentence with its citation."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import address, faults, state
from halo_app.ui.components import evidence, intakes, output_open, outputs


@st.fragment
@faults.guarded
def workspace() -> None:
    chosen = state.open_card_id("output")
    if chosen:
        output_open.draw(chosen)
    else:
        outputs.draw_gallery()
        outputs.draw_all(state.notebook().id)
    evidence.draw()
    address.tell()
    state.settle()


@faults.guarded
def page() -> None:
    st.title("Studio")
    reading = intakes.now(state.notebook().id)
    workspace()
    intakes.watch(state.notebook().id, reading)


page()
