"""Bring the turn that is answered into view, and notice when it is stopped: the run that was stopped can draw nothing more."""

from __future__ import annotations

import streamlit as st

from halo_app.ui.components import asset

_stopped = st.components.v2.component("halo.stopped", html="<i hidden></i>", js=asset("stopped.js"))


def draw() -> None:
    """Watch while an answer comes; nothing is seen of it."""
    _stopped(key="stopped", data={}, on_over_change=_drawn)


def _drawn() -> None:
    """A trigger needs someone who listens; being drawn again is all that is wanted."""
