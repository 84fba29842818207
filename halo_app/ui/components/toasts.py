"""What opens over the page: passing messages get a name that a screen reader can say, and everything the page's light or dark."""

from __future__ import annotations

import streamlit as st

from halo_app.ui.components import asset

_toasts = st.components.v2.component("halo.toasts", html="<i hidden></i>", js=asset("toasts.js"))


def draw() -> None:
    """Watch for what opens; nothing of this is seen."""
    _toasts(key="toasts")
