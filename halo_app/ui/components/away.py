"""Say in HALO's own words that the server is away; the page goes on by itself when it is back."""

from __future__ import annotations

import streamlit as st

from halo_app.ui.components import asset

_away = st.components.v2.component("halo.away", html="<i hidden></i>", js=asset("away.js"))
TITLE = "HALO is not answering"
WORDS = "It may have been stopped. Start it again in the terminal; this page then goes on by itself. Nothing that was saved is lost."


def draw() -> None:
    """Watch the connection; nothing is seen while it holds."""
    _away(key="away", data={"title": TITLE, "words": WORDS}, on_back_change=_drawn)


def _drawn() -> None:
    """A trigger needs someone who listens; being drawn again is all that is wanted."""
