"""Quiet buttons: at the end of a chat's head to take it along, there and in the navigation to go to anything."""

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
    _tools(key="head-tools", data={"chat": session_id, "formats": chat_acts.formats(), "keys": _keys(), "side": False})


def draw_beside() -> None:
    """Draw the way to the palette in the navigation."""
    _tools(key="side-tools", data={"chat": "", "formats": [], "keys": _keys(), "side": True})


def _keys() -> list[str]:
    way = shortcuts.keys("palette")
    return [shortcuts.spoken(way), shortcuts.spoken(way, mac=True)]
