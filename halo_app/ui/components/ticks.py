"""Which sources count: a row of chips to tick, and a quiet line of words for what is not Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from halo_app.domain.source import Source
from halo_app.ui import state
from halo_app.ui.components import asset

_ticks = st.components.v2.component(
    "halo.ticks", html='<div class="ticks" role="group"></div>', css=asset("ticks.css"), js=asset("ticks.js")
)
SHOWN, SHOWN_IN_COLUMN = 7, 24


def draw(sources: Sequence[Source], key: str = "ticks") -> None:
    """Draw one chip per source; a click makes it count or not; the last chip leads to Sources."""
    ticked = state.ticked(sources)

    def flipped() -> None:
        change = st.session_state[key].flip
        for source_id in change["ids"]:
            state.tick(source_id, change["counts"])

    chips = [{"id": source.id, "name": source.name, "on": source.id in ticked} for source in sources]
    data = {"chips": chips, "shown": SHOWN, "column": SHOWN_IN_COLUMN}
    _ticks(key=key, data=data, on_flip_change=flipped, on_add_change=lambda: state.ask_to_go("sources"))
