"""Let files be dropped anywhere on the page, and say so while they hover over it."""

from __future__ import annotations

import streamlit as st

from halo_app.ui.components import asset

_dropping = st.components.v2.component(
    "halo.dropping", html='<div class="veil" hidden></div>', css=asset("dropping.css"), js=asset("dropping.js")
)


def draw(notebook: str) -> None:
    """Watch for files; nothing of this is seen until some hover over the page."""
    _dropping(key="dropping", data={"words": f"Drop to add to “{notebook}”"})
