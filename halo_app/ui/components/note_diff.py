"""What changed between two texts, drawn as text."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from halo_app.domain.differing import Stretch
from halo_app.ui import note_view
from halo_app.ui.components import asset

_diff = st.components.v2.component(
    "halo.note_diff", html='<div class="diff"></div>', css=asset("note_diff.css"), js=asset("note_diff.js")
)


def draw(stretches: Sequence[Stretch], key: str, label: str) -> None:
    """Draw the stretches: what went struck out, what came underlined."""
    _diff(key=key, data={"stretches": note_view.stretches(stretches), "label": label})
