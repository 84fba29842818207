"""Make outputs from the sources that count: each statement with its citation."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import address, faults, state, state_studio
from halo_app.ui.components import evidence, intakes, makings, output_open, outputs, template_options


@st.fragment
@faults.guarded
def workspace() -> None:
    makings.open_done()
    makings.draw(state.notebook().id)
    if chosen := state.open_card_id("output"):
        output_open.draw(chosen)
    elif name := state_studio.template():
        template_options.draw(name)
    else:
        outputs.draw_all(state.notebook().id)
        outputs.draw_gallery()
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
