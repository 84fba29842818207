"""What the reader should know before anything else: a failure, a way back, or a model that is missing."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import undo
from halo_app.ui.safe import plain


def draw() -> None:
    """Draw the line on top of a page, if there is one, and the way back at its foot."""
    faults.draw_reported()
    undo.draw()


@faults.guarded
def search_by_words() -> None:
    """Say that the search model is missing; asked last, because opening the model takes a moment."""
    words = state.model_missing()
    if words:
        st.info(plain(words))
