"""What the reader should know before anything else: a failure, a way back, or a model that is missing."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.safe import plain


def draw() -> None:
    """Draw the line on top of a page, if there is one."""
    faults.draw_reported()
    _way_back()


def _way_back() -> None:
    offered = state.undo()
    if offered is None:
        return
    with st.container(key="undo", horizontal=True, vertical_alignment="center"):
        st.markdown(plain(offered.words))
        st.button("Undo", key="undo-do", on_click=_bring_back)
        st.button("Dismiss", key="undo-drop", type="tertiary", on_click=state.drop_undo)


@faults.caught
def _bring_back() -> None:
    offered = state.undo()
    state.drop_undo()
    if offered:
        offered.restore()


@faults.guarded
def search_by_words() -> None:
    """Say that the search model is missing; asked last, because opening the model takes a moment."""
    words = state.model_missing()
    if words:
        st.info(plain(words))
