"""The way back from a deletion, at the foot of the page for some seconds."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import asset

_undo = st.components.v2.component(
    "halo.undo", html='<div class="undo"></div>', css=asset("undo.css"), js=asset("parts.js") + asset("undo.js")
)
KEY = "undo-bar"
SECONDS = 15


@st.fragment
@faults.guarded
def draw() -> None:
    """Draw the offer, if there is one."""
    offered = state.undo()
    if offered is not None:
        with st.container(key="undo"):
            _undo(
                key=KEY,
                data={"words": offered.words, "offer": offered.number, "seconds": SECONDS},
                on_restore_change=_bring_back,
                on_drop_change=_drop,
            )
    state.settle_beside()


@faults.caught
def _bring_back() -> None:
    offered = state.undo()
    state.drop_undo()
    if offered:
        offered.restore()
    state.redraw()


def _drop() -> None:
    offered = state.undo()
    if offered and offered.number == st.session_state[KEY].drop:       # a later one may have taken its place
        state.drop_undo()
