"""The quiet buttons at the end of a chat's head: take it along, and go to anything."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import shortcuts
from halo_app.ui.components import asset, chat_acts

_tools = st.components.v2.component(
    "halo.tools",
    html='<div class="tools"></div>',
    css=asset("parts.css") + asset("tools.css"),
    js=asset("parts.js") + asset("tools.js"),
)


def draw(session_id: str) -> None:
    """Draw Export, when there is a chat that is kept, and the way to the palette."""
    way = shortcuts.keys("palette")
    keys = [shortcuts.spoken(way), shortcuts.spoken(way, mac=True)]
    _tools(key="head-tools", data={"chat": session_id, "formats": chat_acts.formats(), "keys": keys})
