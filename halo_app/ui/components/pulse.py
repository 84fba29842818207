"""Draw a page again when reading moved on: the browser asks a small route of ours, and the script runs only for news."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from halo_app.ui import progress
from halo_app.ui.components import asset

_pulse = st.components.v2.component("halo.pulse", html="<i hidden></i>", js=asset("pulse.js"))


def draw(notebook_id: str, part: Literal["moving", "steps"], seen: progress.Progress, key: str,
         address: str = progress.ADDRESS) -> None:
    """Watch one part of the progress; whatever part of the page this is drawn in is drawn again when it is no longer as `seen`."""
    data = {"address": f"{address}/{notebook_id}", "part": part, "seen": seen[part], **seen}
    _pulse(key=key, data=data, on_moved_change=_nothing)


def _nothing() -> None:
    """A trigger needs someone who listens; being drawn again is all that is wanted."""
